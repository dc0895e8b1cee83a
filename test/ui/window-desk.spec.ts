// The desk with ten thousand requests: few rows in the page, nothing lost by scrolling, nothing that moves by itself.

import { expect, type Page, test } from 'playwright/test';
import { FakeMain } from '../kit/fake-bridge.ts';
import { openWindow, sampleRequest } from './window-kit.ts';

const MANY = 10_000;
const ROW_PX = 56;
/** More than a screen of rows with those around it; far fewer than there are. */
const FEW = 40;
const DAY_MS = 24 * 3600_000;

/** The first is a real request with a card; the rest are rows. */
function manyPending(count = MANY): {
  readonly main: FakeMain;
  readonly at: (n: number) => string;
} {
  const main = new FakeMain();
  const first = main.request(main.ask(sampleRequest({ ttlMs: DAY_MS / 2 })));
  const at = (n: number): string => (n === 0 ? first.digest : n.toString(16).padStart(64, '0'));
  const requests = Array.from({ length: count }, (_, n) => ({
    ...first,
    digest: at(n),
    index: first.index + n,
    title: `run job ${n}`,
  }));
  main.snapshot = { ...main.snapshot, requests };
  return { main, at };
}

const list = (page: Page) => page.getByRole('region', { name: 'Open' });
const rows = (page: Page) => list(page).getByRole('listitem');
const row = (page: Page, digest: string) => page.locator(`[id="request-${digest}"]`);
const scrollTo = (page: Page, place: number) =>
  list(page).evaluate((box, top) => box.scrollTo(0, top), place * ROW_PX);
const scrolled = (page: Page) => list(page).evaluate((box) => box.scrollTop);

test.describe('ten thousand pending', () => {
  test('a screen of rows is in the page, and each says which of how many it is', async ({
    page,
  }) => {
    const { main, at } = manyPending();
    await using _window = await openWindow(page, main);
    await expect(row(page, at(0))).toBeVisible();
    await expect(list(page).getByRole('list')).toBeVisible();
    expect(await rows(page).count()).toBeLessThan(FEW);
    await expect(rows(page).first()).toHaveAttribute('aria-posinset', '1');
    await expect(rows(page).first()).toHaveAttribute('aria-setsize', `${MANY}`);
    await scrollTo(page, MANY);
    await expect(row(page, at(MANY - 1))).toBeInViewport();
    expect(await rows(page).count()).toBeLessThan(FEW);
    await expect(rows(page).last()).toHaveAttribute('aria-posinset', `${MANY}`);
    const heights = await rows(page).evaluateAll((all) => all.map((one) => one.clientHeight));
    expect(new Set(heights)).toEqual(new Set([ROW_PX]));
  });

  test('a jump is drawn in the same frame', async ({ page }) => {
    const { main, at } = manyPending();
    await using _window = await openWindow(page, main);
    await expect(row(page, at(0))).toBeVisible();
    const there = await list(page).evaluate(
      async (box, [top, id]) => {
        box.scrollTop = Number(top);
        // Scroll events come first in a frame, then its callbacks.
        await new Promise(requestAnimationFrame);
        return document.getElementById(String(id)) !== null;
      },
      [5000 * ROW_PX, `request-${at(5000)}`] as const,
    );
    expect(there).toBe(true);
  });

  test('what is chosen and what has the focus survive scrolling far away and back', async ({
    page,
  }) => {
    const { main, at } = manyPending();
    await using _window = await openWindow(page, main);
    await row(page, at(3)).click();
    await row(page, at(4)).focus();
    await scrollTo(page, 6000);
    await expect(row(page, at(6000))).toBeInViewport();
    await expect(row(page, at(3))).toHaveAttribute('aria-current', 'true');
    await expect(row(page, at(4))).toBeFocused();
    await scrollTo(page, 0);
    await expect(row(page, at(4))).toBeFocused();
    await expect(row(page, at(5))).toBeVisible();
  });

  test('j and k go from the chosen row and bring it on screen, wherever the list is', async ({
    page,
  }) => {
    const { main, at } = manyPending();
    await using _window = await openWindow(page, main);
    await expect(row(page, at(0))).toHaveAttribute('aria-current', 'true');
    for (let n = 1; n <= 30; n++) await page.keyboard.press('j');
    await expect(row(page, at(30))).toBeFocused();
    await expect(row(page, at(30))).toBeInViewport({ ratio: 1 });
    await scrollTo(page, 8000);
    await expect(row(page, at(8000))).toBeInViewport();
    await page.keyboard.press('k');
    await expect(row(page, at(29))).toBeFocused();
    await expect(row(page, at(29))).toBeInViewport({ ratio: 1 });
    await expect(row(page, at(28))).toBeVisible();
    expect(await rows(page).count()).toBeLessThan(FEW);
  });

  test('Tab walks on past the rows that were in the page', async ({ page }) => {
    const { main, at } = manyPending();
    await using _window = await openWindow(page, main);
    await row(page, at(0)).focus();
    for (let n = 0; n < 45; n++) await page.keyboard.press('Tab');
    await expect(row(page, at(45))).toBeFocused();
    await expect(row(page, at(45))).toBeInViewport({ ratio: 1 });
  });

  test('neither a click nor what arrives scrolls the list', async ({ page }) => {
    const { main, at } = manyPending();
    await using _window = await openWindow(page, main);
    await scrollTo(page, 500);
    const before = await scrolled(page);
    await row(page, at(503)).click();
    main.ask(sampleRequest({ reason: 'another' }));
    await expect(row(page, at(503))).toHaveAttribute('aria-current', 'true');
    await expect(rows(page).first()).toHaveAttribute('aria-setsize', `${MANY + 1}`);
    expect(await scrolled(page)).toBe(before);
  });

  test('rows that end above leave those on screen where they are', async ({ page }) => {
    const { main, at } = manyPending();
    await using _window = await openWindow(page, main);
    await scrollTo(page, 500);
    const before = await row(page, at(505)).boundingBox();
    main.change(...[0, 7, 300].map((n) => ({ what: 'requestGone' as const, digest: at(n) })), {
      what: 'request',
      value: { ...main.request(at(9)), stage: 'ended', how: 'withdrawn' },
    });
    await expect(rows(page).first()).toHaveAttribute('aria-setsize', `${MANY - 4}`);
    await expect.poll(() => row(page, at(505)).boundingBox()).toEqual(before);
  });

  test('under the pointer also a row that main takes away keeps its place', async ({ page }) => {
    const { main, at } = manyPending();
    await using _window = await openWindow(page, main);
    await row(page, at(5)).hover();
    const before = await row(page, at(5)).boundingBox();
    main.change({ what: 'requestGone', digest: at(2) }, { what: 'requestGone', digest: at(5) });
    main.ask(sampleRequest({ reason: 'another' }));
    await expect(rows(page).first()).toHaveAttribute('aria-setsize', `${MANY + 1}`);
    expect(await row(page, at(5)).boundingBox()).toEqual(before);
    await page.mouse.move(900, 400);
    await expect(row(page, at(5))).toHaveCount(0);
    await expect(rows(page).first()).toHaveAttribute('aria-setsize', `${MANY - 1}`);
  });

  test('the filter looks at all of them', async ({ page }) => {
    const { main, at } = manyPending();
    await using _window = await openWindow(page, main);
    // Ten thousand come in first; a key before that has nobody to hear it.
    await expect(rows(page).first()).toBeVisible();
    await page.keyboard.press('/');
    await page.keyboard.type('job 7777');
    await expect(row(page, at(7777))).toBeVisible();
    await expect(rows(page)).toHaveCount(1);
  });
});

