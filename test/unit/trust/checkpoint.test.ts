import { describe, expect, test } from 'vitest';
import {
  headText,
  makeCheckpoint,
  openCheckpoint,
  parseHead,
} from '../../../main/trust/checkpoint.ts';
import { cosign, cosignaturesOf } from '../../../main/trust/cosignature.ts';
import { publicKeyOf } from '../../../main/trust/ed25519.ts';
import { emptyRoot } from '../../../main/trust/merkle.ts';
import { formatLine, formatNote, signNote } from '../../../main/trust/note.ts';
import {
  COSIGNATURE_TYPE,
  formatVkey,
  NOTE_TYPE,
  parseVkey,
  vkeyOf,
} from '../../../main/trust/vkey.ts';
import { toB64, toHex, utf8 } from '../../../shared/bytes.ts';
import { sha256Hex } from '../../../main/trust/digest.ts';
import { fixedPair, leafHashes, naiveRoot } from './kit.ts';

const ORIGIN = 'log.example.org/countersign/1';
const LOG = fixedPair(1);
const VKEY = vkeyOf(ORIGIN, NOTE_TYPE, publicKeyOf(LOG));
const ROOT = naiveRoot(leafHashes(7));
const NOTE = makeCheckpoint(ORIGIN, 7, ROOT, LOG);
const HEAD = headText({ origin: ORIGIN, size: 7, root: ROOT });

/** A note over any text, rightly signed by the log. */
const signed = (text: string): string => formatNote(text, [signNote(text, ORIGIN, LOG)]);

describe('a checkpoint', () => {
  test('opens to what was signed and keeps the whole note', () => {
    const opened = openCheckpoint(NOTE, VKEY);
    expect(opened).toMatchObject({ ok: true, value: { origin: ORIGIN, size: 7, note: NOTE } });
    expect(opened.ok && toHex(opened.value.root)).toBe(toHex(ROOT));
  });

  test('has these bytes and no others', () => {
    expect(sha256Hex(utf8(NOTE))).toBe(
      '3b38bc2cf736819e1097f4d5727a248dc8dcc851515c338a5895614a14e9bdf7',
    );
  });

  test('of an empty log has the root of no leaves', () => {
    expect(openCheckpoint(makeCheckpoint(ORIGIN, 0, emptyRoot(), LOG), VKEY).ok).toBe(true);
    const wrong = signed(`${ORIGIN}\n0\n${toB64(ROOT)}\n`);
    expect(openCheckpoint(wrong, VKEY)).toMatchObject({ ok: false, code: 'head' });
  });

  test.each([
    ['an extension line', `${HEAD}more\n`],
    ['an empty origin', HEAD.replace(ORIGIN, '')],
    ['an origin with a space', HEAD.replace(ORIGIN, 'a b')],
    ['a leading zero', HEAD.replace('\n7\n', '\n07\n')],
    ['a sign', HEAD.replace('\n7\n', '\n+7\n')],
    ['a size of 2^53', HEAD.replace('\n7\n', '\n9007199254740992\n')],
    ['a size of 2^53+1, which Number() rounds', HEAD.replace('\n7\n', '\n9007199254740993\n')],
    ['a root of 31 bytes', `${ORIGIN}\n7\n${toB64(ROOT.subarray(1))}\n`],
    ['a root of 33 bytes', `${ORIGIN}\n7\n${toB64(new Uint8Array(33))}\n`],
    ['a root without its padding', HEAD.replace('=\n', '\n')],
    ['two lines', `${ORIGIN}\n7\n`],
  ])('refuses %s, though the log signed it', (_, text) => {
    expect(text).not.toBe(HEAD);
    expect(openCheckpoint(signed(text), VKEY)).toMatchObject({ ok: false, code: 'head' });
  });

  test('the largest size is 2^53-1', () => {
    expect(parseHead(HEAD.replace('\n7\n', '\n9007199254740991\n')).ok).toBe(true);
  });

  test('refuses another log, a wrong signature and no signature, each by its own code', () => {
    const other = fixedPair(2);
    const elsewhere = makeCheckpoint('log.example.org/countersign/2', 7, ROOT, LOG);
    expect(openCheckpoint(elsewhere, VKEY)).toMatchObject({ ok: false, code: 'origin' });
    const unsigned = makeCheckpoint(ORIGIN, 7, ROOT, other);
    expect(openCheckpoint(unsigned, VKEY)).toMatchObject({ ok: false, code: 'unsigned' });
    const moved = NOTE.replace('\n7\n', '\n8\n');
    expect(openCheckpoint(moved, VKEY)).toMatchObject({ ok: false, code: 'signature' });
    expect(openCheckpoint(HEAD, VKEY)).toMatchObject({ ok: false, code: 'note' });
  });

  test('is not made with an origin, a size or a root that could not be read back', () => {
    expect(() => makeCheckpoint('a\nb', 7, ROOT, LOG)).toThrow('invariant');
    expect(() => makeCheckpoint(ORIGIN, -1, ROOT, LOG)).toThrow('invariant');
    expect(() => makeCheckpoint(ORIGIN, 7, ROOT.subarray(1), LOG)).toThrow('invariant');
  });
});

