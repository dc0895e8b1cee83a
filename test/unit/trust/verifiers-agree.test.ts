// E1 and E2 leave nothing that the runtime's library and libsodium judge differently: every public vector, and thousands
// of made ones of each kind that an Ed25519 library has been known to get wrong. The counts are what they must be.

import { verify as nodeVerify } from 'node:crypto';
import { ed25519 } from '@noble/curves/ed25519.js';
import { describe, expect, test } from 'vitest';
import {
  publicKeyFromRaw,
  rawPublicKey,
  type Verifier,
  verify,
} from '../../../main/trust/ed25519.ts';
import { concat, utf8 } from '../../../shared/bytes.ts';
import { type Case, type Kind, madeCases } from './made-signatures.ts';
import { havePublicVectors, haveSodium, hex, ownVectors, publicVectors } from './kit.ts';

type Cctv = { key: string; sig: string; msg: string };
type Wycheproof = {
  testGroups: { publicKey: { pk: string }; tests: { msg: string; sig: string }[] }[];
};
type Rfc = { key: string; message: string; signature: string };

const sodium = haveSodium() ? (await import('sodium-native')).default : undefined;

const byRuntime: Verifier = (key, bytes, signature) => nodeVerify(null, bytes, key.key, signature);
const bySodium: Verifier = (key, bytes, signature) =>
  sodium?.crypto_sign_verify_detached(signature, bytes, rawPublicKey(key)) ?? false;
/** Cofactored (RFC 8032 5.1.7 allows it): takes an R with a torsion part, and nothing else that the others refuse. */
const byNoble: Verifier = (key, bytes, signature) =>
  ed25519.verify(signature, bytes, rawPublicKey(key), { zip215: false });

type Counts = {
  cases: number;
  /** E1 or E2 refused: no library was asked. */
  refusedByForm: number;
  runtime: number;
  sodium: number;
  noble: number;
  /** How many the two judged differently. */
  differ: number;
};

/** `noble` is asked every so often: it takes a millisecond or two. */
function counted(cases: Iterable<Case>, nobleEvery = 1): Counts {
  const counts = { cases: 0, refusedByForm: 0, runtime: 0, sodium: 0, noble: 0, differ: 0 };
  for (const { key, message, signature } of cases) {
    counts.cases += 1;
    const read = publicKeyFromRaw(key);
    let asked = 0;
    const verdict = (verifier: Verifier): boolean =>
      read.ok &&
      verify(read.value, message, signature, (...it) => {
        asked += 1;
        return verifier(...it);
      });
    const runtime = verdict(byRuntime);
    const other = verdict(bySodium);
    counts.refusedByForm += Number(asked === 0);
    counts.runtime += Number(runtime);
    counts.sodium += Number(other);
    counts.differ += Number(runtime !== other);
    if (counts.cases % nobleEvery === 0) counts.noble += Number(verdict(byNoble));
  }
  return counts;
}

describe.skipIf(sodium === undefined || !havePublicVectors())('public vectors', () => {
  test('C2SP CCTV: 914, of which one is good; a cofactored library takes 7 more', () => {
    const cases = (publicVectors('ed25519/cctv.json') as Cctv[]).map(({ key, msg, sig }) => ({
      key: hex(key),
      message: utf8(msg),
      signature: hex(sig),
    }));
    expect(counted(cases)).toEqual({
      cases: 914,
      refusedByForm: 906,
      runtime: 1,
      sodium: 1,
      noble: 8,
      differ: 0,
    });
  });

  test('Wycheproof: 151, of which 88 are good', () => {
    const { testGroups } = publicVectors('ed25519/wycheproof.json') as Wycheproof;
    const cases = testGroups.flatMap(({ publicKey, tests }) =>
      tests.map(({ msg, sig }) => ({
        key: hex(publicKey.pk),
        message: hex(msg),
        signature: hex(sig),
      })),
    );
    expect(counted(cases)).toMatchObject({
      cases: 151,
      runtime: 88,
      sodium: 88,
      noble: 88,
      differ: 0,
    });
  });

  test('even without E1 and E2 the two take the same 43 of CCTV: the rules are not what they differ by', () => {
    const verdicts = (publicVectors('ed25519/cctv.json') as Cctv[]).map(({ key, msg, sig }) => {
      const x = Buffer.from(key, 'hex').toString('base64url');
      const jwk = { key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' } as const;
      return [
        nodeVerify(null, utf8(msg), jwk, hex(sig)),
        sodium?.crypto_sign_verify_detached(hex(sig), utf8(msg), hex(key)),
      ];
    });
    expect(verdicts.filter(([runtime]) => runtime).length).toBe(43);
    expect(verdicts.filter(([runtime, other]) => runtime !== other)).toEqual([]);
  });
});

test.skipIf(sodium === undefined)('RFC 8032 7.1: all five, and none with a byte more', () => {
  const vectors = (ownVectors('rfc8032.json') as Rfc[]).map(({ key, message, signature }) => ({
    key: hex(key),
    message: hex(message),
    signature: hex(signature),
  }));
  const longer = vectors.map((one) => ({ ...one, message: concat(one.message, utf8('.')) }));
  const good = vectors.length;
  expect(good).toBe(5);
  expect(counted([...vectors, ...longer])).toEqual({
    cases: 10,
    refusedByForm: 0,
    runtime: 5,
    sodium: 5,
    noble: 5,
    differ: 0,
  });
});

/** Of each kind: cases, how many form refuses, how many both take, and how many of each ninth a cofactored library takes. */
const MADE: readonly (readonly [Kind, number, number, number, number])[] = [
  ['as they should be', 200, 0, 200, 22],
  ['a bit of R changed', 200, 0, 0, 0],
  ['a bit of S changed', 200, 4, 0, 0],
  ['a bit of the message changed, or a byte added', 200, 0, 0, 0],
  ['a bit of the key changed', 200, 196, 0, 0],
  ['the key of another', 200, 0, 0, 0],
  ['R of another, S of another', 200, 0, 0, 0],
  ['S + L', 200, 200, 0, 0],
  ['S at its ends', 200, 100, 0, 0],
  ['R of small order, the equation met', 200, 200, 0, 0],
  ['R with a torsion part, the cofactored equation met', 200, 0, 0, 22],
  ['R with y of p or more', 200, 200, 0, 0],
  ['a key of small order, the equation met', 200, 200, 0, 0],
  ['a key with a torsion part, the cofactored equation met', 200, 200, 0, 0],
  ['a key with y of p or more', 200, 200, 0, 0],
  ['any bytes', 200, 190, 0, 0],
  ['any R and an S in range', 200, 0, 0, 0],
  ['of other lengths', 200, 200, 0, 0],
  ['256 KiB', 17, 0, 9, 1],
  ['parts of larger arrays', 200, 1, 100, 11],
];

describe.skipIf(sodium === undefined)('made cases', () => {
  test.each(MADE)('%s', (kind, cases, refusedByForm, good, noble) => {
    expect(counted(madeCases(kind, cases), 9)).toEqual({
      cases,
      refusedByForm,
      runtime: good,
      sodium: good,
      noble,
      differ: 0,
    });
  });
});
