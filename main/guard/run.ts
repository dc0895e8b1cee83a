// `run`: one real command, held, decided, run once and accounted for. The process that was started is the one that
// executes. Order is the whole point: ask, verify, measure again, mark as used on disk, start, tell the log.

import type { RefusalCode } from '../../shared/domain/refusals.ts';
import type { WireCode } from '../../shared/protocol/codes.ts';
import type { Result } from '../../shared/result.ts';
import type { Changes } from '../../shared/statement/changes.ts';
import type { DiffLine } from '../../shared/statement/diff/lines.ts';
import type { LinkState } from '../link/link.ts';
import type { Clock, Timers } from '../link/ports.ts';
import { fetchPolicy } from '../link/fetch-policy.ts';
import { missingOf } from '../policy/cedar/shelf.ts';
import type { Home } from '../state/home.ts';
import type { RandomBytes } from '../trust/digest.ts';
import { type Account, openAccount } from './account.ts';
import { type AskCode, type Asked, type Asking, makeRequest, type Ruled, ruleOn } from './ask.ts';
import { askWithChanges, type ChangesPorts, type Proposal } from './changes.ts';
import { openErrand } from './errand.ts';
import { runGranted } from './granted.ts';
import type { Outcome } from './exec/outcome.ts';
import { remeasure } from './exec/remeasure.ts';
import { start, type StartOptions } from './exec/start.ts';
import type { World } from './exec/world.ts';
import { type GateAnswer, type GateEvent, noteB64, openGate } from './gate.ts';
import { isForked } from './state/fork-file.ts';
import { consume } from './state/consumed.ts';
import { openGuardLink } from './guard-link.ts';
import { holdInterrupts, type Interrupt } from './interrupts.ts';
import type { Identity } from './state/identity.ts';
import { markEnded, markRunning, sayUnknown } from './state/running.ts';
import { openAutos } from './state/autos.ts';
import { openQueue, type Queue } from './state/queue.ts';
import { runUnasked, sealAutos } from './unasked.ts';
import { whyNoLonger, whyPolicy } from './verify/still.ts';

export type RunEnd =
  | { readonly how: 'ran'; readonly outcome: Outcome; readonly who: string }
  | {
      readonly how: 'denied';
      readonly who: string;
      readonly why: unknown;
      /** What was proposed instead, as signed; `proposal` once it was not asked. */
      readonly proposes?: Changes | undefined;
      readonly proposal?: Proposal;
    }
  | { readonly how: 'forbidden'; readonly rules: readonly string[]; readonly reason: string }
  | { readonly how: 'ended'; readonly ending: string; readonly who: string }
  | { readonly how: 'expired'; readonly seen: boolean }
  | { readonly how: 'refused'; readonly code: RefusalCode; readonly detail: string | undefined }
  | {
      readonly how: 'notStarted';
      readonly code: 'notFound' | 'notExecutable';
      readonly detail: string | undefined;
    }
  | { readonly how: 'unreachable'; readonly code: WireCode | 'closed' | 'noBroker' | 'stranger' }
  /** Nobody was asked; `guidance` is for the agent. */
  | {
      readonly how: 'tooOften';
      readonly retryAfterMs: number;
      readonly notBefore: string;
      readonly guidance: string;
    }
  | { readonly how: 'unaskable'; readonly code: AskCode; readonly detail: string | undefined }
  | { readonly how: 'interrupted'; readonly signal: NodeJS.Signals };

export type RunEvent =
  | GateEvent
  | { readonly what: 'asked'; readonly requestId: string; readonly digest: string }
  | { readonly what: 'link'; readonly state: LinkState }
  /** Nobody was asked; before the command can say anything itself. */
  | { readonly what: 'allowed'; readonly rules: readonly string[] }
  /** Nobody was asked now: people have allowed it before, so many times until then. */
  | {
      readonly what: 'granted';
      readonly who: string;
      readonly use: number;
      readonly uses: number;
      readonly until: string;
    }
  /** Denied, and another command proposed, which is asked now; `digest` is of what was denied. */
  | {
      readonly what: 'changed';
      readonly who: string;
      readonly digest: string;
      readonly lines: readonly DiffLine[];
    }
  /** Before the command can say anything itself; `changed`: it is not the command that was first asked for. */
  | { readonly what: 'approved'; readonly who: string; readonly changed?: true }
  | { readonly what: 'started'; readonly pid: number }
  | { readonly what: 'owed' };

