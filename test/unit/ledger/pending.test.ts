// What waits for the tables is seen as if it stood there: random histories in a log that settles when it likes, restarts and
// is read as a kill leaves it, beside one that settles after every batch. Every question has the same answer in both.

import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Entry } from '../../../main/ledger/entry.ts';
import type { Ledger } from '../../../main/ledger/ledger.ts';
import { sha256Hex } from '../../../main/trust/digest.ts';
import { utf8 } from '../../../shared/bytes.ts';
import { type Seeded, seeded } from '../../faults/seeded.ts';
import { draft, logKey, type Scratch, scratch } from './kit.ts';

const STEPS = 60;
const KEYS = ['a', 'b', 'c'].map((digit) => digit.repeat(64));
const WEEK = 7 * 24 * 3600 * 1000;

let logs: Scratch[];
beforeEach(() => {
  logs = [scratch(), scratch()];
});
afterEach(() => {
  for (const log of logs) log.clean();
});

/** What there is to ask about. */
type Known = {
  readonly requests: string[];
  readonly messages: { principal: string; id: string; at: number }[];
  readonly seq: Map<string, number>;
  leaves: number;
  now: number;
};

const pick = <T>(random: Seeded, all: readonly T[]): T | undefined =>
  all[random.below(Math.max(1, all.length))];
const hexOf = (text: string, digits: number): string => sha256Hex(utf8(text)).slice(0, digits);

function entryBy(random: Seeded, known: Known): Entry {
  const n = known.messages.length;
  const principal = KEYS[random.below(KEYS.length)] ?? '';
  const message = {
    principal,
    id: hexOf(`id ${n}`, 32),
    digest: hexOf(`said ${n}`, 64),
    at: known.now,
  };
  known.messages.push(message);
  const request = pick(random, known.requests);
  const kind = random.below(6);
  if (request !== undefined && kind === 0) {
    const what = random.coin() ? 'shown' : 'opened';
    return { message, notice: { request, what, keyId: principal, envelope: `said ${n}` } };
  }
  known.leaves += 1;
  const leaf = draft(String(n));
  if (request === undefined || kind === 1) {
    known.requests.push(leaf.payloadSha256);
    return { message, leaf, opens: { request: leaf.payloadSha256, guard: 'g', attachments: [] } };
  }
  const about = { request, ends: kind === 2 };
  if (kind === 3) return { leaf, about };
  if (kind === 4) {
    const seq = (known.seq.get(principal) ?? 0) + 1;
    known.seq.set(principal, seq);
    return { message, leaf, about, chain: { keyId: principal, seq, digest: leaf.payloadSha256 } };
  }
  if (random.below(4) === 0)
    return { message, leaf, about, erases: { request, payloads: [request] } };
  return { message, leaf };
}

/** Every answer that the log can give of what is known. */
const answersOf = ({ query, size, head }: Ledger, known: Known) => ({
  size,
  head: head?.size,
  open: query.openRequests(),
  requests: known.requests.map((one) => [query.request(one), query.notices(one)]),
  texts: known.requests.map((one) => query.payload(one)),
  answers: known.messages.map(({ principal, id }) => query.answer(principal, id)),
  chains: KEYS.map((key) => query.chain(key)),
  leaves: query.leaves(0, size),
});

test.each([1, 2, 3, 4])(
  'a log that settles late answers as one that settles at once: history %i',
  (seed) => {
    const random = seeded(seed);
    const known: Known = { requests: [], messages: [], seq: new Map(), leaves: 0, now: 1000 };
    const [late, prompt] = logs as [Scratch, Scratch];
    let one = late.open();
    const other = prompt.open();
    for (let step = 0; step < STEPS; step += 1) {
      const batch = Array.from({ length: 1 + random.below(5) }, () => entryBy(random, known));
      const key = random.coin() ? logKey : undefined;
      expect(one.append(batch, key)).toEqual(other.append(batch, key));
      expect(other.settle().ok).toBe(true);
      const also = random.below(12);
      if (also === 0) {
        one.close();
        one = late.open();
      }
      if (also === 1) one.settle();
      if (also === 2) {
        known.now += WEEK / 2;
        one.prune(known.now);
        other.prune(known.now);
      }
      expect(one.health.ok).toBe(true);
      expect([step, answersOf(one, known)]).toEqual([step, answersOf(other, known)]);
    }
    const killed = late.killed();
    expect(answersOf(killed, known)).toEqual(answersOf(other, known));
    expect(one.settle().ok).toBe(true);
    expect(answersOf(one, known)).toEqual(answersOf(other, known));
    expect(one.query.quickCheck()).toBe(true);
  },
);
