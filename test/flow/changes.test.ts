// Approve with changes over real sockets: a guard, a broker and the apps of two people. One denies and proposes another
// command; what then runs, once, is that one, and only after it was approved like any other.

import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { fromB64 } from '../../shared/bytes.ts';
import { systemClock, systemTimers } from '../../main/broker/ports.ts';
import { type RunningBroker, startBroker } from '../../main/broker/start-broker.ts';
import type { RunEvent } from '../../main/guard/run.ts';
import type { Endpoint } from '../../main/link/handshake.ts';
import type { Policy } from '../../main/policy/policy.ts';
import { writeEndpoint } from '../../main/state/endpoint.ts';
import { openPolicyFiles } from '../../main/state/policy-files.ts';
import { sha256Hex, systemRandom } from '../../main/trust/digest.ts';
import type { RequestSummary } from '../../shared/ipc/snapshot.ts';
import { invariant } from '../../shared/result.ts';
import type { Changes } from '../../shared/statement/changes.ts';
import { lineText } from '../../shared/statement/diff/lines.ts';
import type { Request } from '../../shared/statement/request.ts';
import { type Command, type GuardWorld, LOG_ORIGIN, makeGuardWorld } from '../kit/guard-world.ts';
import { type HeldOptions, type HeldRun, heldRun } from '../kit/held-run.ts';
import { openTeamApp, type TeamApp } from '../kit/team-app.ts';
import { cedar, holding } from '../kit/test-policies.ts';

const CALLER = { surface: 'window', caller: 'test' } as const;
const NOT_YES = cedar(`@id("hold")
forbid (principal is Agent, action, resource) unless { context.approved };
@id("never")
@reason("It never ends.")
forbid (principal is Agent, action, resource) when { context.commands.contains("yes") };
`);

let world: GuardWorld;
let folder: string;
let broker: RunningBroker;
let endpoint: Endpoint;
const stops: (() => unknown)[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'countersign-changes-'));
});
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
  world.remove();
  rmSync(folder, { recursive: true, force: true });
});

async function openHouse(policy?: Policy): Promise<void> {
  world = makeGuardWorld(
    policy === undefined
      ? {}
      : {
          keyring: (keyring) => ({
            ...keyring,
            policies: [{ sha256: policy.sha256, name: policy.name }],
          }),
        },
  );
  if (policy !== undefined) openPolicyFiles(world.home).keep(policy.bytes);
  await startAgain();
}

async function startAgain(): Promise<void> {
  const root = join(folder, 'broker');
  mkdirSync(join(root, 'broker'), { recursive: true, mode: 0o700 });
  const { keys, keyring } = world;
  const { org, roots, threshold, log } = keyring;
  const started = await startBroker({
    home: { root: world.home.root, broker: join(root, 'broker') },
    keys: { session: keys.broker, log: keys.log },
    pin: { org, roots, threshold, log },
    keyring: world.envelope,
    listen: { host: '127.0.0.1', port: 0 },
    clock: systemClock,
    timers: systemTimers,
    random: systemRandom,
    alarm: () => {},
  });
  invariant(started.ok, 'the broker starts');
  broker = started.value;
  stops.push(() => started.value.stop());
  endpoint = { url: broker.url, origin: LOG_ORIGIN, brokerKeyId: keys.broker.keyId };
  writeEndpoint(world.home, endpoint);
}

async function appOf(who: 'alice' | 'bob'): Promise<TeamApp> {
  const app = await openTeamApp(world.keys[who], world.keyring, world.envelope, endpoint);
  stops.push(app.stop);
  return app;
}

type Ran = HeldRun & { readonly wrote: string };
/** `wrote`: what the command, or what became of it, has written, in order. */
async function run(options: HeldOptions = {}): Promise<Ran> {
  let marker = '';
  const before = (command: Command): void => void (marker = command.marker);
  const held = await heldRun(world, { told: [] }, { ...options, before });
  return { ...held, wrote: existsSync(marker) ? readFileSync(marker, 'utf8') : '' };
}

