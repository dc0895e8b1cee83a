// The whole app over a store in memory, a clock moved by hand and a small broker on a real loopback socket that keeps an
// honest log. The guard's statements are signed with the guard's own key of the first run.

import { join } from 'node:path';
import { type AppPorts, composeApp, type ReviewerApp } from '../../../main/app/compose.ts';
import type { Notifier, Vault } from '../../../main/app/ports.ts';
import { writeEndpoint } from '../../../main/state/endpoint.ts';
import type { Home } from '../../../main/state/home.ts';
import { sha256Hex, systemRandom } from '../../../main/trust/digest.ts';
import type { KeyPair } from '../../../main/trust/ed25519.ts';
import { openFirstKeyring } from '../../../main/trust/keyring.ts';
import { ENVELOPE_LIMITS } from '../../../main/trust/limits.ts';
import { readPin } from '../../../main/state/pin.ts';
import { readPrivate } from '../../../main/state/atomic-file.ts';
import { holdEverything } from '../../../main/policy/policy.ts';
import { fromB64, toHex, utf8 } from '../../../shared/bytes.ts';
import type { Tier } from '../../../shared/domain/tier.ts';
import { type Answers, type Caller, type Gesture } from '../../../shared/ipc/contract.ts';
import type { RequestSummary, Snapshot } from '../../../shared/ipc/snapshot.ts';
import type { AnyClientMessage } from '../../../shared/protocol/messages.ts';
import { invariant } from '../../../shared/result.ts';
import type { Decision } from '../../../shared/statement/decision.ts';
import type { Ending, Receipt } from '../../../shared/statement/followups.ts';
import type { Keyring } from '../../../shared/statement/keyring.ts';
import type { Request } from '../../../shared/statement/request.ts';
import { decodeStatement } from '../../../shared/statement/statement.ts';
import { renderView, viewText } from '../../../shared/statement/view/render.ts';
import { type FakeBroker, type FakePeer, startFakeBroker } from '../../kit/fake-broker.ts';
import { holding, under } from '../../kit/test-policies.ts';
import { EXEC, requestOf, unchanged } from '../statement/view-samples.ts';
import { type HandTime, handTime } from './hand-time.ts';
import { type MemoryStore, memoryStore } from './memory-store.ts';
import { COST, keyAt, pinTestPolicies, SECRET, soloHome } from './solo-home.ts';
import { TestLog } from './test-log.ts';

export const WINDOW: Caller = { surface: 'window', caller: 'window-1' };
export type DecideInput = Parameters<Answers['request']['decide']>[0];

export type World = {
  readonly app: ReviewerApp;
  readonly answers: Answers;
  readonly home: Home;
  readonly time: HandTime;
  readonly store: MemoryStore;
  readonly log: TestLog;
  readonly guard: KeyPair;
  readonly keyring: Keyring;
  readonly journal: string[];
  readonly sent: readonly AnyClientMessage[];
  readonly snapshot: () => Snapshot;
  readonly row: (digest: string) => RequestSummary | undefined;
  /** Resolves once it holds, asked again at each change of the app's state. */
  readonly until: (holds: (snapshot: Snapshot) => boolean) => Promise<void>;
  readonly peer: () => FakePeer;
  /** Sends leaves from here on and, unless told otherwise, the checkpoint over all of them. */
  readonly publish: (from: number, withCheckpoint?: boolean) => void;
  /** A request of the guard, in the log and on the desk; its digest. */
  readonly ask: (
    tier: Tier,
    changes?: Partial<Request>,
    withCheckpoint?: boolean,
  ) => Promise<string>;
  readonly end: (
    digest: string,
    how: Ending['how'],
    changes?: Partial<Ending>,
    by?: KeyPair,
  ) => void;
  readonly receipt: (digest: string, state: Receipt['state'], changes?: Partial<Receipt>) => void;
  readonly gesture: (digest: string, what: Gesture, caller?: Caller) => Promise<unknown>;
  /** Opens the card, renders and hashes it as a window does, and looks at it for long enough. */
  readonly look: (digest: string, caller?: Caller) => Promise<string>;
  readonly decide: (
    input: Partial<DecideInput> & { readonly digest: string },
    caller?: Caller,
  ) => ReturnType<Answers['request']['decide']>;
  readonly decisions: () => readonly Decision[];
  /** 'hold': decisions are taken into the log and answered only later. */
  readonly broker: { mode: 'take' | 'hold' | 'refuse' };
  readonly stop: () => Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
};

export type WorldOptions = {
  readonly unlock?: boolean;
  readonly store?: MemoryStore;
  readonly notifier?: Notifier;
  readonly vault?: Vault | undefined;
  /** One that a first run has made, instead of a new one under `SECRET`. */
  readonly home?: Awaited<ReturnType<typeof soloHome>>;
  readonly time?: HandTime;
  /** What an earlier run left in the home. */
  readonly before?: (home: Home) => void;
};