export type RunPorts = {
  readonly home: Home;
  readonly identity: Identity;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: RandomBytes;
  readonly version: string;
  readonly tell: (event: RunEvent) => void;
  readonly start: StartOptions;
  /** Signals that end the wait. */
  readonly self: Pick<NodeJS.Process, 'on' | 'off'>;
  readonly reachMs: number;
  /** What becomes of changes that a person proposes; asked by default. */
  readonly changes?: ChangesPorts['changes'];
};

/** How long a command's end waits for the broker to take the receipt; after that the next run brings it. */
const FLUSH_MS = 2_000;

type RunAsking = Omit<Asking, 'action' | 'attachments' | 'parent'>;

/** The command, or what people make of it. The caller releases `world`. */
export const runHeld = (
  world: World,
  asking: RunAsking,
  ports: RunPorts,
): Promise<RunEnd & { readonly request?: Asked }> =>
  askWithChanges(world, ports, (one, parent) => askOnce(one, { ...asking, parent }, ports));

async function askOnce(
  world: World,
  asking: Omit<Asking, 'action' | 'attachments'>,
  ports: RunPorts,
): Promise<RunEnd & { readonly request?: Asked }> {
  const { identity, clock } = ports;
  if (isForked(ports.home, identity.trust().keyring.keyring.log.vkey))
    return { how: 'refused', code: 'otherHistory', detail: undefined };
  const whole = { ...asking, action: world.action, attachments: world.attachments };
  const ruled = await ruleHere(whole, ports);
  if (!ruled.ok) return { how: 'unaskable', code: ruled.code, detail: ruled.detail };
  // What policy alone decides asks nobody.
  if (ruled.value.verdict.outcome !== 'hold') return runUnasked(world, whole, ruled.value, ports);
  const now = clock.now();
  const asked = makeRequest(whole, identity, { now, random: ports.random, ruled: ruled.value });
  if (!asked.ok) return { how: 'unaskable', code: asked.code, detail: asked.detail };
  // What a person proposed instead is for people to look at, whatever was granted before.
  const granted =
    asking.parent === undefined
      ? await runGranted(world, whole, ruled.value, asked.value, ports)
      : undefined;
  if (granted) return granted;
  const queue = openQueue(ports.home, clock.now);
  const end = await holdAndAct(world, asked.value, queue, ports);
  return { ...end, request: asked.value };
}

/** Where the policy in force is not on this machine, the broker is asked for it once; without it nobody is asked. */
async function ruleHere(asking: Asking, ports: RunPorts): Promise<Result<Ruled, AskCode>> {
  const { identity, clock } = ports;
  const { files } = identity.policies;
  const missing = () => missingOf(identity.trust().keyring.keyring.policies, files.read);
  if (missing().length > 0) {
    const errand = openErrand(ports);
    await errand.within(ports.reachMs, async (signal) => {
      for (const sha256 of missing()) await fetchPolicy(errand.link, sha256, files.keep, signal);
    });
    errand.stop();
  }
  return ruleOn(asking, identity, clock.now());
}

