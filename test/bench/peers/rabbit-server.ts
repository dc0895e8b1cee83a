// A RabbitMQ node of this run alone: own name, own folder, own port mapper, on loopback only.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';

const SERVER = '/usr/lib/rabbitmq/bin/rabbitmq-server';
const START_MS = 60_000;

export type Rabbit = { readonly pid: number; readonly stop: () => Promise<void> };

/** Undefined where it is not installed. Ports `port` + 40 and + 80 are its own too. */
export async function startRabbitServer(folder: string, port: number): Promise<Rabbit | undefined> {
  if (!existsSync(SERVER)) return undefined;
  const env = {
    PATH: '/usr/bin:/bin:/usr/sbin:/sbin',
    LC_ALL: 'C.UTF-8',
    HOME: folder,
    ERL_EPMD_PORT: `${port + 40}`,
    ERL_EPMD_ADDRESS: '127.0.0.1',
    RABBITMQ_NODENAME: 'bench@localhost',
    RABBITMQ_NODE_IP_ADDRESS: '127.0.0.1',
    RABBITMQ_NODE_PORT: `${port}`,
    RABBITMQ_DIST_PORT: `${port + 80}`,
    RABBITMQ_MNESIA_BASE: join(folder, 'data'),
    RABBITMQ_LOG_BASE: join(folder, 'log'),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, 'plugins'),
    RABBITMQ_CONF_ENV_FILE: join(folder, 'none'),
    RABBITMQ_CONFIG_FILE: join(folder, 'none'),
  };
  const mapper = spawn('epmd', ['-port', env.ERL_EPMD_PORT, '-address', '127.0.0.1'], {
    env,
    stdio: 'ignore',
  });
  // A group of its own: the script starts the machine that runs it as a child.
  const node = spawn(SERVER, [], { env, cwd: folder, stdio: 'ignore', detached: true });
  const killNode = (signal: NodeJS.Signals): void => {
    if (node.pid !== undefined && node.exitCode === null) process.kill(-node.pid, signal);
  };
  process.once('exit', () => {
    killNode('SIGKILL');
    mapper.kill('SIGKILL');
  });
  await opens(port, node);
  return {
    pid: node.pid ?? 0,
    stop: async () => {
      const ended = once(node, 'exit');
      killNode('SIGTERM');
      await ended;
      mapper.kill();
    },
  };
}

async function opens(port: number, node: ChildProcess): Promise<void> {
  const until = Date.now() + START_MS;
  while (Date.now() < until && node.exitCode === null) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect({ host: '127.0.0.1', port });
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
      socket.once('connect', () => socket.destroy());
    });
    if (open) return;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  throw new Error('RabbitMQ did not start');
}
