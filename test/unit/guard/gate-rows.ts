// One row per refusal that a decision can earn at the gate: a real decision by a real key, really in the log, in which
// exactly one thing is wrong. Several rows of one code are several ways to be wrong about one rule.

import { concat, fromB64, toB64, utf8 } from '../../../shared/bytes.ts';
import type { RefusalCode } from '../../../shared/domain/refusals.ts';
import type { Cj } from '../../../shared/statement/cj1.ts';
import { encodeCj } from '../../../shared/statement/cj1.ts';
import type { Decision } from '../../../shared/statement/decision.ts';
import type { Keyring } from '../../../shared/statement/keyring.ts';
import type { Need, Request } from '../../../shared/statement/request.ts';
import { encodeStatement, payloadTypeOf } from '../../../shared/statement/statement.ts';
import type { Tier } from '../../../shared/domain/tier.ts';
import { openCheckpoints } from '../../../main/guard/state/checkpoints.ts';
import { openCheckpoint } from '../../../main/trust/checkpoint.ts';
import { generateKeyPair, type KeyPair } from '../../../main/trust/ed25519.ts';
import { encodeEnvelope, parseEnvelope, seal, sealMany } from '../../../main/trust/envelope.ts';
import { formatLine } from '../../../main/trust/note.ts';
import { parseVkey } from '../../../main/trust/vkey.ts';
import { TestLog, type Entry } from '../../kit/test-log.ts';
import { NOW, type Row, type Stage, TTL_MS } from '../../kit/gate-stage.ts';
import { HOST, type Keys } from '../../kit/guard-world.ts';

export type Refused = Row & { readonly code: RefusalCode; readonly why: string };

const TYPE = payloadTypeOf('decision');
const iso = (ms: number): string => new Date(ms).toISOString();
const stranger = generateKeyPair();

const policyOf =
  (tier: Tier, needs: readonly Need[] = [{ group: 'anyone', count: 1 }]) =>
  (request: Request): Request => ({
    ...request,
    policy: { ...request.policy, tier, needs: [...needs] },
  });

export const highRow: Row = {
  request: policyOf('high'),
  decision: (d) => ({ ...d, presence: 'hold', reason: 'it is the nightly export' }),
};
export const channelRow: Row = {
  request: policyOf('low'),
  who: (keys) => keys.channel,
  // A channel has no machine of its own: the keyring calls it by its id.
  decision: (d, stage) => ({ ...d, presence: 'channel', reviewer: asChannel(d, stage) }),
};
const asChannel = (d: Decision, { world }: Stage): Decision['reviewer'] => ({
  ...d.reviewer,
  device: world.keys.channel.id,
});

const reviewerKey =
  (change: { readonly fromIndex?: number; readonly untilIndex?: number }) =>
  (keyring: Keyring, keys: Keys): Keyring => ({
    ...keyring,
    reviewers: keyring.reviewers.map((one) => ({
      ...one,
      keys: one.keys.map((key) =>
        key.keyId === keys.alice.decision.keyId ? { ...key, ...change } : key,
      ),
    })),
  });

/** Almost 12 KiB of decision that is as a decision should be: the envelope is over its 16 KiB. */
function fattest(decision: Decision): Decision {
  const line = formatLine({
    name: 'w'.repeat(1_850),
    keyId: new Uint8Array(4),
    signature: new Uint8Array(64),
  });
  const note = `${new TextDecoder().decode(fromB64(decision.checkpoint))}${line}${line}`;
  const flags = Array.from({ length: 64 }, () => 'f'.repeat(60));
  const fat = { ...decision, checkpoint: toB64(utf8(note)), view: { ...decision.view, flags } };
  const room = 12_100 - encodeStatement('decision', { ...fat, reason: 'r' }).length;
  return { ...fat, reason: 'r'.repeat(1 + room) };
}

const resealed =
  (change: (payload: Uint8Array) => Uint8Array) =>
  (_: Uint8Array, { world }: Stage, decision: Decision): Uint8Array =>
    seal(TYPE, change(encodeStatement('decision', decision)), world.keys.alice.decision);

