// Notifications through notify-send: a process for each that is shown, which waits for its end and prints the button that
// was pressed. What it prints is a name that we gave it or nothing; texts and names are arguments, never a shell's.

import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Readable } from 'node:stream';
import type {
  Journal,
  Notification,
  Notifier,
  NotifierCapabilities,
  NotifierTrouble,
  Timers,
} from '../../app/ports.ts';
import { linesOf } from '../processes/lines.ts';
import { closeById, type Found, lookAround, runProgram, sessionOf } from './look.ts';
import { bodyText, titleText } from './markup.ts';
import { limitsOf } from './servers.ts';

export type LinuxNotifier = Notifier & {
  /** Takes down what still stands; resolves once it is gone, within three seconds. */
  readonly close: () => Promise<void>;
};

export type LinuxPorts = {
  readonly env: { readonly [name: string]: string | undefined };
  readonly timers: Timers;
  readonly journal: Journal;
};

/** What a press prints: the body's own action is called `default` by the specification. */
const PRINTED = { approve: 'approve', deny: 'deny', open: 'open', default: 'open' } as const;
const LABELS = { approve: 'Approve', deny: 'Deny', open: 'Open' } as const;
/** D-Bus itself gives up on a call after 25 s. */
const HANGS_MS = 30_000;
const GIVE_UP_MS = 3000;
const READY_MS = 20;
const MAX_LINE = 200;

type Standing = {
  readonly child: ChildProcessByStdio<null, Readable, null>;
  readonly gone: Promise<void>;
  withdrawn: boolean;
  /** The daemon's number for it; printed at its end, so known only where it does not wait. */
  number: string | undefined;
};

