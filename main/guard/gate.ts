// Ask, wait, verify: from a signed request to the one answer the guard may act on. It fails closed: every path that is
// not a verified approval is a refusal, an expiry or a withdrawal, each signed and owed to the log.

import { fromUtf8, utf8 } from '../../shared/bytes.ts';
import { missingApprovals } from '../../shared/domain/approval.ts';
import type { RefusalCode } from '../../shared/domain/refusals.ts';
import { invariant } from '../../shared/result.ts';
import type { ForkEvidence } from '../../shared/statement/fork.ts';
import type { AnyServerMessage, ServerMessageOf } from '../../shared/protocol/messages.ts';
import type { WireCode } from '../../shared/protocol/codes.ts';
import { fromB64, toB64 } from '../trust/base64.ts';
import { sendAttachment } from '../link/attachments.ts';
import type { Link } from '../link/link.ts';
import type { Clock, Timers } from '../link/ports.ts';
import { type Checkpoint, openCheckpoint } from '../trust/checkpoint.ts';
import { readFork } from '../trust/fork.ts';
import { keyringExpired } from '../trust/keyring.ts';
import { parseVkey } from '../trust/vkey.ts';
import { freshWitnesses, witnessRule } from '../trust/witness.ts';
import type { Asked } from './ask.ts';
import { proveBy } from './in-log.ts';
import { readRefusal, type Refused } from './read-refusal.ts';
import type { Identity } from './state/identity.ts';
import {
  type Approved,
  authenticDenial,
  type Denied,
  judgeAgain,
  type Moment,
  type Pending,
  verifyDecision,
  whySamePerson,
} from './verify/decision.ts';
import { type LogAnchor, verifyInLog } from './verify/log.ts';

export type GateAnswer =
  | {
      readonly how: 'approved';
      readonly decisions: readonly Approved[];
      readonly checkpoint: Checkpoint;
    }
  | { readonly how: 'denied'; readonly denial: Denied }
  /** An authentic refusal that is not a person's decision on this card. */
  | { readonly how: 'ended'; readonly refused: Refused }
  | { readonly how: 'expired'; readonly seen: boolean }
  /** A decision came that this guard does not accept. */
  | { readonly how: 'refused'; readonly code: RefusalCode; readonly detail: string | undefined }
  /** The broker does not take the request, or was not reached in time. */
  | { readonly how: 'unreachable'; readonly code: WireCode | 'closed' | 'noBroker' }
  /** The agent has used up its questions (policy's budget): nobody was asked. */
  | { readonly how: 'tooOften'; readonly retryAfterMs: number; readonly notBefore: string }
  | { readonly how: 'withdrawn' };

export type GateEvent =
  | { readonly what: 'held'; readonly index: number | undefined }
  | {
      readonly what: 'asking';
      readonly people: ServerMessageOf<'asking'>['body']['people'];
      /** Who is asked then too, should nobody answer before. */
      readonly next?: { readonly inMs: number; readonly asked: readonly string[] };
    }
  | { readonly what: 'countsOnce'; readonly who: string }
  | { readonly what: 'partly'; readonly who: string }
  /** Approved, and waiting for people whose machines confirm the log. */
  | { readonly what: 'unwitnessed'; readonly missing: number };

export type GatePorts = {
  readonly identity: Identity;
  readonly link: Pick<Link, 'send'>;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly admit: LogAnchor['admit'];
  readonly tell: (event: GateEvent) => void;
  /** Evidence of two histories, to be kept. */
  readonly fork: (evidence: ForkEvidence) => void;
  /** How long the first acknowledgement may take. */
  readonly reachMs: number;
};

export type Gate = {
  /** Settles once. */
  readonly answer: Promise<GateAnswer>;
  readonly take: (message: AnyServerMessage) => void;
  /** The broker is back: it sends what it has about a request only to the connection that asked last. */
  readonly askAgain: () => void;
  /** Nobody waits any more: a signal came, or the caller gave up. */
  readonly withdraw: () => void;
  readonly seen: () => boolean;
};

