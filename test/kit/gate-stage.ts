// One request at the real gate, with a link that a test answers for the broker: every statement is really signed and
// really in the log, and a row of a table changes exactly one thing on the way.

import type { Asked } from '../../main/guard/ask.ts';
import { makeRequest } from '../../main/guard/ask.ts';
import { type Gate, type GateAnswer, type GateEvent, openGate } from '../../main/guard/gate.ts';
import { openCheckpoints } from '../../main/guard/state/checkpoints.ts';
import type { Link } from '../../main/link/link.ts';
import type { Timers } from '../../main/link/ports.ts';
import { sha256Hex, systemRandom } from '../../main/trust/digest.ts';
import type { KeyPair } from '../../main/trust/ed25519.ts';
import { parseEnvelope, seal } from '../../main/trust/envelope.ts';
import { leafOf } from '../../main/trust/leaf.ts';
import { leafHash } from '../../main/trust/merkle.ts';
import { invariant } from '../../shared/result.ts';
import { utf8 } from '../../shared/bytes.ts';
import type { ForkEvidence } from '../../shared/statement/fork.ts';
import type { Decision } from '../../shared/statement/decision.ts';
import type { Request } from '../../shared/statement/request.ts';
import { encodeStatement, payloadTypeOf } from '../../shared/statement/statement.ts';
import { RENDERER, renderView, viewText } from '../../shared/statement/view/render.ts';
import {
  decisionOf,
  type GuardWorld,
  makeGuardWorld,
  type Person,
  sealDecision,
} from './guard-world.ts';
import type { Entry, TestLog } from './test-log.ts';
import type { Keyring } from '../../shared/statement/keyring.ts';
import type { Keys } from './guard-world.ts';

export const NOW = Date.UTC(2026, 10, 22, 9);
export const TTL_MS = 60_000;

/** Two clocks that a test moves apart, and timers that never fire: the checks themselves must see that it is late. */
export type LooseClock = { wall: number; mono: number };

export type Row = {
  readonly keyring?: (keyring: Keyring, keys: Keys) => Keyring;
  readonly request?: (request: Request, keys: Keys) => Request;
  /** Before the guard's answer comes: the log grows, a checkpoint is kept, time passes. */
  readonly before?: (stage: Stage) => void | Promise<void>;
  readonly decision?: (decision: Decision, stage: Stage) => Decision;
  readonly who?: (keys: Keys) => Person;
  readonly signer?: (keys: Keys) => KeyPair;
  readonly envelope?: (envelope: Uint8Array, stage: Stage, decision: Decision) => Uint8Array;
  readonly entry?: (entry: Entry, stage: Stage) => Entry;
  /** False: the broker never answers the request. */
  readonly acknowledges?: boolean;
  /** The broker's answer to `prove`; undefined: it gives none. */
  readonly prove?: (first: number, second: number, stage: Stage) => readonly string[] | undefined;
};

export type Stage = {
  readonly world: GuardWorld;
  readonly asked: Asked;
  readonly gate: Gate;
  readonly clock: LooseClock;
  readonly log: TestLog;
  readonly requestIndex: number;
  readonly told: GateEvent[];
  /** Types of what the guard has sent, in order. */
  readonly sent: string[];
  /** Evidence that the guard would keep. */
  readonly forks: ForkEvidence[];
};

const never: Timers = { after: () => () => {} };

/** The guard's own statement of a request that policy alone would not have made so. */
export function askedOf(request: Request, world: GuardWorld): Asked {
  const plain = makeRequest(
    {
      action: request.action,
      attachments: new Map(),
      agent: request.agent,
      mode: 'run',
      reason: request.reason,
      narrative: '',
      trigger: '',
      ttlMs: request.ttlMs,
    },
    world.identity,
    { now: Date.parse(request.createdAt), random: systemRandom },
  );
  invariant(plain.ok, 'a request can be made');
  const payload = encodeStatement('request', request);
  const envelope = seal(payloadTypeOf('request'), payload, world.keys.guard);
  const parsed = parseEnvelope(envelope, 64 * 1024);
  const view = renderView(payload, new Map());
  invariant(parsed.ok && view.ok, 'a request can be shown');
  return {
    ...plain.value,
    request,
    digest: sha256Hex(payload),
    envelope,
    leafHash: leafHash(leafOf(parsed.value)),
    view: { renderer: RENDERER, sha256: sha256Hex(utf8(viewText(view.value))) },
  };
}

