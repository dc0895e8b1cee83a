// Every reason to refuse a decision, each reached by a decision in which exactly one thing is wrong, and together all
// of them.

import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { chmodSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type RefusalCode, REFUSAL_CODES, refusalSays } from '../../../shared/domain/refusals.ts';
import { MAX_UNSENT_MS } from '../../../main/guard/state/autos.ts';
import { type HeldRun, heldRun } from '../../kit/held-run.ts';
import { ALLOWS } from '../../kit/test-policies.ts';
import { makeRequest } from '../../../main/guard/ask.ts';
import { remeasure } from '../../../main/guard/exec/remeasure.ts';
import { measureWorld, releaseWorld, type World } from '../../../main/guard/exec/world.ts';
import { whyNoLonger, whyPolicy } from '../../../main/guard/verify/still.ts';
import { consume } from '../../../main/guard/state/consumed.ts';
import { verifyDecision, whySamePerson } from '../../../main/guard/verify/decision.ts';
import type { Policy, Verdict } from '../../../main/policy/policy.ts';
import { utf8 } from '../../../shared/bytes.ts';
import { fail, ok } from '../../../shared/result.ts';
import type { Timers } from '../../../main/link/ports.ts';
import type { KeyPair } from '../../../main/trust/ed25519.ts';
import type { Keyring } from '../../../shared/statement/keyring.ts';
import {
  codeOf,
  decide,
  NOW,
  openStage,
  plainRequest,
  reach,
  say,
  type Stage,
} from '../../kit/gate-stage.ts';
import {
  type GuardWorld,
  type Keys,
  makeGuardWorld,
  markerCommand,
  nextKeyring,
} from '../../kit/guard-world.ts';
import { GATE_ROWS } from './gate-rows.ts';
import { channelRow, highRow } from './row.ts';

const reached = new Set<string>();
const note = (code: RefusalCode): void => void reached.add(code);

describe('without anything wrong it is approved', () => {
  test.each([
    ['at medium', {}],
    ['at high, held and with a reason', highRow],
    ["at low, by a channel's own key", channelRow],
    ['at low, by a notification', { ...channelRow, who: undefined, decision: undefined }],
  ])('%s', async (_, row) => {
    const clean = Object.fromEntries(Object.entries(row).filter(([, value]) => value));
    expect(codeOf(await reach(clean))).toBe('approved');
  });
});

describe('one thing wrong', () => {
  test.each(GATE_ROWS.map((row) => [row.code, row.why, row] as const))(
    '%s: %s',
    async (code, _, row) => {
      expect(codeOf(await reach(row))).toBe(code);
      note(code);
    },
  );
});

describe('what the gate itself cannot reach', () => {
  const verified = async (open: boolean) => {
    const stage = await openStage();
    const entry = decide(stage);
    const { asked, world } = stage;
    const pending = {
      ...asked,
      deadlineMono: 60_000,
      open: () => open,
    };
    const at = { now: NOW, monotonic: 1_000 };
    const answer = verifyDecision(
      utf8(entry.envelope),
      entry.index,
      pending,
      world.identity.trust(),
      at,
    );
    world.remove();
    return answer;
  };

  test('notPending: the request has ended', async () => {
    expect(await verified(false)).toEqual({ ok: false, code: 'notPending' });
    note('notPending');
  });

  test('samePerson: by whatever key, twice is once', async () => {
    const one = await verified(true);
    if (!one.ok) throw new Error(one.code);
    expect(whySamePerson([], one.value)).toBeUndefined();
    expect(whySamePerson([one.value], one.value)).toBe('samePerson');
    note('samePerson');
  });
});

describe('step 17', () => {
  let world: GuardWorld | undefined;
  afterEach(() => world?.remove());

  test('alreadyUsed: the second time, whatever request it is said to be for', () => {
    world = makeGuardWorld();
    const nonce = 'a'.repeat(64);
    expect(consume(world.home, nonce, 'b'.repeat(64))).toBeUndefined();
    expect(consume(world.home, nonce, 'c'.repeat(64))?.code).toBe('alreadyUsed');
    note('alreadyUsed');
  });

  test('consumeFailed: the folder is a file, and nothing counts as used', () => {
    world = makeGuardWorld();
    writeFileSync(join(world.home.guard, 'consumed'), '');
    expect(consume(world.home, 'a'.repeat(64), 'b'.repeat(64))?.code).toBe('consumeFailed');
    note('consumeFailed');
  });
});

