// "Start at login": the OS's own login items on macOS and Windows, an autostart file on Linux, where Electron has nothing.
// What is told is always read back from there.

import type { App } from 'electron';
import { fail, ok, type Result } from '../../../shared/result.ts';
import type { ReviewerApp } from '../../app/compose.ts';
import { autostartPath, setAutostart, startsAtLogin } from '../linux/autostart.ts';
import type { Machine } from '../processes/machine.ts';

/** Given at such a start: the app waits in the tray and opens no window unasked. */
export const HIDDEN = '--hidden';

export type LoginItem = {
  readonly on: () => boolean;
  /** 'failed': the OS does not have it so afterwards. */
  readonly set: (on: boolean) => Result<void, 'failed'>;
};

export function loginItem(
  app: Pick<App, 'getAppPath' | 'getLoginItemSettings' | 'setLoginItemSettings'>,
  machine: Pick<Machine, 'env' | 'homedir' | 'platform'>,
): LoginItem {
  if (machine.platform !== 'linux') return systemItem(app);
  const path = autostartPath(machine);
  // An AppImage's own path is a mount that is gone at the next start.
  const program = machine.env['APPIMAGE'] ?? process.execPath;
  const command = [program, ...(process.defaultApp ? [app.getAppPath()] : []), HIDDEN];
  return readBack({
    on: () => startsAtLogin(path, command),
    put: (on) => {
      const set = setAutostart(path, command, on);
      return set.ok ? undefined : (set.detail ?? set.code);
    },
  });
}

function systemItem(app: Pick<App, 'getLoginItemSettings' | 'setLoginItemSettings'>): LoginItem {
  const options = { args: [HIDDEN] };
  return readBack({
    on: () => app.getLoginItemSettings(options).openAtLogin,
    put: (on) => {
      app.setLoginItemSettings({ ...options, openAtLogin: on });
      return undefined;
    },
  });
}

type Place = {
  readonly on: () => boolean;
  /** Why it was not written, where that is known. */
  readonly put: (on: boolean) => string | undefined;
};

const readBack = ({ on, put }: Place): LoginItem => ({
  on,
  set: (wanted) => {
    const why = put(wanted);
    return on() === wanted ? ok(undefined) : fail('failed', why);
  },
});

/** The same app, which can be told to start at login. `changed` is for whatever else shows it. */
export function withLoginItem(app: ReviewerApp, item: LoginItem, changed: () => void): ReviewerApp {
  const { answers } = app;
  const state = (): 'on' | 'off' => (item.on() ? 'on' : 'off');
  return {
    ...app,
    answers: {
      ...answers,
      settings: {
        ...answers.settings,
        startAtLogin: async () => ({ state: state() }),
        setStartAtLogin: async ({ on }) => {
          const set = item.set(on);
          changed();
          return set.ok ? ok({ state: state() }) : fail('failed', set.detail);
        },
      },
    },
  };
}
