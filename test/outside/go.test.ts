// Go's own sumdb/note and sumdb/tlog over a real log of ours: every head, every leaf, every pair of heads, and each of them
// spoiled. Then the other way round: a log that Go made, checked by us.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { openCheckpoint } from '../../main/trust/checkpoint.ts';
import { cosign } from '../../main/trust/cosignature.ts';
import { generateKeyPair, publicKeyOf } from '../../main/trust/ed25519.ts';
import { leafHash, verifyConsistency, verifyInclusion } from '../../main/trust/merkle.ts';
import { formatLine } from '../../main/trust/note.ts';
import { COSIGNATURE_TYPE, formatVkey, parseVkey, vkeyOf } from '../../main/trust/vkey.ts';
import { fromB64, sameBytes, toB64 } from '../../shared/bytes.ts';
import { draft, entries, logKey, scratch, vkey } from '../unit/ledger/kit.ts';
import {
  type Bundle,
  type ConsistencyCase,
  consistencyCase,
  corruptions,
  flipped,
  type InclusionCase,
  inclusionCase,
  type NoteCase,
  type Verdicts,
} from './bundle.ts';
import { buildGoChecker, run } from './programs.ts';

const SIZES = [1, 2, 3, 7, 8, 64, 129, 255, 512, 777] as const;
const LAST = 777;
const SECONDS = 1_795_000_000;

const folder = mkdtempSync(join(tmpdir(), 'countersign-outside-'));
const checker = buildGoChecker(folder);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function judge(bundle: Bundle): Verdicts {
  const ran = run(checker ?? '', ['check'], { input: JSON.stringify(bundle) });
  if (ran.code !== 0) throw new Error(ran.stderr);
  // The checker's own output, in the form that bundle.ts says.
  return JSON.parse(ran.stdout) as Verdicts;
}

/** A real log on disk, sealed at each size; its heads, and every proof under them. */
function ourLog() {
  const log = scratch();
  const ledger = log.open();
  const notes: string[] = [];
  for (const size of SIZES) {
    ledger.append(entries(size - ledger.size, ledger.size));
    const head = ledger.seal(logKey);
    if (!head.ok) throw new Error(head.code);
    notes.push(head.value.note);
  }
  const leaf = (index: number): Uint8Array => draft(String(index)).leaf;
  const inclusions: InclusionCase[] = SIZES.filter((size) => size <= 129 || size === LAST).flatMap(
    (size) =>
      Array.from({ length: size }, (_, index) =>
        inclusionCase(ledger.nodes, leaf(index), index, size),
      ),
  );
  const consistencies: ConsistencyCase[] = SIZES.flatMap((second) =>
    SIZES.filter((first) => first <= second).map((first) =>
      consistencyCase(ledger.nodes, first, second),
    ),
  );
  log.clean();
  return { notes, inclusions, consistencies };
}

const witnesses = ['acme/maya/laptop', 'acme/omar/desktop', 'witness.example'].map((name) => {
  const pair = generateKeyPair();
  const key = vkeyOf(name, COSIGNATURE_TYPE, publicKeyOf(pair));
  return { name, pair, vkey: formatVkey(key) };
});

/** Each head with the line of each witness, at another second each. */
function cosigned(notes: readonly string[]): readonly NoteCase[] {
  return notes.flatMap((note, at) =>
    witnesses.map(({ name, pair, vkey: witness }) => {
      const text = note.slice(0, note.indexOf('\n\n') + 1);
      return { note: note + formatLine(cosign(text, name, pair, SECONDS + at)), witness };
    }),
  );
}

const plain = (notes: readonly string[]): NoteCase[] =>
  notes.map((note) => ({ note, witness: '' }));

const bytes = (b64: string): Uint8Array => fromB64(b64) ?? new Uint8Array();
const weTakeInclusion = ({ index, size, leaf, root, hashes }: InclusionCase): boolean =>
  verifyInclusion({
    index,
    size,
    leafHash: leafHash(bytes(leaf)),
    root: bytes(root),
    proof: hashes.map(bytes),
  });
const weTakeConsistency = ({ hashes, ...one }: ConsistencyCase): boolean =>
  verifyConsistency({
    first: one.first,
    second: one.second,
    firstRoot: bytes(one.firstRoot),
    secondRoot: bytes(one.secondRoot),
    proof: hashes.map(bytes),
  });

const ours = ourLog();

test('what Go is given, we take ourselves: 991 leaves and 55 pairs of heads', () => {
  expect(ours.inclusions.filter(weTakeInclusion)).toHaveLength(991);
  expect(ours.consistencies.filter(weTakeConsistency)).toHaveLength(55);
});