async function holdAndAct(
  world: World,
  asked: Asked,
  queue: Queue,
  ports: RunPorts,
): Promise<RunEnd> {
  const { identity, clock, timers, tell } = ports;
  let newest = '';
  const account = openAccount(asked, { identity, queue, clock, checkpoint: () => newest });
  const reach = { stranger: false };
  const { link, admit, inLog, forked } = openGuardLink(ports, {
    message: (message) => gate.take(message),
    state: (state) => {
      reach.stranger = state.kind === 'stranger';
      if (state.kind === 'online') gate.askAgain();
      tell({ what: 'link', state });
    },
  });
  const gate = openGate(asked, {
    identity,
    link,
    clock,
    timers,
    admit,
    fork: forked,
    tell,
    reachMs: ports.reachMs,
  });
  tell({ what: 'asked', requestId: asked.request.requestId, digest: asked.digest });
  const late = lateness(asked, clock);
  const interrupt = holdInterrupts(ports.self, gate.withdraw);
  const autos = openAutos(ports.home, clock.now);
  const flush = async (signal?: AbortSignal, whose: 'all' | 'mine' = 'mine'): Promise<void> => {
    await queue.flush(link, inLog, signal, whose);
    await autos.flush(link, inLog, (entries) => sealAutos(entries, identity), signal);
  };
  const send = (): void => void flush();
  sayUnknown(ports.home, account.unknown);
  // What an earlier run was cut off from saying.
  void flush(undefined, 'all');
  try {
    const answer = await gate.answer;
    if (answer.how !== 'approved')
      return endWithout(answer, account, interrupt.signal(), reach.stranger);
    newest = noteB64(answer.checkpoint);
    return await act(world, asked, answer, { account, ports, interrupt, late, send });
  } finally {
    interrupt.release();
    await flushQueue(flush, ports);
    link.stop();
  }
}

function lateness({ request }: Asked, clock: Clock): () => boolean {
  const deadlineMono = clock.monotonic() + request.ttlMs;
  const deadline = Date.parse(request.createdAt) + request.ttlMs;
  return () => clock.now() >= deadline || clock.monotonic() >= deadlineMono;
}

/** Everything but an approval: accounted for, nothing ran. */
function endWithout(
  answer: Exclude<GateAnswer, { how: 'approved' }>,
  account: Account,
  signal: NodeJS.Signals | undefined,
  stranger: boolean,
): RunEnd {
  switch (answer.how) {
    case 'denied': {
      const { decision, signer, sha256 } = answer.denial;
      const { changes } = decision;
      account.end(
        'denied',
        [sha256],
        changes === undefined
          ? 'A person denied it: do not try it again unchanged; ask them.'
          : 'A person denied it and proposed a change: only that may be asked instead.',
      );
      return {
        how: 'denied',
        who: signer.name,
        why: decision.reason,
        ...(changes === undefined ? {} : { proposes: changes }),
      };
    }
    case 'ended':
      if (answer.refused.by === 'chat') {
        account.end('denied', [], 'It was denied in a chat: do not try it again unchanged.');
        return { how: 'denied', who: answer.refused.who, why: undefined };
      }
      // The broker has it already.
      return { how: 'ended', ending: answer.refused.ending.how, who: answer.refused.ending.who.id };
    case 'expired':
      account.end(
        answer.seen ? 'expiredSeen' : 'expiredUnseen',
        [],
        'Nobody decided in time: this is not a denial. Try again when somebody is there.',
      );
      return { how: 'expired', seen: answer.seen };
    case 'refused':
      account.receipt('refused', [], { code: answer.code });
      account.end('withdrawn', [], `The guard refused a decision: ${answer.code}.`);
      return { how: 'refused', code: answer.code, detail: answer.detail };
    case 'tooOften':
      // Not in the log, so there is nothing to end.
      return {
        ...answer,
        guidance: `Nobody was asked: this agent has used up its questions. Do not ask again before ${answer.notBefore}.`,
      };
    case 'unreachable':
      // The broker may have it and only its answer was lost: then this says that nobody waits any more.
      account.end('withdrawn', [], 'The broker was not reached in time.');
      return {
        how: 'unreachable',
        code: stranger && answer.code === 'noBroker' ? 'stranger' : answer.code,
      };
    case 'withdrawn':
      account.end('withdrawn', [], 'The caller gave up before anybody decided.');
      return { how: 'interrupted', signal: signal ?? 'SIGTERM' };
  }
}