const withMember =
  (change: { readonly [name: string]: Cj }) =>
  (payload: Uint8Array): Uint8Array =>
    encodeCj({ ...JSON.parse(new TextDecoder().decode(payload)), ...change });

const withoutMember =
  (name: string) =>
  (payload: Uint8Array): Uint8Array => {
    const value = JSON.parse(new TextDecoder().decode(payload));
    delete value[name];
    return encodeCj(value);
  };

function flipped(envelope: Uint8Array): Uint8Array {
  const parsed = parseEnvelope(envelope, 64 * 1024);
  if (!parsed.ok) throw new Error('an envelope');
  const [first] = parsed.value.signatures;
  if (!first) throw new Error('a signature');
  const sig = Uint8Array.from(first.sig);
  sig[40] = (sig[40] ?? 0) ^ 1;
  return encodeEnvelope({ ...parsed.value, signatures: [{ ...first, sig }] });
}

const otherNote = (note: string, key: KeyPair, stage: Stage): string => {
  const [, size] = note.split('\n');
  const log = new TestLog(stage.log.origin, key).pad(Number(size));
  return log.note();
};

const swap = (text: string): string => (text.startsWith('0') ? '1' : '0') + text.slice(1);
const wrongHash = toB64(new Uint8Array(32).fill(7));

/** A checkpoint that an earlier run of this guard has admitted. */
const keep = async (stage: Stage, log: TestLog, prove?: TestLog): Promise<void> => {
  const vkey = parseVkey(stage.world.keyring.log.vkey);
  const checkpoint = vkey.ok ? openCheckpoint(log.note(), vkey.value) : undefined;
  if (!checkpoint?.ok) throw new Error('a checkpoint');
  const admit = openCheckpoints(stage.world.home, stage.world.keyring.log.vkey);
  const proofs = prove ?? log;
  await admit(checkpoint.value, async (a, b) =>
    proofs.consistency(a, b).map((hash) => fromB64(hash) ?? new Uint8Array()),
  );
};

export const kept = keep;