describe.skipIf(checker === undefined)('Go, over a log of ours', () => {
  const empty: Bundle = { vkey: formatVkey(vkey), notes: [], inclusions: [], consistencies: [] };

  test(`takes all ${SIZES.length} heads and reads what they say`, () => {
    const { notes } = judge({ ...empty, notes: plain(ours.notes) });
    const said = ours.notes.map((note) => note.split('\n').slice(1, 3).join(' '));
    expect(notes).toEqual(said);
    expect(notes).toHaveLength(10);
  });

  test('takes every leaf of the log of 777, and of smaller ones', () => {
    const { inclusions } = judge({ ...empty, inclusions: ours.inclusions });
    expect(inclusions.filter(Boolean)).toHaveLength(ours.inclusions.length);
    const whole = inclusions.filter((taken, i) => taken && ours.inclusions[i]?.size === LAST);
    expect(whole).toHaveLength(777);
    expect(ours.inclusions).toHaveLength(777 + 1 + 2 + 3 + 7 + 8 + 64 + 129);
  });

  test('takes all 9 growths to 777, and every other pair of heads', () => {
    const { consistencies } = judge({ ...empty, consistencies: ours.consistencies });
    expect(consistencies.filter(Boolean)).toHaveLength(55);
    const toLast = ours.consistencies.filter(
      ({ first, second }) => second === LAST && first < LAST,
    );
    expect(toLast).toHaveLength(9);
  });

  test('takes the cosignature of every witness under every head, with its second', () => {
    const cases = cosigned(ours.notes);
    const { notes } = judge({ ...empty, notes: cases });
    expect(notes).toHaveLength(30);
    expect(notes.map((said) => Number(said.split(' ')[2]))).toEqual(
      cases.map((_, i) => SECONDS + Math.floor(i / witnesses.length)),
    );
  });

  test('refuses each proof with any one hash corrupted, as we do', () => {
    const inclusions = ours.inclusions.filter(({ index }) => index % 10 === 3).flatMap(corruptions);
    const consistencies = ours.consistencies.flatMap(corruptions);
    const go = judge({ ...empty, inclusions, consistencies });
    expect(go.inclusions).toEqual(inclusions.map(weTakeInclusion));
    expect(go.consistencies).toEqual(consistencies.map(weTakeConsistency));
    expect([...go.inclusions, ...go.consistencies]).not.toContain(true);
    expect(inclusions.length).toBeGreaterThan(800);
  });

  test('refuses changed heads and cosignatures', () => {
    const heads = plain(ours.notes).flatMap(({ note, witness }) => [
      { note: note.replace(/\n(\d+)\n/, (_, size: string) => `\n${Number(size) + 1}\n`), witness },
      { note: note.replace('log.test/1\n', 'log.test/2\n'), witness },
      { note: spoilLast(note), witness },
    ]);
    const lines = cosigned(ours.notes).flatMap(({ note, witness }) => [
      { note: spoilLast(note), witness },
      { note: note.replace(/\n(\d+)\n/, (_, size: string) => `\n${Number(size) + 1}\n`), witness },
      // Another witness's key is asked for.
      { note, witness: witnesses.find((one) => one.vkey !== witness)?.vkey ?? '' },
    ]);
    const { notes } = judge({ ...empty, notes: [...heads, ...lines] });
    expect(notes).toEqual([...heads, ...lines].map(() => ''));
    expect(notes).toHaveLength(30 + 90);
  });
});

/** The note with one bit of its last line's signature changed. */
function spoilLast(note: string): string {
  const at = note.lastIndexOf(' ') + 1;
  return `${note.slice(0, at)}${flipped(note.slice(at, -1), 20)}\n`;
}

describe.skipIf(checker === undefined)('we, over a log of Go’s', () => {
  const made = checker === undefined ? '' : run(checker, ['make']).stdout;
  const theirs = (): Bundle => JSON.parse(made) as Bundle;

  test('take its key and every head', () => {
    const { vkey: text, notes } = theirs();
    const key = parseVkey(text);
    if (!key.ok) throw new Error(key.code);
    const sizes = notes.map(({ note }) => {
      const opened = openCheckpoint(note, key.value);
      return opened.ok ? opened.value.size : opened.code;
    });
    expect(sizes).toEqual([1, 2, 3, 6, 7, 8, 9, 63, 64, 65, 130]);
    expect(notes.filter(({ note }) => openCheckpoint(spoilLast(note), key.value).ok)).toEqual([]);
  });

  test('take every leaf and every growth, and none that is corrupted', () => {
    const { inclusions, consistencies } = theirs();
    expect(inclusions.filter(weTakeInclusion)).toHaveLength(358);
    expect(consistencies.filter(weTakeConsistency)).toHaveLength(66);
    expect(inclusions.flatMap(corruptions).filter(weTakeInclusion)).toEqual([]);
    expect(consistencies.flatMap(corruptions).filter(weTakeConsistency)).toEqual([]);
  });

  test('make the very same hashes of the very same leaves', () => {
    const { inclusions } = theirs();
    const one = inclusions.find(({ size }) => size === 1);
    if (one === undefined) throw new Error('a log of one');
    expect(toB64(leafHash(bytes(one.leaf)))).toBe(one.root);
    expect(sameBytes(leafHash(bytes(one.leaf)), bytes(one.root))).toBe(true);
  });
});
