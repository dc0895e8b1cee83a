// What an honest broker and an honest person get from `run`, and what happens around the moment of running: once, in
// time, on the world that was approved, and never without an account of it on disk.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import { consume } from '../../main/guard/state/consumed.ts';
import { systemClock } from '../../main/link/system-ports.ts';
import { sha256Hex } from '../../main/trust/digest.ts';
import { seal } from '../../main/trust/envelope.ts';
import { utf8 } from '../../shared/bytes.ts';
import type { Notice } from '../../shared/statement/followups.ts';
import { encodeStatement, payloadTypeOf } from '../../shared/statement/statement.ts';
import { emptyHome, type GuardWorld, makeGuardWorld, type Person } from '../kit/guard-world.ts';
import { heldRun } from '../kit/held-run.ts';
import {
  type HostileBroker,
  logged,
  owedBy,
  passOn,
  sayEntry,
  type Scene,
  signDecision,
  startHostileBroker,
  type Strategy,
  type Told,
} from '../kit/hostile-broker.ts';

const open: { readonly stop: () => unknown }[] = [];
afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.stop();
});

const newWorld = (): GuardWorld => {
  const world = makeGuardWorld();
  open.push({ stop: world.remove });
  return world;
};
const startBroker = async (world: GuardWorld, strategy: Strategy): Promise<HostileBroker> => {
  const broker = await startHostileBroker(world, strategy);
  open.push(broker);
  return broker;
};
const approves: Strategy = { onRequest: (scene) => passOn(scene) };
/** What an app or a channel has said about it, passed on. */
function sayNotice(scene: Scene, what: Notice['what'], { id, device, session }: Person): void {
  const by = { id, device, keyId: session.keyId };
  const notice = { request: scene.digest, what, by, at: new Date().toISOString() };
  const payload = encodeStatement('notice', notice);
  sayEntry(scene, logged(scene, seal(payloadTypeOf('notice'), payload, session)));
}

const brief = (told: Told): string =>
  told.type === 'ending' ? `ending ${told.how}` : `receipt ${told.state} ${told.code ?? ''}`.trim();

const RAN = ['receipt consumed', 'ending approved', 'receipt started', 'receipt finished'];

describe('a person', () => {
  test('approves: it runs exactly once, and the log hears of all of it', async () => {
    const world = newWorld();
    const broker = await startBroker(world, approves);
    const run = await heldRun(world, broker);
    expect(run.end).toMatchObject({ how: 'ran', outcome: { code: 0 }, who: 'alice' });
    expect(run.ran).toBe(1);
    expect(broker.told.map(brief)).toEqual(RAN);
    expect(owedBy(world.home)).toEqual([]);
  });

  test('denies: it does not run', async () => {
    const world = newWorld();
    const broker = await startBroker(world, {
      onRequest: (scene) =>
        passOn(scene, { change: (d) => ({ ...d, verdict: 'deny', reason: 'not tonight' }) }),
    });
    const run = await heldRun(world, broker);
    expect(run.end).toMatchObject({ how: 'denied', who: 'alice', why: 'not tonight' });
    expect(run.ran).toBe(0);
    expect(broker.told.map(brief)).toEqual(['ending denied']);
  });

  test('is not there: it expires', async () => {
    const world = newWorld();
    const broker = await startBroker(world, { onRequest: () => {} });
    const run = await heldRun(world, broker, { ttlMs: 1_000 });
    expect(run.end).toMatchObject({ how: 'expired' });
    expect(run.ran).toBe(0);
    expect(broker.told.map(brief)).toEqual(['ending expiredUnseen']);
  });

  test('has looked at it and not decided: it expires, and the log hears that it was seen', async () => {
    const world = newWorld();
    const broker = await startBroker(world, {
      onRequest: (scene) => sayNotice(scene, 'opened', scene.world.keys.alice),
    });
    const run = await heldRun(world, broker, { ttlMs: 1_000 });
    expect(run.end).toMatchObject({ how: 'expired', seen: true });
    expect(broker.told.map(brief)).toEqual(['ending expiredSeen']);
  });

  test('denies in a chat: it does not run, and the guard ends it', async () => {
    const world = newWorld();
    const broker = await startBroker(world, {
      onRequest: (scene) => sayNotice(scene, 'chatDenied', scene.world.keys.channel),
    });
    const run = await heldRun(world, broker);
    expect(run.end).toMatchObject({ how: 'denied', who: 'slack' });
    expect(run.ran).toBe(0);
    expect(broker.told.map(brief)).toEqual(['ending denied']);
  });

  test('interrupts the wait: it is withdrawn', async () => {
    const world = newWorld();
    const broker = await startBroker(world, { onRequest: () => {} });
    const run = await heldRun(world, broker, {
      on: (event, self) => event.what === 'held' && self.emit('SIGINT'),
    });
    expect(run.end).toMatchObject({ how: 'interrupted', signal: 'SIGINT' });
    expect(run.ran).toBe(0);
    expect(broker.told.map(brief)).toEqual(['ending withdrawn']);
  });

  test('interrupts after the approval and before the start: it does not run', async () => {
    const world = newWorld();
    const broker = await startBroker(world, approves);
    const interrupt: (() => void)[] = [];
    let measured = 0;
    const run = await heldRun(world, broker, {
      on: (event, self) => {
        if (event.what === 'asked') interrupt.push(() => self.emit('SIGTERM'));
      },
      onMeasure: () => {
        measured += 1;
        if (measured === 2) for (const act of interrupt) act();
      },
    });
    expect(run.end).toMatchObject({ how: 'interrupted', signal: 'SIGTERM' });
    expect(run.ran).toBe(0);
  });
});

