// The last signed head can be read whatever was found against the log, and nothing is signed because of it.

import { afterEach, beforeEach, expect, test } from 'vitest';
import { entries, logKey, type Scratch, scratch } from './kit.ts';

let log: Scratch;
beforeEach(() => {
  log = scratch();
});
afterEach(() => log.clean());

test('is that of the newest stored checkpoint, while all is well and after', () => {
  const ledger = log.open();
  expect(ledger.lastSigned).toBeUndefined();
  ledger.append(entries(2));
  ledger.seal(logKey);
  ledger.append(entries(2, 2));
  ledger.seal(logKey);
  const { note } = ledger.head ?? {};
  expect(ledger.lastSigned).toBe(note);
  ledger.condemn('found', 'evidence');
  expect(ledger.head).toBeUndefined();
  expect(ledger.lastSigned).toBe(note);
  expect(ledger.seal(logKey)).toMatchObject({ ok: false, code: 'corrupt' });
  expect(log.open().lastSigned).toBe(note);
});

test('is there where the leaves that it signed are not', () => {
  const ledger = log.open();
  ledger.append(entries(3));
  ledger.seal(logKey);
  const { note } = ledger.head ?? {};
  ledger.close();
  log.damage('delete from leaves where idx = 2');
  const again = log.open();
  expect(again.health).toMatchObject({ ok: false, code: 'corrupt' });
  expect(again.lastSigned).toBe(note);
  expect(again.append(entries(1))).toMatchObject({ ok: false });
});
