// The app in Electron: home, instance, store, broker, app, window, tray, in this order, and back in the reverse one. Each
// failure is one sentence and 78 (can't be used as it is) or 75 (can't be reached now), as in every host.

import { join, resolve } from 'node:path';
import { app, dialog, Menu, powerMonitor, safeStorage, utilityProcess } from 'electron';
import { APP_ID } from '../../../shared/product.ts';
import { fail, ok, type Result } from '../../../shared/result.ts';
import type { ReviewerApp } from '../../app/compose.ts';
import { nodeProcesses, type StartProcess } from '../../app/own-process.ts';
import type { Journal, Notifier, Vault } from '../../app/ports.ts';
import type { Home } from '../../state/home.ts';
import { type Pages, readPages } from '../browser/pages.ts';
import { type Claim, claimInstance } from '../instance/claim.ts';
import type { Served } from '../instance/calls.ts';
import { localBridge, servedBy, unlockOf } from '../instance/local.ts';
import { instancePlace } from '../instance/place.ts';
import { bringForward } from '../instance/second.ts';
import { servePeers } from '../instance/serve.ts';
import { linuxNotifier } from '../linux/notifier.ts';
import { childEnvironment } from '../processes/environment.ts';
import type { Machine } from '../processes/machine.ts';
import { type Compose, startParts } from '../processes/parts.ts';
import { startHome } from '../processes/start-home.ts';
import { type Stops, stopsInReverse } from '../processes/stopping.ts';
import { aborted, untilStopped } from '../processes/until-stopped.ts';
import { openKey, passphraseFromFile } from '../terminal/key.ts';
import { linkIn, registerLinks } from './deep-link.ts';
import { type Desktop, openDesktop } from './desktop.ts';
import { hardenContents } from './harden.ts';
import { drivingSwitches, lockedApp } from './locked-mode.ts';
import { HIDDEN, loginItem, withLoginItem } from './login-item.ts';
import { nodeProgram } from './node-program.ts';
import { registerPageScheme } from './page-scheme.ts';
import { followPower } from './power.ts';
import { protectionOf } from './protection.ts';
import { openCalls, type OutsideCalls } from './outside.ts';
import { showFailure } from './show-failure.ts';
import { ownNodeWillDo, utilityProcesses } from './utility-process.ts';
import { CLOSED_VAULT, electronVault } from './vault.ts';
import * as words from './words.ts';

const NOT_CONFIGURED = 78;
const UNAVAILABLE = 75;

type Started<T> = Result<T, 'notConfigured' | 'unavailable'>;

/** Returns at once; the process ends with the exit code once it is asked to stop or could not start. */
export function startElectronHost(machine: Machine, compose: Compose): void {
  // What must be said before Electron is ready.
  registerPageScheme();
  // Windows: toasts and the task bar go by it, and by the shortcut that has the same one.
  if (machine.platform === 'win32') app.setAppUserModelId(APP_ID);
  // Asked for against the sandbox (root in a test), Chromium's children refuse to start; a packaged app is then locked.
  if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
  const calls = openCalls(app);
  const ours = { ...machine, exit: (code: number) => app.exit(code) };
  void run(ours, compose, calls)
    .catch((error: unknown): Ended => {
      // A bug. Nothing is signed by a process that has met one here.
      machine.terminal.errors.write(`countersign: ${String(error)}\n`);
      return { code: 70, sentence: String(error) };
    })
    .then(async ({ code, sentence }) => {
      // The session may end before anybody has read it.
      calls.onQuit(() => app.exit(code));
      if (sentence !== undefined) await showNotStarted(machine, sentence);
      app.exit(code);
    });
}

/** Whoever started it from a menu or at login reads no terminal. */
function showNotStarted({ env }: Machine, sentence: string): Promise<void> {
  // While the box stands another start may do better.
  app.releaseSingleInstanceLock();
  const box = (message: string, detail: string): Promise<unknown> =>
    dialog.showMessageBox({ type: 'error', title: words.NAME, message, detail });
  const screen = { env, ready: () => app.whenReady(), box };
  return showFailure(screen, words.NOT_STARTED, sentence);
}

type Ended = { readonly code: number; readonly sentence?: string };