export async function openWorld({
  unlock = true,
  store = memoryStore(),
  notifier,
  vault,
  before,
  time = handTime(),
  home: made,
}: WorldOptions = {}): Promise<World> {
  const home = made ?? (await soloHome(time.clock));
  if (made === undefined) await pinTestPolicies(home, time.clock);
  before?.(home);
  return startWorld(home, time, store, unlock, { notifier, vault });
}

export function keyringIn(home: Home): Keyring {
  const pin = readPin(home);
  const bytes = readPrivate(join(home.app, 'keyring.json'), ENVELOPE_LIMITS.keyring);
  invariant(pin.ok && bytes.ok, 'a first run wrote both');
  const held = openFirstKeyring(bytes.value, pin.value);
  invariant(held.ok, 'the keyring is signed by the pinned roots');
  return held.value.keyring;
}

async function startWorld(
  home: Awaited<ReturnType<typeof soloHome>>,
  time: HandTime,
  store: MemoryStore,
  unlock: boolean,
  { notifier, vault }: Pick<WorldOptions, 'vault'> & { readonly notifier?: Notifier | undefined },
): Promise<World> {
  const keyring = keyringIn(home);
  const guard = keyAt(home, 'guard', 'guard');
  const brokerKey = keyAt(home, 'broker', 'session');
  const log = new TestLog(keyring.log.origin, keyAt(home, 'broker', 'log'));
  const broker: World['broker'] = { mode: 'take' };
  const journal: string[] = [];
  let fake: FakeBroker | undefined;

  const peer = (): FakePeer => {
    const last = fake?.peers.at(-1);
    invariant(last, 'the app is connected');
    return last;
  };
  const publish = (from: number, withCheckpoint = true): void => {
    if (from < log.leaves.length) peer().say({ t: 'leaves', body: log.frames(from) });
    if (withCheckpoint) peer().say({ t: 'checkpoint', body: { note: log.note() } });
  };
  const onMessage = (from: FakePeer, message: AnyClientMessage): void => {
    if (message.t === 'follow') return publish(message.body.cursor);
    if (message.t === 'got') return;
    if (message.t === 'decision' && broker.mode !== 'take') {
      if (broker.mode === 'refuse')
        from.say({ t: 'refused', ref: message.id, body: { code: 'notOpen' } });
      return;
    }
    if (message.t === 'decision' || message.t === 'keyring') {
      const index = log.append(utf8(message.body.envelope));
      from.say({ t: 'ack', ref: message.id, body: { index } });
      if (message.t === 'keyring')
        from.say({ t: 'keyring', body: { envelope: message.body.envelope } });
      return publish(index);
    }
    if (message.t === 'policy')
      return from.say({ t: 'refused', ref: message.id, body: { code: 'policyMissing' } });
    from.say({ t: 'ack', ref: message.id, body: {} });
  };
  const ports: AppPorts = {
    clock: time.clock,
    timers: time.timers,
    random: systemRandom,
    store,
    broker: {
      start: async () => {
        fake = await startFakeBroker({
          origin: keyring.log.origin,
          keyId: brokerKey.keyId,
          signer: brokerKey,
          client: keyAt(home, 'app', 'session'),
          hello: (body) => ({ ...body, checkpoint: log.note() }),
          onMessage,
        });
        writeEndpoint(home, fake.endpoint);
      },
      stop: async () => fake?.stop(),
    },
    surface: { kind: 'browser', raise: () => {} },
    journal: { note: (line) => void journal.push(line) },
    home,
    version: '0.0.0',
    hostName: 'maya-laptop',
    account: 'maya',
    testOnly: COST,
    vault,
    ...(notifier === undefined ? {} : { notifier }),
  };
  const app = composeApp(ports);
  const { answers } = app;
  let snapshot: Snapshot | undefined;
  const checks = new Set<() => void>();
  const fresh = async (): Promise<void> => {
    snapshot = await answers.app.snapshot({}, WINDOW);
    for (const check of checks) check();
  };
  app.listen(() => void fresh());
  const now = (): Snapshot => {
    invariant(snapshot, 'the world has started');
    return snapshot;
  };
  const until: World['until'] = async (holds) => {
    await fresh();
    return new Promise((resolve) => {
      const check = (): void => {
        if (!holds(now())) return;
        checks.delete(check);
        resolve();
      };
      checks.add(check);
      check();
    });
  };
  await app.start();
  await fresh();
  await until((one) => one.link.state === 'online');
  if (unlock) {
    const opened = await answers.key.unlock({ passphrase: SECRET }, WINDOW);
    invariant(opened.ok, 'the passphrase fits');
  }
  await fresh();

  const row: World['row'] = (digest) => now().requests.find((one) => one.digest === digest);
  const gesture: World['gesture'] = (digest, what, caller = WINDOW) =>
    answers.request.gesture({ digest, what }, caller);
  const stop = async (): Promise<void> => {
    await app.stop();
  };
  return {
    app,
    answers,
    home,
    time,
    store,
    log,
    guard,
    keyring,
    journal,
    broker,
    get sent() {
      return fake?.messages ?? [];
    },
    snapshot: now,
    row,
    until,
    peer,
    publish,
    ask: async (tier, changes = {}, withCheckpoint = true) => {
      const iso = new Date(time.clock.now()).toISOString();
      const digest = log.say('request', askedBy(guard, keyring, tier, iso, changes), guard);
      publish(log.leaves.length - 1, withCheckpoint);
      await until(() => row(digest) !== undefined);
      if (withCheckpoint) await until(({ log: own }) => own.checkpoint?.size === log.leaves.length);
      return digest;
    },
    end: (digest, how, changes = {}, by = guard) => {
      log.say('ending', endingOf(by, keyring, digest, how, time, changes), by);
      publish(log.leaves.length - 1);
    },
    receipt: (digest, state, changes = {}) => {
      log.say('receipt', receiptOf(guard, keyring, digest, state, time, changes), guard);
      publish(log.leaves.length - 1);
    },
    gesture,
    look: async (digest, caller = WINDOW) => {
      const opened = await answers.request.open({ digest }, caller);
      invariant(opened.ok, 'the card opens');
      const view = renderView(fromB64(opened.value.payload) ?? new Uint8Array(), new Map());
      invariant(view.ok, 'the card renders');
      await gesture(digest, 'appeared', caller);
      await gesture(digest, 'seenAll', caller);
      time.advance(600);
      return sha256Hex(utf8(viewText(view.value)));
    },
    decide: (input, caller = WINDOW) =>
      answers.request.decide({ verdict: 'approve', viewSha256: '0'.repeat(64), ...input }, caller),
    decisions: () =>
      log.leaves.flatMap(({ payload }) => {
        const read = decodeStatement('decision', payload);
        return read.ok ? [read.value] : [];
      }),
    stop,
    [Symbol.asyncDispose]: async () => {
      await stop();
      home[Symbol.dispose]();
    },
  };
}

