// One bit of a bundle changed, anywhere, is a failure: in the container, in the files, and in what was put in when everything
// that can be derived is made anew. COUNTERSIGN_EVIDENCE_FLIPS=10000 for many.

import { describe, expect, test } from 'vitest';
import { openBook } from '../../../main/evidence/book.ts';
import { rootSetOf } from '../../../main/trust/keyring.ts';
import { filesOf } from '../../../main/evidence/files.ts';
import { bookOf } from '../../../main/evidence/open-files.ts';
import { placeOf } from '../../../main/evidence/paths.ts';
import { verifyBundle } from '../../../main/evidence/verify.ts';
import { type Files, readZip, zipOf } from '../../../main/evidence/zip.ts';
import { dice } from '../statement/view-samples.ts';
import { EvidenceLog, wholeLog } from './world.ts';

const FLIPS = Number(process.env['COUNTERSIGN_EVIDENCE_FLIPS'] ?? 2000);
const MINUTES = 60_000;

const flipped = (bytes: Uint8Array, at: number, bit: number): Uint8Array =>
  bytes.with(at, (bytes[at] ?? 0) ^ (1 << bit));

/** One approval with what it takes to have every kind of file. */
function smallLog(): EvidenceLog {
  const log = new EvidenceLog();
  const request = log.ask({ attachments: [log.attach('id\n'.repeat(1600))] });
  log.receipt(request, [log.decide(request, log.keys.alice)], 'consumed');
  return log.cosignedBy(log.keys.bob);
}

describe('one changed bit', () => {
  test(
    `of the zip is refused, each of ${FLIPS} times`,
    () => {
      const log = wholeLog();
      const roots = rootSetOf(log.keyring);
      const zip = zipOf(log.bundle());
      const roll = dice(20_261_122);
      const passed: number[] = [];
      for (let i = 0; i < FLIPS; i++) {
        const at = roll(zip.length);
        const read = readZip(flipped(zip, at, roll(8)));
        if (read.ok && verifyBundle(read.value, roots).verified) passed.push(at);
      }
      expect(passed).toEqual([]);
    },
    5 * MINUTES,
  );

  test('of every byte of the first local header and of the end record is refused', () => {
    const zip = zipOf(smallLog().bundle());
    const bytes = [
      ...Array(80).keys(),
      ...Array.from({ length: 90 }, (_, i) => zip.length - 1 - i),
    ];
    const passed = bytes.flatMap((at) =>
      [0, 1, 2, 3, 4, 5, 6, 7]
        .filter((bit) => readZip(flipped(zip, at, bit)).ok)
        .map((bit) => [at, bit]),
    );
    expect(passed).toEqual([]);
  });

  test(
    `of an unpacked file is refused, each of ${Math.ceil(FLIPS / 10)} times`,
    () => {
      const log = smallLog();
      const roots = rootSetOf(log.keyring);
      const files = log.bundle();
      expect(verifyBundle(files, roots).problems).toEqual([]);
      const names = [...files.keys()];
      const roll = dice(7);
      const passed: string[] = [];
      for (let i = 0; i < Math.ceil(FLIPS / 10); i++) {
        const name = names[i % names.length] ?? '';
        if (verifyBundle(changed(files, name, roll), roots).verified) passed.push(name);
      }
      expect(passed).toEqual([]);
    },
    5 * MINUTES,
  );

  test(
    `of what was put in is refused when all else is made anew, each of ${Math.ceil(FLIPS / 10)} times`,
    () => {
      const log = smallLog();
      const roots = rootSetOf(log.keyring);
      const files = log.bundle();
      const names = [...files.keys()].filter((name) => {
        const { what } = placeOf(name);
        return what !== 'derived' && what !== 'manifest';
      });
      const roll = dice(11);
      const passed: string[] = [];
      let opened = 0;
      for (let i = 0; i < Math.ceil(FLIPS / 10); i++) {
        const name = names[i % names.length] ?? '';
        const book = bookOf(changed(files, name, roll));
        if (!book.ok) continue;
        const again = openBook(book.value);
        if (!again.ok) continue;
        opened += 1;
        if (verifyBundle(filesOf(again.value), roots).verified) passed.push(name);
      }
      expect(passed).toEqual([]);
      // The digests alone did not refuse them all: places, signatures and forms did.
      expect(opened).toBeGreaterThan(FLIPS / 40);
    },
    5 * MINUTES,
  );
});

test('a file more, a file less, and a file under another name are refused', () => {
  const log = smallLog();
  const roots = rootSetOf(log.keyring);
  const files = log.bundle();
  const [first = ''] = files.keys();
  for (const name of files.keys()) {
    const less = new Map(files);
    less.delete(name);
    expect([name, verifyBundle(less, roots).verified]).toEqual([name, false]);
  }
  const more = new Map(files).set('entries/notes.txt', new Uint8Array(1));
  expect(verifyBundle(more, roots).problems).toEqual([
    { where: 'entries/notes.txt', says: 'it does not belong into the bundle' },
  ]);
  const renamed = new Map(files).set('other.txt', files.get(first) ?? new Uint8Array(0));
  renamed.delete(first);
  expect(verifyBundle(renamed, roots).verified).toBe(false);
});

function changed(files: Files, name: string, roll: (below: number) => number): Files {
  const bytes = files.get(name) ?? new Uint8Array(0);
  return new Map(files).set(name, flipped(bytes, roll(bytes.length), roll(8)));
}
