// The OS's notifications as the app's port. What they say is plain text: on Linux a body may be read as markup, so it is
// escaped there. A click brings the request forward; a button's name goes to the app, which judges it like any other input.

import { Notification as NativeNotification } from 'electron';
import type { NotificationAction, Notifier, NotifierCapabilities } from '../../app/ports.ts';

const KINDS: Readonly<Partial<Record<NodeJS.Platform, NotifierCapabilities['kind']>>> = {
  darwin: 'macos',
  win32: 'windows',
};
/** What each OS shows whole, at least: macOS cuts at about 256 bytes in total, of which the title takes its part. */
const FITS: Readonly<Record<NotifierCapabilities['kind'], { maxBytes: number; maxLines: number }>> =
  {
    linux: { maxBytes: 240, maxLines: 4 },
    macos: { maxBytes: 160, maxLines: 3 },
    windows: { maxBytes: 200, maxLines: 3 },
  };
const LABELS: Readonly<Record<NotificationAction, string>> = {
  approve: 'Approve',
  deny: 'Deny',
  open: 'Review',
};

export type ElectronNotifier = Notifier & { readonly withdrawAll: () => void };

export function electronNotifier(
  platform: NodeJS.Platform,
  note: (line: string) => void,
): ElectronNotifier {
  // Held here, or they are collected and their click is lost.
  const shown = new Map<string, NativeNotification>();
  const takers = new Set<(id: string, action: string) => void>();
  const kind = KINDS[platform] ?? 'linux';
  let failedLast = false;
  const withdraw = (id: string): void => {
    const notification = shown.get(id);
    shown.delete(id);
    notification?.close();
  };
  const tell = (id: string, action: string): void => {
    for (const take of takers) take(id, action);
  };
  return {
    capabilities: () => ({
      kind,
      // Electron tells of a pressed button on macOS and Windows; on Linux it shows none.
      actions: kind !== 'linux',
      ...FITS[kind],
      ...(NativeNotification.isSupported() ? {} : { trouble: 'noDaemon' as const }),
      ...(failedLast ? { trouble: 'failed' as const } : {}),
    }),
    show: ({ id, title, body, urgent, sound, actions }, failed) => {
      if (!NativeNotification.isSupported()) return failed?.('noDaemon');
      withdraw(id);
      const notification = new NativeNotification({
        title,
        body: kind === 'linux' ? withoutMarkup(body) : body,
        silent: !sound,
        urgency: urgent ? 'critical' : 'normal',
        timeoutType: urgent ? 'never' : 'default',
        actions: actions.map((action) => ({ type: 'button', text: LABELS[action] })),
      });
      shown.set(id, notification);
      notification.on('click', () => tell(id, 'open'));
      notification.on('action', (_event, index) => tell(id, actions[index] ?? 'open'));
      notification.on('show', () => {
        failedLast = false;
      });
      notification.on('close', () => {
        if (shown.get(id) === notification) shown.delete(id);
      });
      // macOS and Windows only; on Linux nothing tells.
      notification.on('failed', (_event, error) => {
        failedLast = true;
        note(`a notification was not shown: ${error}`);
        failed?.('failed');
      });
      notification.show();
    },
    withdraw,
    withdrawAll: () => {
      for (const id of shown.keys()) withdraw(id);
    },
    onActivate: (take) => {
      takers.add(take);
      return () => void takers.delete(take);
    },
  };
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

const withoutMarkup = (text: string): string =>
  text.replace(/[&<>]/g, (sign) => ENTITIES[sign] ?? '');
