// The Electron host's parts that need no Electron: what a wake does, how a failed start is shown, and store and broker in a
// `utilityProcess`. The stand-in for Electron's is a real process of Node with a `process.parentPort` over its channel.

import { fork } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openStoreProcess } from '../../../main/app/store/client.ts';
import { followPower } from '../../../main/hosts/electron/power.ts';
import { showFailure } from '../../../main/hosts/electron/show-failure.ts';
import {
  type ForkUtility,
  ownNodeWillDo,
  utilityProcesses,
} from '../../../main/hosts/electron/utility-process.ts';
import { brokerProcess } from '../../../main/hosts/processes/broker-process.ts';
import { childEnvironment } from '../../../main/hosts/processes/environment.ts';
import { systemClock, systemTimers } from '../../../main/hosts/processes/machine.ts';
import { Frontier } from '../../../main/trust/frontier.ts';
import { sha256 } from '../../../main/trust/digest.ts';
import { scratchFolder } from '../state/scratch.ts';

const SOURCES = join(import.meta.dirname, '../../../main');
const ENV = childEnvironment(process.env);

/** Electron's port queues what comes before somebody listens; its end is told where the parent has gone. */
const PARENT_PORT = `
import { EventEmitter } from 'node:events';
const port = new EventEmitter();
const send = process.send.bind(process);
port.postMessage = (message) => { if (process.connected) send(message); };
port.on('newListener', (event) => {
  if (event === 'message' && port.listenerCount('message') === 0) {
    process.on('message', (data) => port.emit('message', { data }));
  }
});
process.on('disconnect', () => port.emit('close'));
process.send = undefined;
process.parentPort = port;
`;

