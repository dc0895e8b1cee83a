// Every message on the wire, one closed schema each; `README.md` beside it says who sends what, when and in which order.
// `id` is 16 random bytes: the idempotency key of a client's message. `ref` names the message that is answered.

import * as z from 'zod';
import { B64, Count, Digest, Id, Id16, KeyId, Nonce, Origin, Time } from '../statement/fields.ts';
import { ASK_REASONS, MAX_ASKED } from '../statement/escalation.ts';
import { WIRE_CODE_LIST } from './codes.ts';
import { LIMITS } from './limits.ts';

/** CJ-1 text of a DSSE envelope, or of a leaf. Its content is checked by whoever acts on it. */
const Envelope = z.string().max(256 * 1024);
const Leaf = z.string().max(65_535);
/** A signed note: origin, size, root, blank line, signatures. */
const Note = z.string().max(4096);
const Fork = z.string().max(16 * 1024);
/** Who would be asked then, should nobody answer before. */
const NextAsked = z.strictObject({ at: Time, asked: z.array(Id).min(1).max(MAX_ASKED) });
/** Why somebody on call may not hear of a request. */
export const ON_CALL_TROUBLES = ['offline', 'away', 'noSurface'] as const;
/** Leaf to root, base64 of 32 bytes each. */
const Proof = z.array(z.string().length(44)).max(63);

const client = <T extends string, B extends z.ZodType>(t: T, body: B) =>
  z.strictObject({ t: z.literal(t), id: Id16, body });
const server = <T extends string, B extends z.ZodType>(t: T, body: B) =>
  z.strictObject({ t: z.literal(t), ref: Id16.optional(), body });

export const CLIENT_MESSAGES = {
  login: client('login', z.strictObject({ envelope: Envelope })),
  /** Strangers, in the place of a login: a `join` statement by their own new session key. */
  join: client('join', z.strictObject({ envelope: Envelope })),
  /** Reviewers: leaves from `cursor` on, please. */
  follow: client('follow', z.strictObject({ cursor: Count })),
  /** Reviewers: everything before `cursor` is stored here; opens the outbound window. */
  got: client('got', z.strictObject({ cursor: Count })),
  /** Guards: all of an attachment precedes the request that names it. */
  chunk: client(
    'chunk',
    z.strictObject({ sha256: Digest, size: Count, offset: Count, bytes: B64 }),
  ),
  request: client('request', z.strictObject({ envelope: Envelope })),
  decision: client('decision', z.strictObject({ envelope: Envelope })),
  notice: client('notice', z.strictObject({ envelope: Envelope })),
  ending: client('ending', z.strictObject({ envelope: Envelope })),
  receipt: client('receipt', z.strictObject({ envelope: Envelope })),
  /** Guards: what policy allowed or forbade without asking anybody. */
  auto: client('auto', z.strictObject({ envelope: Envelope })),
  /** Anyone: the bytes of a policy, or of settings, that the keyring in force pins. */
  policy: client('policy', z.strictObject({ sha256: Digest })),
  /** Administrators: such bytes, for the others. The broker keeps only what its keyring pins. */
  putPolicy: client('putPolicy', z.strictObject({ bytes: B64 })),
  /** Administrators: the texts of an ended request are to go, from here and from every copy. */
  erasure: client('erasure', z.strictObject({ envelope: Envelope })),
  /** Reviewers: something may be done again without asking, within bounds; and such a permission taken back. */
  grant: client('grant', z.strictObject({ envelope: Envelope })),
  grantEnd: client('grantEnd', z.strictObject({ envelope: Envelope })),
  /** Guards: every grant of this guard and that agent which is not over. */
  grants: client('grants', z.strictObject({ agent: Id })),
  /** Reviewers: this device has checked the head of that size against all it holds; one C2SP cosignature line. */
  cosign: client('cosign', z.strictObject({ size: Count, line: z.string().max(600) })),
  /** Reviewers: asked last of all until then; absent: here again. Kept by the broker, not logged. */
  away: client('away', z.strictObject({ until: Time.optional() })),
  /** Reviewers: whether notifications of this machine reach the person, as far as it knows; while it is connected. */
  surface: client(
    'surface',
    z.strictObject({
      works: z.boolean(),
      why: z
        .string()
        .regex(/^[A-Za-z]{1,30}$/)
        .optional(),
    }),
  ),
  /** Reviewers: a next keyring, which the broker can check and pass on but never make. */
  keyring: client('keyring', z.strictObject({ envelope: Envelope })),
  /** Anyone: a head that this log has signed and that its newest one is behind of: entries are missing there. */
  ahead: client('ahead', z.strictObject({ note: Note })),
  /** Anyone: JSON of evidence that this log has two histories (`shared/statement/fork.ts`). */
  fork: client('fork', z.strictObject({ evidence: Fork })),
  /** Anyone: an inclusion proof of the leaf at `index` under the newest head. */
  include: client('include', z.strictObject({ index: Count })),
  /** Anyone: a consistency proof between two sizes, 0 < first <= second. */
  prove: client('prove', z.strictObject({ first: Count, second: Count })),
  /** Those who may see the request: part of one of its attachments. */
  fetch: client('fetch', z.strictObject({ request: Digest, sha256: Digest, offset: Count })),
} as const;