export function openGate(asked: Asked, ports: GatePorts): Gate {
  const { identity, link, clock, timers } = ports;
  const stop = new AbortController();
  let approvals: readonly Approved[] = [];
  const counted = new Set<string>();
  let seen = false;
  let held = false;
  let checking: Promise<void> = Promise.resolve();
  let settle: (answer: GateAnswer) => void = () => {};
  let settled = false;
  const answer = new Promise<GateAnswer>((resolve) => {
    settle = (value) => {
      if (settled) return;
      settled = true;
      cancelDeadline();
      cancelReach();
      stop.abort();
      resolve(value);
    };
  });

  const { request } = asked;
  const pending: Pending = {
    request,
    policy: asked.policy,
    digest: asked.digest,
    leafHash: asked.leafHash,
    view: asked.view,
    deadlineMono: clock.monotonic() + request.ttlMs,
    open: () => !settled,
  };
  const expire = (): void => {
    if (missing().length > 0) settle({ how: 'expired', seen });
    else refuse('notWitnessed', undefined);
  };
  // A wall clock that was set back must not keep it alive, nor a suspend: whichever is first.
  const untilWall = Date.parse(request.createdAt) + request.ttlMs - clock.now();
  const cancelDeadline = timers.after(Math.max(0, Math.min(untilWall, request.ttlMs)), expire);
  const cancelReach = timers.after(ports.reachMs, () =>
    settle({ how: 'unreachable', code: 'noBroker' }),
  );
  const at = (): Moment => ({ now: clock.now(), monotonic: clock.monotonic() });

  const anchor = (): LogAnchor => ({
    vkey: identity.trust().keyring.keyring.log.vkey,
    admit: ports.admit,
    prove: proveBy(link, stop.signal),
  });

  const takeDecision = async (entry: ServerMessageOf<'entry'>['body']): Promise<void> => {
    const bytes = utf8(entry.envelope);
    const verified = verifyDecision(bytes, entry.index, pending, identity.trust(), at());
    if (!verified.ok) return refuse(verified.code, verified.detail);
    const proofs = { proof: hashes(entry.proof), requestProof: hashes(entry.requestProof) };
    const history = entry.history?.map(({ first, proof }) => ({ first, proof: hashes(proof) }));
    const placed = { ...entry, ...proofs, history };
    const { decision, leafHash } = verified.value;
    invariant(decision.verdict === 'approve', 'every authentic denial was honoured on arrival');
    const known = { decision: leafHash, request: asked.leafHash };
    const inLog = await verifyInLog(placed, known, decision.checkpoint, anchor());
    if (!inLog.ok) return refuse(inLog.code, inLog.detail);
    // The proof took time on the wire: the deadline may have passed meanwhile.
    const late = verifyDecision(bytes, entry.index, pending, identity.trust(), at());
    if (!late.ok) return refuse(late.code, late.detail);
    const { signer } = late.value;
    judgeAll();
    if (whySamePerson(approvals, late.value))
      return ports.tell({ what: 'countsOnce', who: signer.name });
    approvals = [...approvals, late.value];
    counted.add(entry.envelope);
    if (missing().length > 0) return ports.tell({ what: 'partly', who: signer.name });
    release(inLog.value);
  };

  /** A keyring that came meanwhile may have ended the key of an earlier approval, or moved its person. */
  const judgeAll = (): void => {
    approvals = approvals.flatMap((one) => judgeAgain(one, pending, identity.trust()) ?? []);
  };

  const missing = () => {
    const { keyring } = identity.trust().keyring;
    const people = approvals.map((one) => one.signer);
    return missingApprovals(request.policy.needs, people, keyring);
  };

  /** Under a head that is one history with all this guard knows: enough people, and enough that saw this very log. */
  const release = (head: Checkpoint): void => {
    const { keyring } = identity.trust();
    judgeAll();
    const covered = approvals.every((one) => one.index < head.size);
    if (missing().length > 0 || !covered) return;
    if (keyringExpired(keyring, clock.now())) return refuse('keyringExpired', undefined);
    // A witness may have kept it waiting.
    if (approvals.some((one) => clock.now() >= Date.parse(one.decision.expiresAt)))
      return refuse('decisionExpired', undefined);
    const rule = witnessRule(keyring.keyring);
    const at = { now: clock.now(), withinMs: rule.withinMs };
    const people = freshWitnesses(head.note, head.size, keyring, at).size;
    if (people >= rule.count)
      return settle({ how: 'approved', decisions: approvals, checkpoint: head });
    ports.tell({ what: 'unwitnessed', missing: rule.count - people });
  };

  /** A head with more names under it; it proves nothing before it is held against every head that is kept here. */
  const takeWitnessed = async (note: string): Promise<void> => {
    const log = anchor();
    const vkey = parseVkey(log.vkey);
    const head = vkey.ok ? openCheckpoint(note, vkey.value) : vkey;
    if (!head.ok) return refuse('badCheckpoint', head.detail);
    if ((await log.admit(head.value, log.prove)) !== 'admitted')
      return refuse('otherHistory', undefined);
    release(head.value);
  };

  const refuse = (code: RefusalCode, detail: string | undefined): void =>
    settle({ how: 'refused', code, detail });

  /** Refusals count on arrival: a broker that is slow with the proof of an approval can't hold up a denial. */
  const takeEntry = (entry: ServerMessageOf<'entry'>['body']): void => {
    if (settled || entry.request !== asked.digest) return;
    const bytes = utf8(entry.envelope);
    const read = readRefusal(bytes, asked.digest, identity.trust().keyring);
    if (read === undefined) return;
    if (read === 'seen') {
      seen = true;
    } else if (read !== 'decision') {
      settle({ how: 'ended', refused: read });
      // The broker says all of it again to a guard that has asked again.
    } else if (!counted.has(entry.envelope)) {
      const denial = authenticDenial(bytes, pending, identity.trust());
      if (denial) return settle({ how: 'denied', denial });
      inTurn(() => takeDecision(entry));
    }
  };

  /** Somebody has met two histories of this log: what convicts it by itself ends everything here. */
  const takeFork = (text: string): void => {
    const fork = readFork(text, identity.trust().keyring.keyring.log.vkey);
    if (!fork.ok) return;
    ports.fork(fork.value);
    refuse('otherHistory', 'another machine has found two histories');
  };

  /** One after the other: two approvals at once must not both look like the first. */
  const inTurn = (check: () => Promise<void>): void => {
    checking = checking
      .then(() => (settled ? undefined : check()))
      .catch(() => refuse('notInLog', 'the check itself failed'));
  };

  void ask(asked, link, stop.signal).then((how) => {
    if (settled) return;
    if ('code' in how)
      return settle(
        how.code === 'tooManyQuestions'
          ? tooOften(how.retryAfterMs ?? 0, clock.now())
          : { how: 'unreachable', code: how.code },
      );
    cancelReach();
    held = true;
    ports.tell({ what: 'held', index: how.index });
  });

  return {
    answer,
    seen: () => seen,
    withdraw: () => settle({ how: 'withdrawn' }),
    // Before it was held, the link itself repeats what has no answer yet.
    askAgain: () => {
      if (held && !settled) void sendRequest(asked, link, stop.signal);
    },
    take: (message) => {
      if (message.t === 'keyring') identity.offerKeyring(utf8(message.body.envelope));
      else if (message.t === 'asking' && message.body.request === asked.digest) {
        ports.tell(askingOf(message.body, clock.now()));
      } else if (message.t === 'entry') takeEntry(message.body);
      else if (message.t === 'fork') takeFork(message.body.evidence);
      else if (message.t === 'witnessed' && message.body.request === asked.digest)
        inTurn(() => takeWitnessed(message.body.note));
    },
  };
}

