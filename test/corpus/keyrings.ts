// The keyring as whoever holds its root key reads it: the other statements are judged by one key, this one by a threshold.

import { payloadTypeOf, encodeStatement } from '../../shared/statement/statement.ts';
import type { Keyring } from '../../shared/statement/keyring.ts';
import type { KeyPair } from '../../main/trust/ed25519.ts';
import { sealMany } from '../../main/trust/envelope.ts';
import type { RootPin } from '../../main/trust/keyring.ts';
import { sha256Hex } from '../../main/trust/digest.ts';
import { concat, fromUtf8, toB64 } from '../../shared/bytes.ts';
import { SAMPLES } from '../kit/sample-statements.ts';
import { fixedPair, hex } from '../unit/trust/kit.ts';
import type { CorpusFile, Hostile } from './case.ts';

const [R1, R2, R3, STRANGER] = [fixedPair(31), fixedPair(32), fixedPair(33), fixedPair(39)];
const rootRow = (pair: KeyPair) => ({ keyId: pair.keyId, spki: toB64(pair.spki) });
const keyRow = (pair: KeyPair) => ({ ...rootRow(pair), fromIndex: 0 });

const KEYRING: Keyring = {
  ...SAMPLES.keyring,
  threshold: 2,
  roots: [R1, R2, R3].map(rootRow),
  brokers: [{ id: 'broker', keys: [{ ...keyRow(fixedPair(41)), use: 'log' }] }],
  reviewers: [
    {
      id: 'maya',
      name: 'Maya Chen',
      groups: ['oncall'],
      keys: [{ ...keyRow(fixedPair(42)), use: 'decision', device: 'maya-laptop' }],
    },
  ],
  guards: [
    {
      id: 'guard-1',
      host: 'build-7',
      agents: [],
      maxTier: 'high',
      keys: [{ ...keyRow(fixedPair(43)), use: 'guard' }],
    },
  ],
};

/** Two of these three. */
export const CORPUS_PIN: RootPin = { org: KEYRING.org, roots: KEYRING.roots, threshold: 2 };

const sealed = (keyring: Keyring, pairs: readonly KeyPair[]): string =>
  fromUtf8(sealMany(payloadTypeOf('keyring'), encodeStatement('keyring', keyring), pairs));

const reviewerKeys = (keys: Keyring['reviewers'][number]['keys']): Keyring => ({
  ...KEYRING,
  reviewers: KEYRING.reviewers.map((one) => ({ ...one, keys })),
});

export function keyringFile(): CorpusFile {
  const both = [R1, R2];
  const bad = (code: string, why: string, text: string): Hostile => ({ why, code, text });
  const identity = concat(hex('302a300506032b6570032100'), hex(`01${'00'.repeat(31)}`));
  const [key] = KEYRING.reviewers[0]?.keys ?? [];
  if (key === undefined) throw new Error('the reviewer has a key');
  const weak = { ...key, keyId: sha256Hex(identity), spki: toB64(identity) };
  const own: Keyring = { ...KEYRING, threshold: 1, roots: [rootRow(STRANGER)] };
  return {
    what: 'a keyring, by two of its three pinned roots',
    valid: [
      { why: 'signed by two', text: sealed(KEYRING, both) },
      { why: 'signed by three', text: sealed(KEYRING, [R3, R2, R1]) },
      {
        why: 'a later version',
        text: sealed({ ...KEYRING, version: 9, prevSha256: 'ab'.repeat(32) }, both),
      },
    ],
    hostile: [
      bad('keyringThreshold', 'signed by one', sealed(KEYRING, [R1])),
      bad('keyringThreshold', 'signed by one and a stranger', sealed(KEYRING, [R1, STRANGER])),
      bad('keyringThreshold', 'signed by roots of its own', sealed(own, [STRANGER])),
      bad(
        'keyringThreshold',
        'signed by one, for a threshold of one',
        sealed({ ...KEYRING, threshold: 1 }, [R1]),
      ),
      bad(
        'keyringThreshold',
        'its new roots did not sign',
        sealed({ ...KEYRING, roots: [STRANGER, fixedPair(38)].map(rootRow) }, both),
      ),
      bad('keyringOrg', 'another organisation', sealed({ ...KEYRING, org: 'other' }, both)),
      bad('keyringKey', 'a key of small order', sealed(reviewerKeys([weak]), both)),
      bad(
        'keyringKey',
        'a key under the id of another',
        sealed(reviewerKeys([{ ...key, spki: toB64(R1.spki) }]), both),
      ),
      bad(
        'keyringKey',
        'one key for two uses',
        sealed(reviewerKeys([key, { ...key, use: 'session' }]), both),
      ),
      bad('keyringEnvelope', 'a space after it', `${sealed(KEYRING, both)} `),
      bad('keyringEnvelope', 'no envelope', '{}'),
    ],
  };
}
