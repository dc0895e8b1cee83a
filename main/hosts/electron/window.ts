// The one window. Its page is loaded when it is first shown, so that nothing counts as shown in a window nobody saw. A
// renderer that dies is loaded again; one that keeps dying is left alone, and the tray still works.

import { BrowserWindow, nativeTheme, type Session, type WebContents } from 'electron';
import type { Caller } from '../../../shared/ipc/contract.ts';
import type { Clock } from '../../app/ports.ts';
import type { Served } from '../instance/calls.ts';
import { hostCalls } from './ipc-host.ts';
import { PAGE } from './origin.ts';

const DEATHS = 3;
const DEATHS_WITHIN_MS = 60_000;

export type AppWindow = {
  /** Shows it and gives it the focus: only where a person asked. */
  readonly raise: () => void;
  readonly hide: () => void;
  /** Tells the page to open this request, once it is there to be told. It opens and decides nothing. */
  readonly show: (request: string) => void;
  readonly close: () => void;
};

export type WindowOptions = {
  readonly title: string;
  readonly preload: string;
  readonly session: Session;
  readonly served: Served;
  readonly packaged: boolean;
  readonly clock: Pick<Clock, 'monotonic'>;
  readonly note: (line: string) => void;
  /** The person closed it. It is hidden already. */
  readonly onClose: () => void;
};

export function openWindow(options: WindowOptions): AppWindow {
  let window: BrowserWindow | undefined;
  let closing = false;
  let wanted: string | undefined;
  const tell = (): void => {
    const contents = window?.webContents;
    if (wanted === undefined || contents === undefined || contents.isLoading()) return;
    contents.send('app.raised', { request: wanted });
    wanted = undefined;
  };
  const make = (): BrowserWindow => {
    const made = newWindow(options);
    made.webContents.on('did-finish-load', tell);
    made.on('close', (event) => {
      if (closing) return;
      event.preventDefault();
      made.hide();
      options.onClose();
    });
    made.on('closed', () => {
      window = undefined;
    });
    return made;
  };
  return {
    raise: () => {
      window ??= make();
      if (window.isMinimized()) window.restore();
      window.show();
      window.focus();
      window.webContents.focus();
    },
    hide: () => window?.hide(),
    show: (request) => {
      wanted = request;
      tell();
    },
    close: () => {
      closing = true;
      window?.destroy();
    },
  };
}

function newWindow(options: WindowOptions): BrowserWindow {
  const { title, preload, session, packaged } = options;
  const window = new BrowserWindow({
    title,
    width: 1100,
    height: 800,
    minWidth: 480,
    minHeight: 420,
    show: false,
    autoHideMenuBar: true,
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#14171c' : '#ffffff',
    webPreferences: {
      preload,
      session,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webviewTag: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      navigateOnDragDrop: false,
      spellcheck: false,
      disableDialogs: true,
      devTools: !packaged,
    },
  });
  // The page's title is not ours to show: it carries no label.
  window.on('page-title-updated', (event) => event.preventDefault());
  // macOS and Windows; a no-op elsewhere.
  window.setContentProtection(true);
  servePage(window.webContents, options);
  // A page that was loaded into the focused window does not have the focus yet, and then no key and no press counts.
  window.webContents.on('did-finish-load', () => {
    if (window.isFocused()) window.webContents.focus();
  });
  void window.loadURL(PAGE);
  return window;
}

function servePage(contents: WebContents, options: WindowOptions): void {
  const { served, clock, note } = options;
  let loads = 0;
  let stopListening = (): void => {};
  let deaths: number[] = [];
  const caller = (): Caller => ({ surface: 'window', caller: `window-${contents.id}-${loads}` });
  hostCalls({ contents, served, caller, note });
  contents.on('did-navigate', () => {
    // What was seen or pressed on the page before proves nothing on this one.
    loads += 1;
  });
  contents.on('did-finish-load', () => {
    stopListening();
    stopListening = served.listen((event, payload) => {
      if (!contents.isDestroyed()) contents.send(event, payload);
    });
  });
  contents.on('destroyed', () => stopListening());
  contents.on('render-process-gone', (_event, { reason }) => {
    stopListening();
    const now = clock.monotonic();
    deaths = [...deaths.filter((at) => now - at < DEATHS_WITHIN_MS), now];
    note(`the window's process ended (${reason})`);
    if (deaths.length <= DEATHS) contents.reload();
    else note('it ended too often and is not started again: quit and start Countersign');
  });
}
