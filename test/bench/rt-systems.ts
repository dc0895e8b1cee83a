// The systems of a round trip, each a server of its own on a fresh folder and two client processes, and what one block of
// trips through it took: times, and what its server and the disk did meanwhile.

import { type ChildProcess, execFileSync, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { childrenOf, cpuUsOf, diskUnder, treeOf } from './machine.ts';
import { makeHome, startOurs } from './ours-house.ts';
import { havePackage } from './peers/npm-peers.ts';
import { TABLES } from './peers/postgres.ts';
import { startRabbitServer } from './peers/rabbit-server.ts';
import type { ChildConfig } from './rt-child.ts';
import { type Block, makeKeys, type Work } from './rt-work.ts';

export type Name = 'floor' | 'ours' | 'redis' | 'postgres' | 'rabbitmq' | 'openai' | 'langgraph';
export type Measured = Block & {
  /** A trip, of the whole disk, by everybody. */
  readonly flushes: number;
  readonly writtenKb: number;
  /** A trip, of the server's processes. */
  readonly cpuUs: number;
};
export type System = {
  readonly name: Name;
  readonly run: (work: Work) => Promise<Measured>;
  readonly stop: () => Promise<void>;
};

type Server = {
  readonly child: ChildConfig;
  readonly pids: () => readonly number[];
  readonly stop: () => Promise<void>;
};

/** Why it can't be had, else the system. `nodeFlags` are for our broker. */
export async function startSystem(
  name: Name,
  folder: string,
  port: number,
  nodeFlags: readonly string[] = [],
): Promise<System | string> {
  const own = join(folder, `${name}-${port}`);
  mkdirSync(own, { mode: 0o700 });
  const server = await SERVERS[name](own, port, nodeFlags);
  if (typeof server === 'string') return server;
  const approver = await startClient('approver', server.child);
  const requester = await startClient('requester', server.child);
  return {
    name,
    run: (work) => runBlock(requester, server, folder, work),
    stop: async () => {
      for (const client of [requester, approver]) {
        const ended = once(client, 'exit');
        client.kill();
        await ended;
      }
      await server.stop();
      rmSync(own, { recursive: true, force: true });
    },
  };
}

async function runBlock(
  requester: ChildProcess,
  server: Server,
  folder: string,
  work: Work,
): Promise<Measured> {
  const begins = told(requester, 'begins');
  requester.send(work);
  await begins;
  const before = { ...diskUnder(folder), cpuUs: cpuUsOf(server.pids()) };
  // The child is this program's own: it answers with a block.
  const block = (await told(requester, 'block')) as Block;
  const after = { ...diskUnder(folder), cpuUs: cpuUsOf(server.pids()) };
  await told(requester, 'tidied');
  return {
    ...block,
    flushes: (after.flushes - before.flushes) / work.trips,
    cpuUs: (after.cpuUs - before.cpuUs) / work.trips,
    writtenKb: (after.writtenKb - before.writtenKb) / work.trips,
  };
}

/** Rejects where the process ends instead. */
function told(child: ChildProcess, what: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const message = (one: { readonly [name: string]: unknown }): void => {
      if (!(what in one)) return;
      child.off('message', message);
      child.off('exit', exit);
      resolve(one[what]);
    };
    const exit = (code: number | null): void => reject(new Error(`a client ended: ${code}`));
    child.on('message', message);
    child.on('exit', exit);
  });
}

async function startClient(role: string, config: ChildConfig): Promise<ChildProcess> {
  const words = [role, JSON.stringify(config)];
  const child = fork(join(import.meta.dirname, 'rt-child.ts'), words, {
    serialization: 'advanced',
  });
  await told(child, 'ready');
  return child;
}

/** LangGraph's saver asks for an older SQLite binding, which would have to be compiled: ours, as the reference measured. */
const OPENAI = [['@openai/agents-core', '0.20.0']] as const;
const LANGGRAPH = [
  ['@langchain/core', '1.4.0'],
  ['@langchain/langgraph', '1.7.3'],
  ['@langchain/langgraph-checkpoint-sqlite', '1.0.4'],
] as const;

const SERVERS: {
  readonly [N in Name]: (
    folder: string,
    port: number,
    nodeFlags: readonly string[],
  ) => Promise<Server | string>;
} = {
  floor: startFloor,
  ours: startOur,
  redis: startRedis,
  postgres: startPostgres,
  rabbitmq: startRabbit,
  openai: startHeld('openai', OPENAI),
  langgraph: startHeld('langgraph', LANGGRAPH),
};

async function startOur(folder: string, port: number, flags: readonly string[]): Promise<Server> {
  const { config, pid, stop } = await startOurs(makeHome(folder), port, flags);
  return { child: { system: 'ours', config }, pids: () => [pid], stop };
}