test('one timer for every countdown, and rows whose text stays are left alone', async ({
  page,
}) => {
  await page.addInitScript(() => {
    const begin = window.setInterval.bind(window);
    const end = window.clearInterval.bind(window);
    const running = new Set<number>();
    Object.assign(window, {
      running,
      setInterval: (run: () => void, ms: number) => {
        const id = begin(run, ms);
        running.add(id);
        return id;
      },
      clearInterval: (id: number) => {
        running.delete(id);
        end(id);
      },
    });
  });
  const { main, at } = manyPending(200);
  await using _window = await openWindow(page, main);
  await expect(row(page, at(9))).toBeVisible();
  const seen = await list(page).evaluate(async (box) => {
    let changes = 0;
    const watch = new MutationObserver((records) => {
      changes += records.length;
    });
    watch.observe(box, { subtree: true, childList: true, characterData: true, attributes: true });
    await new Promise((done) => {
      setTimeout(done, 3100);
    });
    // Put there by the script above.
    const { running } = window as unknown as { running: Set<number> };
    return { changes, timers: running.size };
  });
  expect(seen.timers).toBe(1);
  // Twelve hours left are told in minutes: at most one of them turned over, once in each row.
  expect(seen.changes).toBeLessThan(FEW);
});

test('a page that draws no frames still shows what main says, in order', async ({ page }) => {
  await page.addInitScript(() => {
    window.requestAnimationFrame = () => 0;
  });
  const main = new FakeMain();
  await using _window = await openWindow(page, main);
  await expect(page.getByRole('region', { name: 'Open' })).toBeVisible();
  const digests = Array.from({ length: 12 }, (_, n) => main.ask(sampleRequest({ reason: `${n}` })));
  await expect(rows(page)).toHaveCount(12);
  const ids = await rows(page).evaluateAll((all) =>
    all.map((one) => one.firstElementChild?.id.replace('request-', '')),
  );
  expect(ids).toEqual(digests);
});
