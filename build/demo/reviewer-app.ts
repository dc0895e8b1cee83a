// The app that will be asked: the one that runs in this home, brought forward as a second start would, or one that the demo
// starts and stops. It is started in a session of its own, so that Ctrl-C can end what is held while its broker still lives.

import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { Socket } from 'node:net';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { isatty } from 'node:tty';
import { OPENED, RUNNING_ALREADY, state } from '../../main/hosts/browser/words.ts';
import { findInstance } from '../../main/hosts/instance/claim.ts';
import { instancePlace } from '../../main/hosts/instance/place.ts';
import { bringForward } from '../../main/hosts/instance/second.ts';
import { systemTimers } from '../../main/hosts/processes/machine.ts';
import { openHome, stateHome } from '../../main/state/home.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import { APP } from './run-child.ts';
import * as words from './words.ts';

export type ReviewerApp = {
  /** It was started here, and is stopped by `close`. */
  readonly own: boolean;
  readonly close: () => Promise<void>;
};

const LOOK_EVERY_MS = 200;
const STOP_MS = 8000;
const PORTS = { timers: systemTimers };

/** Resolves when an app runs and this home has its keys. 'stopped': the person asked to end it before that. */
export async function openApp(
  asked: AbortSignal,
  say: (line: string) => void,
): Promise<Result<ReviewerApp, 'unusable' | 'stopped'>> {
  const home = findHome();
  if (!home.ok) return home;
  const running = await home.value.find();
  const app = running === undefined ? await startApp(home.value, asked, say) : ok(OTHERS);
  if (!app.ok) return app;
  const peer = running ?? (app.value.shown ? undefined : await home.value.find());
  if (peer !== undefined) {
    const told = await bringForward(peer, { terminal: isatty(1) }, systemTimers);
    if (!told.ok) return closing(app.value, fail('unusable', told.detail));
    const news = told.value.filter((line) => !app.value.own || line !== RUNNING_ALREADY);
    for (const line of news) say(line);
  }
  return untilSetUp(home.value, app.value, asked, say);
}

/** `shown`: its window is in a browser, so nobody needs an address. */
type Found = ReviewerApp & { readonly shown: boolean };
const OTHERS: Found = { own: false, shown: false, close: async () => {} };

/**
 * Its output is read, not shown: an app whose output is no terminal prints no token, and one that is asked to come forward
 * gives it to the person's terminal in its own time.
 */
async function startApp(
  home: Place,
  asked: AbortSignal,
  say: (line: string) => void,
): Promise<Result<Found, 'unusable' | 'stopped'>> {
  say(words.app.starting);
  const child = spawn(process.execPath, [APP], {
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  const lines = createInterface({ input: child.stdout });
  const close = (): Promise<void> => endOf(child);
  let shown = false;
  const greeted = new Promise<'up' | 'failed' | 'stopped'>((done) => {
    lines.on('line', (line) => {
      shown ||= line === OPENED;
      if (line === state(home.root)) done('up');
    });
    child.once('error', () => done('failed')).once('exit', () => done('failed'));
    asked.addEventListener('abort', () => done('stopped'), { once: true });
    if (asked.aborted) done('stopped');
  });
  const how = await greeted;
  if (how !== 'up') {
    await close();
    return how === 'failed' ? fail('unusable', words.app.notHere) : fail('stopped');
  }
  if (shown) say(OPENED);
  return ok({ own: true, shown, close });
}

async function closing<T>(app: ReviewerApp, why: T): Promise<T> {
  await app.close();
  return why;
}

type Place = {
  readonly root: string;
  readonly pin: string;
  /** A connection to the app that runs. */
  readonly find: () => Promise<Socket | undefined>;
};

function findHome(): Result<Place, 'unusable'> {
  const root = stateHome(process.env, process.platform, homedir());
  if (!root.ok) return fail('unusable', root.detail);
  const uid = process.getuid?.();
  const home = openHome(root.value, { uid, create: true });
  if (!home.ok) return fail('unusable', home.detail);
  const place = instancePlace(home.value, { platform: process.platform, uid });
  if (!place.ok) return fail('unusable', place.detail);
  const pin = join(home.value.guard, 'pin.json');
  const find = async (): Promise<Socket | undefined> => {
    const found = await findInstance(place.value, PORTS);
    return found instanceof Socket ? found : undefined;
  };
  return ok({ root: root.value, pin, find });
}

/** A guard's root of trust is written once the keys are made; before that nothing can be asked. */
async function untilSetUp(
  { pin }: Place,
  app: ReviewerApp,
  asked: AbortSignal,
  say: (line: string) => void,
): Promise<Result<ReviewerApp, 'stopped'>> {
  if (!existsSync(pin)) say(words.app.setUp);
  while (!asked.aborted) {
    if (existsSync(pin)) return ok(app);
    await wait(LOOK_EVERY_MS);
  }
  return closing(app, fail('stopped'));
}

const ended = (child: ChildProcess): boolean =>
  child.exitCode !== null || child.signalCode !== null || child.pid === undefined;

async function endOf(child: ChildProcess): Promise<void> {
  if (ended(child)) return;
  const gone = new Promise((done) => child.once('exit', done));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
  await gone;
  clearTimeout(timer);
}
