// What of a bundle is the same, and when: the same copy and the same words give the same bytes, a head that the log itself
// carries gives them in every copy that has the texts, and the record is the same whoever lacks what.

import { describe, expect, test } from 'vitest';
import { collectEvidence, type EvidenceWish } from '../../../main/app/evidence.ts';
import { openEntry, requestOf } from '../../../main/evidence/entry.ts';
import { verifyBundle } from '../../../main/evidence/verify.ts';
import { type Files, zipOf } from '../../../main/evidence/zip.ts';
import { sha256Hex } from '../../../main/trust/digest.ts';
import { Frontier } from '../../../main/trust/frontier.ts';
import { rootSetOf } from '../../../main/trust/keyring.ts';
import { leafHash } from '../../../main/trust/merkle.ts';
import { toB64, utf8 } from '../../../shared/bytes.ts';
import { EvidenceLog } from '../evidence/world.ts';
import { memoryStore } from './memory-store.ts';

type Copy = {
  /** Of how many of the log's entries; absent: all. */
  readonly size?: number;
  readonly note?: string;
  /** Indexes whose text was never for this person. */
  readonly without?: readonly number[];
};

async function bundle(log: EvidenceLog, copy: Copy = {}, wish: EvidenceWish = {}): Promise<Files> {
  const made = await collect(log, copy, wish);
  if (!made.ok) throw new Error(made.detail);
  return made.value.files;
}

async function collect(log: EvidenceLog, copy: Copy, wish: EvidenceWish) {
  const { size = log.size, without = [], note = log.note(size) } = copy;
  const store = memoryStore();
  const frontier = new Frontier();
  const leaves = log.entries.slice(0, size).map((entry) => {
    frontier.append(leafHash(entry.leaf));
    const payload = without.includes(entry.index) ? undefined : entry.payload;
    const read = openEntry({ ...entry, payload });
    if (!read.ok) throw new Error(read.detail);
    const { type } = read.value;
    return { ...entry, payload, type, request: requestOf(read.value), at: log.times[entry.index] };
  });
  await store.append(leaves, frontier.state());
  await store.putNote(size, note);
  return collectEvidence({ store }, wish);
}

const digest = (files: Files): string => sha256Hex(zipOf(files));
const report = (log: EvidenceLog, files: Files) => verifyBundle(files, rootSetOf(log.keyring));
const record = (log: EvidenceLog, files: Files) => report(log, files).about?.record;

/** One action that ran, under a head of 3 that alice and bob have cosigned; then one more request. */
function livedLog(): EvidenceLog {
  const log = new EvidenceLog();
  const { alice, bob } = log.keys;
  const request = log.ask();
  const decision = log.decide(request, alice);
  log.cosignedBy(alice, bob);
  log.run(request, [decision]);
  log.cosignedBy();
  log.ask();
  return log;
}

describe('a bundle', () => {
  const log = livedLog();

  test('of the same copy by the same words has the same bytes', async () => {
    expect(digest(await bundle(log))).toBe(digest(await bundle(log)));
  });

  test('of the same range is another one once the log has grown, with another head', async () => {
    const range = { from: { index: 0 }, to: { index: 2 } };
    const before = await bundle(log, { size: 7 }, range);
    const after = await bundle(log, {}, range);
    expect(digest(after)).not.toBe(digest(before));
    expect(record(log, after)).not.toBe(record(log, before));
  });

  test('under a head that the log carries is the same before and after, from any copy with its texts', async () => {
    const wish = { to: { index: 2 }, at: 3 };
    const before = await bundle(log, { size: 7 }, wish);
    const after = await bundle(log, {}, wish);
    expect(digest(after)).toBe(digest(before));
    const { problems, about, witnesses } = report(log, after);
    expect([problems, about?.size]).toEqual([[], 3]);
    expect(witnesses.map(({ id }) => id)).toEqual(['alice', 'bob']);
  });

  test('under a head that several entries carry has the first names that stand in the log', async () => {
    const other = new EvidenceLog();
    const { alice, bob } = other.keys;
    const request = other.ask();
    other.ask();
    const bare = other.note();
    const named = other.cosignedBy(alice, bob).note();
    other.cosignedBy();
    const decision = other.decide(request, alice, { checkpoint: toB64(utf8(bare)) });
    other.receipt(request, [decision], 'consumed', { checkpoint: toB64(utf8(named)) });
    const files = await bundle(other, {}, { at: 3 });
    expect(new TextDecoder().decode(files.get('checkpoint.txt'))).toBe(named);
    // Before any entry carries it, it is this copy's own.
    const own = await bundle(other, { size: 3 }, { at: 3 });
    expect(new TextDecoder().decode(own.get('checkpoint.txt'))).toBe(bare);
  });

  test('has the same record whoever lacks a text, and whoever has cosigned its head by then', async () => {
    const whole = await bundle(log);
    const lacking = await bundle(log, { without: [2] });
    const named = await bundle(log, { note: log.cosignedBy(log.keys.bob).note() });
    log.cosignedBy();
    expect(new Set([whole, lacking, named].map(digest)).size).toBe(3);
    expect(record(log, whole)).toMatch(/^[0-9a-f]{64}$/);
    expect(new Set([whole, lacking, named].map((one) => record(log, one))).size).toBe(1);
  });

  test('under a head that is not here is none, and says which are near', async () => {
    expect(await collect(log, {}, { at: 4 })).toMatchObject({
      ok: false,
      code: 'noHead',
      detail: expect.stringMatching(
        /no signed head of 4 entries is here; the nearest are of 3 and 5/,
      ),
    });
    expect(await collect(log, {}, { at: 99 })).toMatchObject({
      code: 'noHead',
      detail: 'the newest head here is of 8 entries',
    });
  });

  test('counts a request without its ending as not ended only where the ending could not be missing', async () => {
    const requests = async (copy: Copy, wish: EvidenceWish = {}) =>
      report(log, await bundle(log, copy, wish)).about?.population.requests;
    expect(await requests({})).toEqual({ approved: 1, notEnded: 1 });
    // The ending's text is not here.
    expect(await requests({ without: [4] })).toEqual({ notEnded: 1, unknown: 1 });
    // The range ends before the log does.
    expect(await requests({}, { to: { index: 2 } })).toEqual({ unknown: 1 });
  });
});
