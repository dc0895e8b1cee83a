// The rules of this host that need no Electron: links, switches, words, pictures, entries.

import { expect, test } from 'playwright/test';
import { autostartEntry } from '../../main/hosts/linux/autostart.ts';
import { drivingSwitches } from '../../main/hosts/electron/locked-mode.ts';
import { mayCall, ORIGIN, PAGE } from '../../main/hosts/electron/origin.ts';
import { drawTrayIcon } from '../../main/hosts/electron/tray-icon.ts';
import type { TrayState } from '../../main/hosts/electron/tray-menu.ts';
import { linkIn, requestOfLink } from '../../main/hosts/electron/deep-link.ts';
import { runtimeLabel } from '../../main/hosts/electron/words.ts';

const DIGEST = 'ab'.repeat(32);

test('a link names a request and nothing more', () => {
  expect(requestOfLink(`countersign://request/${DIGEST}`)).toBe(DIGEST);
  for (const other of [
    `countersign://approve/${DIGEST}`,
    `countersign://request/${DIGEST}/approve`,
    `countersign://request/${DIGEST}?x`,
    `countersign://request/${DIGEST}#x`,
    `countersign://request/${DIGEST.slice(1)}`,
    `COUNTERSIGN://request/${DIGEST}`,
    `https://request/${DIGEST}`,
  ]) {
    expect(requestOfLink(other)).toBeUndefined();
  }
  expect(linkIn(['app', '--x', `countersign://request/${DIGEST}`])).toBe(DIGEST);
});

test('each switch that lets another program drive the app is seen, however it is written', () => {
  const none = (): boolean => false;
  expect(drivingSwitches(['app', '--hidden', 'countersign://x'], none)).toEqual([]);
  for (const word of [
    '--remote-debugging-port=9222',
    '--remote-debugging-pipe',
    '--inspect',
    '--inspect-brk=0',
    '--INSPECT-publish-uid=http',
    '--js-flags=--allow-natives-syntax',
    '-no-sandbox',
    '--disable-web-security',
    '--load-extension=/x',
    '--password-store=basic',
  ]) {
    expect(drivingSwitches(['app', word], none)).toHaveLength(1);
  }
  expect(drivingSwitches(['app'], (name) => name === 'no-sandbox')).toEqual(['no-sandbox']);
});

test('only the window’s own main frame on its own origin may call', () => {
  const main = { origin: ORIGIN, url: PAGE };
  expect(mayCall(main, main)).toBe(true);
  expect(mayCall({ ...main }, main)).toBe(false);
  expect(mayCall(null, main)).toBe(false);
  const elsewhere = { origin: 'https://example.com', url: 'https://example.com/' };
  expect(mayCall(elsewhere, elsewhere)).toBe(false);
  const lookalike = { origin: ORIGIN, url: 'app://countersign.example/' };
  expect(mayCall(lookalike, lookalike)).toBe(false);
});

test('the tray’s states differ in shape, not in colour: their alpha alone tells them apart', () => {
  const states: [TrayState, number][] = [
    ['idle', 0],
    ['pending', 1],
    ['pending', 2],
    ['pending', 9],
    ['pending', 10],
    ['offline', 0],
    ['alarm', 0],
  ];
  for (const size of [16, 22, 44]) {
    const alphas = states.map(([state, count]) =>
      drawTrayIcon(state, count, { size, template: true }).filter((_, i) => i % 4 === 3),
    );
    for (const [i, left] of alphas.entries()) {
      for (const right of alphas.slice(i + 1)) {
        const differing = left.filter((value, at) => Math.abs(value - (right[at] ?? 0)) > 128);
        // At least one pixel in fifty.
        expect(differing.length).toBeGreaterThan((size * size) / 200);
      }
    }
  }
  expect(drawTrayIcon('pending', 10, { size: 22, template: false })).toEqual(
    drawTrayIcon('pending', 99, { size: 22, template: false }),
  );
});

test('a command in an autostart entry is one word a word, whatever it holds', () => {
  expect(autostartEntry(['/opt/My $app/`x`', '--hidden', '50%', 'a"b\\'])).toContain(
    'Exec="/opt/My \\\\$app/\\\\`x\\\\`" "--hidden" "50%%" "a\\\\"b\\\\\\\\"\n',
  );
});

test('a runtime that is not the product’s says so', () => {
  expect(runtimeLabel('33.2.1')).toContain('not for real use');
  expect(runtimeLabel('45.4.1')).toBeUndefined();
});