export const GATE_ROWS: readonly Refused[] = [
  { code: 'tooLarge', why: 'over 16 KiB', decision: fattest },
  {
    code: 'notCanonical',
    why: 'a space after it',
    envelope: (bytes) => concat(bytes, utf8(' ')),
  },
  {
    code: 'notCanonical',
    why: 'members in another order',
    envelope: (bytes) => {
      const { payload, payloadType, signatures } = JSON.parse(new TextDecoder().decode(bytes));
      return utf8(JSON.stringify({ signatures, payloadType, payload }));
    },
  },
  { code: 'notCanonical', why: 'no envelope at all', envelope: () => utf8('{}') },
  {
    code: 'wrongType',
    why: 'the same payload, signed as a receipt',
    envelope: (_, { world }, decision) =>
      seal(
        payloadTypeOf('receipt'),
        encodeStatement('decision', decision),
        world.keys.alice.decision,
      ),
  },
  {
    code: 'signatureCount',
    why: 'a second person signed the same decision',
    envelope: (_, { world }, decision) =>
      sealMany(TYPE, encodeStatement('decision', decision), [
        world.keys.alice.decision,
        world.keys.bob.decision,
      ]),
  },
  {
    code: 'unknownKey',
    why: 'a key of its own',
    signer: () => stranger,
    decision: (d) => ({ ...d, reviewer: { ...d.reviewer, keyId: stranger.keyId } }),
  },
  ...(['session', 'guard', 'log', 'broker'] as const).map(
    (use): Refused => ({
      code: 'wrongKeyUse',
      why: `a ${use} key`,
      signer: (keys) => (use === 'session' ? keys.alice.session : keys[use]),
      decision: (d, { world }) => ({
        ...d,
        reviewer: {
          ...d.reviewer,
          ...(use === 'session'
            ? { keyId: world.keys.alice.session.keyId }
            : {
                keyId: world.keys[use].keyId,
                id: use === 'guard' ? 'guard-1' : 'broker',
                device: use === 'guard' ? 'guard-1' : 'broker',
              }),
        },
      }),
    }),
  ),
  { code: 'keyNotValid', why: 'revoked before', keyring: reviewerKey({ untilIndex: 6 }) },
  { code: 'keyNotValid', why: 'not yet in force', keyring: reviewerKey({ fromIndex: 7 }) },
  { code: 'badSignature', why: 'one bit flipped', envelope: flipped },
  {
    code: 'badSignature',
    why: 'signed by bob in the name of alice',
    envelope: (_, { world }, decision) => {
      const { alice, bob } = world.keys;
      const signed = parseEnvelope(
        seal(TYPE, encodeStatement('decision', decision), bob.decision),
        64 * 1024,
      );
      if (!signed.ok) throw new Error('an envelope');
      const signatures = signed.value.signatures.map((one) => ({
        ...one,
        keyid: alice.decision.keyId,
      }));
      return encodeEnvelope({ ...signed.value, signatures });
    },
  },
  {
    code: 'badPayload',
    why: 'a space in the signed bytes',
    envelope: resealed((payload) => concat(payload, utf8(' '))),
  },
  {
    code: 'badPayload',
    why: 'a member twice, the last one fitting',
    envelope: resealed((payload) =>
      utf8(new TextDecoder().decode(payload).replace('{', '{"verdict":"deny",')),
    ),
  },
  {
    code: 'badSchema',
    why: 'a member more',
    envelope: resealed(withMember({ alsoApproves: 'everything' })),
  },
  { code: 'badSchema', why: 'a member less', envelope: resealed(withoutMember('presence')) },
  {
    code: 'badSchema',
    why: 'for more than one use',
    envelope: resealed(withMember({ use: { max: 2 } })),
  },
  ...(
    [
      ['another person', { id: 'bob' }],
      ['another device', { device: 'bob.laptop' }],
      ['another key', { keyId: stranger.keyId }],
    ] as const
  ).map(
    ([why, change]): Refused => ({
      code: 'wrongSigner',
      why,
      decision: (d) => ({ ...d, reviewer: { ...d.reviewer, ...change } }),
    }),
  ),
  {
    code: 'otherRequest',
    why: 'one digit of the digest',
    decision: (d) => ({ ...d, request: swap(d.request) }),
  },
  {
    code: 'viewDiffers',
    why: 'another text',
    decision: (d) => ({ ...d, view: { ...d.view, sha256: swap(d.view.sha256) } }),
  },
  {
    code: 'viewDiffers',
    why: 'another renderer',
    decision: (d) => ({ ...d, view: { ...d.view, renderer: 'text/0' } }),
  },
  {
    code: 'policyDiffers',
    why: 'another policy',
    decision: (d) => ({ ...d, policy: { ...d.policy, sha256: swap(d.policy.sha256) } }),
  },
  {
    code: 'policyDiffers',
    why: 'other rules',
    decision: (d) => ({ ...d, policy: { ...d.policy, rules: ['allow-everything'] } }),
  },
  {
    code: 'keyringDiffers',
    why: 'another keyring of this version',
    decision: (d) => ({ ...d, keyring: { ...d.keyring, sha256: swap(d.keyring.sha256) } }),
  },
  {
    code: 'keyringDiffers',
    why: 'a version that was never seen',
    decision: (d) => ({ ...d, keyring: { ...d.keyring, version: 2 } }),
  },
  {
    code: 'keyringExpired',
    why: 'to the millisecond',
    keyring: (keyring) => ({ ...keyring, expires: iso(NOW) }),
  },
  {
    code: 'notAllowed',
    why: 'a group that the reviewer is not in',
    request: policyOf('medium', [{ group: 'ops', count: 1 }]),
  },
  {
    code: 'ownAction',
    why: 'the person the agent works for',
    request: (r) => ({ ...r, agent: { ...r.agent, onBehalfOf: 'alice' } }),
  },
  {
    code: 'ownAction',
    why: 'the owner of the agent',
    keyring: (keyring) => ({ ...keyring, owners: [{ agent: 'claude', owner: 'alice' }] }),
  },
  ...(['high', 'critical'] as const).map(
    (tier): Refused => ({
      code: 'sameHost',
      why: `the machine of the guard, at ${tier}`,
      request: policyOf(tier),
      keyring: (keyring, keys) => ({
        ...keyring,
        reviewers: keyring.reviewers.map((one) => ({
          ...one,
          keys: one.keys.map((key) =>
            key.keyId === keys.alice.decision.keyId ? { ...key, device: HOST } : key,
          ),
        })),
      }),
      decision: (d) => ({
        ...d,
        presence: 'passphrase',
        reason: 'because',
        reviewer: { ...d.reviewer, device: HOST },
      }),
    }),
  ),
  ...(
    [
      ['medium', 'notification'],
      ['medium', 'channel'],
      ['high', 'click'],
      ['high', 'terminal'],
      ['critical', 'hold'],
      ['critical', 'typed'],
    ] as const
  ).map(
    ([tier, presence]): Refused => ({
      code: 'presenceTooWeak',
      why: `${presence} at ${tier}`,
      request: policyOf(tier),
      decision: (d) => ({ ...d, presence, reason: 'because' }),
    }),
  ),
  {
    code: 'presenceTooWeak',
    why: "a channel's key at medium that claims a click",
    ...channelRow,
    request: policyOf('medium'),
    decision: (d, stage) => ({ ...d, presence: 'click', reviewer: asChannel(d, stage) }),
  },
  {
    code: 'presenceTooWeak',
    why: "a channel's key at low that claims a click",
    ...channelRow,
    decision: (d, stage) => ({ ...d, presence: 'click', reviewer: asChannel(d, stage) }),
  },
  {
    code: 'presenceTooWeak',
    why: 'a channel that claims a security key at critical',
    ...channelRow,
    request: policyOf('critical'),
    decision: (d, stage) => ({
      ...d,
      presence: 'securityKey',
      reason: 'because',
      reviewer: asChannel(d, stage),
    }),
  },
  {
    code: 'presenceTooWeak',
    why: 'a channel as one of two people',
    ...channelRow,
    request: policyOf('low', [{ group: 'anyone', count: 2 }]),
  },
  {
    code: 'reasonMissing',
    why: 'none at high',
    request: policyOf('high'),
    decision: (d) => ({ ...d, presence: 'hold' }),
  },
  {
    code: 'reasonMissing',
    why: 'an empty one at critical',
    request: policyOf('critical'),
    decision: (d) => ({ ...d, presence: 'os', reason: '' }),
  },
  {
    code: 'issuedOutside',
    why: 'two minutes and a bit early',
    decision: (d) => ({ ...d, issuedAt: iso(NOW - 120_001) }),
  },
  {
    code: 'issuedOutside',
    why: 'two minutes and a bit late',
    decision: (d) => ({ ...d, issuedAt: iso(NOW + 120_001) }),
  },
  {
    code: 'decisionExpired',
    why: 'to the millisecond',
    decision: (d) => ({ ...d, expiresAt: iso(NOW) }),
  },
  {
    code: 'requestExpired',
    why: 'by the wall clock, as after a suspend',
    before: ({ clock }) => {
      clock.wall += TTL_MS;
    },
  },
  {
    code: 'requestExpired',
    why: 'by the monotonic clock, the wall clock set back',
    before: ({ clock }) => {
      clock.mono += TTL_MS;
    },
  },
  {
    code: 'badCheckpoint',
    why: 'a head that another key signed',
    entry: (e, stage) => ({ ...e, note: otherNote(e.note, stranger, stage) }),
  },
  {
    code: 'badCheckpoint',
    why: 'a head of another log by the same key',
    entry: (e, stage) => ({
      ...e,
      note: new TestLog('log.test/other', stage.world.keys.log).pad(9).note(),
    }),
  },
  { code: 'badCheckpoint', why: 'no note', entry: (e) => ({ ...e, note: '' }) },
  {
    code: 'badCheckpoint',
    why: 'a decision that embeds the head of another log',
    decision: (d, stage) => ({
      ...d,
      checkpoint: toB64(utf8(new TestLog('log.test/other', stage.world.keys.log).pad(6).note())),
    }),
  },
  {
    code: 'badCheckpoint',
    why: 'a decision that embeds bytes that are no text',
    decision: (d) => ({ ...d, checkpoint: toB64(Uint8Array.of(0xff, 0xfe)) }),
  },
  {
    code: 'otherHistory',
    why: 'the reviewer saw another history',
    decision: (d, stage) => ({
      ...d,
      checkpoint: toB64(utf8(stage.log.fork(4).pad(2, 'fork').note())),
    }),
  },
  {
    code: 'otherHistory',
    why: 'the reviewer saw a head of the same size with another root',
    entry: (e, stage) => ({
      ...e,
      note: stage.log
        .fork(stage.log.size - 1)
        .pad(1, 'x')
        .note(),
    }),
  },
  {
    code: 'otherHistory',
    why: 'an earlier run saw another history',
    before: (stage) => keep(stage, new TestLog(stage.log.origin, stage.log.key).pad(3, 'earlier')),
  },
  {
    code: 'otherHistory',
    why: 'an earlier run saw a larger tree, and nothing proves that this is its beginning',
    before: (stage) => keep(stage, stage.log.fork().pad(20, 'private')),
  },
  { code: 'otherHistory', why: 'no proof is given', prove: () => undefined },
  { code: 'otherHistory', why: 'an invented proof', prove: () => [wrongHash, wrongHash] },
  {
    code: 'otherHistory',
    why: 'a hash more than it takes',
    prove: (first, second, { log }) => [...log.consistency(first, second), wrongHash],
  },
  {
    code: 'otherHistory',
    why: 'the reviewer saw an empty log',
    decision: (d, stage) => ({
      ...d,
      checkpoint: toB64(utf8(new TestLog(stage.log.origin, stage.log.key).note())),
    }),
  },
  {
    code: 'notInLog',
    why: 'an invented proof',
    entry: (e) => ({ ...e, proof: e.proof.map(() => wrongHash) }),
  },
  { code: 'notInLog', why: 'no proof', entry: (e) => ({ ...e, proof: [] }) },
  { code: 'notInLog', why: 'a later place', entry: (e) => ({ ...e, index: e.index + 1 }) },
  {
    code: 'notInLog',
    why: 'never appended',
    entry: (e, stage) => {
      const log = stage.log.fork(stage.requestIndex + 1).pad(3, 'without it');
      const proven = log.entry(e.request, utf8(e.envelope), e.index, stage.requestIndex);
      // The reviewer saw only what both histories share, so they agree as far as anybody can tell.
      return proven;
    },
    prove: (first, second, stage) =>
      stage.log
        .fork(stage.requestIndex + 1)
        .pad(3, 'without it')
        .consistency(first, second),
  },
  {
    code: 'otherIndex',
    why: 'the decision before its request',
    entry: (e) => ({ ...e, index: 2 }),
  },
  {
    code: 'otherIndex',
    why: 'the request at the place of its decision',
    entry: (e) => ({ ...e, requestIndex: e.index, requestProof: e.proof }),
  },
  {
    code: 'requestNotInLog',
    why: 'an invented proof',
    entry: (e) => ({ ...e, requestProof: e.requestProof.map(() => wrongHash) }),
  },
  {
    code: 'requestNotInLog',
    why: 'the proof of another leaf before it',
    entry: (e: Entry, { log }) => ({ ...e, requestIndex: 1, requestProof: log.inclusion(1) }),
  },
];