export const SERVER_MESSAGES = {
  hello: server(
    'hello',
    z.strictObject({
      brokerOrigin: Origin,
      brokerKeyId: KeyId,
      serverNonce: Nonce,
      checkpoint: Note,
      version: z.string().max(60),
    }),
  ),
  /** `envelope` is a `welcome` statement signed by the broker's session key; keyrings oldest first. */
  welcome: server(
    'welcome',
    z.strictObject({ envelope: Envelope, keyrings: z.array(Envelope).max(64), plain: z.boolean() }),
  ),
  /** The effect of `ref` is on disk; `index` where it became a leaf. */
  ack: server('ack', z.strictObject({ index: Count.optional() })),
  refused: server(
    'refused',
    z.strictObject({ code: z.enum(WIRE_CODE_LIST), retryAfterMs: Count.optional() }),
  ),
  /** Reviewers: leaves `from`, `from + 1`, … with those payloads that this reviewer may see. */
  leaves: server(
    'leaves',
    z.strictObject({
      from: Count,
      entries: z.array(z.strictObject({ leaf: Leaf, payload: B64.optional() })).max(1024),
    }),
  ),
  checkpoint: server('checkpoint', z.strictObject({ note: Note })),
  /** Guards: a leaf about one of their requests, with proofs under one checkpoint. */
  entry: server(
    'entry',
    z.strictObject({
      request: Digest,
      envelope: Envelope,
      index: Count,
      proof: Proof,
      requestIndex: Count,
      requestProof: Proof,
      note: Note,
      /** That smaller trees are prefixes of the note's: what its guard would ask for next. It asks for any other. */
      history: z
        .array(z.strictObject({ first: Count, proof: Proof }))
        .max(4)
        .optional(),
    }),
  ),
  /** Guards: a head with its cosignatures, while an approval of that request waits for them. */
  witnessed: server('witnessed', z.strictObject({ request: Digest, note: Note })),
  /** All: evidence of two histories, passed on; it convinces by itself or not at all. */
  fork: server('fork', z.strictObject({ evidence: Fork })),
  /** `proof` is absent while no head covers the leaf yet. */
  included: server(
    'included',
    z.strictObject({ index: Count, proof: Proof.optional(), note: Note }),
  ),
  /** `ends` of those grants; an end needs no place in the log to be honoured. All `proof`s under the one head. */
  granted: server(
    'granted',
    z.strictObject({
      grants: z
        .array(z.strictObject({ envelope: Envelope, index: Count, proof: Proof }))
        .max(LIMITS.maxGrantsPerAgent),
      ends: z.array(Envelope).max(LIMITS.maxGrantsPerAgent),
      note: Note,
    }),
  ),
  proof: server('proof', z.strictObject({ first: Count, second: Count, proof: Proof })),
  policyBytes: server('policyBytes', z.strictObject({ sha256: Digest, bytes: B64 })),
  part: server('part', z.strictObject({ sha256: Digest, size: Count, offset: Count, bytes: B64 })),
  /** Guards: who is being asked. For display: nothing is decided by it. */
  asking: server(
    'asking',
    z.strictObject({
      request: Digest,
      people: z
        .array(
          z.strictObject({
            id: Id,
            name: z.string().max(100),
            state: z.enum(['offline', 'online', 'delivered', 'shown', 'opened']),
            /** Asked now; without a rota everybody who may decide. */
            turn: z.boolean(),
            why: z.enum(ASK_REASONS).optional(),
          }),
        )
        .max(200),
      next: NextAsked.optional(),
    }),
  ),
  /** Reviewers: whose turn an open request is, by the escalations in the log, and whose it is next. */
  turn: server(
    'turn',
    z.strictObject({
      request: Digest,
      step: Count,
      asked: z.array(Id).max(MAX_ASKED),
      next: NextAsked.optional(),
    }),
  ),
  /** Reviewers: who is on call for each group that the rota has. Not sent where there is none. */
  onCall: server(
    'onCall',
    z.strictObject({
      groups: z
        .array(
          z.strictObject({
            group: Id,
            now: z
              .array(z.strictObject({ id: Id, trouble: z.enum(ON_CALL_TROUBLES).optional() }))
              .max(64),
            next: z.strictObject({ at: Time, who: z.array(Id).max(64) }).optional(),
          }),
        )
        .max(64),
      away: z.array(z.strictObject({ id: Id, until: Time })).max(200),
    }),
  ),
  /** Reviewers: whether the guard of an open request is connected. Never logged, never trusted to approve. */
  agent: server(
    'agent',
    z.strictObject({ request: Digest, state: z.enum(['here', 'gone']), since: Time }),
  ),
  keyring: server('keyring', z.strictObject({ envelope: Envelope })),
  /** Administrators: everybody who asks to join, oldest first. `id` is the digest of the join's payload. */
  proposals: server(
    'proposals',
    z.strictObject({
      proposals: z
        .array(z.strictObject({ id: Digest, since: Time, here: z.boolean(), envelope: Envelope }))
        .max(LIMITS.maxJoins),
    }),
  ),
  /** Who asked to join and is now in the keyring: the chain, oldest first, ending with the one in force. */
  enrolled: server('enrolled', z.strictObject({ keyrings: z.array(Envelope).max(64) })),
} as const;

export type ClientMessageOf<T extends keyof typeof CLIENT_MESSAGES> = z.infer<
  (typeof CLIENT_MESSAGES)[T]
>;
export type ServerMessageOf<T extends keyof typeof SERVER_MESSAGES> = z.infer<
  (typeof SERVER_MESSAGES)[T]
>;
export type AnyClientMessage = {
  [T in keyof typeof CLIENT_MESSAGES]: ClientMessageOf<T>;
}[keyof typeof CLIENT_MESSAGES];
export type AnyServerMessage = {
  [T in keyof typeof SERVER_MESSAGES]: ServerMessageOf<T>;
}[keyof typeof SERVER_MESSAGES];
