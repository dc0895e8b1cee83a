// `npm start`: home, instance, store, broker, app, page, in this order, and back in the reverse one. Each failure is one
// sentence and 78 (can't be used as it is) or 75 (can't be reached now).

import { utf8 } from '../../../shared/bytes.ts';
import { fail, ok, type Result } from '../../../shared/result.ts';
import type { ReviewerApp } from '../../app/compose.ts';
import { ownTimers } from '../../app/own-timers.ts';
import type { Journal } from '../../app/ports.ts';
import { writeAtomic } from '../../state/atomic-file.ts';
import type { Home } from '../../state/home.ts';
import { linuxNotifier } from '../linux/notifier.ts';
import { type Claim, claimInstance } from '../instance/claim.ts';
import { localBridge, servedBy, unlockOf } from '../instance/local.ts';
import { instancePlace } from '../instance/place.ts';
import { bringForward } from '../instance/second.ts';
import { servePeers } from '../instance/serve.ts';
import type { Machine } from '../processes/machine.ts';
import { type Compose, startParts } from '../processes/parts.ts';
import { startHome } from '../processes/start-home.ts';
import { type Stops, stopsInReverse } from '../processes/stopping.ts';
import { aborted, type Stopper, untilStopped } from '../processes/until-stopped.ts';
import { openKey, passphraseFromFile } from '../terminal/key.ts';
import { admission } from './admission.ts';
import { askOnFirstRun } from './first-run.ts';
import { type Opened, openPage, removeRedirects } from './open-page.ts';
import { type Pages, readPages } from './pages.ts';
import { type PageServer, startServer } from './server.ts';
import * as words from './words.ts';

const NOT_CONFIGURED = 78;
const UNAVAILABLE = 75;

type Code = typeof NOT_CONFIGURED | typeof UNAVAILABLE;
type Started<T> = Result<T, 'notConfigured' | 'unavailable'>;

/** Runs until it is asked to stop; returns the exit code. */
export async function runBrowserHost(given: Machine, compose: Compose): Promise<number> {
  const own = ownTimers(given.timers);
  const machine = { ...given, timers: own.timers };
  const { output, errors } = machine.terminal;
  // Whoever read our lines may have gone; that is no reason to stop holding actions.
  for (const stream of [output, errors]) stream.on('error', () => {});
  const stopper = untilStopped(machine);
  const journal: Journal = { note: (line) => void errors.write(`${line}\n`) };
  const stops = stopsInReverse(journal.note);
  stops.add('the timers', own.stop);
  try {
    const started = await start(machine, compose, { journal, stops, stopper });
    if (!started.ok) {
      errors.write(`countersign: ${started.detail ?? 'failed'}\n`);
      return codeOf(started.code);
    }
    if (started.value === 'runs') await aborted(stopper.signal);
    return 0;
  } finally {
    await stops.all();
    stopper.forget();
  }
}

const codeOf = (code: 'notConfigured' | 'unavailable'): Code =>
  code === 'notConfigured' ? NOT_CONFIGURED : UNAVAILABLE;

const unusable = (failed: { readonly detail?: string }) => fail('notConfigured', failed.detail);

type Around = { readonly journal: Journal; readonly stops: Stops; readonly stopper: Stopper };

async function start(
  machine: Machine,
  compose: Compose,
  around: Around,
): Promise<Started<'runs' | 'second'>> {
  const home = startHome(machine);
  if (!home.ok) return unusable(home);
  const passphrase = passphraseFromFile(machine.env);
  if (!passphrase.ok) return unusable(passphrase);
  const pages = readPages(machine.files.pages);
  if (!pages.ok) return unusable(pages);
  const place = instancePlace(home.value, machine);
  if (!place.ok) return unusable(place);
  const claimed = await claimInstance(place.value, machine);
  if (!claimed.ok) return fail('unavailable', claimed.detail);
  const { output } = machine.terminal;
  if ('second' in claimed.value) {
    const terminal = output.isTTY === true;
    const told = await bringForward(claimed.value.second, { terminal }, machine.timers);
    if (!told.ok) return fail('unavailable', told.detail);
    for (const line of told.value) output.write(`${line}\n`);
    return ok('second');
  }
  const given = passphrase.value;
  const built = { home: home.value, pages: pages.value, claim: claimed.value.first, given };
  return first(machine, compose, built, around);
}