describe('step 16, in a real folder', () => {
  const open: (() => unknown)[] = [];
  afterEach(async () => {
    for (const close of open.splice(0).reverse()) await close();
  });

  const furnish = (at: (name: string) => string): void => {
    writeFileSync(at('tool'), '#!/bin/sh\nexit 0\n', { mode: 0o755 });
    writeFileSync(at('input'), 'approved');
  };

  /** A world in a folder that has a program, a script and an input of its own. */
  const yard = async (
    argv: readonly string[],
  ): Promise<{ world: World; at: (name: string) => string }> => {
    const guard = makeGuardWorld();
    const command = await markerCommand(guard.home);
    open.push(guard.remove, command.close);
    const at = (name: string): string => join(command.folder, name);
    furnish(at);
    const plain = command.world.spec.ambient();
    const around = { ...plain, env: { ...plain.env, TZ: 'CET' }, cwd: command.folder };
    moved = around;
    const measured = await measureWorld({
      ...command.world.spec,
      argv,
      inputs: ['input'],
      passes: { shown: ['TZ'], secrets: [] },
      ambient: () => around,
    });
    await releaseWorld(command.world);
    if (!measured.ok) throw new Error(measured.code);
    open.push(() => releaseWorld(measured.value));
    return { world: measured.value, at };
  };
  let moved: {
    -readonly [K in keyof ReturnType<World['spec']['ambient']>]: ReturnType<
      World['spec']['ambient']
    >[K];
  };

  const rows: readonly (readonly [
    RefusalCode,
    (at: (name: string) => string, world: World) => unknown,
  ])[] = [
    ['scriptChanged', (at) => writeFileSync(at('tool'), '#!/bin/sh\nexit 1\n')],
    ['inputChanged', (at) => writeFileSync(at('input'), 'another')],
    [
      'folderChanged',
      (at) => {
        renameSync(at('.'), `${at('.')}-moved`);
        mkdirSync(at('.'));
        furnish(at);
      },
    ],
    ['environmentChanged', () => (moved.env = { ...moved.env, TZ: 'UTC' })],
    ['identityChanged', () => (moved.umask ^= 0o022)],
    // The kernel gives the same number to another file: what is held is no longer what is there.
    ['stdinChanged', (_, world) => ((world.spec.stdin as { fd: number }).fd = 2 ** 20)],
  ];
  test.each(rows)('%s', async (code, change) => {
    const { world, at } = await yard(['./tool']);
    moved.env = { ...moved.env };
    expect(await remeasure(world, world.action)).toBeUndefined();
    change(at, world);
    expect(await remeasure(world, world.action)).toBe(code);
    note(code);
  });

  test('programChanged', async () => {
    const { world, at } = await yard(['./tool']);
    expect(await remeasure(world, { ...world.action, argv: ['./tool', '--force'] })).toBe(
      'programChanged',
    );
    chmodSync(at('tool'), 0o755);
    note('programChanged');
  });
});

describe('policy, asked again before acting', () => {
  const guard = makeGuardWorld({ now: NOW });
  afterAll(guard.remove);
  const request = plainRequest(guard);
  const asked = makeRequest({ ...request, attachments: new Map(), mode: 'run' }, guard.identity, {
    now: NOW,
    random: (n) => new Uint8Array(n),
  });
  if (!asked.ok) throw new Error(asked.code);
  const { policy } = asked.value;
  const saying = (verdict: Partial<Verdict>): Policy => ({
    ...policy,
    evaluate: () =>
      ok({
        outcome: 'hold',
        tier: 'medium',
        needs: [{ group: 'anyone', count: 1 }],
        rules: [],
        checks: [],
        reason: '',
        ...verdict,
      }),
  });
  const why = (given: Policy): RefusalCode | undefined =>
    whyPolicy(request.action, { request: asked.value.request, policy: given }, NOW);

  test('lets pass what it still holds in the same way, and what it now allows', () => {
    expect(why(policy)).toBeUndefined();
    expect(why(saying({}))).toBeUndefined();
    expect(why(saying({ outcome: 'allow' }))).toBeUndefined();
  });

  test('policyForbids: forbidden, not to be evaluated, or asking for more than was asked', () => {
    expect(why(saying({ outcome: 'forbid' }))).toBe('policyForbids');
    expect(why({ ...policy, evaluate: () => fail('policy') })).toBe('policyForbids');
    expect(why(saying({ tier: 'critical' }))).toBe('policyForbids');
    expect(why(saying({ needs: [{ group: 'anyone', count: 2 }] }))).toBe('policyForbids');
    note('policyForbids');
  });

  test('factsChanged: what policy looks at is not what was asked about', () => {
    const action = { ...request.action, tool: 'drop' } as typeof request.action;
    const code = whyPolicy(action, { request: asked.value.request, policy }, NOW);
    expect(code).toBe('factsChanged');
    note('factsChanged');
  });
});