const { script: _, ...WITHOUT_SCRIPT } = EXEC;
const LIST: typeof EXEC = {
  ...WITHOUT_SCRIPT,
  argv: ['ls', '-la'],
  executable: { ...EXEC.executable, path: '/usr/bin/ls' },
  interpreterArgs: [],
  env: [],
};

export function askedBy(
  guard: KeyPair,
  keyring: Keyring,
  tier: Tier,
  iso: string,
  changes: Partial<Request> = {},
): Request {
  // What is not wholly understood is never low.
  const base = unchanged(requestOf(tier === 'low' ? LIST : EXEC));
  const asked: Request = {
    ...base,
    requestId: toHex(systemRandom(16)),
    nonce: toHex(systemRandom(32)),
    org: keyring.org,
    log: keyring.log.origin,
    guard: {
      id: keyring.guards[0]?.id ?? '',
      keyId: guard.keyId,
      host: keyring.guards[0]?.host ?? '',
      mode: 'run',
    },
    checks: [],
    evaluatedAt: iso,
    createdAt: iso,
    ttlMs: 300_000,
    ...changes,
  };
  // What the keyring of a first run pins serves where it says the same.
  const policy = tier === 'medium' ? holdEverything() : holding(tier);
  return { ...under({ ...asked, ...changes }, policy), ...changes };
}

const isoOf = (time: HandTime): string => new Date(time.clock.now()).toISOString();

const endingOf = (
  by: KeyPair,
  keyring: Keyring,
  request: string,
  how: Ending['how'],
  time: HandTime,
  changes: Partial<Ending>,
): Ending => ({
  request,
  how,
  decisions: [],
  who: { role: 'guard', id: keyring.guards[0]?.id ?? '', keyId: by.keyId },
  guidance: '',
  at: isoOf(time),
  ...changes,
});

const receiptOf = (
  by: KeyPair,
  keyring: Keyring,
  request: string,
  state: Receipt['state'],
  time: HandTime,
  changes: Partial<Receipt>,
): Receipt => ({
  request,
  decisions: [],
  state,
  guard: { id: keyring.guards[0]?.id ?? '', keyId: by.keyId },
  checkpoint: '',
  at: isoOf(time),
  ...changes,
});
