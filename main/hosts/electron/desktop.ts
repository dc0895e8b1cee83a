// Window, tray and badge as one surface of the app: each follows the app's state, and each of their wishes is a call that
// any other surface could make. Whom a notification is shown for is the app's to say.

import { app as electron } from 'electron';
import type { Caller, Answers } from '../../../shared/ipc/contract.ts';
import type { ReviewerApp } from '../../app/compose.ts';
import type { Journal, Notifier, Surface } from '../../app/ports.ts';
import type { Pages } from '../browser/pages.ts';
import type { Served } from '../instance/calls.ts';
import type { Machine } from '../processes/machine.ts';
import { hardenSession } from './harden.ts';
import type { LoginItem } from './login-item.ts';
import { electronNotifier } from './notifier.ts';
import { openPageSession } from './page-scheme.ts';
import { openTray, type TrayIcon } from './tray.ts';
import { trayIsSeen } from './tray-host.ts';
import { type TrayAct, trayView, windowTitle } from './tray-menu.ts';
import { type AppWindow, openWindow } from './window.ts';

export type Desktop = {
  readonly surface: Surface;
  /** The OS's notifications as Electron shows them. */
  readonly notifier: Notifier;
  /** Mirrors the app's state from now on. Called before the app starts. */
  readonly follow: (app: ReviewerApp) => void;
  /** Makes tray and window; the window stays unseen until it is raised. */
  readonly show: (served: Served) => void;
  readonly raise: () => void;
  /** Raises the window on this request. Opens, and never decides. */
  readonly openRequest: (digest: string) => void;
  readonly refresh: () => void;
  readonly close: () => void;
};

export type DesktopOptions = {
  readonly machine: Pick<Machine, 'platform' | 'env' | 'clock'>;
  readonly pages: Pages;
  readonly preload: string;
  readonly label: string | undefined;
  readonly journal: Journal;
  readonly loginItem: LoginItem;
};

const TRAY: Caller = { surface: 'terminal', caller: 'tray' };

export function openDesktop(options: DesktopOptions): Desktop {
  const { machine, label, journal, loginItem } = options;
  const notifier = electronNotifier(machine.platform, journal.note);
  let window: AppWindow | undefined;
  let tray: TrayIcon | undefined;
  let answers: Answers | undefined;

  const refresh = (): void => {
    void answers?.app.snapshot({}, TRAY).then((snapshot) => {
      const view = trayView(snapshot, { label, startsAtLogin: loginItem.on() });
      tray?.show(view);
      electron.setBadgeCount(view.count);
    });
  };
  const raise = (): void => window?.raise();
  const openRequest = (digest: string): void => {
    raise();
    window?.show(digest);
  };
  /** What does not appear is explained in the window. */
  const testNotice = (): void =>
    void answers?.attention.test({}, TRAY).then((shown) => {
      if (!shown.ok) raise();
    });
  const toggleLogin = (): void => {
    const set = loginItem.set(!loginItem.on());
    if (!set.ok) journal.note(`start at login was not changed: ${set.detail ?? set.code}`);
    refresh();
  };
  const act = (one: TrayAct): void => {
    switch (one.do) {
      case 'open':
        return raise();
      case 'request':
        return openRequest(one.digest);
      case 'lock':
        return void answers?.key.lock({}, TRAY);
      case 'test':
        return testNotice();
      case 'login':
        return toggleLogin();
      case 'quit':
        return electron.quit();
    }
  };
  /** Without a tray nobody could find the app again: closing its window then ends it. */
  const onClose = (): void => {
    void trayIsSeen(machine).then((seen) => {
      if (!seen) electron.quit();
    });
  };
  return {
    surface: { kind: 'electron', raise, openRequest },
    notifier,
    follow: (app) => {
      answers = app.answers;
      app.watch(refresh);
    },
    show: (served) => {
      tray = openTray(machine.platform, act, raise);
      const session = openPageSession(options.pages);
      hardenSession(session, (what) => journal.note(`refused: ${what}`));
      window = openWindow({
        title: windowTitle(label),
        preload: options.preload,
        session,
        served,
        packaged: electron.isPackaged,
        clock: machine.clock,
        note: journal.note,
        onClose,
      });
      refresh();
    },
    raise,
    openRequest,
    refresh,
    close: () => {
      notifier.withdrawAll();
      window?.close();
      tray?.close();
      // What the app says while it stops has nowhere to go any more.
      window = undefined;
      tray = undefined;
    },
  };
}