describe('the newest keyring, before acting', () => {
  const stages: Stage[] = [];
  afterEach(() => {
    for (const stage of stages.splice(0)) stage.world.remove();
  });

  /** An approval, and then a keyring that ends a key. */
  const after = async (
    ended: (keys: Keys) => KeyPair,
    change: (keyring: Keyring) => Partial<Keyring> = () => ({}),
  ): Promise<RefusalCode | undefined> => {
    const stage = await openStage();
    stages.push(stage);
    say(stage, decide(stage));
    const answer = await stage.gate.answer;
    if (answer.how !== 'approved') throw new Error(answer.how);
    const { keyring, keys, identity } = stage.world;
    const { keyId } = ended(keys);
    const end = <K extends { readonly keyId: string }>(key: K): K =>
      key.keyId === keyId ? { ...key, untilIndex: 0 } : key;
    const next = nextKeyring(stage.world, {
      reviewers: keyring.reviewers.map((one) => ({ ...one, keys: one.keys.map(end) })),
      guards: keyring.guards.map((one) => ({ ...one, keys: one.keys.map(end) })),
      ...change(keyring),
    });
    expect(whyNoLonger(answer.decisions, stage.asked, identity)).toBeUndefined();
    expect(identity.offerKeyring(next)).toBe(true);
    return whyNoLonger(answer.decisions, stage.asked, identity);
  };

  test("guardRevoked: this guard's own key has been ended", async () => {
    expect(await after((keys) => keys.guard)).toBe('guardRevoked');
    note('guardRevoked');
  });

  test('keyNotValid: the key of somebody who approved has been ended', async () => {
    expect(await after((keys) => keys.alice.decision)).toBe('keyNotValid');
  });

  test('keyNotValid: who approved turns out to own the agent', async () => {
    const owners = [{ agent: 'claude', owner: 'alice' }];
    expect(
      await after(
        (keys) => keys.bob.decision,
        () => ({ owners }),
      ),
    ).toBe('keyNotValid');
  });
});

test('notWitnessed: approved in time, and the log confirmed by nobody', async () => {
  let fire = (): void => {};
  const timers: Timers = {
    after: (ms, run) => {
      if (ms > 10_000) fire = run;
      return () => {};
    },
  };
  const keyring = (one: Keyring): Keyring => ({
    ...one,
    witnesses: { count: 1, withinMs: 60_000 },
  });
  const stage = await openStage({ keyring }, timers);
  say(stage, decide(stage));
  await new Promise((resolve) => setImmediate(resolve));
  fire();
  expect(codeOf(await stage.gate.answer)).toBe('notWitnessed');
  stage.world.remove();
  note('notWitnessed');
});

test('autosOwed: what policy allowed has waited ten minutes for the log, or comes from the future', async () => {
  const world = makeGuardWorld({
    keyring: (keyring) => ({ ...keyring, policies: [{ sha256: ALLOWS.sha256, name: 'all' }] }),
  });
  const folder = join(world.home.guard, 'autos');
  const run = async (ageMs: number): Promise<HeldRun> => {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { mode: 0o700 });
    const time = String(Date.now() - ageMs).padStart(16, '0');
    writeFileSync(join(folder, `${time}-000000-${'0'.repeat(32)}`), '{}', { mode: 0o600 });
    return heldRun(world, { told: [] });
  };
  expect(await run(MAX_UNSENT_MS - 60_000)).toMatchObject({ ran: 1, end: { how: 'ran' } });
  for (const age of [MAX_UNSENT_MS, -300_000])
    expect(await run(age)).toMatchObject({ ran: 0, end: { code: 'autosOwed' } });
  world.remove();
  note('autosOwed');
});

test('every code there is was reached, and each says one thing', () => {
  expect([...reached].sort()).toEqual([...REFUSAL_CODES].sort());
  expect(new Set(REFUSAL_CODES.map(refusalSays)).size).toBe(REFUSAL_CODES.length);
});
