// What can be shown on this desktop: found out by asking, each time anew, with nothing assumed that was not said.

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { NotifierTrouble, Timers } from '../../app/ports.ts';
import { desktopEnvironment } from '../processes/environment.ts';

type Env = { readonly [name: string]: string | undefined };

/** Output and exit code; undefined where the program can't be started or does not end. */
export type RunProgram = (
  program: string,
  args: readonly string[],
) => Promise<{ readonly code: number; readonly output: string } | undefined>;

export type Found = {
  readonly trouble: NotifierTrouble | undefined;
  /** Buttons: this notify-send passes them and the daemon shows them. */
  readonly actions: boolean;
  /** Stays until the notification is closed, and closes it at SIGINT. */
  readonly waits: boolean;
  readonly printsId: boolean;
  readonly server: string | undefined;
  /** util-linux can tie a process to us: however we end, it gets SIGINT. */
  readonly tied: boolean;
};

const NAME = 'org.freedesktop.Notifications';
const PATH = '/org/freedesktop/Notifications';
const RUN_MS = 5000;
const MAX_OUTPUT = 64 * 1024;

const NOTHING: Found = {
  trouble: undefined,
  actions: false,
  waits: false,
  printsId: false,
  server: undefined,
  tied: false,
};

/** The person's own bus, without starting one: a new bus would be a session that nobody looks at. */
export function sessionOf(env: Env, exists = existsSync): NodeJS.ProcessEnv | undefined {
  const inherited = desktopEnvironment(env);
  if ((env['DBUS_SESSION_BUS_ADDRESS'] ?? '') !== '') return inherited;
  const runtime = env['XDG_RUNTIME_DIR'] ?? '';
  const socket = join(runtime, 'bus');
  if (runtime === '' || !exists(socket)) return undefined;
  return { ...inherited, DBUS_SESSION_BUS_ADDRESS: `unix:path=${socket}` };
}

export async function lookAround(run: RunProgram): Promise<Found> {
  const help = await run('notify-send', ['--help']);
  if (help === undefined) return { ...NOTHING, trouble: 'noProgram' };
  const can = featuresOf(help.output);
  const said = await askDaemon(run, 'GetCapabilities');
  if (said === 'silent') return { ...NOTHING, trouble: 'noDaemon' };
  const capabilities = said === 'unasked' ? [] : wordsIn(said);
  const named = said === 'unasked' ? said : await askDaemon(run, 'GetServerInformation');
  const setpriv = await run('setpriv', ['--help']);
  return {
    trouble: undefined,
    actions: can.actions && capabilities.includes('actions'),
    waits: can.waits,
    printsId: can.printsId,
    server: wordsIn(named)[0],
    tied: setpriv?.output.includes('--pdeathsig') === true,
  };
}

/** By its own help text: the options came one after the other (libnotify 0.7.10 to 0.8). */
export const featuresOf = (help: string) => ({
  actions: /(^|\s)-A, --action=/m.test(help),
  waits: /(^|\s)-w, --wait(\s|$)/m.test(help),
  printsId: /(^|\s)-p, --print-id(\s|$)/m.test(help),
});

/** Each of the three tools writes strings in quotes, and these methods' answers hold nothing else in them. */
export const wordsIn = (output: string): readonly string[] =>
  [...output.matchAll(/"([^"]*)"|'([^']*)'/g)].map((match) => match[1] ?? match[2] ?? '');

/** `unasked`: there is nothing to ask it with. `silent`: it was asked and did not answer. */
async function askDaemon(run: RunProgram, method: string): Promise<string> {
  for (const [program, args] of callsOf(method, [])) {
    const came = await run(program, args);
    if (came !== undefined) return came.code === 0 ? came.output : 'silent';
  }
  return 'unasked';
}

/** The same call in the words of each tool. `id` is a decimal number that notify-send printed. */
const callsOf = (
  method: string,
  id: readonly string[],
): readonly (readonly [string, readonly string[]])[] => [
  [
    'gdbus',
    ['call', '--session', '--timeout=3', `--dest=${NAME}`, `--object-path=${PATH}`].concat(
      `--method=${NAME}.${method}`,
      id.map((one) => `uint32 ${one}`),
    ),
  ],
  [
    'busctl',
    ['--user', '--timeout=3', 'call', NAME, PATH, NAME, method].concat(
      id.length > 0 ? ['u', ...id] : [],
    ),
  ],
  [
    'dbus-send',
    ['--session', '--print-reply', '--reply-timeout=3000', `--dest=${NAME}`, PATH].concat(
      `${NAME}.${method}`,
      id.map((one) => `uint32:${one}`),
    ),
  ],
];

/** For a notification whose own process is gone. */
export async function closeById(run: RunProgram, id: string): Promise<void> {
  if (!/^[0-9]{1,10}$/.test(id)) return;
  for (const [program, args] of callsOf('CloseNotification', [id]))
    if ((await run(program, args)) !== undefined) return;
}

export const runProgram =
  (env: NodeJS.ProcessEnv, timers: Timers): RunProgram =>
  (program, args) =>
    new Promise((resolve) => {
      const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'ignore'] });
      let output = '';
      const cancel = timers.after(RUN_MS, () => child.kill('SIGKILL'));
      child.stdout.setEncoding('utf8').on('data', (part: string) => {
        if (output.length < MAX_OUTPUT) output += part;
      });
      child.once('error', () => {
        cancel();
        resolve(undefined);
      });
      child.once('close', (code) => {
        cancel();
        resolve(code === null ? undefined : { code, output });
      });
    });
