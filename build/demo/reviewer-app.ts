// The app that will be asked: the one that runs in this home, brought forward as a second start would, or one that the demo
// starts and stops. It is started in a session of its own, so that Ctrl-C can end what is held while its broker still lives.

import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { Socket } from 'node:net';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
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
  if (running !== undefined) {
    const told = await bringForward(running, { terminal: isTerminal() }, systemTimers);
    if (!told.ok) return fail('unusable', told.detail);
    for (const line of told.value) say(line);
    return untilSetUp(home.value, { own: false, close: async () => {} }, asked, say);
  }
  say(words.app.starting);
  const child = spawn(process.execPath, [APP], {
    stdio: ['ignore', 'inherit', 'inherit'],
    detached: true,
  });
  const app = { own: true, close: () => endOf(child) };
  const up = await poll(asked, async () => {
    if (ended(child)) return 'failed';
    const peer = await home.value.find();
    peer?.destroy();
    return peer === undefined ? undefined : 'up';
  });
  if (up === 'up') return untilSetUp(home.value, app, asked, say);
  await app.close();
  return up === 'failed' ? fail('unusable', words.app.notHere) : fail('stopped');
}

type Place = {
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
  return ok({ pin, find });
}

/** A guard's root of trust is written once the keys are made; before that nothing can be asked. */
async function untilSetUp(
  { pin }: Place,
  app: ReviewerApp,
  asked: AbortSignal,
  say: (line: string) => void,
): Promise<Result<ReviewerApp, 'stopped'>> {
  const there = (): Promise<true | undefined> => Promise.resolve(existsSync(pin) || undefined);
  if ((await there()) === undefined) say(words.app.setUp);
  if ((await poll(asked, there)) === true) return ok(app);
  await app.close();
  return fail('stopped');
}

/** Undefined when it was asked to stop. */
async function poll<T>(asked: AbortSignal, look: () => Promise<T | undefined>) {
  while (!asked.aborted) {
    const found = await look();
    if (found !== undefined) return found;
    await wait(LOOK_EVERY_MS);
  }
  return undefined;
}

const isTerminal = (): boolean => process.stdout.isTTY;
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