function utilities(folder: string) {
  const shim = join(folder, 'parent-port.mjs');
  writeFileSync(shim, PARENT_PORT);
  const options: Parameters<ForkUtility>[2][] = [];
  const start: ForkUtility = (entry, args, given) => {
    options.push(given);
    const child = fork(entry, args, {
      env: given.env,
      execArgv: ['--import', shim],
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    const utility = Object.assign(new EventEmitter(), {
      // Electron gives it once the process is there, and takes it back at its end.
      get pid() {
        return child.exitCode === null && child.signalCode === null ? child.pid : undefined;
      },
      stdout: child.stdout,
      stderr: child.stderr,
      postMessage: (message: unknown) => void child.send(message as object, () => {}),
      kill: () => child.kill('SIGTERM'),
    });
    for (const event of ['spawn', 'exit', 'message'] as const) {
      child.on(event, (value: unknown) => utility.emit(event, value));
    }
    return utility;
  };
  return { processes: utilityProcesses(start, ENV), options };
}

describe('in a utility process', () => {
  test('the store opens, answers with bytes as bytes, refuses in words and ends when it is closed', async () => {
    using scratch = scratchFolder();
    const { processes, options } = utilities(scratch.path);
    const path = join(scratch.path, 'replica.db');
    const entry = join(SOURCES, 'store.ts');
    const opened = await openStoreProcess({ entry, path, env: ENV, start: processes });
    if (!opened.ok) throw new Error(opened.detail);
    const { store, lost, pid } = opened.value;
    const leaf = {
      index: 0,
      leaf: new Uint8Array([1, 2, 3]),
      payload: undefined,
      type: 'request',
      request: 'a'.repeat(64),
      at: undefined,
    } as const;
    const frontier = new Frontier();
    frontier.append(sha256(leaf.leaf));
    await store.append([leaf], frontier.state());
    expect(await store.read(0, 2)).toEqual([leaf]);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    await expect(store.append([leaf], frontier.state())).rejects.toThrow('is next');
    await Promise.all([store.close(), store.close()]);
    expect(() => process.kill(pid ?? 0, 0)).toThrow('ESRCH');
    await expect(store.load()).rejects.toThrow('the store is closed');
    expect(await Promise.race([lost, Promise.resolve('not lost')])).toBe('not lost');
    // Nothing but the allow-list reaches it, and no switch.
    expect(options).toEqual([expect.objectContaining({ env: ENV, execArgv: [] })]);
  });

  test('a store that is killed is lost, and every call says so', async () => {
    using scratch = scratchFolder();
    const { processes } = utilities(scratch.path);
    const path = join(scratch.path, 'replica.db');
    const entry = join(SOURCES, 'store.ts');
    const opened = await openStoreProcess({ entry, path, env: ENV, start: processes });
    if (!opened.ok) throw new Error(opened.detail);
    process.kill(opened.value.pid ?? 0, 'SIGKILL');
    expect(await opened.value.lost).toBe('the store has stopped unexpectedly');
    await expect(opened.value.store.load()).rejects.toThrow('unexpectedly');
  });

  test('a file that does not open is one sentence, and its process ends', async () => {
    using scratch = scratchFolder();
    const { processes } = utilities(scratch.path);
    const path = join(scratch.path, 'no', 'replica.db');
    const entry = join(SOURCES, 'store.ts');
    const opened = await openStoreProcess({ entry, path, env: ENV, start: processes });
    expect(opened).toMatchObject({ ok: false, code: 'refused' });
    expect(opened.ok ? '' : opened.detail).toContain("can't be opened");
  });

  const LINE = `process.stdout.write('{"listening":"ws://127.0.0.1:1/"}\\n');`;
  const broker = (folder: string, script: string) => {
    const entry = join(folder, 'broker.mjs');
    writeFileSync(entry, `const port = process.parentPort; ${script}`);
    const notes: string[] = [];
    const one = brokerProcess({
      entry,
      home: folder,
      env: ENV,
      start: utilities(folder).processes,
      clock: systemClock,
      timers: systemTimers,
      journal: { note: (line) => void notes.push(line) },
      patience: { term: 300, kill: 600 },
    });
    return { ...one, notes };
  };
  const alive = (pid: number | undefined): boolean => {
    try {
      return pid !== undefined && process.kill(pid, 0);
    } catch {
      return false;
    }
  };
  const UNTIL_END = `port.on('message', ({ data }) => data === 'end' && process.exit(0));`;

  test('the broker starts once it listens, comes back after a death, and ends when it is asked', async () => {
    using scratch = scratchFolder();
    const one = broker(scratch.path, `${LINE} ${UNTIL_END}`);
    await one.start();
    const pid = one.pid();
    process.kill(pid ?? 0, 'SIGKILL');
    await expect.poll(() => one.pid() !== pid && alive(one.pid()), { timeout: 5000 }).toBe(true);
    expect(one.notes).toEqual(['the broker has ended unexpectedly and is started again']);
    const second = one.pid();
    await Promise.all([one.stop(), one.stop()]);
    expect(alive(second)).toBe(false);
  });

  test('a broker that heeds neither the word nor SIGTERM is killed', async () => {
    using scratch = scratchFolder();
    const deaf = `process.on('SIGTERM', () => {}); port.on('message', () => {}); ${LINE}`;
    const one = broker(scratch.path, deaf);
    await one.start();
    const pid = one.pid();
    await one.stop();
    expect(alive(pid)).toBe(false);
  });

  test('the real broker is started the same way and says in words why it cannot', async () => {
    using scratch = scratchFolder();
    const notes: string[] = [];
    const one = brokerProcess({
      entry: join(SOURCES, 'broker.ts'),
      home: join(scratch.path, 'nothing'),
      env: ENV,
      start: utilities(scratch.path).processes,
      clock: systemClock,
      timers: systemTimers,
      journal: { note: (line) => void notes.push(line) },
    });
    await expect(one.start()).rejects.toThrow('the broker ended before it listened');
    expect(notes.join()).toMatch(/^countersign broker: /);
  });

  test('is where the runtime’s own Node has what the database wants', () => {
    expect(
      ['20.18.1', '22.12.0', '24.9.0', '100.0.0'].map((node) => ownNodeWillDo({ node })),
    ).toEqual([false, true, true, true]);
  });
});

test('only waking wakes the app; sleep and a locked screen are noted', () => {
  const monitor = new EventEmitter();
  const heard: string[] = [];
  // The three events of Electron's monitor that are used are an emitter's.
  followPower(monitor as Parameters<typeof followPower>[0], {
    woke: () => void heard.push('WOKE'),
    note: (line) => void heard.push(line),
  });
  for (const event of ['suspend', 'lock-screen']) monitor.emit(event);
  expect(heard).not.toContain('WOKE');
  monitor.emit('resume');
  expect(heard.at(-1)).toBe('WOKE');
});

test('a start that failed is a box on the screen, after Electron is ready, and only where somebody may look', async () => {
  const shownWith = async (env: Record<string, string>) => {
    const done: string[] = [];
    const ready = async () => void done.push('ready');
    const box = async (title: string, text: string) => void done.push(`${title}: ${text}`);
    await showFailure({ env, ready, box }, 'title', 'sentence');
    return done;
  };
  expect(await shownWith({})).toEqual(['ready', 'title: sentence']);
  expect(await shownWith({ COUNTERSIGN_NO_OPEN: '1' })).toEqual([]);
  expect(await shownWith({ CI: 'true' })).toEqual([]);
});