/** The command writes `x`; this writes something else to the same place. */
const writing =
  (text: string) =>
  ({ action }: Request): Changes => {
    invariant(action.kind === 'exec', 'a run asks for a command');
    return {
      kind: 'exec',
      argv: action.argv.map((word, i) => (i === 2 ? `printf ${text} >> "$0"` : word)),
    };
  };
const told = (ran: HeldRun): readonly string[] => ran.events.map(({ what }) => what);
const changedIn = ({ events }: HeldRun) =>
  events.flatMap((event) => (event.what === 'changed' ? event.lines.map(lineText) : []));
/** How each request of this log ended, oldest first. */
async function endings(app: TeamApp, count: number): Promise<readonly (string | undefined)[]> {
  const ended = (one: RequestSummary): boolean => one.stage === 'ended';
  const { requests } = await app.until((now) => now.requests.filter(ended).length === count);
  return [...requests].sort((a, b) => a.index - b.index).map(({ how }) => how);
}

describe('somebody proposes another command', { timeout: 60_000 }, () => {
  test('and approves it themselves: that one runs, once, and never the first', async () => {
    await openHouse();
    const alice = await appOf('alice');
    const running = run();
    expect(await alice.propose(writing('y'))).toBe('decided');
    expect(await alice.approve()).toBe('decided');
    const ended = await running;
    expect(ended.end).toMatchObject({ how: 'ran', who: 'alice', outcome: { code: 0 } });
    expect(ended.wrote).toBe('y');
    expect(await endings(alice, 2)).toEqual(['denied', 'approvedWithChanges']);
    // The agent heard what was changed before anything ran.
    expect(changedIn(ended)).toEqual([
      '- Argument 2: “printf x >> "$0"”',
      '+ Argument 2: “printf y >> "$0"”',
    ]);
    const order = told(ended).filter((what) => ['changed', 'approved', 'started'].includes(what));
    expect(order).toEqual(['changed', 'approved', 'started']);
    expect(ended.events).toContainEqual({ what: 'approved', who: 'alice', changed: true });
  });

  test('and another approves it: the parent is linked, verified and shown', async () => {
    await openHouse();
    const [alice, bob] = [await appOf('alice'), await appOf('bob')];
    const running = run();
    expect(await alice.propose(writing('y'))).toBe('decided');
    const { requests } = await bob.until(({ requests }) =>
      requests.some((one) => one.parent !== undefined && one.approveOff === undefined),
    );
    const child = requests.find((one) => one.parent !== undefined);
    invariant(child?.parent, 'it has a parent');
    const opened = await bob.answers().request.open({ digest: child.digest }, CALLER);
    expect(opened).toMatchObject({
      ok: true,
      value: { parent: { digest: child.parent, state: 'fits' } },
    });
    invariant(opened.ok && opened.value.parent?.payload, 'the parent is handed out');
    expect(sha256Hex(fromB64(opened.value.parent.payload) ?? new Uint8Array())).toBe(child.parent);
    expect(await bob.approve()).toBe('decided');
    expect(await running).toMatchObject({ end: { how: 'ran', who: 'bob' }, wrote: 'y' });
  });

  test('and it is denied: nothing has run', async () => {
    await openHouse();
    const [alice, bob] = [await appOf('alice'), await appOf('bob')];
    const running = run();
    expect(await alice.propose(writing('y'))).toBe('decided');
    await bob.until(({ requests }) => requests.some((one) => one.parent !== undefined));
    expect(await bob.deny()).toBe('decided');
    const ended = await running;
    expect(ended.end).toMatchObject({ how: 'denied', who: 'bob' });
    expect(ended.wrote).toBe('');
    expect(await endings(alice, 2)).toEqual(['denied', 'denied']);
  });

  test('and somebody changes that once more: three times, and then the agent has to ask anew', async () => {
    await openHouse();
    const alice = await appOf('alice');
    const running = run();
    for (const text of ['1', '2', '3', '4'])
      expect(await alice.propose(writing(text))).toBe('decided');
    const ended = await running;
    expect(ended.end).toMatchObject({ how: 'denied', proposal: { unchanged: 'tooMany' } });
    expect(ended.wrote).toBe('');
    expect(await endings(alice, 4)).toEqual(['denied', 'denied', 'denied', 'denied']);
  });

  test('and nobody approves it in time: nothing has run', async () => {
    await openHouse();
    const alice = await appOf('alice');
    const running = run({ ttlMs: 3_000 });
    expect(await alice.propose(writing('y'))).toBe('decided');
    const ended = await running;
    expect(ended.end.how).toBe('expired');
    expect(ended.wrote).toBe('');
  });
});