type Acting = {
  readonly account: Account;
  readonly ports: RunPorts;
  readonly interrupt: Interrupt;
  /** True once the request's time is over, on either clock. */
  readonly late: () => boolean;
  /** Sends what is owed so far, without waiting for it. */
  readonly send: () => void;
};
type Approval = Extract<GateAnswer, { how: 'approved' }>;

/** Steps 16 to 19 of security note 2.5. */
async function act(world: World, asked: Asked, answer: Approval, by: Acting): Promise<RunEnd> {
  const { account, ports } = by;
  const decisions = answer.decisions.map((one) => one.sha256);
  const who = answer.decisions.map((one) => one.signer.name).join(' and ');
  const refuse = (code: RefusalCode, detail?: string): RunEnd => {
    account.receipt('refused', decisions, { code });
    account.end('withdrawn', decisions, `Approved, but the guard did not run it: ${code}.`);
    return { how: 'refused', code, detail };
  };
  const changed =
    (await remeasureAction(world, asked)) ?? whyPolicy(world.action, asked, ports.clock.now());
  if (changed) return refuse(changed);
  const signal = by.interrupt.signal();
  if (signal) {
    account.end('withdrawn', decisions, 'The caller gave up before it was run.');
    return { how: 'interrupted', signal };
  }
  // Measuring took time: a keyring may have come, and the machine may have slept through it.
  const gone = whyNoLonger(answer.decisions, asked, ports.identity);
  if (gone) return refuse(gone);
  if (by.late()) return refuse('requestExpired');
  const used = consume(ports.home, asked.request.nonce, asked.digest);
  if (used) return refuse(used.code, used.detail);
  const { nonce } = asked.request;
  const changedAction = asked.request.parent !== undefined;
  const owed =
    markRunning(ports.home, nonce, { request: asked.digest, decisions }) &&
    account.receipt('consumed', decisions) &&
    account.end(
      changedAction ? 'approvedWithChanges' : 'approved',
      decisions,
      'Approved: it is being run once, exactly as shown.',
    );
  // What cannot be accounted for is not done; the approval stays used.
  if (!owed)
    return { how: 'refused', code: 'consumeFailed', detail: 'the receipt could not be written' };
  ports.tell({ what: 'approved', who, ...(changedAction ? { changed: true } : {}) });
  const interrupted = () => by.interrupt.signal() !== undefined;
  const started = await start(world, { ...ports.start, interrupted });
  if (!started.ok) {
    account.receipt('refused', decisions, { code: started.code });
    markEnded(ports.home, nonce);
    if (started.code === 'interrupted')
      return { how: 'interrupted', signal: by.interrupt.signal() ?? 'SIGTERM' };
    return started.code === 'notFound' || started.code === 'notExecutable'
      ? { how: 'notStarted', code: started.code, detail: started.detail }
      : { how: 'refused', code: started.code, detail: started.detail };
  }
  // From here the command's own signals count, not ours.
  by.interrupt.release();
  account.receipt('started', decisions);
  by.send();
  ports.tell({ what: 'started', pid: started.value.pid });
  const outcome = await started.value.ended;
  if (account.receipt('finished', decisions, { exit: outcome })) markEnded(ports.home, nonce);
  return { how: 'ran', outcome, who };
}

async function remeasureAction(world: World, asked: Asked): Promise<RefusalCode | undefined> {
  const { action } = asked.request;
  return action.kind === 'exec' ? remeasure(world, action) : 'programChanged';
}

async function flushQueue(
  flush: (signal: AbortSignal) => Promise<void>,
  { timers, tell }: RunPorts,
): Promise<void> {
  const giveUp = new AbortController();
  const cancel = timers.after(FLUSH_MS, () => giveUp.abort());
  await flush(giveUp.signal);
  cancel();
  if (giveUp.signal.aborted) tell({ what: 'owed' });
}
