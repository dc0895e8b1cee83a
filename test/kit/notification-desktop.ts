// A desktop that nobody sees: Xvfb, a D-Bus session of its own and dunst, each ended by pid. What a person would press is
// chosen through dunst's own menu of actions. Where it can't run, the reason is a sentence for a loud skip.

import { type ChildProcess, execFile, spawn } from 'node:child_process';
import {
  accessSync,
  constants,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';

/** Program -> Debian package. */
const NEEDS = {
  Xvfb: 'xvfb',
  dunst: 'dunst',
  dunstctl: 'dunst',
  'notify-send': 'libnotify-bin',
  'dbus-daemon': 'dbus-daemon',
  'dbus-send': 'dbus-bin',
} as const;

export type NotificationDesktop = {
  /** The environment of a program in this session. */
  readonly env: NodeJS.ProcessEnv;
  /** How many notifications stand on the screen. */
  readonly displayed: () => Promise<number>;
  /** Presses the action with this label, as `Label (title)`: the first one in dunst's menu that begins so. */
  readonly press: (label: string) => Promise<void>;
  /** Titles and bodies of those that are gone, newest first. */
  readonly past: () => Promise<readonly { readonly title: string; readonly body: string }[]>;
  /** The daemon ends; none is started in its place. */
  readonly killDaemon: () => Promise<void>;
  readonly close: () => Promise<void>;
};

export const EVERY_MS = 50;

/** Installs what is missing where this is root on Debian; the sentence to say where it can't run. */
export async function whyNoDesktop(): Promise<string | undefined> {
  if (process.platform !== 'linux') return 'notifications through notify-send are of Linux';
  const missing = (): string[] => Object.keys(NEEDS).filter((program) => !onPath(program));
  if (missing().length > 0 && process.getuid?.() === 0 && existsSync('/etc/debian_version')) {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    await run('apt-get', ['update', '-q'], env);
    const packages = [...new Set(Object.values(NEEDS))];
    await run('apt-get', ['install', '-q', '-y', '--no-install-recommends', ...packages], env);
  }
  const left = missing();
  return left.length === 0
    ? undefined
    : `no notification daemon can run here: ${left.join(', ')} missing`;
}

const onPath = (program: string): boolean =>
  (process.env['PATH'] ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });

export async function openDesktop(): Promise<NotificationDesktop> {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-desktop-'));
  const started: ChildProcess[] = [];
  const start = (program: string, args: string[], env: NodeJS.ProcessEnv): ChildProcess => {
    const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'ignore'] });
    started.push(child);
    return child;
  };
  const plain = {
    PATH: process.env['PATH'],
    HOME: folder,
    XDG_RUNTIME_DIR: folder,
    LANG: 'C.UTF-8',
  };
  const display = await firstLine(
    start('Xvfb', ['-displayfd', '1', '-screen', '0', '1280x800x24', '-nolisten', 'tcp'], plain),
  );
  // Without a display of its own the bus can start no daemon in ours' place.
  const bus = await firstLine(
    start('dbus-daemon', ['--session', '--nofork', '--print-address'], plain),
  );
  const env = { ...plain, DISPLAY: `:${display}`, DBUS_SESSION_BUS_ADDRESS: bus };
  const pick = join(folder, 'pick');
  const menu = join(folder, 'menu.sh');
  // What a person would choose in dunst's menu of actions: the line that begins with the label.
  writeFileSync(menu, `#!/bin/sh\nwant=$(cat '${pick}')\ngrep -F -- "#$want (" | head -n 1\n`, {
    mode: 0o700,
  });
  const conf = join(folder, 'dunstrc');
  writeFileSync(
    conf,
    `[global]\n  dmenu = ${menu}\n  history_length = 50\n  icon_position = off\n[urgency_normal]\n  timeout = 0\n`,
  );
  const daemon = start('dunst', ['-conf', conf], env);
  const ask = async (...args: string[]): Promise<string> =>
    (await run('dunstctl', args, env)).output;
  await until('dunst answers', async () => /^\d+$/.test((await ask('count', 'displayed')).trim()));
  return {
    env,
    displayed: async () => Number(await ask('count', 'displayed')),
    press: async (label) => {
      writeFileSync(pick, label);
      await ask('context');
    },
    past: async () => historyOf(await ask('history')),
    killDaemon: () => end(daemon),
    close: async () => {
      for (const child of started.toReversed()) await end(child);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

type Field = { readonly data?: unknown };
function historyOf(text: string): { title: string; body: string }[] {
  // dunstctl writes GVariant's own JSON: a list in a list, each field with its type.
  const parsed = JSON.parse(text) as { data: readonly (readonly Record<string, Field>[])[] };
  return (parsed.data[0] ?? []).map((one) => ({
    title: String(one['summary']?.data),
    body: String(one['body']?.data),
  }));
}

export async function until(what: string, holds: () => Promise<boolean> | boolean): Promise<void> {
  for (const stop = performance.now() + 10_000; performance.now() < stop; await after(EVERY_MS))
    if (await holds()) return;
  throw new Error(`waited in vain: ${what}`);
}

function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdout?.on('data', (bytes: Buffer) => {
      text += String(bytes);
      if (text.includes('\n')) resolve(text.split('\n')[0] ?? '');
    });
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`ended with ${code} before it was ready`)));
  });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), 2000);
  await gone;
  clearTimeout(late);
}

export const run = (
  program: string,
  args: string[],
  env: NodeJS.ProcessEnv,
): Promise<{ readonly ok: boolean; readonly output: string }> =>
  new Promise((resolve) => {
    execFile(program, args, { env, timeout: 300_000 }, (error, stdout) =>
      resolve({ ok: error === null, output: stdout }),
    );
  });

/** Processes of notify-send on this session. */
export function notifySendsOf(env: NodeJS.ProcessEnv, pids: readonly string[]): string[] {
  return pids.filter((pid) => {
    try {
      return (
        readFileSync(`/proc/${pid}/cmdline`, 'utf8').startsWith('notify-send') &&
        readFileSync(`/proc/${pid}/environ`, 'utf8').includes(
          String(env['DBUS_SESSION_BUS_ADDRESS']),
        )
      );
    } catch {
      // It has ended meanwhile.
      return false;
    }
  });
}
