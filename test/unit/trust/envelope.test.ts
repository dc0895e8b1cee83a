import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { publicKeyOf, sign } from '../../../main/trust/ed25519.ts';
import {
  type Envelope,
  encodeEnvelope,
  parseEnvelope,
  seal,
  sealMany,
  verifyEnvelope,
} from '../../../main/trust/envelope.ts';
import { sha256Hex } from '../../../main/trust/digest.ts';
import { joinLeaf, leafOf, parseLeaf } from '../../../main/trust/leaf.ts';
import { ENVELOPE_LIMITS, LEAF_LIMIT } from '../../../main/trust/limits.ts';
import { pae } from '../../../main/trust/pae.ts';
import { fromUtf8, toB64, utf8 } from '../../../shared/bytes.ts';
import { payloadTypeOf } from '../../../shared/statement/statement.ts';
import { fixedPair } from './kit.ts';

const TYPE = payloadTypeOf('decision');
const PAYLOAD = utf8('{"verdict":"approve"}');
const PAIR = fixedPair(1);
const KEY = publicKeyOf(PAIR);
const BYTES = seal(TYPE, PAYLOAD, PAIR);
const TEXT = fromUtf8(BYTES);
const LIMIT = ENVELOPE_LIMITS.decision;

function parsed(bytes: Uint8Array): Envelope {
  const envelope = parseEnvelope(bytes, LIMIT);
  if (!envelope.ok) throw new Error(envelope.code);
  return envelope.value;
}

const codeOf = (text: string): string => {
  const envelope = parseEnvelope(utf8(text), LIMIT);
  return envelope.ok ? 'ok' : envelope.code;
};

