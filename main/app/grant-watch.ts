// What is granted, from the copy of the log to every surface: kept in step with each leaf, and with the clock, because a grant
// goes by itself. Signed grants and ends go out here too; they count once the log has them, like everything.

import type { CallCode } from '../link/calls.ts';
import type { Link } from '../link/link.ts';
import type { HeldKeyring, KeyHit } from '../trust/keyring.ts';
import { type GrantBook, openGrantBook } from './grants.ts';
import type { OpenedLeaf } from './open-leaf.ts';
import { deliverOwn } from './own-statements.ts';
import type { Clock, Store, StoredDecision, Timers } from './ports.ts';
import type { AppState } from './state.ts';

export type GrantWatch = {
  readonly book: GrantBook;
  /** Leaves that have come; what fails is said to `failed`. */
  readonly took: (leaves: readonly OpenedLeaf[]) => void;
  /** Reads what this copy has of the last day. */
  readonly start: () => void;
  readonly show: () => void;
  /** Undefined once it is in the log, 'closed' where that is not known yet. */
  readonly deliver: (
    type: 'grant' | 'grantEnd',
    signed: StoredDecision,
  ) => Promise<CallCode | undefined>;
  readonly stop: () => void;
};

export function openGrantWatch(ports: {
  readonly store: Store;
  readonly keyring: () => HeldKeyring;
  readonly me: () => KeyHit;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly state: Pick<AppState, 'change'>;
  readonly link: () => Pick<Link, 'send'>;
  readonly failed: () => void;
}): GrantWatch {
  const { store, keyring, clock, timers } = ports;
  const book = openGrantBook({ store, keyring, now: clock.now });
  let cancel: (() => void) | undefined;
  let stopped = false;
  const show = (): void => {
    cancel?.();
    if (stopped) return;
    const value = book.rows(ports.me(), clock.now());
    ports.state.change({ what: 'grants', value });
    const ends = value
      .filter(({ state }) => state === 'live' || state === 'waiting')
      .map(({ until }) => Date.parse(until) - clock.now() + 1);
    cancel = ends.length === 0 ? undefined : timers.after(Math.max(1, Math.min(...ends)), show);
  };
  return {
    book,
    show,
    took: (leaves) =>
      void book.take(leaves).then((changed) => {
        if (changed) show();
      }, ports.failed),
    start: () => void book.load().then(show, ports.failed),
    deliver: (type, signed) => deliverOwn({ link: ports.link(), store }, type, signed),
    stop: () => {
      stopped = true;
      cancel?.();
    },
  };
}