type Built = {
  readonly home: Home;
  readonly pages: Pages;
  readonly claim: Claim;
  readonly given: string | undefined;
};

async function first(
  machine: Machine,
  compose: Compose,
  { home, pages, claim, given }: Built,
  around: Around,
): Promise<Started<'runs'>> {
  const { journal, stops } = around;
  stops.add('the instance', claim.close);
  // A page can't be brought forward from here: it is told that somebody asked, as an event of the contract.
  const surface = { kind: 'browser', raise: () => {} } as const;
  const notifier =
    machine.platform === 'linux' ? linuxNotifier({ ...machine, journal }) : undefined;
  if (notifier) stops.add('the notifications', notifier.close);
  const app = await startParts({ machine, home, compose, surface, notifier, journal, stops });
  if (!app.ok) return fail(app.code === 'store' ? 'notConfigured' : 'unavailable', app.detail);
  const served = servedBy(app.value, journal);
  const { timers } = machine;
  const server = await startServer({ served, pages, timers, admission: admission(machine) });
  if (!server.ok) return fail('unavailable', server.detail);
  stops.add('the page', server.value.close);
  stops.add('the redirect files', () => removeRedirects(home.app));
  if (given !== undefined) {
    const opened = await openKey(localBridge(served, TERMINAL), given);
    if (!opened.ok) return unusable(opened);
  }
  claim.serve(servePeers({ served, ...peersOf(machine, home, app.value, server.value), timers }));
  const addressed = writeAddress(machine, server.value);
  if (!addressed.ok) return unusable(addressed);
  await greet(machine, home, server.value, served, around);
  return ok('runs');
}

const TERMINAL = { surface: 'terminal', caller: 'start' } as const;

function peersOf(machine: Machine, home: Home, app: ReviewerApp, server: PageServer) {
  return {
    unlock: unlockOf(app),
    front: async ({ terminal }: { readonly terminal: boolean }): Promise<readonly string[]> => {
      if (server.pages() > 0) {
        app.raise();
        return terminal
          ? [words.RAISED, words.openYourself(server.address(), undefined)]
          : [words.RAISED];
      }
      const opened = await openPage({ ...machine, folder: home.app }, server.address);
      if (opened.opened) return [words.REOPENED];
      return [words.RUNNING_ALREADY, ...addressLines(machine, server, opened, terminal)];
    },
  };
}

/** For tests and machines: the address with a token, in a file that is this user's alone. */
function writeAddress({ env }: Machine, server: PageServer): Result<void, 'io'> {
  const path = env['COUNTERSIGN_ADDRESS_FILE'];
  if (path === undefined || path === '') return ok(undefined);
  const written = writeAtomic(path, utf8(`${server.address()}\n`));
  return written.ok ? written : fail('io', `COUNTERSIGN_ADDRESS_FILE: ${written.detail}`);
}

async function greet(
  machine: Machine,
  home: Home,
  server: PageServer,
  served: ReturnType<typeof servedBy>,
  { stops, stopper }: Around,
): Promise<void> {
  const { output, input } = machine.terminal;
  const say = (line: string): void => void output.write(`${line}\n`);
  say(words.running(machine.version));
  const opened = await openPage({ ...machine, folder: home.app }, server.address);
  const terminal = output.isTTY === true;
  for (const line of addressLines(machine, server, opened, terminal)) say(line);
  say(words.launcher(machine.files.launcher));
  say(words.state(home.root));
  if (opened.opened || !terminal || input.isTTY !== true) return;
  askOnFirstRun({ machine, bridge: localBridge(served, TERMINAL), stops, stopper });
}

function addressLines(
  machine: Machine,
  server: PageServer,
  opened: Opened,
  terminal: boolean,
): readonly string[] {
  if (opened.opened) return [words.OPENED];
  const { why } = opened;
  const tunnel = words.tunnel(server.port, machine.account, machine.hostName);
  return [
    terminal ? words.openYourself(server.address(), why) : words.bare(server.bareAddress, why),
    ...(why === 'noScreen' || why === 'root' ? [tunnel] : []),
  ];
}
