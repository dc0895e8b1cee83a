// The bundled broker as a process of its own. It lives as long as its stdin is open, so it ends with us however we end;
// when it ends unasked it is started again, each time a little later.

import { type ChildProcess, spawn } from 'node:child_process';
import * as z from 'zod';
import { fail, ok, type Result } from '../../../shared/result.ts';
import type { BundledBroker, Clock, Journal, Timers } from '../../app/ports.ts';
import { endChild, hasEnded, PATIENCE, type Patience } from './ending.ts';
import { linesOf } from './lines.ts';

const Listening = z.strictObject({ listening: z.string().max(300) });

const LISTEN_MS = 10_000;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 15_000;
/** A broker that ran this long was well: the next pause is a short one again. */
const WELL_MS = 60_000;

export type BrokerOptions = {
  /** The built `broker.js`. */
  readonly entry: string;
  readonly home: string;
  readonly env: NodeJS.ProcessEnv;
  readonly execPath?: string;
  readonly clock: Pick<Clock, 'monotonic'>;
  readonly timers: Timers;
  readonly journal: Journal;
  readonly patience?: Patience;
};

export type BrokerProcess = BundledBroker & { readonly pid: () => number | undefined };

/** `start` rejects with one sentence when the broker does not listen within 10 s. */
export function brokerProcess(options: BrokerOptions): BrokerProcess {
  const keeper = keepRunning(options);
  let stopping: Promise<void> | undefined;
  return {
    start: async () => {
      if (keeper.wanted()) return;
      stopping = undefined;
      const listening = await keeper.begin();
      if (!listening.ok) throw new Error(listening.detail);
    },
    stop: () => {
      const child = keeper.end();
      stopping ??=
        child === undefined
          ? Promise.resolve()
          : endChild(child, () => child.stdin?.end(), options.timers, options.patience ?? PATIENCE);
      return stopping;
    },
    pid: () => keeper.child()?.pid,
  };
}

/** The process while it is wanted, started again after each end that nobody asked for. */
function keepRunning(options: BrokerOptions) {
  const { clock, timers, journal } = options;
  let wanted = false;
  let child: ChildProcess | undefined;
  let pause = FIRST_PAUSE_MS;
  let cancelRestart = (): void => {};

  const launch = async (): Promise<Result<string, 'ended' | 'silent'>> => {
    const started = clock.monotonic();
    const launched = spawnBroker(options);
    child = launched;
    const listening = await listeningLine(launched, timers);
    if (!listening.ok) {
      await endChild(launched, () => launched.kill('SIGKILL'), timers);
      return listening;
    }
    const again = (): void => {
      if (!wanted) return;
      if (clock.monotonic() - started > WELL_MS) pause = FIRST_PAUSE_MS;
      journal.note('the broker has ended unexpectedly and is started again');
      restart();
    };
    // It may have ended between its line and here.
    if (hasEnded(launched)) again();
    else launched.once('exit', again);
    return listening;
  };
  const restart = (): void => {
    cancelRestart = timers.after(pause, () => {
      pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
      void launch().then((listening) => {
        if (!listening.ok && wanted) restart();
      });
    });
  };
  const begin = async (): Promise<Result<string, 'ended' | 'silent'>> => {
    wanted = true;
    const listening = await launch();
    if (!listening.ok) wanted = false;
    return listening;
  };
  const end = (): ChildProcess | undefined => {
    wanted = false;
    cancelRestart();
    return child;
  };
  return { wanted: () => wanted, child: () => child, begin, end };
}

function spawnBroker({ entry, home, env, execPath, journal }: BrokerOptions): ChildProcess {
  const child = spawn(execPath ?? process.execPath, [entry, '--home', home, '--parent-pipe'], {
    env,
    stdio: ['pipe', 'pipe', 'pipe'],
    // Its own group: a Ctrl-C in the terminal is for the app, which stops its broker in order.
    detached: process.platform !== 'win32',
    windowsHide: true,
  });
  // Writing never happens; an error here only says that it has gone, which 'exit' says too.
  child.stdin.on('error', () => {});
  child.on('error', () => {});
  linesOf(child.stderr, (line) =>
    journal.note(line.startsWith('countersign') ? line : `broker: ${line}`),
  );
  return child;
}

function listeningLine(
  child: ChildProcess,
  timers: Timers,
): Promise<Result<string, 'ended' | 'silent'>> {
  return new Promise((resolve) => {
    const cancel = timers.after(LISTEN_MS, () =>
      settle(fail('silent', `the broker did not listen within ${LISTEN_MS / 1000} s`)),
    );
    const ended = (): void => settle(fail('ended', 'the broker ended before it listened'));
    const settle = (result: Result<string, 'ended' | 'silent'>): void => {
      cancel();
      child.off('exit', ended).off('error', ended);
      resolve(result);
    };
    child.once('exit', ended).once('error', ended);
    // Everything it prints is read, so that a full pipe never stops it.
    linesOf(child.stdout, (line) => {
      const parsed = Listening.safeParse(jsonOf(line));
      if (parsed.success) settle(ok(parsed.data.listening));
    });
  });
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
