// Whether an icon in the tray can be seen. macOS and Windows always have a place for it; a Linux desktop has one where
// somebody owns the watcher's name on the session bus. It is asked when it matters, because a panel may start after us.

import { execFile } from 'node:child_process';
import { desktopEnvironment } from '../processes/environment.ts';
import type { Machine } from '../processes/machine.ts';

const ASK_MS = 1500;
const WATCHER = 'org.kde.StatusNotifierWatcher';
const BUS = 'org.freedesktop.DBus';

/** The desktop's own tools for one call on the bus, first that is there. */
const ASKERS: readonly (readonly [string, readonly string[], RegExp])[] = [
  [
    'gdbus',
    [
      'call',
      '--session',
      `--dest=${BUS}`,
      '--object-path=/org/freedesktop/DBus',
      `--method=${BUS}.NameHasOwner`,
      WATCHER,
    ],
    /\(true,\)/,
  ],
  [
    'dbus-send',
    [
      '--session',
      '--print-reply',
      `--dest=${BUS}`,
      '/org/freedesktop/DBus',
      `${BUS}.NameHasOwner`,
      `string:${WATCHER}`,
    ],
    /boolean true/,
  ],
];

/** False where nothing can say so: a window that can be found beats an icon that can't. */
export async function trayIsSeen({
  env,
  platform,
}: Pick<Machine, 'env' | 'platform'>): Promise<boolean> {
  if (platform !== 'linux') return true;
  for (const [program, args, yes] of ASKERS) {
    const said = await ask(program, args, desktopEnvironment(env));
    if (said !== undefined) return yes.test(said);
  }
  return false;
}

function ask(
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile(program, args, { env, timeout: ASK_MS }, (error, stdout) =>
      resolve(error === null ? stdout : undefined),
    );
  });
}
