// "Start at login": the OS's own login items on macOS and Windows, an autostart file on Linux, where Electron has nothing.

import type { App } from 'electron';
import { autostartPath, setAutostart, startsAtLogin } from '../linux/autostart.ts';
import type { Machine } from '../processes/machine.ts';

/** Given at such a start: the app waits in the tray and opens no window unasked. */
export const HIDDEN = '--hidden';

export type LoginItem = { readonly on: () => boolean; readonly toggle: () => void };

export function loginItem(
  app: App,
  machine: Pick<Machine, 'env' | 'homedir' | 'platform'>,
  note: (line: string) => void,
): LoginItem {
  if (machine.platform !== 'linux') return systemItem(app);
  const path = autostartPath(machine);
  // An AppImage's own path is a mount that is gone at the next start.
  const program = machine.env['APPIMAGE'] ?? process.execPath;
  const command = [program, ...(process.defaultApp ? [app.getAppPath()] : []), HIDDEN];
  return {
    on: () => startsAtLogin(path, command),
    toggle: () => {
      const set = setAutostart(path, command, !startsAtLogin(path, command));
      if (!set.ok) note(`start at login was not changed: ${set.detail ?? set.code}`);
    },
  };
}

function systemItem(app: App): LoginItem {
  const options = { args: [HIDDEN] };
  const on = (): boolean => app.getLoginItemSettings(options).openAtLogin;
  return { on, toggle: () => app.setLoginItemSettings({ ...options, openAtLogin: !on() }) };
}