type Taken =
  | { readonly index: number | undefined }
  | { readonly code: WireCode | 'closed'; readonly retryAfterMs?: number };

async function ask(asked: Asked, link: Pick<Link, 'send'>, signal: AbortSignal): Promise<Taken> {
  for (const bytes of asked.attachments.values()) {
    const sent = await sendAttachment(link, bytes, signal);
    if (!sent.ok) return { code: sent.code };
  }
  const taken = await sendRequest(asked, link, signal);
  return taken.ok ? { index: taken.value.index } : taken;
}

const tooOften = (retryAfterMs: number, now: number): GateAnswer => ({
  how: 'tooOften',
  retryAfterMs,
  notBefore: new Date(now + retryAfterMs).toISOString(),
});

/** The request's own id is the message's: said again, it is the same message. */
const sendRequest = (asked: Asked, link: Pick<Link, 'send'>, signal: AbortSignal) =>
  link.send(
    'request',
    { envelope: fromUtf8(asked.envelope) },
    { id: asked.request.requestId, signal },
  );

function askingOf(
  { people, next }: ServerMessageOf<'asking'>['body'],
  now: number,
): Extract<GateEvent, { what: 'asking' }> {
  if (next === undefined) return { what: 'asking', people };
  const names = people.filter(({ id }) => next.asked.includes(id)).map(({ name }) => name);
  const inMs = Math.max(0, Date.parse(next.at) - now);
  return { what: 'asking', people, next: { inMs, asked: names } };
}

/** What is not base64 of 32 bytes becomes a hash that fits nothing. */
const hashes = (proof: readonly string[]): readonly Uint8Array[] =>
  proof.map((hash) => fromB64(hash) ?? new Uint8Array(0));

export const noteB64 = (checkpoint: Checkpoint): string => toB64(utf8(checkpoint.note));