export function plainRequest(world: GuardWorld, now = NOW): Request {
  const asked = makeRequest(
    {
      action: {
        kind: 'tool',
        runtime: 'shell',
        tool: 'export',
        inputRaw: 'customers',
        cwd: '/srv',
      },
      attachments: new Map(),
      agent: { id: 'claude', session: 's1', onBehalfOf: 'carol', authn: 'declared' },
      mode: 'run',
      reason: 'nightly export',
      narrative: '',
      trigger: '',
      ttlMs: TTL_MS,
    },
    world.identity,
    { now, random: systemRandom },
  );
  invariant(asked.ok, 'a request can be made');
  return asked.value.request;
}

export async function openStage(row: Row = {}, timers = never): Promise<Stage> {
  const world = makeGuardWorld({ now: NOW, ...(row.keyring ? { keyring: row.keyring } : {}) });
  const plain = plainRequest(world);
  const asked = askedOf(row.request?.(plain, world.keys) ?? plain, world);
  const clock: LooseClock = { wall: NOW, mono: 1_000 };
  const told: GateEvent[] = [];
  const sent: string[] = [];
  const { log } = world;
  const requestIndex = log.append(asked.envelope);
  // The three types that a gate sends, each answered in its own form.
  const send = (async (type: string, body: { first: number; second: number }) => {
    sent.push(type);
    if (row.acknowledges === false) return new Promise(() => {});
    if (type !== 'prove') return { ok: true, value: { index: requestIndex } };
    const proof = row.prove
      ? row.prove(body.first, body.second, stage)
      : provable(log, body.first, body.second);
    return proof ? { ok: true, value: { ...body, proof } } : { ok: false, code: 'closed' };
    // The fake answers by type, which its one signature can't say.
  }) as unknown as Link['send'];
  const forks: ForkEvidence[] = [];
  const fork = (evidence: ForkEvidence): void => void forks.push(evidence);
  const gate = openGate(asked, {
    identity: world.identity,
    link: { send },
    clock: { now: () => clock.wall, monotonic: () => clock.mono },
    timers,
    admit: openCheckpoints(world.home, world.keyring.log, { now: () => clock.wall, fork }),
    fork,
    tell: (event) => told.push(event),
    reachMs: 10_000,
  });
  const stage: Stage = { world, asked, gate, clock, log, requestIndex, told, sent, forks };
  await row.before?.(stage);
  return stage;
}

const provable = (log: TestLog, first: number, second: number): string[] | undefined =>
  first > 0 && second <= log.size ? log.consistency(first, second) : undefined;

/** The decision of `row`, signed, in the log, as the broker would send it. */
export function decide(stage: Stage, row: Row = {}): Entry {
  const { world, asked, clock, log, requestIndex } = stage;
  const who = row.who?.(world.keys) ?? world.keys.alice;
  const honest = decisionOf(asked, { who, world, now: clock.wall });
  const decision = row.decision?.(honest, stage) ?? honest;
  const signed = sealDecision(decision, row.signer?.(world.keys) ?? who.decision);
  const envelope = row.envelope?.(signed, stage, decision) ?? signed;
  const index = appendAny(log, envelope);
  log.pad(2, 'after');
  const entry = log.entry(asked.digest, envelope, index, requestIndex);
  return row.entry?.(entry, stage) ?? entry;
}

/** What is no envelope has no leaf of its own; something else stands at its place. */
function appendAny(log: TestLog, envelope: Uint8Array): number {
  const parsed = parseEnvelope(envelope, 256 * 1024);
  return parsed.ok ? log.append(envelope) : log.pad(1, 'unreadable').size - 1;
}

export const say = (stage: Stage, entry: Entry): void =>
  stage.gate.take({ t: 'entry', body: entry });

/** What the gate answers to the one decision of `row`. */
export async function reach(row: Row): Promise<GateAnswer> {
  const stage = await openStage(row);
  say(stage, decide(stage, row));
  const answer = await stage.gate.answer;
  stage.world.remove();
  return answer;
}

export const codeOf = (answer: GateAnswer): string =>
  answer.how === 'refused' ? answer.code : answer.how;