async function run(machine: Machine, compose: Compose, calls: OutsideCalls): Promise<Ended> {
  const { output, errors } = machine.terminal;
  // Whoever read our lines may have gone; that is no reason to stop holding actions.
  for (const stream of [output, errors]) stream.on('error', () => {});
  const stopper = untilStopped(machine);
  calls.onQuit(() => {
    if (!stopper.signal.aborted) stopper.ask();
  });
  const journal: Journal = { note: (line) => void errors.write(`countersign: ${line}\n`) };
  const stops = stopsInReverse(journal.note);
  try {
    const started = await start(machine, compose, { journal, stops, calls });
    if (!started.ok) {
      const sentence = started.detail ?? 'failed';
      errors.write(`countersign: ${sentence}\n`);
      const code = started.code === 'notConfigured' ? NOT_CONFIGURED : UNAVAILABLE;
      return { code, sentence };
    }
    if (started.value === 'runs') await aborted(stopper.signal);
    return { code: 0 };
  } finally {
    await stops.all();
    stopper.forget();
  }
}

type Around = {
  readonly journal: Journal;
  readonly stops: Stops;
  readonly calls: OutsideCalls;
};

const unusable = (failed: { readonly detail?: string }) => fail('notConfigured', failed.detail);

async function start(
  machine: Machine,
  compose: Compose,
  around: Around,
): Promise<Started<'runs' | 'second'>> {
  const { output } = machine.terminal;
  const home = startHome(machine);
  if (!home.ok) return unusable(home);
  // One lock a home: Chromium's own files and its lock go by this folder.
  app.setPath('userData', join(home.value.app, 'window'));
  const request = linkIn(process.argv);
  if (!app.requestSingleInstanceLock(request === undefined ? {} : { request })) {
    output.write(`${words.RAISED}\n`);
    return ok('second');
  }
  const pages = readPages(machine.files.pages);
  if (!pages.ok) return unusable(pages);
  const processes = processesOf(machine);
  if (!processes.ok) return unusable(processes);
  const place = instancePlace(home.value, machine);
  if (!place.ok) return unusable(place);
  // The same claim as the page's and the terminal's hosts: one app per home, whichever shows it.
  const claimed = await claimInstance(place.value, machine);
  if (!claimed.ok) return fail('unavailable', claimed.detail);
  if ('second' in claimed.value) {
    const told = await bringForward(claimed.value.second, { terminal: false }, machine.timers);
    if (!told.ok) return fail('unavailable', told.detail);
    for (const line of told.value) output.write(`${line}\n`);
    return ok('second');
  }
  around.stops.add('the instance', claimed.value.first.close);
  await app.whenReady();
  const built = { home: home.value, pages: pages.value, claim: claimed.value.first };
  return first(machine, compose, { ...built, start: processes.value }, around);
}

/** Store and broker in Electron's own Node where that is new enough, else in one beside it. */
function processesOf({ platform, env }: Machine): Result<StartProcess, 'noNode'> {
  const inherited = childEnvironment(env);
  if (ownNodeWillDo(process.versions)) {
    return ok(utilityProcesses((...args) => utilityProcess.fork(...args), inherited));
  }
  const node = nodeProgram(app.getAppPath(), platform, env['PATH']);
  return node.ok ? ok(nodeProcesses({ env: inherited, execPath: node.value })) : node;
}

type Built = {
  readonly home: Home;
  readonly pages: Pages;
  readonly claim: Claim;
  readonly start: StartProcess;
};

