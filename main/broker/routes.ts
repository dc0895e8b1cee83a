// Message type -> what happens, for every type there is: a new message does not compile until it has a row. Within
// the rate of its principal; a frame that is not a message ends the connection.

import type { WireCode } from '../../shared/protocol/codes.ts';
import { decodeClientMessage } from '../../shared/protocol/decode.ts';
import { LIMITS } from '../../shared/protocol/limits.ts';
import type { AnyClientMessage, ClientMessageOf } from '../../shared/protocol/messages.ts';
import { decodeStatement } from '../../shared/statement/statement.ts';
import { toB64 } from '../trust/base64.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { consistencyProof, inclusionProof } from '../trust/tree.ts';
import type { EffectMessage } from './bench.ts';
import { grantedOf } from './granted.ts';
import { mayRead } from './entitlement.ts';
import type { Escalations } from './escalation.ts';
import type { House } from './house.ts';
import type { Intake } from './intake.ts';
import type { Judgement } from './judgement.ts';
import { bytesOf } from './login.ts';
import type { Peer } from './peer.ts';
import type { Policies } from './policies.ts';
import type { Clock } from './ports.ts';
import { Rate } from './rate.ts';
import type { Standing } from './standing.ts';
import type { Witnesses } from './witnesses.ts';

export type RoutePorts = {
  readonly ledger: Ledger;
  readonly standing: () => Standing;
  readonly policies: Policies;
  readonly house: House;
  readonly intake: Intake;
  readonly witnesses: Witnesses;
  readonly judgement: Judgement;
  readonly clock: Clock;
  readonly escalations: Escalations;
};

type Type = AnyClientMessage['t'];
type Route<T extends Type> = (ports: RoutePorts, peer: Peer, message: ClientMessageOf<T>) => void;

const effect = (ports: RoutePorts, peer: Peer, message: EffectMessage): void =>
  ports.intake.take(peer, message);

const ROUTES: { readonly [T in Type]: Route<T> } = {
  // A connection logs in once.
  login: (_, peer) => peer.hangUp('badFrame'),
  // Nor does who is in ask to be let in.
  join: (_, peer) => peer.hangUp('badFrame'),
  follow: takeFollow,
  got: takeGot,
  chunk: takeChunk,
  request: effect,
  decision: effect,
  notice: effect,
  ending: effect,
  receipt: effect,
  auto: effect,
  policy: takePolicy,
  putPolicy: takePutPolicy,
  erasure: effect,
  grant: effect,
  grantEnd: effect,
  grants: takeGrants,
  away: takeAway,
  surface: takeSurface,
  keyring: effect,
  cosign: takeCosign,
  ahead: (ports, peer, { id, body }) => settle(peer, id, ports.judgement.ahead(body.note)),
  fork: (ports, peer, { id, body }) => settle(peer, id, ports.judgement.fork(body.evidence)),
  include: takeInclude,
  prove: takeProve,
  fetch: takeFetch,
};

const SWEEP_EVERY = 10_000;
/** A few hashes each, and nothing that lasts. */
const QUESTIONS: ReadonlySet<Type> = new Set<Type>(['prove', 'include', 'grants']);
/** Signed by a person’s own key, each by a gesture. */
const DECIDED: ReadonlySet<Type> = new Set<Type>(['decision', 'erasure', 'grant', 'grantEnd']);