async function startFloor(folder: string, port: number): Promise<Server> {
  const server = join(import.meta.dirname, 'peers/floor-server.ts');
  const child = spawn(process.execPath, [server, folder, String(port)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout ?? child, 'data');
  return serverOf(child, 'SIGTERM', { system: 'floor', port, folder, keys: makeKeys() });
}

async function startRedis(folder: string, port: number): Promise<Server | string> {
  if (!existsSync('/usr/bin/redis-server')) return 'apt-get install redis-server';
  const words = ['--port', `${port}`, '--bind', '127.0.0.1', '--dir', folder, '--save', ''];
  const durable = ['--appendonly', 'yes', '--appendfsync', 'always', '--loglevel', 'warning'];
  const child = spawn('/usr/bin/redis-server', [...words, ...durable], { stdio: 'ignore' });
  await answers(() => execFileSync('/usr/bin/redis-cli', ['-p', `${port}`, 'ping'], QUIETLY));
  return serverOf(child, 'SIGTERM', { system: 'redis', port, folder, keys: makeKeys() });
}

async function startRabbit(folder: string, port: number): Promise<Server | string> {
  if (!havePackage('amqplib', '2.3.1')) return 'the package amqplib can not be installed';
  const rabbit = await startRabbitServer(folder, port);
  if (rabbit === undefined) return 'apt-get install rabbitmq-server';
  return {
    child: { system: 'rabbitmq', port, folder, keys: makeKeys() },
    pids: () => treeOf(rabbit.pid),
    stop: rabbit.stop,
  };
}

/** Runs live in the requester's own process; a relay that writes nothing carries the texts. */
function startHeld(system: 'openai' | 'langgraph', packages: readonly (readonly string[])[]) {
  return async (folder: string, port: number): Promise<Server | string> => {
    for (const [name = '', version = ''] of packages)
      if (!havePackage(name, version)) return `the package ${name} can not be installed`;
    const server = join(import.meta.dirname, 'peers/relay-server.ts');
    const child = spawn(process.execPath, [server, String(port)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout ?? child, 'data');
    return serverOf(child, 'SIGTERM', { system, port, folder, keys: makeKeys() });
  };
}

const POSTGRES = '/usr/lib/postgresql';
const QUIETLY = { stdio: 'ignore' } as const;

async function startPostgres(folder: string, port: number): Promise<Server | string> {
  const version = existsSync(POSTGRES) ? readdirSync(POSTGRES).sort().at(-1) : undefined;
  if (version === undefined) return 'apt-get install postgresql';
  if (!havePackage('pg', '8')) return 'the package pg can not be installed';
  const bin = (name: string): string => join(POSTGRES, version, 'bin', name);
  const data = join(folder, 'data');
  mkdirSync(data, { mode: 0o700 });
  // PostgreSQL refuses to run as root: its own account then, which must reach the folder.
  const account = process.getuid?.() === 0 ? accountOf('postgres') : undefined;
  if (account !== undefined) {
    chownSync(data, account.uid, account.gid);
    chmodSync(folder, 0o711);
  }
  const as = {
    ...account,
    cwd: data,
    env: { PATH: '/usr/bin:/bin', LC_ALL: 'C.UTF-8' },
    ...QUIETLY,
  };
  execFileSync(bin('initdb'), ['-D', data, '-U', 'bench', '-A', 'trust'], as);
  const settings = ['listen_addresses=127.0.0.1', `port=${port}`, 'unix_socket_directories='];
  const child = spawn(bin('postgres'), ['-D', data, ...settings.flatMap((s) => ['-c', s])], as);
  const psql = ['-h', '127.0.0.1', '-p', `${port}`, '-U', 'bench', '-d', 'postgres', '-c'];
  await answers(() => execFileSync(bin('psql'), [...psql, 'select 1'], QUIETLY));
  execFileSync(bin('psql'), [...psql, TABLES], QUIETLY);
  return serverOf(child, 'SIGINT', { system: 'postgres', port, folder, keys: makeKeys() });
}

function serverOf(child: ChildProcess, signal: NodeJS.Signals, config: ChildConfig): Server {
  process.once('exit', () => child.kill('SIGKILL'));
  const pid = child.pid ?? 0;
  return {
    child: config,
    // A process for each connection: those that are there now.
    pids: () => [pid, ...childrenOf(pid)],
    stop: async () => {
      const ended = once(child, 'exit');
      child.kill(signal);
      await ended;
    },
  };
}

async function answers(ask: () => void): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    try {
      return ask();
    } catch (error) {
      if (tries > 100) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

function accountOf(name: string): { readonly uid: number; readonly gid: number } {
  const id = (flag: string): number =>
    Number(execFileSync('/usr/bin/id', [flag, name], { encoding: 'utf8' }).trim());
  return { uid: id('-u'), gid: id('-g') };
}
