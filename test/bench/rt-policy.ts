// rt-policy: what policy costs. The allow path (facts, then the verdict) under 10, 200 and 2,000 rules, as a ratio to a bare
// loopback round trip in the same rounds; and rt-c1 under a Cedar policy that wants two of three people, and rt-c1 over TLS, against
// rt-c1.

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { openPolicy } from '../../main/policy/cedar/engine.ts';
import { sampleCommand } from '../../main/policy/cedar/sample-action.ts';
import { factsOf } from '../../main/policy/facts.ts';
import type { Policy } from '../../main/policy/policy.ts';
import { STARTER_TEXT } from '../../main/policy/starter/starter.ts';
import { openPolicyFiles } from '../../main/state/policy-files.ts';
import { toB64, utf8 } from '../../shared/bytes.ts';
import { invariant } from '../../shared/result.ts';
import { exportPkcs8, generateKeyPair, type KeyPair } from '../../main/trust/ed25519.ts';
import { makeCertificates } from '../cli/keyring-certificates.ts';
import { onQuiet, isBusy, share } from './busy.ts';
import type { Options, Say } from './options.ts';
import { openGuard, type OursGuard } from './ours-guard.ts';
import { makeHome, type OursConfig, type RunningOurs, startOurs } from './ours-house.ts';
import { openReviewing } from './ours-reviewer.ts';
import { runWork } from './rt-work.ts';
import { at, round, type Verdict } from './verdict.ts';

const RULES = [10, 200, 2000] as const;
const CALLS = 200;
const TRIPS = 200;
const AT = '2026-11-23T10:00:00.000Z';
/** Reference, section 7: for each signature more. */
const MOST_MS = 1;
/** And what TLS may make of a round trip. */
const MOST_TLS = 1.15;

export async function benchPolicy(options: Options, verdict: Verdict, say: Say): Promise<void> {
  if (!options.wants('rt-policy')) return;
  await allowPath(options, verdict, say);
  await twoOfThree(options, verdict, say);
}