describe('a changed command', { timeout: 60_000 }, () => {
  test('takes its quorum anew: who approved what was denied has approved nothing', async () => {
    await openHouse(holding('medium', '2 of anyone'));
    const [alice, bob] = [await appOf('alice'), await appOf('bob')];
    const running = run();
    expect(await bob.approve()).toBe('decided');
    await alice.until(({ requests }) => requests.some((one) => one.decisions.length === 1));
    expect(await alice.propose(writing('y'))).toBe('decided');
    expect(await alice.approve()).toBe('decided');
    const child = (now: RequestSummary): boolean => now.parent !== undefined;
    const { requests } = await bob.until((now) =>
      now.requests.some((one) => child(one) && one.decisions.length === 1),
    );
    expect(requests.find(child)?.stage).toBe('open');
    expect(await bob.approve()).toBe('decided');
    expect(await running).toMatchObject({ end: { how: 'ran', who: 'alice and bob' }, wrote: 'y' });
  });

  test('that policy forbids does not run, whoever proposed it', async () => {
    await openHouse(NOT_YES);
    const alice = await appOf('alice');
    const running = run();
    expect(
      await alice.propose(({ action }) => ({
        kind: 'exec',
        argv: ['yes', ...(action.kind === 'exec' ? action.argv.slice(3) : [])],
      })),
    ).toBe('decided');
    const ended = await running;
    expect(ended.end).toMatchObject({ how: 'forbidden', rules: ['never'] });
    expect(ended.wrote).toBe('');
  });

  test('is measured anew: a program that is not there is not asked for', async () => {
    await openHouse();
    const alice = await appOf('alice');
    const running = run();
    const none = (): Changes => ({ kind: 'exec', argv: ['no-such-program-here', 'x'] });
    expect(await alice.propose(none)).toBe('decided');
    const ended = await running;
    expect(ended.end).toMatchObject({ how: 'denied', proposal: { unchanged: 'notFound' } });
    expect(await endings(alice, 1)).toEqual(['denied']);
  });

  test('is not asked for by a run that takes no changes', async () => {
    await openHouse();
    const alice = await appOf('alice');
    const running = run({ ports: { changes: 'refuse' } });
    expect(await alice.propose(writing('y'))).toBe('decided');
    const ended = await running;
    expect(ended.end).toMatchObject({ how: 'denied', proposal: { unchanged: 'notWanted' } });
    expect(told(ended)).not.toContain('changed');
    expect(ended.wrote).toBe('');
  });

  test('outlives a broker that is killed between the denial and the approval', async () => {
    await openHouse();
    const alice = await appOf('alice');
    let again: Promise<void> | undefined;
    const running = run({
      on: (event: RunEvent) => {
        if (event.what !== 'changed') return;
        again = (async () => {
          await broker.stop();
          await startAgain();
          alice.dial(endpoint);
        })();
      },
    });
    expect(await alice.propose(writing('y'))).toBe('decided');
    await vi.waitUntil(() => again !== undefined, { timeout: 10_000 });
    await again;
    expect(await alice.approve()).toBe('decided');
    expect(await running).toMatchObject({ end: { how: 'ran' }, wrote: 'y' });
  });
});

test('the app refuses to sign a proposal that is none, and signs nothing', async () => {
  await openHouse();
  const alice = await appOf('alice');
  const running = run({ ttlMs: 4_000 });
  const same = ({ action }: Request): Changes => ({
    kind: 'exec',
    argv: action.kind === 'exec' ? action.argv : [],
  });
  expect(await alice.propose(same)).toBe('badChanges');
  expect(await alice.propose(() => ({ kind: 'tool', inputRaw: 'x' }))).toBe('badChanges');
  expect((await alice.snapshot()).requests[0]?.decisions).toEqual([]);
  expect((await running).end.how).toBe('expired');
}, 30_000);
