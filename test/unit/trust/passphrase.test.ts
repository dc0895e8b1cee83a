import { describe, expect, test } from 'vitest';
import type { RandomBytes } from '../../../main/trust/digest.ts';
import { systemRandom } from '../../../main/trust/digest.ts';
import { exportPkcs8 } from '../../../main/trust/ed25519.ts';
import { openKey, sealKey } from '../../../main/trust/passphrase.ts';
import { toB64, toHex } from '../../../shared/bytes.ts';
import { fixedPair } from './kit.ts';

const CHEAP = { testOnlyCost: 4 };
const PAIR = fixedPair(1);
const WORDS = 'correct horse battery staple';
const counting: RandomBytes = (size) => Uint8Array.from({ length: size }, (_, i) => i);
const sealed = (use: 'decision' | 'root' = 'decision') =>
  sealKey(PAIR, use, WORDS, counting, CHEAP);

describe('a key under a passphrase', () => {
  test('opens with the passphrase and the use that it was sealed with', async () => {
    const opened = await openKey(await sealed(), 'decision', WORDS, CHEAP);
    expect(opened.ok && toHex(exportPkcs8(opened.value))).toBe(toHex(exportPkcs8(PAIR)));
    expect(opened.ok && opened.value.keyId).toBe(PAIR.keyId);
  });

  test('stays shut for any other passphrase', async () => {
    const text = await sealed();
    for (const wrong of ['', 'Correct horse battery staple', `${WORDS} `]) {
      expect(await openKey(text, 'decision', wrong, CHEAP)).toMatchObject({ code: 'passphrase' });
    }
  });

  test('opens with the same letters composed another way', async () => {
    const text = await sealKey(PAIR, 'root', 'caf\u00e9', counting, CHEAP);
    expect((await openKey(text, 'root', 'cafe\u0301', CHEAP)).ok).toBe(true);
  });

  test('does not open as a key of another use, not even relabelled', async () => {
    const text = await sealed('decision');
    expect(await openKey(text, 'root', WORDS, CHEAP)).toMatchObject({ code: 'shape' });
    const relabelled = text.replace('"use":"decision"', '"use":"root"');
    expect(await openKey(relabelled, 'root', WORDS, CHEAP)).toMatchObject({ code: 'passphrase' });
  });

  test('does not open under another key id', async () => {
    const text = (await sealed()).replace(PAIR.keyId, fixedPair(2).keyId);
    expect(await openKey(text, 'decision', WORDS, CHEAP)).toMatchObject({ code: 'passphrase' });
  });

  test('does not open with any character changed', async () => {
    const text = await sealed();
    for (let i = 0; i < text.length; i += 1) {
      const other = text[i] === 'A' ? 'B' : 'A';
      const opened = await openKey(
        text.slice(0, i) + other + text.slice(i + 1),
        'decision',
        WORDS,
        CHEAP,
      );
      expect(opened.ok).toBe(false);
    }
  });

  test('says nothing of the private key', async () => {
    const text = await sealed();
    expect(text).not.toContain(toB64(exportPkcs8(PAIR)).slice(22, 60));
  });

  test('two files of one key share neither salt nor nonce', async () => {
    const make = () => sealKey(PAIR, 'decision', WORDS, systemRandom, CHEAP);
    const [a, b] = [JSON.parse(await make()), JSON.parse(await make())];
    for (const name of ['salt', 'nonce', 'sealed']) expect(a[name]).not.toBe(b[name]);
  });
});

describe('the cost', () => {
  test('is 2^17 unless a test says otherwise, and such a file opens', async () => {
    const text = await sealKey(PAIR, 'decision', WORDS, counting);
    expect(JSON.parse(text)).toMatchObject({ logN: 17 });
    expect((await openKey(text, 'decision', WORDS)).ok).toBe(true);
  });

  test('of a file below the floor or above the ceiling is refused unopened', async () => {
    const text = await sealed();
    expect(await openKey(text, 'decision', WORDS)).toMatchObject({ ok: false, code: 'cost' });
    const cheap = text.replace('"logN":4', '"logN":16');
    expect(await openKey(cheap, 'decision', WORDS)).toMatchObject({ ok: false, code: 'cost' });
    const dear = text.replace('"logN":4', '"logN":21');
    expect(await openKey(dear, 'decision', WORDS, CHEAP)).toMatchObject({ code: 'cost' });
  });
});

describe('the file', () => {
  test.each([
    ['not JSON', () => 'key'],
    ['another version', (text: string) => text.replace('key-v1', 'key-v2')],
    ['an unknown member', (text: string) => text.replace('{', '{"a":1,')],
    ['a missing member', (text: string) => text.replace(/"salt":".*?",/, '')],
    [
      'a salt of 15 bytes',
      (text: string) => text.replace(/"salt":".*?"/, '"salt":"AAAAAAAAAAAAAAAAAAAA"'),
    ],
    [
      'a nonce of 15 bytes',
      (text: string) => text.replace(/"nonce":".*?"/, '"nonce":"AAAAAAAAAAAAAAAAAAAA"'),
    ],
    ['no ciphertext', (text: string) => text.replace(/"sealed":".*?"/, '"sealed":"AAAA"')],
    ['a newline at its end', (text: string) => `${text}\n`],
    ['over 4 KiB', (text: string) => `${text}${' '.repeat(4096)}`],
  ])('is refused with %s', async (_, change) => {
    const opened = await openKey(change(await sealed()), 'decision', WORDS, CHEAP);
    expect(opened).toMatchObject({ ok: false, code: 'shape' });
  });

  test('is not made without a passphrase', async () => {
    await expect(sealKey(PAIR, 'decision', '', counting, CHEAP)).rejects.toThrow('invariant');
  });
});