/** The starter, with rules of the same kind about hosts that nobody has. */
function manyRules(count: number): string {
  const starter = STARTER_TEXT.match(/^@id\(/gm)?.length ?? 0;
  return `${STARTER_TEXT}\n${hostRules(Math.max(0, count - starter))}`;
}

const hostRules = (count: number): string =>
  Array.from(
    { length: count },
    (_, n) => `@id("host-${n}") @tier("high") @require("1 of anyone")
forbid (principal is Agent, action, resource)
when { context.hosts.contains("h${n}.example.com") && context.capabilities.contains("write") }
unless { context.approved };
`,
  ).join('');

const policyFrom = (text: string): Policy => {
  const opened = openPolicy(utf8(text), { name: 'bench' });
  invariant(opened.ok, `the policy opens: ${opened.ok ? '' : opened.problems[0]?.says}`);
  return opened.value;
};

async function allowPath({ rounds }: Options, verdict: Verdict, say: Say): Promise<void> {
  verdict.part(`rt-policy: the allow path, ${rounds} rounds of ${CALLS}`);
  const policies = RULES.map((count) => policyFrom(manyRules(count)));
  const action = sampleCommand(['ls', '-la'], { cwd: '/home/dev/project' });
  const echo = await openEcho();
  const medians = { echo: [] as number[], rules: RULES.map((): number[] => []) };
  let busy = 0;
  try {
    for (let n = 0; n < rounds; n += 1) {
      const block = await onQuiet(async () => {
        const ms = await timesOf(CALLS, echo.trip);
        return [ms, ...(await inTurn(policies, action))];
      });
      if (isBusy(block.busy)) busy += 1;
      const [trip = 0, ...all] = block.value;
      medians.echo.push(trip);
      all.forEach((one, i) => medians.rules[i]?.push(one));
    }
  } finally {
    echo.close();
  }
  if (busy > 0) say(`  BUSY in ${busy} of ${rounds} rounds`);
  say(`  bare loopback round trip ${round(at(medians.echo, 0.5))} ms`);
  const of = (i: number): readonly number[] => medians.rules[i] ?? [];
  const smallest = at(of(0), 0.5);
  RULES.forEach((count, i) => {
    const ratios = of(i).map((ms, n) => ms / (medians.echo[n] ?? Number.NaN));
    say(
      `  ${String(count).padStart(5)} rules: ${at(of(i), 0.5).toFixed(3)} ms, ${round(at(ratios, 0.5))} of a round trip` +
        ` (IQR ${round(at(ratios, 0.25))}-${round(at(ratios, 0.75))}), ${round(at(of(i), 0.5) / smallest)} times that of ${RULES[0]}`,
    );
  });
}

/** Facts and verdict, as a guard computes both; each policy in turn, so that a disturbance meets all of them. */
async function inTurn(
  policies: readonly Policy[],
  action: Parameters<typeof factsOf>[0],
): Promise<readonly number[]> {
  const medians: number[] = [];
  for (const policy of policies)
    medians.push(
      await timesOf(CALLS, async () => {
        const said = policy.evaluate(factsOf(action), AT);
        invariant(said.ok && said.value.outcome === 'allow', 'it runs at once');
      }),
    );
  return medians;
}

async function timesOf(count: number, act: () => Promise<void>): Promise<number> {
  const ms: number[] = [];
  for (let n = 0; n < count; n += 1) {
    const start = performance.now();
    await act();
    ms.push(performance.now() - start);
  }
  return at(ms, 0.5);
}

async function openEcho(): Promise<{
  readonly trip: () => Promise<void>;
  readonly close: () => void;
}> {
  const child: ChildProcess = fork(join(import.meta.dirname, 'echo-child.ts'));
  const [{ port }] = (await once(child, 'message')) as [{ readonly port: number }];
  const socket = new WebSocket(`ws://127.0.0.1:${port}`, { perMessageDeflate: false });
  await once(socket, 'open');
  const text = 'x'.repeat(635);
  return {
    trip: async () => {
      const answered = once(socket, 'message');
      socket.send(text);
      await answered;
    },
    close: () => {
      socket.terminate();
      child.kill();
    },
  };
}

type People = {
  readonly guard: OursGuard;
  readonly reviewers: readonly { readonly close: () => void }[];
  readonly broker: RunningOurs;
};

async function twoOfThree({ rounds }: Options, verdict: Verdict, say: Say): Promise<void> {
  verdict.part(
    `rt-policy: two of three people under Cedar beside one under the built-in policy, ${rounds} rounds of ${TRIPS} trips`,
  );
  say('  guards and reviewers of all in this one process, each broker in its own');
  const folder = mkdtempSync(join(tmpdir(), 'countersign-policy-'));
  const systems: People[] = [];
  try {
    for (const kind of ['builtIn', 'builtIn', 'one', 'two', 'tls'] as const)
      systems.push(await openPeople(kind, folder, systems.length));
    await measure(systems, rounds, verdict, say);
  } finally {
    for (const { guard, reviewers, broker } of systems) {
      for (const one of [guard, ...reviewers]) one.close();
      await broker.stop();
    }
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measure(
  systems: readonly People[],
  rounds: number,
  verdict: Verdict,
  say: Say,
): Promise<void> {
  const medians = systems.map((): number[] => []);
  let foreign: number[] = [];
  for (let n = -1; n < rounds; n += 1)
    for (const [i, { guard }] of systems.entries()) {
      const { value, busy } = await onQuiet(async () => {
        guard.prepare(TRIPS);
        const block = await runWork(guard.trip, { trips: TRIPS, inFlight: 1 });
        await guard.tidy();
        return at(block.ms, 0.5);
      });
      // The first round warms up.
      if (n < 0) continue;
      medians[i]?.push(value);
      foreign = [...foreign, busy.foreign];
    }
  verdict.seen({ foreign: at(foreign, 0.5), waited: 0 });
  if (foreign.some((one) => one > 0.12)) say(`  most ${share(Math.max(...foreign))} by others`);
  const [plain = [], again = [], one = [], two = [], tls = []] = medians;
  const over = (all: readonly number[]): readonly number[] =>
    all.map((ms, n) => ms / (plain[n] ?? Number.NaN));
  const lineOf = (what: string, all: readonly number[]): string => {
    const [low, middle, high] = [0.25, 0.5, 0.75].map((part) => round(at(over(all), part)));
    return `  ${what}: p50 ${round(at(all, 0.5))} ms, ${middle} of the built-in policy (IQR ${low}-${high})`;
  };
  verdict.sameTwice('one person under the built-in policy twice', over(again));
  say(lineOf('one person, built-in policy      ', plain));
  say(lineOf('one person, Cedar with 10 rules  ', one));
  say(lineOf('two of three, Cedar with 10 rules', two));
  say(lineOf('one person, over TLS             ', tls));
  verdict.ratio('rt-policy: over TLS', over(tls), { most: MOST_TLS });
  const added = two.map((ms, n) => ms - (one[n] ?? Number.NaN));
  verdict.atMost('rt-policy: added by one signature more', at(added, 0.5), MOST_MS, 'ms');
}

/** Three people are enrolled; as many of them are there, and answer, as the policy wants. */
async function openPeople(
  kind: 'builtIn' | 'one' | 'two' | 'tls',
  folder: string,
  place: number,
): Promise<People> {
  const root = join(folder, `${kind}-${place}`);
  mkdirSync(root, { mode: 0o700 });
  const carol = { decision: generateKeyPair(), session: generateKeyPair() };
  const plain = kind === 'builtIn' || kind === 'tls';
  const policy = plain ? undefined : policyFrom(peopleText(kind === 'two' ? 2 : 1));
  if (kind === 'tls') makeCertificates(root);
  const home = makeHome(root, (keyring) => ({
    ...keyring,
    reviewers: [
      ...keyring.reviewers,
      {
        id: 'carol2',
        name: 'carol2',
        groups: [],
        keys: [
          { ...row(carol.decision), use: 'decision', device: 'carol2-laptop' },
          { ...row(carol.session), use: 'session', device: 'carol2-laptop' },
        ],
      },
    ],
    policies: policy === undefined ? keyring.policies : [{ sha256: policy.sha256, name: 'bench' }],
  }));
  if (policy !== undefined)
    invariant(openPolicyFiles({ root }).keep(policy.bytes).ok, 'the policy is kept');
  const broker = await startOurs(home, 21_900 + place, [], kind === 'tls' ? root : undefined);
  const { bob } = home.org;
  const reviewers = [await openReviewing(broker.config, 'alice')];
  if (kind === 'two') reviewers.push(await openReviewing(as(broker.config, bob), bob.id));
  return { guard: await openGuard(broker.config, policy), reviewers, broker };
}

const row = (pair: KeyPair) => ({ keyId: pair.keyId, spki: toB64(pair.spki), fromIndex: 0 });

const as = (
  config: OursConfig,
  who: { readonly decision: KeyPair; readonly session: KeyPair },
): OursConfig => ({
  ...config,
  keys: {
    ...config.keys,
    decision: toB64(exportPkcs8(who.decision)),
    reviewerSession: toB64(exportPkcs8(who.session)),
  },
});

/** Everything is held for so many people, among rules that do not match. */
const peopleText = (count: number): string => `${hostRules(9)}
@id("bench-people") @tier("medium") @require("${count} of anyone")
forbid (principal is Agent, action, resource) unless { context.approved };
`;
