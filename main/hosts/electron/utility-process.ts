// Store and broker in `utilityProcess`: Electron's own Node, read from the archive, so that a packed app needs no other.
// Only where that Node has what the database wants; an older runtime starts a Node 24 of its own.

import type { Readable } from 'node:stream';
import type { StartProcess } from '../../app/own-process.ts';
import { END } from '../processes/parent-port.ts';

/** What is used of Electron's `UtilityProcess`. */
export type Utility = {
  readonly pid: number | undefined;
  readonly stdout: NodeJS.ReadableStream | null;
  readonly stderr: NodeJS.ReadableStream | null;
  readonly postMessage: (message: unknown) => void;
  readonly kill: () => boolean;
  on(event: 'spawn' | 'exit', take: () => void): unknown;
  on(event: 'message', take: (message: unknown) => void): unknown;
};

export type ForkUtility = (
  entry: string,
  args: string[],
  options: {
    readonly env: NodeJS.ProcessEnv;
    readonly execArgv: string[];
    readonly stdio: ('ignore' | 'pipe')[];
    readonly serviceName: string;
  },
) => Utility;

/** better-sqlite3 wants Node-API 10, which came with Node 22. */
const OLDEST = 22;

export const ownNodeWillDo = (versions: { readonly node: string }): boolean =>
  Number.parseInt(versions.node, 10) >= OLDEST;

export function utilityProcesses(fork: ForkUtility, env: NodeJS.ProcessEnv): StartProcess {
  return (entry, args, { onMessage, onEnd }) => {
    const child = fork(entry, [...args], {
      env,
      execArgv: [],
      stdio: ['ignore', 'pipe', 'pipe'],
      serviceName: 'Countersign',
    });
    let ended = false;
    let killed: 'SIGTERM' | 'SIGKILL' | undefined;
    const kill = (signal: 'SIGTERM' | 'SIGKILL'): void => {
      killed = signal;
      if (ended || child.pid === undefined) return;
      if (signal === 'SIGTERM') child.kill();
      else killAtOnce(child.pid);
    };
    // It has no number before: what was asked meanwhile is done then.
    child.on('spawn', () => {
      if (killed !== undefined) kill(killed);
    });
    child.on('exit', () => {
      if (ended) return;
      ended = true;
      onEnd();
    });
    if (onMessage) child.on('message', onMessage);
    return {
      // They are Node's own streams, typed by the interface they share with older ones.
      output: child.stdout as Readable | null,
      errors: child.stderr as Readable | null,
      pid: () => child.pid,
      hasEnded: () => ended,
      send: (message) => {
        if (!ended) child.postMessage(message);
      },
      ask: () => {
        if (!ended) child.postMessage(END);
      },
      kill,
    };
  };
}

function killAtOnce(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended meanwhile.
  }
}
