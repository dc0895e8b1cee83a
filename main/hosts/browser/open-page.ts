// Opens the person's browser without showing the token to other processes: the opener gets the path of a 0600 file that
// redirects, never the address. No browser is started as root, nor where there is no screen; the reason is returned.

import { spawn } from 'node:child_process';
import {
  closeSync,
  constants,
  fchmodSync,
  openSync,
  readdirSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { toHex } from '../../../shared/bytes.ts';
import { desktopEnvironment } from '../processes/environment.ts';
import type { Machine } from '../processes/machine.ts';
import { TOKEN_MS } from './admission.ts';

export type NotOpened = 'asked' | 'root' | 'noScreen' | 'noOpener';
export type Opened =
  | { readonly opened: true }
  | { readonly opened: false; readonly why: NotOpened };

type Where = Pick<Machine, 'env' | 'platform' | 'uid' | 'timers' | 'random'> & {
  /** The home's `app` folder. */
  readonly folder: string;
};

/** An opener that fails does so at once; one that is still there after this has the browser in its hands. */
const OPENER_MS = 3000;
const NAME = /^open-[0-9a-f]{16}\.html$/;

export function whyNotOpen({ env, platform, uid }: Omit<Where, 'folder'>): NotOpened | undefined {
  if ((env['COUNTERSIGN_NO_OPEN'] ?? '') !== '') return 'asked';
  if (uid === 0) return 'root';
  const screen = platform !== 'linux' || set(env['DISPLAY']) || set(env['WAYLAND_DISPLAY']);
  return screen ? undefined : 'noScreen';
}

/** `address` is called only when it will be used: its token begins to age then. */
export async function openPage(where: Where, address: () => string): Promise<Opened> {
  const why = whyNotOpen(where);
  if (why !== undefined) return { opened: false, why };
  const file = writeRedirect(where, address());
  where.timers.after(TOKEN_MS, () => rmSync(file, { force: true }));
  const opened = await runOpener(where, file);
  return opened ? { opened } : { opened, why: 'noOpener' };
}

/** Left-overs of an app that was killed too. */
export function removeRedirects(folder: string): void {
  for (const name of readdirSync(folder)) {
    if (NAME.test(name)) rmSync(join(folder, name), { force: true });
  }
}

function writeRedirect({ folder, random }: Where, address: string): string {
  const file = join(folder, `open-${toHex(random(8))}.html`);
  const fd = openSync(file, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600);
  try {
    // The umask may only have taken bits away; a browser of this user must be able to read it.
    fchmodSync(fd, 0o600);
    writeSync(fd, redirectTo(address));
  } finally {
    closeSync(fd);
  }
  return file;
}

/** Our own address holds nothing that HTML would need escaped. */
const redirectTo = (address: string): string =>
  [
    '<!doctype html><meta charset="utf-8"><title>Countersign</title>',
    '<meta name="referrer" content="no-referrer">',
    `<meta http-equiv="refresh" content="0;url=${address}">`,
    '',
  ].join('\n');

function runOpener({ env, platform, timers }: Where, file: string): Promise<boolean> {
  const [program, args] = openerOf(platform, file);
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      env: desktopEnvironment(env),
      stdio: 'ignore',
      detached: true,
      windowsHide: true,
    });
    child.unref();
    const cancel = timers.after(OPENER_MS, () => resolve(true));
    const settle = (opened: boolean): void => {
      cancel();
      resolve(opened);
    };
    child.once('error', () => settle(false)).once('exit', (code) => settle(code === 0));
  });
}

function openerOf(platform: NodeJS.Platform, file: string): readonly [string, readonly string[]] {
  if (platform === 'darwin') return ['open', [file]];
  if (platform === 'win32') return ['rundll32', ['url.dll,FileProtocolHandler', file]];
  return ['xdg-open', [file]];
}

const set = (value: string | undefined): boolean => value !== undefined && value !== '';
