import { afterEach, beforeEach, expect, test } from 'vitest';
import { sha256Hex } from '../../../main/trust/digest.ts';
import type { Ledger } from '../../../main/ledger/ledger.ts';
import { entry, type Scratch, scratch } from './kit.ts';

const bytes = Uint8Array.from({ length: 1000 }, (_, i) => i % 251);
const sha256 = sha256Hex(bytes);
const chunk = (offset: number, end: number, owner = 'g1') => ({
  owner,
  sha256,
  size: bytes.length,
  offset,
  bytes: bytes.slice(offset, end),
});

let log: Scratch;
let ledger: Ledger;
beforeEach(() => {
  log = scratch();
  ledger = log.open();
});
afterEach(() => log.clean());

test('chunks in order make an attachment, and a repeat changes nothing', () => {
  const { attachments } = ledger;
  expect(attachments.add(chunk(0, 400), 0).ok).toBe(true);
  expect(attachments.add(chunk(0, 400), 0).ok).toBe(true);
  expect(attachments.isComplete('g1', sha256, 1000)).toBe(false);
  expect(attachments.add(chunk(400, 1000), 0).ok).toBe(true);
  expect(attachments.isComplete('g1', sha256, 1000)).toBe(true);
  expect(attachments.read('g1', sha256, 0)).toEqual(bytes.slice(0, 400));
  expect(attachments.read('g1', sha256, 700)).toEqual(bytes.slice(700));
  expect(attachments.read('g1', sha256, 1000)).toBeUndefined();
});

test('a gap, an overlap, another size and an empty chunk are refused', () => {
  const { attachments } = ledger;
  expect(attachments.add(chunk(10, 20), 0)).toMatchObject({ code: 'order' });
  attachments.add(chunk(0, 400), 0);
  expect(attachments.add(chunk(300, 500), 0)).toMatchObject({ code: 'order' });
  expect(attachments.add({ ...chunk(400, 500), size: 999 }, 0)).toMatchObject({ code: 'order' });
  expect(attachments.add(chunk(400, 400), 0)).toMatchObject({ code: 'order' });
  const over = { ...chunk(400, 500), bytes: new Uint8Array(601) };
  expect(attachments.add(over, 0)).toMatchObject({ code: 'order' });
});

test('an attachment of no bytes is sent too, once or twice', () => {
  const none = new Uint8Array(0);
  const empty = { owner: 'g1', sha256: sha256Hex(none), size: 0, offset: 0, bytes: none };
  expect(ledger.attachments.isComplete('g1', empty.sha256, 0)).toBe(false);
  expect(ledger.attachments.add(empty, 0).ok).toBe(true);
  expect(ledger.attachments.add(empty, 0).ok).toBe(true);
  expect(ledger.attachments.isComplete('g1', empty.sha256, 0)).toBe(true);
});

test('bytes that do not fit their digest are dropped and can be sent again', () => {
  const { attachments } = ledger;
  attachments.add({ ...chunk(0, 1000), bytes: new Uint8Array(1000) }, 0);
  expect(attachments.isComplete('g1', sha256, 1000)).toBe(false);
  expect(attachments.add(chunk(0, 1000), 0).ok).toBe(true);
  expect(attachments.isComplete('g1', sha256, 1000)).toBe(true);
});

test("one guard's bytes are not another's", () => {
  const { attachments } = ledger;
  attachments.add(chunk(0, 1000), 0);
  expect(attachments.isComplete('g2', sha256, 1000)).toBe(false);
  expect(attachments.read('g2', sha256, 0)).toBeUndefined();
});

test('a guard may keep so many unused bytes here and no more', () => {
  const size = 40 * 1024 * 1024;
  const begin = (digit: string) =>
    ledger.attachments.add(
      { owner: 'g1', sha256: digit.repeat(64), size, offset: 0, bytes: bytes.slice(0, 10) },
      0,
    );
  expect(begin('1').ok).toBe(true);
  expect(begin('2')).toMatchObject({ code: 'tooMuch' });
});

test('what no request came for is dropped after an hour, what is in use stays', () => {
  const hour = 3600 * 1000;
  ledger.attachments.add(chunk(0, 1000), 0);
  ledger.attachments.add(chunk(0, 1000, 'g2'), 0);
  const opens = { request: '1'.repeat(64), guard: 'g1', attachments: [sha256] };
  ledger.append([{ ...entry('0'), opens }]);
  ledger.prune(hour + 1);
  expect(ledger.attachments.isComplete('g1', sha256, 1000)).toBe(true);
  expect(ledger.attachments.isComplete('g2', sha256, 1000)).toBe(false);
});
