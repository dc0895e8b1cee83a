// Go's way of testing notes (golang.org/x/mod/sumdb/note): every substring of a key and of a note, and every bit of
// every byte. Nothing of it may be taken for the whole, and no changed text for the signed one.

import { describe, expect, test } from 'vitest';
import { headText, makeCheckpoint, openCheckpoint } from '../../../main/trust/checkpoint.ts';
import { cosign, cosignaturesOf } from '../../../main/trust/cosignature.ts';
import { publicKeyOf } from '../../../main/trust/ed25519.ts';
import { formatLine, parseNote, verifyNote } from '../../../main/trust/note.ts';
import { COSIGNATURE_TYPE, NOTE_TYPE, parseVkey, vkeyOf } from '../../../main/trust/vkey.ts';
import { textOf, utf8 } from '../../../shared/bytes.ts';
import { fixedPair, leafHashes, naiveRoot } from './kit.ts';

const GO_KEY = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
const GO_TEXT =
  "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
const GO_NOTE = `${GO_TEXT}\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n`;

/** Each bit of each byte, `undefined` where that is no text; every other value is tried in `note.test.ts`. */
function* bitFlips(text: string): Generator<string | undefined> {
  const bytes = utf8(text);
  for (const [i, byte] of bytes.entries())
    for (let bit = 1; bit < 256; bit *= 2) yield textOf(bytes.with(i, byte ^ bit));
}

function* substrings(text: string): Generator<string> {
  for (let from = 0; from <= text.length; from += 1)
    for (let to = from; to <= text.length; to += 1)
      if (from !== 0 || to !== text.length) yield text.slice(from, to);
}

function goKey() {
  const read = parseVkey(GO_KEY);
  if (!read.ok) throw new Error(read.code);
  return read.value;
}

const KEY = goKey();

/** The text that a note opens to under this key, or undefined. */
function open(source: string): string | undefined {
  const note = parseNote(source);
  return note.ok && verifyNote(note.value, [KEY]).ok ? note.value.text : undefined;
}

describe("Go's key", () => {
  test('is read whole, and no substring of it is', () => {
    expect(parseVkey(GO_KEY).ok).toBe(true);
    let tried = 0;
    for (const part of substrings(GO_KEY)) {
      tried += 1;
      if (parseVkey(part).ok) throw new Error(`a key: ${part}`);
    }
    expect(tried).toBe(((GO_KEY.length + 1) * (GO_KEY.length + 2)) / 2 - 1);
  });

  test('is read with no bit of it changed, and with no byte raised by one', () => {
    let tried = 0;
    for (const other of bitFlips(GO_KEY)) {
      tried += 1;
      if (other !== undefined && parseVkey(other).ok) throw new Error(`a key: ${other}`);
    }
    expect(tried).toBe(GO_KEY.length * 8);
    for (const [i, byte] of utf8(GO_KEY).entries())
      expect(parseVkey(textOf(utf8(GO_KEY).with(i, byte + 1)) ?? '').ok).toBe(false);
  });

  test('is refused with a longer key and with another algorithm, each under its right id', () => {
    const longer = 'PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==';
    const algorithm = 'PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
    expect(parseVkey(longer)).toMatchObject({ ok: false, code: 'vkey' });
    expect(parseVkey(algorithm)).toMatchObject({ ok: false, code: 'type' });
  });
});

describe("Go's note", () => {
  test('opens whole, and no substring of it does', { timeout: 180_000 }, () => {
    expect(open(GO_NOTE)).toBe(GO_TEXT);
    let tried = 0;
    for (const part of substrings(GO_NOTE)) {
      tried += 1;
      if (open(part) !== undefined) throw new Error(`opens: ${part}`);
    }
    expect(tried).toBe(((GO_NOTE.length + 1) * (GO_NOTE.length + 2)) / 2 - 1);
  });

  test('opens with no bit of it changed', { timeout: 180_000 }, () => {
    let tried = 0;
    for (const other of bitFlips(GO_NOTE)) {
      tried += 1;
      if (other !== undefined && open(other) !== undefined) throw new Error(`opens: ${other}`);
    }
    expect(tried).toBe(utf8(GO_NOTE).length * 8);
  });
});

describe('a checkpoint that a witness has cosigned', () => {
  const origin = 'log.example.org/countersign/1';
  const [log, pair] = [fixedPair(1), fixedPair(3)];
  const vkey = vkeyOf(origin, NOTE_TYPE, publicKeyOf(log));
  const witness = vkeyOf('witness.example', COSIGNATURE_TYPE, publicKeyOf(pair));
  const root = naiveRoot(leafHashes(7));
  const head = headText({ origin, size: 7, root });
  const line = cosign(head, witness.name, pair, 1_795_000_000);
  const note = makeCheckpoint(origin, 7, root, log) + formatLine(line);

  test('says nothing else, whatever bit of it is changed', { timeout: 180_000 }, () => {
    const counts = { refused: 0, logAlone: 0, witnessAlone: 0 };
    for (const other of bitFlips(note)) {
      const opened = other === undefined ? undefined : openCheckpoint(other, vkey);
      const cosigned = other === undefined ? undefined : cosignaturesOf(other, [witness]);
      const byWitness = cosigned?.ok === true && cosigned.value.length > 0;
      if (opened?.ok === true && byWitness) throw new Error(`opens for both: ${other}`);
      if (opened?.ok === true) {
        // The witness's line became that of somebody unknown; the head is the signed one.
        expect(opened.value).toMatchObject({ origin, size: 7 });
        counts.logAlone += 1;
      } else if (byWitness) {
        expect(cosigned.value).toMatchObject([{ seconds: 1_795_000_000 }]);
        counts.witnessAlone += 1;
      } else counts.refused += 1;
    }
    expect(counts.refused + counts.logAlone + counts.witnessAlone).toBe(utf8(note).length * 8);
    expect(counts.logAlone).toBeGreaterThan(0);
    expect(counts.witnessAlone).toBeGreaterThan(0);
  });

  test('with no part of it, from wherever to wherever, opens for both', {
    timeout: 180_000,
  }, () => {
    for (const part of substrings(note)) {
      const opened = openCheckpoint(part, vkey);
      if (!opened.ok) continue;
      // The log's own line is whole where the witness's is cut off at its start, and nowhere else.
      expect(note.startsWith(part)).toBe(true);
      expect(part).toBe(makeCheckpoint(origin, 7, root, log));
    }
  });
});
