// What no page may ever do, each refusal by name (security note 6.1 rows 5 to 15). There is no setting, and one exception:
// our own page may put text on the clipboard, which its Copy buttons do. It may not read it.

import type { App, Session, WebContents } from 'electron';
import { ORIGIN, PAGE } from './origin.ts';

export type Refused =
  | 'permission'
  | 'device'
  | 'screen'
  | 'download'
  | 'navigation'
  | 'frame'
  | 'redirect'
  | 'window'
  | 'webview';
export type NoteRefusal = (what: Refused) => void;

const COPY = 'clipboard-sanitized-write';

export function hardenSession(session: Session, note: NoteRefusal): void {
  session.setPermissionRequestHandler(
    (_contents, permission, decide, { isMainFrame, requestingUrl }) => {
      const ours = isMainFrame && requestingUrl.startsWith(PAGE);
      if (permission === COPY && ours) return decide(true);
      note('permission');
      decide(false);
    },
  );
  // Asked often and by Chromium itself: refused without a word.
  session.setPermissionCheckHandler((_contents, permission, origin, { isMainFrame }) => {
    return permission === COPY && isMainFrame && (origin === ORIGIN || origin === PAGE);
  });
  session.setDevicePermissionHandler(() => {
    note('device');
    return false;
  });
  session.setDisplayMediaRequestHandler((_request, decide) => {
    note('screen');
    decide({});
  });
  session.on('will-download', (event) => {
    note('download');
    event.preventDefault();
  });
  session.setSpellCheckerEnabled(false);
}

/** Every web contents there will ever be, ours and any that should not be. */
export function hardenContents(app: App, note: NoteRefusal): void {
  app.on('web-contents-created', (_event, contents) => refuse(contents, note));
}

function refuse(contents: WebContents, note: NoteRefusal): void {
  // `loadURL` and `reload` from here raise none of these.
  contents.on('will-frame-navigate', (event) => {
    note(event.isMainFrame ? 'navigation' : 'frame');
    event.preventDefault();
  });
  // Comes after the one above and only where that was let through: here, never.
  contents.on('will-navigate', (event) => event.preventDefault());
  contents.on('will-redirect', (event) => {
    note('redirect');
    event.preventDefault();
  });
  contents.setWindowOpenHandler(() => {
    note('window');
    return { action: 'deny' };
  });
  contents.on('will-attach-webview', (event) => {
    note('webview');
    event.preventDefault();
  });
}
