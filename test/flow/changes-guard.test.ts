// What the guard makes of a proposal when the broker is hostile, when the world has moved, and when it is killed in the middle:
// what was denied never runs, and what was proposed runs once at most, and only by approvals of its own.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import type { Changes } from '../../shared/statement/changes.ts';
import type { Decision } from '../../shared/statement/decision.ts';
import { generateKeyPair } from '../../main/trust/ed25519.ts';
import { type GuardWorld, makeGuardWorld, type WorldOptions } from '../kit/guard-world.ts';
import { type HeldOptions, heldRun } from '../kit/held-run.ts';
import {
  type HostileBroker,
  owedBy,
  passOn,
  type Scene,
  startHostileBroker,
  type Strategy,
} from '../kit/hostile-broker.ts';

const CHILD = fileURLToPath(new URL('../faults/guard-child.ts', import.meta.url));
const open: { readonly stop: () => unknown }[] = [];
afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.stop();
});

const newWorld = (options: WorldOptions = {}): GuardWorld => {
  const world = makeGuardWorld(options);
  open.push({ stop: world.remove });
  return world;
};
const startBroker = async (world: GuardWorld, strategy: Strategy): Promise<HostileBroker> => {
  const broker = await startHostileBroker(world, strategy);
  open.push(broker);
  return broker;
};

/** Writes `y` where the command writes `x`. */
function proposal({ request: { action } }: Scene): Changes {
  const argv = action.kind === 'exec' ? action.argv : [];
  return { kind: 'exec', argv: argv.map((word, i) => (i === 2 ? 'printf y >> "$0"' : word)) };
}
const denying =
  (scene: Scene) =>
  (decision: Decision): Decision => ({ ...decision, verdict: 'deny', changes: proposal(scene) });
const isChild = ({ request }: Scene): boolean => request.parent !== undefined;
const deny = (scene: Scene): void => passOn(scene, { change: denying(scene) });

/** Everything that commands of this home have written. */
const written = ({ home }: GuardWorld): string =>
  readdirSync(home.root)
    .filter((name) => name.startsWith('work-'))
    .map((name) => join(home.root, name, 'marker'))
    .map((path) => (existsSync(path) ? readFileSync(path, 'utf8') : ''))
    .join('');

async function run(strategy: Strategy, options: HeldOptions = {}, worldOptions?: WorldOptions) {
  const world = newWorld(worldOptions);
  const broker = await startBroker(world, strategy);
  const held = await heldRun(world, broker, options);
  return { ...held, wrote: written(world), broker };
}

test('what was denied does not run, though an approval of it comes as well', async () => {
  const ended = await run(
    {
      onRequest: (scene) => {
        if (isChild(scene)) return;
        deny(scene);
        passOn(scene, { who: scene.world.keys.bob });
      },
    },
    { ttlMs: 1_500 },
  );
  expect(ended.end.how).toBe('expired');
  expect(ended.wrote).toBe('');
  expect(ended.broker.told.map((one) => 'how' in one && one.how)).toEqual([
    'denied',
    'expiredUnseen',
  ]);
});

test('an approval of what was denied approves nothing of what was proposed', async () => {
  let parent: Scene | undefined;
  const ended = await run({
    onRequest: (scene) => {
      if (!isChild(scene)) {
        parent = scene;
        return deny(scene);
      }
      // Signed for the parent, said of the child.
      const said = { ...scene, request: scene.request };
      passOn(said, {
        who: scene.world.keys.bob,
        change: (d) => ({ ...d, request: parent?.digest ?? '' }),
      });
    },
  });
  expect(ended.end).toMatchObject({ how: 'refused', code: 'otherRequest' });
  expect(ended.wrote).toBe('');
});

test('a proposal that no reviewer has signed is none', async () => {
  const ended = await run({
    onRequest: (scene) => passOn(scene, { change: denying(scene), signer: generateKeyPair() }),
  });
  expect(ended.end).toMatchObject({ how: 'refused', code: 'unknownKey' });
  expect(ended.events.map(({ what }) => what)).not.toContain('changed');
});

