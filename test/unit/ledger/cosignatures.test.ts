// Who has seen a head is kept by its size, the newest line of each witness, over a restart.

import { afterEach, beforeEach, expect, test } from 'vitest';
import { entries, type Scratch, scratch } from './kit.ts';

let log: Scratch;
beforeEach(() => {
  log = scratch();
});
afterEach(() => log.clean());

test('the lines under a head come back as they were put, of that head alone', () => {
  const first = log.open();
  first.append(entries(2));
  const [alice, bob] = ['aa'.repeat(32), 'bb'.repeat(32)];
  const put = first.putCosignatures([
    { size: 1, keyId: alice, line: 'alice of one\n' },
    { size: 2, keyId: alice, line: 'alice before\n' },
    { size: 2, keyId: alice, line: 'alice\n' },
    { size: 2, keyId: bob, line: 'bob\n' },
  ]);
  expect(put.ok).toBe(true);
  for (const ledger of [first, log.open()]) {
    expect(ledger.cosignatures(2).toSorted()).toEqual(['alice\n', 'bob\n']);
    expect(ledger.cosignatures(3)).toEqual([]);
  }
});