export function linuxNotifier({ env, timers, journal }: LinuxPorts): LinuxNotifier {
  const session = sessionOf(env);
  const run = session && runProgram(session, timers);
  const standing = new Map<string, Standing>();
  /** Those whose process lives, withdrawn ones too. */
  const alive = new Set<Standing>();
  const takers = new Set<(id: string, action: string) => void>();
  let found: Found | undefined;
  let trouble: NotifierTrouble | undefined = session === undefined ? 'noSession' : undefined;
  let looking: Promise<void> | undefined;
  let wanted = new Map<string, () => void>();

  const look = async (): Promise<void> => {
    if (run === undefined) return;
    found = await lookAround(run);
    trouble = found.trouble;
  };
  const lookOnce = (): Promise<void> => {
    looking ??= look().finally(() => {
      looking = undefined;
    });
    return looking;
  };

  const start = (
    notification: Notification,
    now: Found,
    failed: ((why: NotifierTrouble) => void) | undefined,
  ): void => {
    const { id } = notification;
    // Where we are killed it must end too: a press on it would do nothing, and what it has inherited would keep Chromium's
    // own processes, which end once nobody holds the other end.
    const args = argumentsOf(notification, now);
    const [program, all] = now.tied
      ? ['setpriv', ['--pdeathsig=INT', '--', 'notify-send', ...args]]
      : ['notify-send', args];
    const child = spawn(program, all, {
      env: session ?? {},
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    let pressed: string | undefined;
    const { promise: gone, resolve } = Promise.withResolvers<void>();
    const one: Standing = { child, gone, withdrawn: false, number: undefined };
    standing.set(id, one);
    alive.add(one);
    linesOf(
      child.stdout,
      (line) => {
        if (one.number === undefined && now.printsId && /^[0-9]{1,10}$/.test(line)) {
          one.number = line;
        } else if (Object.hasOwn(PRINTED, line)) pressed = line;
      },
      MAX_LINE,
    );
    const ended = (why: NotifierTrouble | undefined): void => {
      alive.delete(one);
      // Without a process of its own it may still stand: its number is kept for taking it down.
      if (standing.get(id) === one && (why !== undefined || now.waits)) standing.delete(id);
      if (why !== undefined && !one.withdrawn) {
        trouble = why;
        failed?.(why);
      }
      resolve();
    };
    child.once('error', () => ended('noProgram'));
    child.once('close', (code) => {
      ended(code === 0 || one.withdrawn ? undefined : 'failed');
      // The table holds every name that is printed.
      const action = PRINTED[pressed as keyof typeof PRINTED];
      if (action !== undefined && !one.withdrawn) for (const take of takers) take(id, action);
    });
  };

  /** Until it listens for SIGINT it would die of it and leave the notification. */
  const endWhenReady = (one: Standing): void => {
    const { child } = one;
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
    if (catchesInterrupt(child.pid)) child.kill('SIGINT');
    else timers.after(READY_MS, () => endWhenReady(one));
  };
  const withdraw = (id: string): void => {
    wanted.delete(id);
    const one = standing.get(id);
    if (one === undefined) return;
    standing.delete(id);
    one.withdrawn = true;
    const ended = one.child.exitCode !== null || one.child.signalCode !== null;
    if (ended && run && one.number !== undefined) void closeById(run, one.number);
    else endWhenReady(one);
    // A daemon that hangs would keep it for ever.
    const cancel = timers.after(HANGS_MS, () => one.child.kill('SIGKILL'));
    void one.gone.then(cancel);
  };

  return {
    capabilities: (): NotifierCapabilities => ({
      kind: 'linux',
      actions: found?.actions ?? false,
      ...limitsOf(found?.server),
      ...(trouble === undefined ? {} : { trouble }),
    }),
    show: (notification, failed) => {
      withdraw(notification.id);
      if (session === undefined) return failed?.('noSession');
      const go = (): void => {
        wanted.delete(notification.id);
        if (found === undefined || found.trouble !== undefined)
          return failed?.(found?.trouble ?? 'noDaemon');
        trouble = undefined;
        start(notification, found, failed);
      };
      wanted.set(notification.id, go);
      // A daemon that was not there may be there now.
      if (found !== undefined && trouble === undefined) return go();
      void lookOnce().then(() => {
        if (wanted.get(notification.id) === go) go();
      });
    },
    withdraw,
    onActivate: (take) => {
      takers.add(take);
      return () => void takers.delete(take);
    },
    look: lookOnce,
    close: async () => {
      wanted = new Map();
      for (const id of standing.keys()) withdraw(id);
      const all = [...alive].map((one) => one.gone);
      const { promise, resolve } = Promise.withResolvers<void>();
      const cancel = timers.after(GIVE_UP_MS, () => {
        for (const { child } of alive) child.kill('SIGKILL');
        journal.note('a notification may still stand: its daemon did not answer');
        resolve();
      });
      await Promise.race([Promise.all(all), promise]);
      cancel();
    },
  };
}

/** proc(5): the mask of signals that a process has a handler for; SIGINT is its second bit. */
function catchesInterrupt(pid: number): boolean {
  try {
    const mask = /^SigCgt:\s*([0-9a-f]+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return mask !== undefined && (BigInt(`0x${mask}`) & 2n) !== 0n;
  } catch {
    // It has ended meanwhile.
    return false;
  }
}

export function argumentsOf(notification: Notification, found: Found): readonly string[] {
  const { title, body, urgent, sound, actions } = notification;
  return [
    '--app-name=Countersign',
    `--urgency=${urgent ? 'critical' : 'normal'}`,
    ...(urgent ? ['--expire-time=0'] : []),
    ...(found.printsId && !found.waits ? ['--print-id'] : []),
    ...(found.waits ? ['--wait'] : []),
    // The boolean hint came with the options above.
    ...(found.waits && !sound ? ['--hint=boolean:suppress-sound:true'] : []),
    ...(sound ? ['--hint=string:sound-name:message-new-instant'] : []),
    ...(found.actions
      ? ['--action=default=Open', ...actions.map((name) => `--action=${name}=${LABELS[name]}`)]
      : []),
    '--',
    titleText(title),
    bodyText(body),
  ];
}