describe('cosignatures', () => {
  const name = 'witness.example';
  const pair = fixedPair(3);
  const witness = vkeyOf(name, COSIGNATURE_TYPE, publicKeyOf(pair));
  const line = cosign(HEAD, name, pair, 1_795_000_000);

  test('a witness’s line gives its time, and the log’s own line still verifies', () => {
    const note = NOTE + formatLine(line);
    expect(cosignaturesOf(note, [witness])).toMatchObject({
      ok: true,
      value: [{ witness: { name }, seconds: 1_795_000_000 }],
    });
    expect(openCheckpoint(note, VKEY).ok).toBe(true);
    expect(cosignaturesOf(NOTE, [witness])).toEqual({ ok: true, value: [] });
  });

  test('refuses a line with another time, another head or cut short', () => {
    const later = { ...line, signature: line.signature.with(7, 1) };
    const short = { ...line, signature: line.signature.subarray(0, 71) };
    const tiny = { ...line, signature: line.signature.subarray(0, 1) };
    for (const bad of [later, short, tiny]) {
      expect(cosignaturesOf(NOTE + formatLine(bad), [witness])).toMatchObject({
        code: 'signature',
      });
    }
    const elsewhere = makeCheckpoint(ORIGIN, 8, ROOT, LOG) + formatLine(line);
    expect(cosignaturesOf(elsewhere, [witness])).toMatchObject({ ok: false, code: 'signature' });
  });

  test('a note signature is no cosignature, and the key ids differ', () => {
    const asNote = vkeyOf(name, NOTE_TYPE, publicKeyOf(pair));
    expect(toHex(asNote.keyId)).not.toBe(toHex(witness.keyId));
    const plain = signNote(HEAD, name, pair);
    const posing = { ...plain, keyId: witness.keyId };
    expect(cosignaturesOf(NOTE + formatLine(posing), [witness])).toMatchObject({ ok: false });
    expect(cosignaturesOf(NOTE + formatLine(plain), [asNote])).toMatchObject({ ok: false });
  });

  test('a witness known by a note key cosigns nothing', () => {
    const asNote = vkeyOf(name, NOTE_TYPE, publicKeyOf(pair));
    const posing = { ...line, keyId: asNote.keyId };
    const note = NOTE + formatLine(posing);
    expect(cosignaturesOf(note, [asNote])).toMatchObject({ ok: false, code: 'signature' });
  });

  test('its vkey is written and read with type 4', () => {
    const read = parseVkey(formatVkey(witness));
    expect(read).toMatchObject({ ok: true, value: { name, type: 4 } });
  });
});
