// An erased text is nowhere in the log's files, however it came to lie where it lay: waiting or settled, over several pages,
// next to others that went before. The tree without it is the tree that was signed.

import { existsSync, readFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { utf8 } from '../../../shared/bytes.ts';
import type { LeafDraft } from '../../../main/ledger/entry.ts';
import type { Ledger } from '../../../main/ledger/ledger.ts';
import { sha256Hex } from '../../../main/trust/digest.ts';
import { seeded } from '../../faults/seeded.ts';
import { draft, logKey, type Scratch, scratch } from './kit.ts';

const COUNT = 60;

let log: Scratch;
beforeEach(() => {
  log = scratch();
});
afterEach(() => log.clean());

const random = seeded(5);
const markerOf = (n: number): string => `MARKER-${n}-of-a-text.`;
function textOf(n: number): LeafDraft {
  const payload = utf8(markerOf(n).repeat(1 + random.below(n % 7 === 0 ? 600 : 60)));
  return { leaf: utf8(`leaf ${n}`), payload, payloadSha256: sha256Hex(payload) };
}

const onDisk = (): string =>
  ['', '-wal']
    .map((end) => log.path + end)
    .filter(existsSync)
    .map((path) => readFileSync(path, 'latin1'))
    .join('');

function fill(ledger: Ledger): readonly string[] {
  return Array.from({ length: COUNT }, (_, n) => {
    const leaf = textOf(n);
    const request = leaf.payloadSha256;
    ledger.append([{ leaf, opens: { request, guard: 'g', attachments: [] } }]);
    const decided = { leaf: draft(`decision ${n}`), about: { request, ends: true } };
    expect(ledger.append([decided], logKey).ok).toBe(true);
    return request;
  });
}

test.each(['waiting', 'settled'] as const)(
  'a text that is %s is gone with its erasure, one after the other',
  (state) => {
    const ledger = log.open();
    const requests = fill(ledger);
    if (state === 'settled') ledger.settle();
    const order = requests.map((_, n) => n).sort(() => (random.coin() ? 1 : -1));
    for (const [done, n] of order.entries()) {
      const request = requests[n] ?? '';
      const about = { request, ends: false };
      const erases = { request, payloads: [request] };
      expect(onDisk()).toContain(markerOf(n));
      expect(ledger.append([{ leaf: draft(`erasure ${n}`), about, erases }], logKey).ok).toBe(true);
      expect(ledger.query.payload(request)).toBeUndefined();
      expect(ledger.scrub()).toBe(true);
      const left = onDisk();
      expect(order.slice(0, done + 1).filter((one) => left.includes(markerOf(one)))).toEqual([]);
      expect(order.slice(done + 1).filter((one) => !left.includes(markerOf(one)))).toEqual([]);
    }
    const again = log.killed();
    expect(again.health.ok).toBe(true);
    expect(again.query.quickCheck()).toBe(true);
    for (const request of requests) {
      const { index = -1, about = [] } = again.query.request(request) ?? {};
      expect(again.query.leaf(index)).toMatchObject({ index, payload: undefined });
      // The decision's text was not named: it stays.
      expect(again.query.leaf(about[0] ?? -1)?.payload).toBeDefined();
    }
  },
);

test('an erasure that fails erases nothing', () => {
  const ledger = log.open();
  const [first = ''] = fill(ledger);
  const about = { request: first, ends: false };
  const erases = { request: first, payloads: [first] };
  const bad = { leaf: draft('bad'), about: { request: 'f'.repeat(64), ends: false } };
  expect(() => ledger.append([{ leaf: draft('erasure'), about, erases }, bad])).toThrow(
    /stored request/,
  );
  expect(ledger.query.payload(first)).toBeDefined();
  expect(onDisk()).toContain(markerOf(0));
});