describe('PAE', () => {
  test('is that of the DSSE specification', () => {
    expect(fromUtf8(pae('http://example.com/HelloWorld', utf8('hello world')))).toBe(
      'DSSEv1 29 http://example.com/HelloWorld 11 hello world',
    );
    expect(fromUtf8(pae('', new Uint8Array(0)))).toBe('DSSEv1 0  0 ');
    expect(fromUtf8(pae('é', utf8('é')))).toBe('DSSEv1 2 é 2 é');
  });

  test('two different pairs of type and payload never share their bytes', () => {
    const text = fc.string({ unit: fc.constantFrom(' ', '0', '1', '2', 'a'), maxLength: 8 });
    fc.assert(
      fc.property(text, text, text, text, (typeA, bodyA, typeB, bodyB) => {
        const same = fromUtf8(pae(typeA, utf8(bodyA))) === fromUtf8(pae(typeB, utf8(bodyB)));
        return same === (typeA === typeB && bodyA === bodyB);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('an envelope', () => {
  test('is read back and verifies under its key alone', () => {
    const envelope = parsed(BYTES);
    expect(fromUtf8(envelope.payload)).toBe(fromUtf8(PAYLOAD));
    expect(envelope.payloadType).toBe('application/vnd.countersign.decision.v1+json');
    expect(verifyEnvelope(envelope, KEY)).toBe(true);
    expect(verifyEnvelope(envelope, publicKeyOf(fixedPair(2)))).toBe(false);
    expect(verifyEnvelope(envelope, KEY, 1)).toBe(false);
  });

  test('has these bytes and no others', () => {
    expect(sha256Hex(BYTES)).toBe(
      '395e29466cf5b798a8b6c1ece87376e9ceb7f0910da69e14f6c63cb2e7ab3f48',
    );
    expect(encodeEnvelope(parsed(BYTES))).toEqual(BYTES);
  });

  test('a signature for one type is none for another', () => {
    const envelope = parsed(BYTES);
    const payloadType = payloadTypeOf('receipt');
    expect(verifyEnvelope({ ...envelope, payloadType }, KEY)).toBe(false);
    expect(verifyEnvelope({ ...envelope, payload: utf8('{}') }, KEY)).toBe(false);
  });

  test('a signature under another key id does not verify, though it is this key’s', () => {
    const sig = sign(PAIR, pae(TYPE, PAYLOAD));
    const signatures = [{ keyid: fixedPair(2).keyId, sig }];
    expect(verifyEnvelope({ payloadType: TYPE, payload: PAYLOAD, signatures }, KEY)).toBe(false);
  });

  test('of several signers verifies at each index under that signer', () => {
    const pairs = [1, 2, 3].map(fixedPair);
    const envelope = parsed(sealMany(payloadTypeOf('keyring'), PAYLOAD, pairs));
    for (const [i, pair] of pairs.entries()) {
      expect(verifyEnvelope(envelope, publicKeyOf(pair), i)).toBe(true);
      expect(verifyEnvelope(envelope, publicKeyOf(pair), (i + 1) % 3)).toBe(false);
    }
  });

  test('is refused over its limit before anything is parsed', () => {
    expect(parseEnvelope(BYTES, BYTES.length).ok).toBe(true);
    expect(parseEnvelope(BYTES, BYTES.length - 1)).toMatchObject({ ok: false, code: 'size' });
    expect(parseEnvelope(utf8('not json'), 3)).toMatchObject({ ok: false, code: 'size' });
  });

  test('is refused with any byte changed, or does not verify', () => {
    let shape = 0;
    for (let i = 0; i < BYTES.length; i += 1) {
      for (const bit of [1, 2, 4, 8, 16, 32, 64, 128]) {
        const changed = parseEnvelope(BYTES.with(i, (BYTES[i] ?? 0) ^ bit), LIMIT);
        if (changed.ok) expect(verifyEnvelope(changed.value, KEY)).toBe(false);
        else shape += 1;
      }
    }
    expect(shape).toBeGreaterThan(BYTES.length);
  });

  test('is refused cut short at any byte, or with a byte behind', () => {
    for (let end = 0; end < BYTES.length; end += 1) {
      expect(parseEnvelope(BYTES.subarray(0, end), LIMIT)).toMatchObject({ code: 'cj1' });
    }
    expect(codeOf(`${TEXT} `)).toBe('cj1');
    expect(codeOf(`${TEXT}\n`)).toBe('cj1');
  });
});

describe('one byte string per envelope', () => {
  const [signature = ''] = /\{"keyid".*?\}/.exec(TEXT) ?? [];

  test.each([
    ['a member twice', TEXT.replace('{"payload"', '{"payload":"","payload"')],
    ['another order', TEXT.replace(/^\{("payload":".*?"),("payloadType":".*?"),/, '{$2,$1,')],
    ['white space', TEXT.replace(',"payloadType"', ', "payloadType"')],
    ['an escape that is not needed', TEXT.replace('vnd.', '\\u0076nd.')],
    ['a BOM', `\ufeff${TEXT}`],
    ['null', 'null'],
    ['a float', TEXT.replace(/"payload":".*?"/, '"payload":1.0')],
  ])('refuses %s as not CJ-1', (_, text) => {
    expect(text).not.toBe(TEXT);
    expect(codeOf(text)).toBe('cj1');
  });

  test.each([
    ['an unknown member', TEXT.replace('"signatures"', '"q":1,"signatures"')],
    ['a missing member', TEXT.replace(/"payload":".*?",/, '')],
    ['a payload that is no text', TEXT.replace(/"payload":".*?"/, '"payload":1')],
    ['a type with a space', TEXT.replace('vnd.', 'vnd ')],
    ['an empty type', TEXT.replace(/"payloadType":".*?"/, '"payloadType":""')],
    ['no signature', TEXT.replace(signature, '')],
    ['an unknown member in a signature', TEXT.replace('"sig"', '"q":1,"sig"')],
    ['a key id in capitals', TEXT.replace(PAIR.keyId, PAIR.keyId.toUpperCase())],
    ['a short key id', TEXT.replace(PAIR.keyId, PAIR.keyId.slice(1))],
    ['the same key twice', TEXT.replace(signature, `${signature},${signature}`)],
    ['an array', '[]'],
    ['text', '"payload"'],
    ['signatures as an object', TEXT.replace(/"signatures":.*$/, '"signatures":{}}')],
  ])('refuses %s by its shape', (_, text) => {
    expect(text).not.toBe(TEXT);
    expect(codeOf(text)).toBe('shape');
  });

  test.each([
    ['no padding', (text: string) => text.replace('==', '')],
    ['spare bits', (text: string) => text.replace(/(.)==/, (_, last: string) => `${next(last)}==`)],
    ['the url alphabet', (text: string) => text.replace(/[+/]/, (c) => (c === '+' ? '-' : '_'))],
    ['a space', (text: string) => ` ${text.slice(1)}`],
    ['63 bytes', () => toB64(new Uint8Array(63))],
    ['65 bytes', () => toB64(new Uint8Array(65))],
  ])('refuses a signature in base64 with %s', (_, change) => {
    const sig = toB64(signWithSlash());
    const good = envelopeText(sig);
    expect(codeOf(good)).toBe('ok');
    expect(change(sig)).not.toBe(sig);
    expect(codeOf(envelopeText(change(sig)))).toBe('shape');
  });

  test('refuses a payload in base64 with spare bits or no padding', () => {
    const text = (payload: string) => TEXT.replace(/"payload":".*?"/, `"payload":"${payload}"`);
    expect(codeOf(text('QQ=='))).toBe('ok');
    expect(codeOf(text('QR=='))).toBe('shape');
    expect(codeOf(text('QQ'))).toBe('shape');
  });

  test('takes 16 signatures and refuses 17', () => {
    const many = (count: number): string => {
      const one = (i: number) => signature.replace(PAIR.keyId, i.toString(16).padStart(64, '0'));
      return TEXT.replace(signature, Array.from({ length: count }, (_, i) => one(i)).join(','));
    };
    expect(codeOf(many(16))).toBe('ok');
    expect(codeOf(many(17))).toBe('shape');
  });

  const envelopeText = (sig: string): string => TEXT.replace(/"sig":".*?"/, `"sig":"${sig}"`);
  /** 64 bytes whose base64 has both special characters. */
  const signWithSlash = (): Uint8Array => new Uint8Array(64).fill(0xfb, 0, 10).fill(0xff, 10, 20);
  const next = (character: string): string => String.fromCharCode(character.charCodeAt(0) + 1);
});

describe('a leaf', () => {
  const envelope = parsed(BYTES);
  const leaf = leafOf(envelope);

  test('names the payload by digest and repeats nothing of it', () => {
    const text = fromUtf8(leaf);
    const [{ sig } = { sig: new Uint8Array(0) }] = envelope.signatures;
    expect(text).toBe(
      `{"payloadSha256":"${sha256Hex(PAYLOAD)}","payloadType":"${TYPE}","signatures":[{"keyid":"${PAIR.keyId}","sig":"${toB64(sig)}"}]}`,
    );
    expect(text).not.toContain(toB64(PAYLOAD));
  });

  test('with its payload is the envelope again, and with no other', () => {
    const read = parseLeaf(leaf);
    if (!read.ok) throw new Error(read.code);
    const joined = joinLeaf(read.value, PAYLOAD);
    expect(joined.ok && encodeEnvelope(joined.value)).toEqual(BYTES);
    expect(joinLeaf(read.value, utf8('{}'))).toMatchObject({ ok: false, code: 'payload' });
  });

  test('fits its limit with 16 signatures', () => {
    const pairs = Array.from({ length: 16 }, (_, i) => fixedPair(i + 1));
    const many = leafOf(parsed(sealMany(payloadTypeOf('keyring'), PAYLOAD, pairs)));
    expect(many.length).toBeLessThan(LEAF_LIMIT);
    expect(parseLeaf(many).ok).toBe(true);
  });

  test.each([
    ['size', ' '.repeat(LEAF_LIMIT + 1)],
    ['cj1', `${fromUtf8(leaf)} `],
    ['shape', TEXT],
    ['shape', fromUtf8(leaf).replace(sha256Hex(PAYLOAD), sha256Hex(PAYLOAD).toUpperCase())],
    ['shape', fromUtf8(leaf).replace(/"signatures":.*$/, '"signatures":[]}')],
    ['shape', fromUtf8(leaf).replace('}]}', '}],"z":1}')],
  ])('is refused by code %s', (code, text) => {
    expect(parseLeaf(utf8(text))).toMatchObject({ ok: false, code });
  });
});
