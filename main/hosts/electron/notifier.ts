// The OS's notifications. What they say is plain text: on Linux a body may be read as markup, so it is escaped there. A click
// brings the request forward and never decides.

import { Notification } from 'electron';

export type Notifier = {
  /** One with the same id takes the earlier one's place. */
  readonly show: (what: {
    readonly id: string;
    readonly title: string;
    readonly body: string;
    readonly urgent: boolean;
  }) => void;
  readonly withdraw: (id: string) => void;
  /** Called with the id when the person clicks one; the result stops listening. */
  readonly onActivate: (activated: (id: string) => void) => () => void;
};

export function electronNotifier(
  platform: NodeJS.Platform,
  note: (line: string) => void,
): Notifier & { readonly withdrawAll: () => void } {
  // Held here, or they are collected and their click is lost.
  const shown = new Map<string, Notification>();
  const listeners = new Set<(id: string) => void>();
  const withdraw = (id: string): void => {
    const notification = shown.get(id);
    shown.delete(id);
    notification?.close();
  };
  return {
    show: ({ id, title, body, urgent }) => {
      if (!Notification.isSupported()) return note('this system shows no notifications');
      withdraw(id);
      const notification = new Notification({
        // Taken where the OS knows it (macOS, Windows, from Electron 45); ignored elsewhere.
        id,
        title,
        body: platform === 'linux' ? withoutMarkup(body) : body,
        silent: !urgent,
        urgency: urgent ? 'critical' : 'normal',
        timeoutType: urgent ? 'never' : 'default',
      });
      shown.set(id, notification);
      notification.on('click', () => {
        for (const activated of listeners) activated(id);
      });
      notification.on('close', () => {
        if (shown.get(id) === notification) shown.delete(id);
      });
      notification.on('failed', (_event, error) => note(`a notification was not shown: ${error}`));
      notification.show();
    },
    withdraw,
    withdrawAll: () => {
      for (const id of shown.keys()) withdraw(id);
    },
    onActivate: (activated) => {
      listeners.add(activated);
      return () => void listeners.delete(activated);
    },
  };
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

const withoutMarkup = (text: string): string =>
  text.replace(/[&<>]/g, (sign) => ENTITIES[sign] ?? '');