async function first(
  machine: Machine,
  compose: Compose,
  { home, pages, claim, start }: Built,
  around: Around,
): Promise<Started<'runs'>> {
  const { journal, stops, calls } = around;
  hardenContents(app, (what) => journal.note(`refused: ${what}`));
  // Its shortcuts reload a page and open the developer's tools; macOS needs one for copying and quitting.
  Menu.setApplicationMenu(machine.platform === 'darwin' ? macMenu() : null);
  const switches = drivenBy(journal);
  const label = words.labels(
    words.runtimeLabel(process.versions.electron ?? ''),
    switches.length === 0 ? undefined : words.lockedLabel(switches),
  );
  const atLogin = loginItem(app, machine);
  const desktop = openDesktop({
    machine,
    pages,
    label,
    journal,
    preload: resolve(machine.files.pages, '../preload/index.cjs'),
    loginItem: atLogin,
  });
  stops.add('the desktop', desktop.close);
  const vault =
    switches.length === 0
      ? electronVault(safeStorage, machine.platform, machine.timers)
      : CLOSED_VAULT;
  const composed: Compose = (ports) => {
    const made = compose({ ...ports, vault });
    const open = switches.length === 0 ? made : lockedApp(made, switches);
    const one = withLoginItem(open, atLogin, desktop.refresh);
    desktop.follow(one);
    return one;
  };
  const { surface } = desktop;
  const notifier = await notifierOf(machine, desktop, around);
  const parts = {
    machine,
    home,
    compose: composed,
    surface,
    notifier,
    start,
    vault,
    journal,
    stops,
  };
  const started = await startParts(parts);
  if (!started.ok) {
    return fail(started.code === 'store' ? 'notConfigured' : 'unavailable', started.detail);
  }
  const served = await serve(machine, started.value, claim, journal);
  if (!served.ok) return served;
  desktop.show(served.value);
  registerLinks(app);
  const woke = (): void => {
    started.value.wake();
    desktop.refresh();
  };
  followPower(powerMonitor, { woke, note: journal.note });
  await greet(machine, home, label, vault);
  begin(desktop, calls);
  return ok('runs');
}

/** On Linux Electron shows no buttons: where the desktop has them, they come through its own program. */
async function notifierOf(
  machine: Machine,
  desktop: Desktop,
  { journal, stops }: Around,
): Promise<Notifier> {
  if (machine.platform !== 'linux') return desktop.notifier;
  const own = linuxNotifier({ ...machine, journal });
  await own.look?.();
  if (!own.capabilities().actions) return desktop.notifier;
  stops.add('the notifications', own.close);
  return own;
}

/** The switches that make a packaged app a driven one; what is unpackaged is for whoever builds and tests it. */
function drivenBy(journal: Journal): readonly string[] {
  if (!app.isPackaged) return [];
  const switches = drivingSwitches(process.argv, (name) => app.commandLine.hasSwitch(name));
  if (switches.length > 0) journal.note(words.lockedSentence(switches));
  return switches;
}

/** Opens the key where a file was given for it, then lets the command line in. */
async function serve(
  machine: Machine,
  reviewer: ReviewerApp,
  claim: Claim,
  journal: Journal,
): Promise<Started<Served>> {
  const served = servedBy(reviewer, journal);
  const given = passphraseFromFile(machine.env);
  if (!given.ok) return unusable(given);
  if (given.value !== undefined) {
    const opened = await openKey(localBridge(served, START), given.value);
    if (!opened.ok) return unusable(opened);
  }
  const front = async (): Promise<readonly string[]> => {
    reviewer.raise();
    return [words.RAISED];
  };
  const { timers } = machine;
  claim.serve(servePeers({ served, front, unlock: unlockOf(reviewer), timers }));
  return ok(served);
}

const START = { surface: 'terminal', caller: 'start' } as const;

/** A start by hand shows the window; one at login waits in the tray. */
function begin(desktop: Desktop, calls: OutsideCalls): void {
  const request = linkIn(process.argv);
  const atLogin = process.argv.includes(HIDDEN);
  if (request !== undefined) desktop.openRequest(request);
  else if (!atLogin) desktop.raise();
  calls.serve((asked) =>
    asked.request === undefined ? desktop.raise() : desktop.openRequest(asked.request),
  );
}

async function greet(
  machine: Machine,
  home: Home,
  label: string | undefined,
  vault: Vault | undefined,
): Promise<void> {
  const { output } = machine.terminal;
  const say = (line: string): void => void output.write(`${line}\n`);
  say(words.running(machine.version));
  if (label !== undefined) say(words.runtime(label));
  say(words.keys(await protectionOf(home, vault)));
  say(words.launcher(machine.files.launcher));
  say(words.state(home.root));
}

const macMenu = (): Menu =>
  Menu.buildFromTemplate([{ role: 'appMenu' }, { role: 'editMenu' }, { role: 'windowMenu' }]);
