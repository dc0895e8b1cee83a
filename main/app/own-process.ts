// A process of our own beside the app: the store's and the broker's. It takes structured clones, prints lines, and ends
// when its parent does, however that ended. Here it is a Node of its own; a host may hand in another way to start one.

import { fork } from 'node:child_process';
import type { Readable } from 'node:stream';

export type OwnProcess = {
  /** What it prints: both must be read, or a full pipe stops it. */
  readonly output: Readable | null;
  readonly errors: Readable | null;
  /** Undefined where it was not started or, on some runtimes, once it has ended. */
  readonly pid: () => number | undefined;
  readonly hasEnded: () => boolean;
  /** What is sent to a process that has gone is lost: its end says so. */
  readonly send: (message: unknown) => void;
  /** Asks it to close what it has open and to end. */
  readonly ask: () => void;
  readonly kill: (signal: 'SIGTERM' | 'SIGKILL') => void;
};

export type Hears = {
  readonly onMessage?: (message: unknown) => void;
  /** Once, after its last message; also where it could not be started. Never before the start has returned. */
  readonly onEnd: () => void;
};

/** `entry` is a built script. */
export type StartProcess = (entry: string, args: readonly string[], hears: Hears) => OwnProcess;

type NodeOptions = { readonly env: NodeJS.ProcessEnv; readonly execPath?: string | undefined };

/** Lives as long as both its stdin and its channel are open. */
export function nodeProcesses({ env, execPath }: NodeOptions): StartProcess {
  return (entry, args, { onMessage, onEnd }) => {
    const child = fork(entry, [...args], {
      execPath: execPath ?? process.execPath,
      execArgv: [],
      env,
      serialization: 'advanced',
      stdio: ['pipe', 'pipe', 'pipe', 'ipc'],
      // Its own group: a Ctrl-C in the terminal is for the app, which stops its parts in order.
      detached: process.platform !== 'win32',
      // Passed on to spawn; fork's own type lacks it.
      windowsHide: true,
    } as Parameters<typeof fork>[2]);
    let ended = false;
    const end = (): void => {
      if (!ended) onEnd();
      ended = true;
    };
    child.once('exit', end).on('error', () => {
      if (child.pid === undefined) end();
    });
    if (onMessage) child.on('message', onMessage);
    // Nothing is written to it; an error here only says that it has gone.
    child.stdin?.on('error', () => {});
    return {
      output: child.stdout,
      errors: child.stderr,
      pid: () => child.pid,
      hasEnded: () => ended || child.exitCode !== null || child.signalCode !== null,
      send: (message) => {
        // Without a callback the error of a channel that has gone would be thrown.
        if (child.connected) child.send(message as object, () => {});
      },
      ask: () => {
        child.stdin?.end();
        if (child.connected) child.disconnect();
      },
      kill: (signal) => void child.kill(signal),
    };
  };
}