describe('the broker', () => {
  test('says the same approval five times: it runs once', async () => {
    const world = newWorld();
    const broker = await startBroker(world, {
      onRequest: (scene) => {
        const entry = logged(scene, signDecision(scene));
        for (let i = 0; i < 5; i++) sayEntry(scene, entry);
      },
    });
    const run = await heldRun(world, broker);
    expect(run.end.how).toBe('ran');
    expect(run.ran).toBe(1);
    expect(readdirSync(join(world.home.guard, 'consumed'))).toHaveLength(1);
  });

  test('says an approval again that has been used: the next run is not it', async () => {
    const world = newWorld();
    const used: Uint8Array[] = [];
    const first = await startBroker(world, {
      onRequest: (scene) => {
        used.push(signDecision(scene));
        for (const one of used) sayEntry(scene, logged(scene, one));
      },
    });
    expect((await heldRun(world, first)).ran).toBe(1);
    const again = await startBroker(world, {
      onRequest: (scene) => {
        for (const one of used) sayEntry(scene, logged(scene, one));
      },
    });
    const run = await heldRun(world, again);
    expect(run.end).toMatchObject({ how: 'refused', code: 'otherRequest' });
    expect(run.ran).toBe(0);
  });

  test('goes after it was held and comes back: the guard asks again and hears the approval', async () => {
    const world = newWorld();
    const broker = await startBroker(world, {
      onRequest: (scene: Scene) => {
        if (scene.visit === 1) scene.peer.hangUp();
        else passOn(scene);
      },
    });
    const run = await heldRun(world, broker);
    expect(run.end.how).toBe('ran');
    expect(run.ran).toBe(1);
    expect(run.events.filter((event) => event.what === 'held')).toHaveLength(1);
  });

  test('goes on with another history than the last run saw', async () => {
    const world = newWorld();
    expect((await heldRun(world, await startBroker(world, approves))).ran).toBe(1);
    const fork = { ...world, log: world.log.fork(5).pad(1, 'another') };
    const run = await heldRun(fork, await startBroker(fork, approves));
    expect(run.end).toMatchObject({ how: 'refused', code: 'otherHistory' });
    expect(run.ran).toBe(0);
  });
});

