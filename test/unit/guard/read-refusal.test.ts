// Any authentic refusal counts, whoever carried it; whatever only looks like one is nothing, and never an approval.

import { afterAll, describe, expect, test } from 'vitest';
import { concat, utf8 } from '../../../shared/bytes.ts';
import type { Ending, Notice } from '../../../shared/statement/followups.ts';
import { encodeStatement, payloadTypeOf } from '../../../shared/statement/statement.ts';
import { readRefusal } from '../../../main/guard/read-refusal.ts';
import { generateKeyPair, type KeyPair } from '../../../main/trust/ed25519.ts';
import { encodeEnvelope, parseEnvelope, seal } from '../../../main/trust/envelope.ts';
import { makeGuardWorld } from '../../kit/guard-world.ts';

const world = makeGuardWorld();
afterAll(world.remove);
const { keys } = world;
const REQUEST = 'a'.repeat(64);
const AT = '2026-11-22T09:00:00.000Z';
const read = (bytes: Uint8Array) => readRefusal(bytes, REQUEST, world.identity.trust().keyring);

const ending = (key: KeyPair, change: Partial<Ending> = {}): Uint8Array => {
  const value: Ending = {
    request: REQUEST,
    how: 'expiredUnseen',
    decisions: [],
    who: { role: 'broker', id: 'broker', keyId: key.keyId },
    guidance: '',
    at: AT,
    ...change,
  };
  return seal(payloadTypeOf('ending'), encodeStatement('ending', value), key);
};
const notice = (key: KeyPair, what: Notice['what'], change: Partial<Notice> = {}): Uint8Array => {
  const by = { id: 'alice', keyId: key.keyId, device: 'alice.laptop' };
  const value: Notice = { request: REQUEST, what, by, at: AT, ...change };
  return seal(payloadTypeOf('notice'), encodeStatement('notice', value), key);
};
/** The same statement under another signature. */
const forged = (bytes: Uint8Array): Uint8Array => {
  const parsed = parseEnvelope(bytes, 64 * 1024);
  if (!parsed.ok) throw new Error(parsed.code);
  const signatures = parsed.value.signatures.map((one) => ({
    ...one,
    sig: one.sig.slice().fill(1),
  }));
  return encodeEnvelope({ ...parsed.value, signatures });
};

describe('an ending', () => {
  test.each(['denied', 'expiredSeen', 'withdrawn', 'approved'] as const)(
    "'%s' by the log's key ends it, and is no decision",
    (how) => {
      expect(read(ending(keys.log, { how }))).toMatchObject({ by: 'ending', ending: { how } });
    },
  );

  test.each([
    ['by the session key of the broker', ending(keys.broker)],
    ['by a reviewer', ending(keys.alice.decision)],
    ['by this guard itself', ending(keys.guard)],
    ['by a stranger', ending(generateKeyPair())],
    ['whose signature does not fit', forged(ending(keys.log))],
    ['of another request', ending(keys.log, { request: 'b'.repeat(64) })],
    [
      'that names another key than the one that signed',
      ending(keys.log, { who: { role: 'broker', id: 'broker', keyId: keys.broker.keyId } }),
    ],
  ])('%s is nothing', (_, bytes) => expect(read(bytes)).toBeUndefined());
});

describe('a notice', () => {
  test("of a chat's denial by its channel ends it", () => {
    const by = { id: 'slack', keyId: keys.channel.session.keyId, device: 'slack' };
    expect(read(notice(keys.channel.session, 'chatDenied', { by }))).toEqual({
      by: 'chat',
      who: 'slack',
    });
  });

  test.each([
    ['the broker', keys.broker],
    ['the log', keys.log],
    ['a reviewer', keys.alice.session],
    ['another guard', keys.guardSession],
    ["the channel's decision key", keys.channel.decision],
    ['a stranger', generateKeyPair()],
  ])("of a chat's denial by %s is nothing", (_, key) =>
    expect(read(notice(key, 'chatDenied'))).toBeUndefined(),
  );

  test("that a reviewer's app has shown or opened it says that it was seen", () => {
    for (const what of ['shown', 'opened', 'handedOver', 'snoozed'] as const)
      expect(read(notice(keys.alice.session, what))).toBe('seen');
  });

  test.each([
    ['that it was only delivered', notice(keys.alice.session, 'delivered')],
    ['by the broker', notice(keys.broker, 'opened')],
    ['by a guard', notice(keys.guardSession, 'opened')],
    ['whose signature does not fit', forged(notice(keys.alice.session, 'opened'))],
    ['of another request', notice(keys.alice.session, 'opened', { request: 'b'.repeat(64) })],
    [
      'that names another key than the one that signed',
      notice(keys.alice.session, 'opened', {
        by: { id: 'bob', keyId: keys.bob.session.keyId, device: 'bob.laptop' },
      }),
    ],
  ])('%s says nothing', (_, bytes) => expect(read(bytes)).toBeUndefined());
});

test('what cannot be read, or is of another type, is judged as a decision, which refuses it', () => {
  expect(read(utf8('{}'))).toBe('decision');
  expect(read(concat(ending(keys.log), utf8(' ')))).toBe('decision');
  expect(read(seal(payloadTypeOf('receipt'), utf8('{}'), keys.log))).toBe('decision');
});
