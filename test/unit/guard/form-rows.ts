// Steps 1 to 8: decisions that are wrong in their form, their key or their signature.

import { concat, fromB64, toB64, utf8 } from '../../../shared/bytes.ts';
import { type Cj, encodeCj } from '../../../shared/statement/cj1.ts';
import type { Decision } from '../../../shared/statement/decision.ts';
import { encodeStatement, payloadTypeOf } from '../../../shared/statement/statement.ts';
import { generateKeyPair } from '../../../main/trust/ed25519.ts';
import { encodeEnvelope, parseEnvelope, seal, sealMany } from '../../../main/trust/envelope.ts';
import { formatLine } from '../../../main/trust/note.ts';
import type { Stage } from '../../kit/gate-stage.ts';
import { type Refused, reviewerKey } from './row.ts';

const TYPE = payloadTypeOf('decision');
const stranger = generateKeyPair();

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

export const FORM_ROWS: readonly Refused[] = [
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
];