export class Router {
  readonly #ports: RoutePorts;
  readonly #messages = new Rate({
    perSecond: LIMITS.messagesPerSecond,
    burst: LIMITS.messageBurst,
  });
  readonly #questions = new Rate({
    perSecond: LIMITS.questionsPerSecond,
    burst: LIMITS.questionBurst,
  });
  #count = 0;

  constructor(ports: RoutePorts) {
    this.#ports = ports;
  }

  frame(peer: Peer, text: string): void {
    const message = decodeClientMessage(text);
    if (!message.ok || peer.session === undefined) {
      peer.hangUp('badFrame');
      return;
    }
    const { value } = message;
    // Flow control must not wait for the rate that it helps to keep.
    const rate = QUESTIONS.has(value.t) ? this.#questions : this.#messages;
    const { keyId } = peer.session.key;
    // What a person decides does not wait behind what their app says by itself.
    const principal = DECIDED.has(value.t) ? `${keyId} decides` : keyId;
    const wait = value.t === 'got' ? 0 : this.#take(rate, principal);
    if (wait > 0) peer.refuse(value.id, 'busy', wait);
    else this.#route(peer, value);
  }

  #take(rate: Rate, principal: string): number {
    const at = this.#ports.clock.monotonic();
    this.#count += 1;
    if (this.#count % SWEEP_EVERY === 0)
      for (const each of [this.#messages, this.#questions]) each.sweep(at);
    return rate.take(principal, at);
  }

  #route<T extends Type>(peer: Peer, message: ClientMessageOf<T>): void {
    // `t` is the literal that chose T.
    const route = ROUTES[message.t as T] as Route<T>;
    route(this.#ports, peer, message);
  }
}

function takeFollow(
  { house, ledger }: RoutePorts,
  peer: Peer,
  { id, body }: ClientMessageOf<'follow'>,
): void {
  if (peer.session?.kind !== 'reviewer') {
    peer.refuse(id, 'wrongRole');
    return;
  }
  house.follow(peer, body.cursor);
  // What there is can be read; that nothing new will come is said, too.
  if (!ledger.health.ok) peer.refuse(id, 'readOnly');
}

function takeGot({ house }: RoutePorts, peer: Peer, { body }: ClientMessageOf<'got'>): void {
  if (!house.got(peer, body.cursor)) peer.hangUp('badFrame');
}

/** Nothing to remember: the same line again is the same line. */
function takeCosign(
  { witnesses }: RoutePorts,
  peer: Peer,
  { id, body }: ClientMessageOf<'cosign'>,
): void {
  if (peer.session === undefined) return peer.refuse(id, 'wrongRole');
  settle(peer, id, witnesses.take(peer.session, body.size, body.line));
}

/** Longer than this is leaving, and that is the keyring's. */
const MAX_AWAY_MS = 90 * 24 * 3600 * 1000;

function takeAway(
  { escalations, clock }: RoutePorts,
  peer: Peer,
  { id, body }: ClientMessageOf<'away'>,
): void {
  if (peer.session?.kind !== 'reviewer') return peer.refuse(id, 'wrongRole');
  if (Date.parse(body.until ?? '') > clock.now() + MAX_AWAY_MS) return peer.refuse(id, 'tooLarge');
  settle(peer, id, escalations.away(peer.session.id, body.until) ? undefined : 'internal');
}

function takeSurface(
  { escalations }: RoutePorts,
  peer: Peer,
  { id, body }: ClientMessageOf<'surface'>,
): void {
  if (peer.session?.kind !== 'reviewer') return peer.refuse(id, 'wrongRole');
  escalations.surface(peer, body.works);
  settle(peer, id, undefined);
}

function settle(peer: Peer, id: string, code: WireCode | undefined): void {
  if (code === undefined) peer.ack(id, undefined);
  else peer.refuse(id, code);
}

/** Nothing to remember by message id: the same bytes at the same place are the same effect. */
function takeChunk(
  { ledger, clock }: RoutePorts,
  peer: Peer,
  message: ClientMessageOf<'chunk'>,
): void {
  const { id, body } = message;
  if (peer.session?.kind !== 'guard') return peer.refuse(id, 'wrongRole');
  if (!ledger.health.ok) return peer.refuse(id, 'readOnly');
  const bytes = bytesOf(body.bytes);
  if (body.size > LIMITS.maxAttachmentBytes || bytes.length > LIMITS.chunkBytes) {
    return peer.refuse(id, 'tooLarge');
  }
  const { sha256, size, offset } = body;
  const chunk = { owner: peer.session.id, sha256, size, offset, bytes };
  const added = ledger.attachments.add(chunk, clock.now());
  if (added.ok) peer.ack(id, undefined);
  else if (added.code === 'order') peer.refuse(id, 'attachmentMissing');
  else peer.refuse(id, 'busy', 1000);
}

function takeProve(
  { ledger }: RoutePorts,
  peer: Peer,
  { id, body }: ClientMessageOf<'prove'>,
): void {
  const { first, second } = body;
  if (first < 1 || first > second || second > ledger.size) return peer.refuse(id, 'badStatement');
  if (!ledger.health.ok) return peer.refuse(id, 'readOnly');
  const proof = consistencyProof(ledger.nodes, first, second).map(toB64);
  peer.send({ t: 'proof', ref: id, body: { first, second, proof } });
}

function takeInclude(
  { ledger, witnesses }: RoutePorts,
  peer: Peer,
  { id, body: { index } }: ClientMessageOf<'include'>,
): void {
  const { head } = ledger;
  if (index >= ledger.size) return peer.refuse(id, 'badStatement');
  if (!ledger.health.ok || head === undefined) return peer.refuse(id, 'readOnly');
  const covered = index < head.size;
  const proof = covered ? inclusionProof(ledger.nodes, index, head.size).map(toB64) : undefined;
  const note = witnesses.noteOf(head);
  peer.send({ t: 'included', ref: id, body: { index, note, ...(proof ? { proof } : {}) } });
}

/** Each guard its own: what others were granted is none of its business. */
function takeGrants(
  { ledger, witnesses, clock }: RoutePorts,
  peer: Peer,
  { id, body }: ClientMessageOf<'grants'>,
): void {
  const { head } = ledger;
  if (peer.session?.kind !== 'guard') return peer.refuse(id, 'wrongRole');
  if (!ledger.health.ok || head === undefined) return peer.refuse(id, 'readOnly');
  const about = { guard: peer.session.id, agent: body.agent, now: clock.now() };
  const note = witnesses.noteOf(head);
  peer.send({ t: 'granted', ref: id, body: { ...grantedOf(ledger, head, about), note } });
}

function takePolicy(
  { policies, standing }: RoutePorts,
  peer: Peer,
  { id, body: { sha256 } }: ClientMessageOf<'policy'>,
): void {
  const bytes = policies.read(standing().held.keyring, sha256);
  if (!bytes.ok) return peer.refuse(id, bytes.code);
  peer.send({ t: 'policyBytes', ref: id, body: { sha256, bytes: toB64(bytes.value) } });
}

/** Nothing to remember by message id: the same bytes are the same file. */
function takePutPolicy(
  { policies, standing }: RoutePorts,
  peer: Peer,
  { id, body }: ClientMessageOf<'putPolicy'>,
): void {
  settle(peer, id, policies.put(standing().held.keyring, peer.session, bytesOf(body.bytes)));
}

/** For a reviewer who may read the request, and for the guard that made it. */
function takeFetch(ports: RoutePorts, peer: Peer, { id, body }: ClientMessageOf<'fetch'>): void {
  const { ledger, standing } = ports;
  const payload = ledger.query.payload(body.request);
  const request = payload && decodeStatement('request', payload);
  if (!request?.ok) return peer.refuse(id, 'unknownRequest');
  const { session } = peer;
  const { guard, attachments } = request.value;
  const own = session?.kind === 'guard' && session.id === guard.id;
  const reads =
    session?.kind === 'reviewer' && mayRead(standing().held.keyring, session, request.value);
  if (!own && !reads) return peer.refuse(id, 'notYours');
  const { sha256, offset } = body;
  const attachment = attachments.find((one) => one.sha256 === sha256);
  const bytes = attachment && ledger.attachments.read(guard.id, sha256, offset);
  if (attachment === undefined || bytes === undefined) return peer.refuse(id, 'attachmentMissing');
  const part = { sha256, size: attachment.size, offset, bytes: toB64(bytes) };
  peer.send({ t: 'part', ref: id, body: part });
}
