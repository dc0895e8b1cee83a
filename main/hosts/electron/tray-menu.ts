// What the tray shows, as plain values: its state, its menu, its tooltip. Everything important is in the menu, because on
// Linux a click on the icon may mean nothing. Labels are cut, and an `&` of a request's text is not a mnemonic.

import type { RequestSummary, Snapshot } from '../../../shared/ipc/snapshot.ts';
import { connection, menu, NAME, title } from './words.ts';

/** Told apart by shape, never by colour alone. */
export type TrayState = 'idle' | 'pending' | 'offline' | 'alarm';

export type TrayAct =
  | { readonly do: 'open' | 'lock' | 'test' | 'login' | 'quit' }
  | { readonly do: 'request'; readonly digest: string };

export type TrayItem =
  | { readonly kind: 'line' }
  | { readonly kind: 'text'; readonly label: string }
  | { readonly kind: 'act'; readonly label: string; readonly act: TrayAct }
  | { readonly kind: 'check'; readonly label: string; readonly act: TrayAct; readonly on: boolean };

export type TrayView = {
  readonly state: TrayState;
  readonly count: number;
  readonly tooltip: string;
  readonly items: readonly TrayItem[];
};

const NOT_FOR_THIS_PERSON = ['notAllowed', 'expired', 'ended', 'decided'];

/** Open, asked of this person, and nothing but a locked key or the like keeps them from deciding. */
const waits = ({ stage, sending, denyOff, asked }: RequestSummary): boolean =>
  stage === 'open' &&
  sending === undefined &&
  asked?.mine !== false &&
  (denyOff === undefined || !NOT_FOR_THIS_PERSON.includes(denyOff));

const MAX_ROWS = 5;
const MAX_LABEL = 60;

export function trayView(
  snapshot: Snapshot,
  around: { readonly label: string | undefined; readonly startsAtLogin: boolean | undefined },
): TrayView {
  const waiting = snapshot.requests.filter(waits);
  const words = connectionWords(snapshot);
  const text = (label: string): TrayItem => ({ kind: 'text', label });
  const act = (label: string, one: TrayAct): TrayItem => ({ kind: 'act', label, act: one });
  const login = around.startsAtLogin;
  return {
    state: stateOf(snapshot, waiting.length),
    count: waiting.length,
    tooltip: title(menu.waiting(waiting.length), words),
    items: [
      ...(around.label === undefined ? [] : [text(labelOf(around.label))]),
      text(words),
      text(menu.waiting(waiting.length)),
      ...waiting
        .slice(0, MAX_ROWS)
        .map((one) => act(requestLabel(one), { do: 'request', digest: one.digest })),
      ...(waiting.length > MAX_ROWS ? [text(menu.more(waiting.length - MAX_ROWS))] : []),
      { kind: 'line' },
      act(menu.open, { do: 'open' }),
      keyItem(snapshot, act),
      act(menu.test, { do: 'test' }),
      ...(login === undefined
        ? []
        : [{ kind: 'check', label: menu.login, act: { do: 'login' }, on: login } as const]),
      { kind: 'line' },
      act(menu.quit, { do: 'quit' }),
    ],
  };
}

function stateOf({ key, link, log }: Snapshot, waiting: number): TrayState {
  if (log.alarm !== undefined || link.state === 'stranger') return 'alarm';
  if (key.state !== 'absent' && link.state !== 'online') return 'offline';
  return waiting > 0 ? 'pending' : 'idle';
}

function connectionWords({ key, link, log }: Snapshot): string {
  if (log.alarm !== undefined) return connection.alarm;
  if (key.state === 'absent') return connection.absent;
  return link.state === 'online' && link.exposed === true
    ? connection.exposed
    : connection[link.state];
}

/** Making and opening the key need a passphrase, hence the window. */
function keyItem({ key }: Snapshot, act: (label: string, one: TrayAct) => TrayItem): TrayItem {
  switch (key.state) {
    case 'absent':
      return act(menu.setUp, { do: 'open' });
    case 'locked':
      return act(menu.unlock, { do: 'open' });
    case 'unlocked':
      return act(menu.lock, { do: 'lock' });
  }
}

const requestLabel = ({ title: what, agent }: RequestSummary): string =>
  labelOf(`${what} (${agent})`);

const labelOf = (text: string): string => {
  const cut = text.length <= MAX_LABEL ? text : `${text.slice(0, MAX_LABEL - 3)}...`;
  return cut.replaceAll('&', '&&');
};

export const windowTitle = (...labels: readonly (string | undefined)[]): string =>
  labels.every((label) => label === undefined) ? NAME : title(...labels);