test('a proposal of what this request cannot become is told, and not asked', async () => {
  const ended = await run({
    onRequest: (scene) =>
      passOn(scene, {
        change: (d) => ({ ...d, verdict: 'deny', changes: { kind: 'tool', inputRaw: 'rm' } }),
      }),
  });
  expect(ended.end).toMatchObject({ how: 'denied', proposal: { unchanged: 'otherKind' } });
  expect(ended.wrote).toBe('');
});

test('a changed command is asked for as a child: its own id, its own facts, its own account', async () => {
  const scenes: Scene[] = [];
  const ended = await run({
    onRequest: (scene) => {
      scenes.push(scene);
      if (isChild(scene)) passOn(scene, { who: scene.world.keys.bob });
      else deny(scene);
    },
  });
  const [first, second] = scenes;
  expect(ended.end).toMatchObject({ how: 'ran', who: 'bob' });
  expect(second?.request.parent).toBe(first?.digest);
  expect(second?.request.requestId).not.toBe(first?.request.requestId);
  expect(second?.request.nonce).not.toBe(first?.request.nonce);
  expect(second?.request.reason).toBe(first?.request.reason);
  expect(ended.broker.told).toMatchObject([
    { how: 'denied', request: first?.digest },
    { state: 'consumed', request: second?.digest },
    { how: 'approvedWithChanges', request: second?.digest },
    { state: 'started', request: second?.digest },
    { state: 'finished', request: second?.digest },
  ]);
  expect(ended.wrote).toBe('y');
});

test('a folder that was moved meanwhile ends it: what is here is not what was proposed', async () => {
  let measured = 0;
  const world = newWorld();
  const broker = await startBroker(world, { onRequest: deny });
  const held = await heldRun(world, broker, {
    before: (command) => {
      const { spec } = command.world;
      const ambient = () => {
        measured += 1;
        return { ...spec.ambient(), cwd: '/' };
      };
      // The world is the test's own until it is run.
      Object.assign(command.world, { spec: { ...spec, ambient } });
    },
  });
  expect(measured).toBe(1);
  expect(held.end).toMatchObject({ how: 'denied', proposal: { unchanged: 'differs' } });
  expect(written(world)).toBe('');
});

async function runChild(world: GuardWorld, ...point: string[]): Promise<string> {
  const argv = [CHILD, world.home.root, ...point];
  const child = spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'ignore'] });
  let said = '';
  child.stdout?.on('data', (part: Buffer) => {
    said += part.toString('utf8');
  });
  const [, signal] = (await once(child, 'close')) as [number | null, string | null];
  return signal ?? said.trim();
}

test('killed anywhere: the denied command never runs, the proposed one at most once and never unaccounted for', async () => {
  const strategy: Strategy = {
    onRequest: (scene) => {
      if (isChild(scene)) passOn(scene, { who: scene.world.keys.bob });
      else deny(scene);
    },
  };
  const counted = newWorld();
  await startBroker(counted, strategy);
  const [how, calls] = (await runChild(counted)).split(' ');
  expect([how, written(counted)]).toEqual(['ran', 'y']);
  const points = Number(calls);
  const share = 12;
  let killed = 0;
  for (let n = 0; n < share; n += 1) {
    const world = newWorld();
    const broker = await startBroker(world, strategy);
    const end = await runChild(world, String(1 + Math.floor((n * points) / share)));
    if (end === 'SIGKILL') killed += 1;
    // The command may outlive the guard that started it.
    await settled(() => written(world));
    const wrote = written(world);
    expect(['', 'y']).toContain(wrote);
    const said = [...broker.told, ...owedBy(world.home)].map((one) =>
      'state' in one ? one.state : one.how,
    );
    if (wrote !== '') expect(said).toContain('consumed');
  }
  expect(killed).toBeGreaterThan(share * 0.6);
}, 60_000);

/** The same twice, a moment apart. */
async function settled(read: () => string): Promise<void> {
  for (let before = read(); ; before = read()) {
    await new Promise((resolve) => setTimeout(resolve, 60));
    if (read() === before) return;
  }
}
