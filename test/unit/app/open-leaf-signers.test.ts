// A leaf is somebody's only by a key that may sign that type of statement, at that place of the log, with a signature that
// fits: a decision by a session key, which lies in a plain file, is shown as nobody's.

import { expect, test } from 'vitest';
import { openLeaf } from '../../../main/app/open-leaf.ts';
import type { KeyPair } from '../../../main/trust/ed25519.ts';
import { parseEnvelope } from '../../../main/trust/envelope.ts';
import { openFirstKeyring } from '../../../main/trust/keyring.ts';
import { leafOf } from '../../../main/trust/leaf.ts';
import { ENVELOPE_LIMITS } from '../../../main/trust/limits.ts';
import { utf8 } from '../../../shared/bytes.ts';
import { decisionBy, HandTime, makeOrg, requestBy } from '../../kit/wire-world.ts';

const END = 40;
const org = makeOrg((keyring) => ({
  ...keyring,
  reviewers: keyring.reviewers.map((one) => ({
    ...one,
    keys: one.keys.map((key) => ({ ...key, untilIndex: END })),
  })),
}));
const time = new HandTime();
const held = openFirstKeyring(org.envelope, org.keyring);

/** What is shown of the signature of this envelope, as the leaf at `index`. */
function shown(text: string, index = 7): string {
  const envelope = parseEnvelope(utf8(text), ENVELOPE_LIMITS.request);
  if (!held.ok || !envelope.ok) throw new Error('the keyring and the envelope can be read');
  const leaf = openLeaf(index, leafOf(envelope.value), envelope.value.payload, held.value);
  if (!leaf.ok) throw new Error(leaf.code);
  return leaf.value.signature;
}

const decidedBy = (pair: KeyPair): string =>
  decisionBy({ ...org.alice, decision: pair }, time, 'ab'.repeat(32)).envelope;

test('a decision is by a decision key, up to the index that ends it', () => {
  const envelope = decidedBy(org.alice.decision);
  expect([0, END - 1, END].map((index) => shown(envelope, index))).toEqual([
    'verified',
    'verified',
    'failed',
  ]);
});

test.each([
  ['session', () => org.alice.session],
  ['guard', () => org.guard.guard],
  ['log', () => org.broker.log],
] as const)('a decision by a %s key is nobody’s', (_, pair) => {
  expect(shown(decidedBy(pair()))).toBe('failed');
});

test('a request is by a guard’s key, not by its session’s', () => {
  expect(shown(requestBy(org.guard, time).envelope)).toBe('verified');
  const bySession = requestBy({ ...org.guard, guard: org.guard.session }, time);
  expect(shown(bySession.envelope)).toBe('failed');
});