describe('after the approval nothing runs', () => {
  const end = async (
    world: GuardWorld,
    options: Parameters<typeof heldRun>[2] = {},
    strategy = approves,
  ) => {
    const broker = await startBroker(world, strategy);
    const run = await heldRun(world, broker, options);
    expect(run.ran).toBe(0);
    return { ...run, told: run.accounted.map(brief) };
  };

  test('where the folder is another one', async () => {
    let folder = '';
    const run = await end(newWorld(), {
      before: (command) => {
        folder = command.folder;
      },
      on: (event) => {
        if (event.what !== 'held') return;
        renameSync(folder, `${folder}-moved`);
        mkdirSync(folder);
      },
    });
    expect(run.end).toMatchObject({ how: 'refused', code: 'folderChanged' });
    expect(run.told).toEqual(['receipt refused folderChanged', 'ending withdrawn']);
  });

  test('where the machine slept through the deadline while it was measured again', async () => {
    let measured = 0;
    let slept = 0;
    const run = await end(newWorld(), {
      onMeasure: () => {
        measured += 1;
        if (measured === 2) slept = 2 * 3600 * 1000;
      },
      ports: { clock: { ...systemClock, now: () => Date.now() + slept } },
    });
    expect(run.end).toMatchObject({ how: 'refused', code: 'requestExpired' });
    expect(run.told).toEqual(['receipt refused requestExpired', 'ending withdrawn']);
  });

  test('where the wall clock was set back and the monotonic deadline has passed', async () => {
    let measured = 0;
    let more = 0;
    const run = await end(newWorld(), {
      onMeasure: () => {
        measured += 1;
        if (measured === 2) more = 2 * 3600 * 1000;
      },
      ports: { clock: { ...systemClock, monotonic: () => performance.now() + more } },
    });
    expect(run.end).toMatchObject({ how: 'refused', code: 'requestExpired' });
  });

  test('where another process has used the approval', async () => {
    const run = await end(
      newWorld(),
      {},
      {
        onRequest: (scene) => {
          consume(scene.world.home, scene.request.nonce, scene.digest);
          passOn(scene);
        },
      },
    );
    expect(run.end).toMatchObject({ how: 'refused', code: 'alreadyUsed' });
    expect(run.told).toEqual(['receipt refused alreadyUsed', 'ending withdrawn']);
  });

  test('where it cannot be marked as used', async () => {
    const world = newWorld();
    writeFileSync(join(world.home.guard, 'consumed'), '');
    expect((await end(world)).end).toMatchObject({ how: 'refused', code: 'consumeFailed' });
  });

  test('where it cannot be accounted for', async () => {
    const world = newWorld();
    writeFileSync(join(world.home.guard, 'queue'), '');
    expect((await end(world)).end).toMatchObject({ how: 'refused', code: 'consumeFailed' });
    expect(readdirSync(join(world.home.guard, 'consumed'))).toHaveLength(1);
  });

  test('where what earlier runs saw of the log cannot be read', async () => {
    const world = newWorld();
    const log = `log-${sha256Hex(utf8(world.keyring.log.vkey)).slice(0, 16)}`;
    mkdirSync(join(world.home.guard, log, 'checkpoint.7'), { recursive: true });
    expect((await end(world)).end).toMatchObject({ how: 'refused', code: 'otherHistory' });
  });
});

test('what a run could not tell the log, the next one does', async () => {
  const world = newWorld();
  const deaf = await startBroker(world, { onRequest: ({ peer }) => peer.freeze() });
  const cut = await heldRun(world, deaf, { ttlMs: 1_000 });
  expect(cut.end.how).toBe('expired');
  expect(cut.events.at(-2)).toMatchObject({ what: 'owed' });
  expect(owedBy(world.home).map(brief)).toEqual(['ending expiredUnseen']);
  const next = await startBroker(world, approves);
  expect((await heldRun(world, next)).ran).toBe(1);
  expect(next.told.map(brief)).toEqual(['ending expiredUnseen', ...RAN]);
  expect(owedBy(world.home)).toEqual([]);
});

test('of 50 processes with one approval exactly one uses it', async () => {
  const home = emptyHome();
  open.push({ stop: () => rmSync(home.root, { recursive: true }) });
  const script = fileURLToPath(new URL('../kit/consume-child.ts', import.meta.url));
  const nonce = 'a'.repeat(64);
  const children = Array.from({ length: 50 }, () =>
    spawn(process.execPath, [script, home.guard, nonce], { stdio: ['pipe', 'pipe', 'inherit'] }),
  );
  const said = children.map((child) => {
    const chunks: string[] = [];
    child.stdout.setEncoding('utf8').on('data', (text: string) => chunks.push(text));
    return chunks;
  });
  const ended = children.map((child) => once(child, 'close'));
  await Promise.all(children.map((child) => once(child.stdout, 'data')));
  for (const child of children) child.stdin.write('now');
  await Promise.all(ended);
  const answers = said.map((chunks) => chunks.join('').replace('ready\n', ''));
  expect(answers.filter((answer) => answer === 'used')).toHaveLength(1);
  expect(answers.filter((answer) => answer === 'alreadyUsed')).toHaveLength(49);
});
