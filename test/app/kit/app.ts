// The built app in the prepared Electron, on a desktop and in a home of the test's own, and an agent's command beside it.

import { type ChildProcess, spawn } from 'node:child_process';
import {
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { _electron, type ElectronApplication, expect, type Page } from 'playwright/test';
import { TEST_ELECTRON } from '../../../build/scripts/test-electron.ts';
import { ROOT } from '../../../build/scripts/tool.ts';
import type { Bridge } from '../../../shared/ipc/contract.ts';
import type { Session } from './session.ts';

export const PASSPHRASE = 'correct horse battery';
const NODE = join(ROOT, 'node_modules/.bin/node');
const CLI = join(ROOT, 'out/main/cli.js');

/** A home, a config folder and a passphrase file that are gone with the test. */
export class Place {
  readonly folder = mkdtempSync(join(tmpdir(), 'countersign-app-'));
  readonly home = join(this.folder, 'home');

  constructor() {
    mkdirSync(join(this.folder, 'user'));
    writeFileSync(this.passphrase, `${PASSPHRASE}\n`, { mode: 0o600 });
  }

  get passphrase(): string {
    return join(this.folder, 'passphrase');
  }

  /** Nothing of this machine's person: no session, no folders, no keys. */
  env(session: Session, unlocked: boolean): Record<string, string> {
    return {
      PATH: process.env['PATH'] ?? '',
      HOME: join(this.folder, 'user'),
      LANG: 'C.UTF-8',
      COUNTERSIGN_HOME: this.home,
      ...session.env,
      ...(unlocked ? { COUNTERSIGN_PASSPHRASE_FILE: this.passphrase } : {}),
    };
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export type Running = {
  readonly electron: ElectronApplication;
  readonly page: Page;
  readonly printed: () => string;
  /** As a session's end: SIGTERM, and the exit code. */
  readonly stop: () => Promise<number | null>;
  readonly kill: () => Promise<void>;
  readonly [Symbol.asyncDispose]: () => Promise<void>;
};

export type StartOptions = {
  readonly unlocked?: boolean;
  readonly args?: readonly string[];
  readonly program?: string;
  readonly env?: Readonly<Record<string, string>>;
};

const SWITCHES = ['--no-sandbox', '--disable-gpu'];

export async function startApp(
  session: Session,
  place: Place,
  { unlocked = true, args = [], program = TEST_ELECTRON, env = {} }: StartOptions = {},
): Promise<Running> {
  const electron = await _electron.launch({
    executablePath: program,
    args: [...SWITCHES, ...args],
    env: { ...place.env(session, unlocked), ...env },
    timeout: 30_000,
  });
  const child = electron.process();
  const printed = collect(child);
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const page = await electron.firstWindow();
  const stop = async (): Promise<number | null> => {
    child.kill('SIGTERM');
    return ended;
  };
  return {
    electron,
    page,
    printed,
    stop,
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
    [Symbol.asyncDispose]: async () => {
      if (child.exitCode === null && child.signalCode === null) await stop();
    },
  };
}

export type Ended = { readonly code: number | null; readonly printed: string };

/** A start that is not driven: a second one, one with a link. */
export async function startPlain(
  session: Session,
  place: Place,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const child = spawn(TEST_ELECTRON, [...SWITCHES, ...args], {
    // Nobody is there to close a box about a start that failed.
    env: { ...place.env(session, false), COUNTERSIGN_NO_OPEN: '1', ...env },
  });
  const printed = collect(child);
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, printed: printed() };
}

/** The same runtime under another name, by which Electron knows a packaged app. */
export function packagedProgram(): string {
  const program = join(dirname(TEST_ELECTRON), 'countersign');
  rmSync(program, { force: true });
  linkSync(TEST_ELECTRON, program);
  return program;
}

function collect(child: ChildProcess): () => string {
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      text += chunk.toString('utf8');
    });
  }
  return () => text;
}

export type Held = {
  readonly ended: Promise<number | null>;
  readonly printed: () => string;
  readonly stop: () => void;
};

/** `countersign run -- argv`, as an agent starts it. */
export const runHeld = (place: Place, argv: readonly string[]): Held =>
  command(place, ['run', '--agent', 'night-agent', '--', ...argv]);

/** `countersign args` to its end, or, with `until`, to the line that says it is there. */
export async function runCli(
  place: Place,
  args: readonly string[],
  options: { readonly until?: string } = {},
): Promise<Omit<Held, 'printed'> & Ended> {
  const held = command(place, args);
  const { until } = options;
  if (until !== undefined) await expect.poll(held.printed).toContain(until);
  const code = until === undefined ? await held.ended : null;
  return { ...held, code, printed: held.printed() };
}

function command(place: Place, args: readonly string[]): Held {
  const child = spawn(NODE, [CLI, ...args], {
    cwd: place.folder,
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: join(place.folder, 'user'),
      COUNTERSIGN_HOME: place.home,
      COUNTERSIGN_NO_OPEN: '1',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  return { ended, printed: collect(child), stop: () => void child.kill('SIGINT') };
}

/** Process ids below one, all the way down. */
export function childrenOf(pid: number | undefined): readonly number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc').filter((one) => /^[0-9]+$/.test(one))) {
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'latin1');
      // The name in parentheses may hold anything, so what follows its last one is read.
      const [, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      parents.set(Number(name), Number(parent));
    } catch {
      // It has ended meanwhile.
    }
  }
  const below = (one: number): readonly number[] =>
    [...parents]
      .filter(([, parent]) => parent === one)
      .flatMap(([child]) => [child, ...below(child)]);
  return pid === undefined ? [] : below(pid);
}

/** Looked at by people; kept beside the other screens. */
export async function keepScreen(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: join(ROOT, '.cache/screens', `electron-${name}.png`) });
}

/** The first open request's card, once main would take an approval. */
export async function openVerified(page: Page): Promise<void> {
  const ready = () =>
    page.evaluate(async () => {
      const { app } = (window as unknown as { countersign: Bridge }).countersign;
      const { requests } = await app.snapshot({});
      return requests.some((one) => one.stage === 'open' && one.approveOff === undefined);
    });
  await expect.poll(ready, { timeout: 20_000 }).toBe(true);
  // There is no window manager on this screen: a person's first click gives the window its focus, and approves nothing.
  await page.getByPlaceholder('Filter').click();
  await expect(page.getByRole('region', { name: 'Record' })).toBeAttached();
  await expect(page.getByText('could not be verified')).toBeHidden();
}
