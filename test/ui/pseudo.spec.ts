// The window in a language that nobody speaks: each sentence on each screen is in it but for what people, agents and main
// have written, and nothing is cut off or lies over something else, though every word is a third longer.

import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { expect, type Page, test } from 'playwright/test';
import { build } from 'vite';
import { pseudo, pseudoWords } from '../kit/pseudo-words.ts';
import { SCREENS } from './screens.ts';
import { openWindow } from './window-kit.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const PAGES = resolve(ROOT, '.cache/pseudo-window');
const PICTURES = resolve(ROOT, '.cache/screens');

test.beforeAll(() =>
  build({
    configFile: false,
    root: resolve(ROOT, 'renderer'),
    plugins: [pseudoWords(), react()],
    logLevel: 'error',
    build: {
      outDir: PAGES,
      emptyOutDir: true,
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
    },
  }),
);

test.use({ viewport: { width: 1100, height: 720 }, locale: 'en-US', trace: 'off' });

/** Every word that main has sent; a field of bytes is none. */
function listen(page: Page): ReadonlySet<string> {
  const words = new Set<string>();
  const take = (value: unknown): void => {
    // Of a key's name its beginning is shown.
    if (typeof value === 'string' && /^[0-9a-f]{64}$/.test(value))
      for (const word of wordsOf(`${value} ${value.slice(0, 12)}`)) words.add(word);
    else if (typeof value === 'string' && (value.length < 200 || value.includes(' ')))
      for (const word of wordsOf(value)) words.add(word);
    else if (typeof value === 'object' && value !== null) Object.values(value).forEach(take);
  };
  page.on('websocket', (socket) => {
    socket.on('framereceived', ({ payload }) => take(JSON.parse(String(payload))));
  });
  return words;
}

const wordsOf = (text: string): readonly string[] => text.match(/[A-Za-z]{2,}/g) ?? [];

/** The product's name, what a person typed here, names of keys of the keyboard, lines to be typed, and Intl's own words. */
const NO_LANGUAGE = new Set(
  [
    'Countersign npx countersign run reason start your command why echo hello goodbye my first denial approval',
    'short All of it UTC AM PM Reported',
    ...Array.from({ length: 12 }, (_, month) =>
      new Date(Date.UTC(2026, month)).toLocaleString('en', { month: 'short', timeZone: 'UTC' }),
    ),
  ].flatMap(wordsOf),
);

/** Texts, labels and titles on screen, without the signed view, which has one language for all. */
const spoken = (page: Page): Promise<readonly string[]> =>
  page.evaluate(() => {
    const OTHERS = '[data-row], [translate="no"], pre, script';
    const out: string[] = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const parent = node.parentElement;
      if (parent?.checkVisibility() === true && parent.closest(OTHERS) === null)
        out.push(node.textContent ?? '');
    }
    for (const node of document.querySelectorAll('[aria-label], [title], [placeholder]'))
      if (node.closest('[data-row]') === null)
        for (const name of ['aria-label', 'title', 'placeholder'])
          out.push(node.getAttribute(name) ?? '');
    return out;
  });

/** What is cut off, too wide for its place, or under something else; in words. */
const misfits = (page: Page): Promise<readonly string[]> =>
  page.evaluate(() => {
    const PLACES = 'button, label, legend, th, h1, h2, h3, h4, dt, summary, p, figcaption';
    const CONTROLS = 'button, input, select, textarea, summary, label';
    const out: string[] = [];
    const seen = [...document.querySelectorAll<HTMLElement>(PLACES)].filter(
      (node) => node.checkVisibility() && node.closest('.unseen, [data-row]') === null,
    );
    const name = (node: HTMLElement): string =>
      `${node.tagName.toLowerCase()} “${(node.textContent || node.getAttribute('aria-label') || '').trim().slice(0, 60)}”`;
    for (const node of seen) {
      const { overflowX, display } = getComputedStyle(node);
      if (display === 'inline' || overflowX === 'auto' || overflowX === 'scroll') continue;
      // Data may end in three dots; a sentence may not.
      const data = /[A-Za-z]{2}/.test(node.textContent ?? '');
      if (node.scrollWidth > node.clientWidth + 1 && !(overflowX === 'hidden' && data))
        out.push(`${name(node)} is wider than its place`);
      if (node.scrollHeight > node.clientHeight + 2 && node.matches('button, label, th'))
        out.push(`${name(node)} is higher than its place`);
    }
    for (const node of document.querySelectorAll<HTMLElement>('*')) {
      const dots = getComputedStyle(node).textOverflow === 'ellipsis';
      if (
        dots &&
        node.scrollWidth > node.clientWidth &&
        !/[A-Za-z]{2}/.test(node.textContent ?? '')
      )
        out.push(`${name(node)} ends in three dots`);
    }
    const boxes = [...document.querySelectorAll<HTMLElement>(CONTROLS)]
      .filter((node) => node.checkVisibility() && node.closest('.unseen') === null)
      .map((node) => ({ node, box: shown(node), layer: node.closest('dialog') }))
      .filter(({ box }) => box.right - box.left > 1 && box.bottom - box.top > 1);
    for (const [at, one] of boxes.entries())
      for (const other of boxes.slice(at + 1)) {
        if (one.layer !== other.layer) continue;
        if (one.node.contains(other.node) || other.node.contains(one.node)) continue;
        const wide =
          Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left);
        const high =
          Math.min(one.box.bottom, other.box.bottom) - Math.max(one.box.top, other.box.top);
        if (wide > 1 && high > 1) out.push(`${name(one.node)} lies over ${name(other.node)}`);
      }
    const over = document.documentElement.scrollWidth - window.innerWidth;
    if (over > 0) out.push(`the page is ${over} px wider than the window`);
    return out;

    /** The part of it that its scrolling parents let be seen. */
    function shown(node: HTMLElement) {
      let { left, right, top, bottom } = node.getBoundingClientRect();
      for (let up = node.parentElement; up !== null; up = up.parentElement) {
        if (getComputedStyle(up).overflowY === 'visible') continue;
        const box = up.getBoundingClientRect();
        left = Math.max(left, box.left);
        right = Math.min(right, box.right);
        top = Math.max(top, box.top);
        bottom = Math.min(bottom, box.bottom);
      }
      return { left, right, top, bottom };
    }
  });

for (const [name, screen] of Object.entries(SCREENS)) {
  test(`${name} in another language: nothing is left in English, nothing is cut off`, async ({
    page,
  }) => {
    const sent = listen(page);
    await using _window = await openWindow(page, screen.main(), PAGES);
    await screen.reach?.(page, pseudo);
    await expect.poll(async () => (await spoken(page)).join('')).toMatch(/[àéîöû]{2}/);
    const english = (await spoken(page)).filter((text) =>
      wordsOf(text).some((word) => !sent.has(word) && !NO_LANGUAGE.has(word)),
    );
    await page.screenshot({ path: resolve(PICTURES, `${name}-pseudo.png`) });
    expect(english).toEqual([]);
    expect(await misfits(page)).toEqual([]);
    await page.setViewportSize({ width: 420, height: 760 });
    expect(await misfits(page)).toEqual([]);
  });
}
