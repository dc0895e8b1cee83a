// The bundled broker as a process of its own, which ends with us however we end. When it ends unasked it is started again,
// each time a little later.

import * as z from 'zod';
import { fail, ok, type Result } from '../../../shared/result.ts';
import { nodeProcesses, type OwnProcess, type StartProcess } from '../../app/own-process.ts';
import type { BundledBroker, Clock, Journal, Timers } from '../../app/ports.ts';
import { endChild, PATIENCE, type Patience } from './ending.ts';
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
  /** A Node of its own where nothing else is said. */
  readonly start?: StartProcess | undefined;
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
          : endChild(child.process, child.ended, options.timers, options.patience ?? PATIENCE);
      return stopping;
    },
    pid: () => keeper.child()?.process.pid(),
  };
}

type Launched = {
  readonly process: OwnProcess;
  readonly listening: Promise<Result<string, 'ended' | 'silent'>>;
  readonly ended: Promise<void>;
};

/** The process while it is wanted, started again after each end that nobody asked for. */
function keepRunning(options: BrokerOptions) {
  const { clock, timers, journal } = options;
  let wanted = false;
  let child: Launched | undefined;
  let pause = FIRST_PAUSE_MS;
  let cancelRestart = (): void => {};

  const launch = async (): Promise<Result<string, 'ended' | 'silent'>> => {
    const started = clock.monotonic();
    const launched = launchBroker(options);
    child = launched;
    const listening = await launched.listening;
    if (!listening.ok) {
      launched.process.kill('SIGKILL');
      await launched.ended;
      return listening;
    }
    // It may have ended between its line and here.
    void launched.ended.then(() => {
      if (!wanted) return;
      if (clock.monotonic() - started > WELL_MS) pause = FIRST_PAUSE_MS;
      journal.note('the broker has ended unexpectedly and is started again');
      restart();
    });
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
  const end = (): Launched | undefined => {
    wanted = false;
    cancelRestart();
    return child;
  };
  return { wanted: () => wanted, child: () => child, begin, end };
}

function launchBroker(options: BrokerOptions): Launched {
  const { entry, home, timers, journal, start = nodeProcesses(options) } = options;
  const ended = Promise.withResolvers<void>();
  const listening = Promise.withResolvers<Result<string, 'ended' | 'silent'>>();
  const cancel = timers.after(LISTEN_MS, () => {
    const detail = `the broker did not listen within ${LISTEN_MS / 1000} s`;
    listening.resolve(fail('silent', detail));
  });
  const process = start(entry, ['--home', home, '--parent-pipe'], {
    onEnd: () => {
      cancel();
      listening.resolve(fail('ended', 'the broker ended before it listened'));
      ended.resolve();
    },
  });
  linesOf(process.output, (line) => {
    const parsed = Listening.safeParse(jsonOf(line));
    if (!parsed.success) return;
    cancel();
    listening.resolve(ok(parsed.data.listening));
  });
  linesOf(process.errors, (line) =>
    journal.note(line.startsWith('countersign') ? line : `broker: ${line}`),
  );
  return { process, listening: listening.promise, ended: ended.promise };
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
