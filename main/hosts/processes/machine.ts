// The one place that reads what the process was given: environment, platform, account, streams, where the build lies.
// Everything else in the hosts takes a `Machine`, so a test can hand in another one.

import { readFileSync } from 'node:fs';
import { homedir, hostname, userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { type RandomBytes, systemRandom } from '../../trust/digest.ts';
import type { Clock, Timers } from '../../app/ports.ts';

export type Terminal = {
  readonly input: Readable & { readonly isTTY?: boolean };
  readonly output: Writable & {
    readonly isTTY?: boolean;
    readonly columns?: number;
    readonly rows?: number;
  };
  readonly errors: Writable;
};

export type BuiltFiles = {
  /** The built entries `store.js` and `broker.js`. */
  readonly store: string;
  readonly broker: string;
  /** Folder of the built window. */
  readonly pages: string;
  /** What a person types to run the command line. */
  readonly launcher: string;
};

export type Machine = {
  readonly env: { readonly [name: string]: string | undefined };
  readonly platform: NodeJS.Platform;
  /** Undefined where the OS has no such number (Windows). */
  readonly uid: number | undefined;
  readonly homedir: string;
  readonly hostName: string;
  readonly account: string;
  readonly execPath: string;
  readonly version: string;
  readonly files: BuiltFiles;
  readonly terminal: Terminal;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: RandomBytes;
  /** Calls for each request to end (Ctrl-C, SIGTERM, a closed terminal); the result stops listening. */
  readonly onStop: (stop: () => void) => () => void;
  /** Ends this process at once. */
  readonly exit: (code: number) => void;
};

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
};

export const systemTimers: Timers = {
  after: (ms, run) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};

/** `here` is the folder of the built entry: `out/main`. */
export function thisMachine(here: string): Machine {
  const root = resolve(here, '../..');
  const launcher = process.platform === 'win32' ? 'countersign.cmd' : 'countersign';
  return {
    env: process.env,
    platform: process.platform,
    uid: process.getuid?.(),
    homedir: homedir(),
    hostName: hostname(),
    account: accountName(),
    execPath: process.execPath,
    version: versionIn(root),
    files: {
      store: join(here, 'store.js'),
      broker: join(here, 'broker.js'),
      pages: resolve(here, '../renderer'),
      launcher: join(root, 'build', 'launcher', launcher),
    },
    terminal: { input: process.stdin, output: process.stdout, errors: process.stderr },
    clock: systemClock,
    timers: systemTimers,
    random: systemRandom,
    onStop: onSignals,
    exit: (code) => process.exit(code),
  };
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

function onSignals(stop: () => void): () => void {
  const take = (): void => stop();
  for (const signal of SIGNALS) process.on(signal, take);
  return () => {
    for (const signal of SIGNALS) process.off(signal, take);
  };
}

/** A uid without an account entry, as in some containers, has no name. */
function accountName(): string {
  try {
    return userInfo().username;
  } catch {
    return 'me';
  }
}

function versionIn(root: string): string {
  const text = readFileSync(join(root, 'package.json'), 'utf8');
  const { version } = JSON.parse(text) as { readonly version?: unknown };
  return typeof version === 'string' ? version : 'unknown';
}
