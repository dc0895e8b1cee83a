import { expect, test } from 'vitest';
import { makeCheckpoint } from '../../../main/trust/checkpoint.ts';
import { publicKeyOf } from '../../../main/trust/ed25519.ts';
import { leafHash } from '../../../main/trust/merkle.ts';
import { formatProof, parseProof, verifyProof } from '../../../main/trust/proof.ts';
import { inclusionProof, rootAt } from '../../../main/trust/tree.ts';
import { NOTE_TYPE, vkeyOf } from '../../../main/trust/vkey.ts';
import { toB64, utf8 } from '../../../shared/bytes.ts';
import { fixedPair, readerOf } from './kit.ts';

const ORIGIN = 'log.example.org/countersign/1';
const LOG = fixedPair(1);
const VKEY = vkeyOf(ORIGIN, NOTE_TYPE, publicKeyOf(LOG));
const ENTRIES = Array.from({ length: 13 }, (_, i) => utf8(`entry ${i}`));
const READER = readerOf(ENTRIES.map(leafHash));
const CHECKPOINT = makeCheckpoint(ORIGIN, 13, rootAt(READER, 13), LOG);
const PROOF = { index: 9, hashes: inclusionProof(READER, 9, 13), checkpoint: CHECKPOINT };
const TEXT = formatProof(PROOF);
const entry = (index: number): Uint8Array => ENTRIES[index] ?? new Uint8Array(0);

test('a proof is read back as it was, with and without extra', () => {
  expect(parseProof(TEXT)).toEqual({ ok: true, value: PROOF });
  const withExtra = { ...PROOF, extra: utf8('anything') };
  expect(parseProof(formatProof(withExtra))).toEqual({ ok: true, value: withExtra });
  const empty = { ...PROOF, extra: new Uint8Array(0) };
  expect(formatProof(empty)).toContain('\nextra \nindex ');
});

test('a leaf alone in its log needs no hash', () => {
  const checkpoint = makeCheckpoint(ORIGIN, 1, leafHash(entry(0)), LOG);
  const read = parseProof(formatProof({ index: 0, hashes: [], checkpoint }));
  expect(read.ok && verifyProof(read.value, entry(0), VKEY).ok).toBe(true);
});

test('verifies for its leaf and no other, at its index and no other', () => {
  expect(verifyProof(PROOF, entry(9), VKEY)).toMatchObject({ ok: true, value: { size: 13 } });
  expect(verifyProof(PROOF, entry(8), VKEY)).toMatchObject({ ok: false, code: 'inclusion' });
  const moved = { ...PROOF, index: 8 };
  expect(verifyProof(moved, entry(9), VKEY)).toMatchObject({ ok: false, code: 'inclusion' });
  const forged = {
    ...PROOF,
    checkpoint: makeCheckpoint(ORIGIN, 13, leafHash(entry(9)), fixedPair(2)),
  };
  expect(verifyProof(forged, entry(9), VKEY)).toMatchObject({ ok: false, code: 'unsigned' });
});

test('no change of one byte verifies', () => {
  const bytes = utf8(TEXT);
  for (let i = 0; i < bytes.length; i += 1) {
    for (const bit of [1, 2, 16, 32]) {
      const changed = Buffer.from(bytes.with(i, (bytes[i] ?? 0) ^ bit)).toString('utf8');
      const read = parseProof(changed);
      expect(read.ok && verifyProof(read.value, entry(9), VKEY).ok).toBe(false);
    }
  }
});

test('no proper prefix or suffix verifies', () => {
  for (let at = 1; at < TEXT.length; at += 1) {
    for (const part of [TEXT.slice(0, at), TEXT.slice(at)]) {
      const read = parseProof(part);
      expect(read.ok && verifyProof(read.value, entry(9), VKEY).ok).toBe(false);
    }
  }
});

const hashLine = `${toB64(new Uint8Array(32))}\n`;
test.each([
  ['another version', TEXT.replace('@v1', '@v2')],
  ['an index with a leading zero', TEXT.replace('index 9', 'index 09')],
  ['no index', TEXT.replace('index 9\n', '')],
  ['an index over 2^53-1', TEXT.replace('index 9', 'index 9007199254740993')],
  ['two extra lines', TEXT.replace('index', 'extra AAAA\nextra AAAA\nindex')],
  ['extra after the index', TEXT.replace('index 9\n', 'index 9\nextra AAAA\n')],
  ['extra that is not base64', TEXT.replace('index', 'extra A\nindex')],
  ['a hash of 31 bytes', TEXT.replace('9\n', `9\n${toB64(new Uint8Array(31))}\n`)],
  ['64 hashes', TEXT.replace('9\n', `9\n${hashLine.repeat(60)}`)],
  ['CR LF', TEXT.replaceAll('\n', '\r\n')],
  ['over 128 KiB', TEXT.replace('index', `extra ${'A'.repeat(131_072)}\nindex`)],
])('refuses %s', (_, text) => {
  expect(parseProof(text)).toMatchObject({ ok: false, code: 'proof' });
});
