// Attention on a clock moved by hand, over a notifier that keeps what it is told and can be pressed like a real one.

import { openAttention, type Press, type Pressed } from '../../../main/app/attention.ts';
import type { AskedRow } from '../../../main/app/attention/row.ts';
import type { WholeView } from '../../../main/app/attention/must-see.ts';
import type { Notification, Notifier, NotifierCapabilities } from '../../../main/app/ports.ts';
import type { Tier } from '../../../shared/domain/tier.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../../shared/ipc/settings.ts';
import type { NoticeTrouble } from '../../../shared/ipc/reach.ts';
import { headline } from '../../../shared/statement/view/headline.ts';
import { EXEC } from '../statement/view-samples.ts';
import { type HandTime, handTime } from './hand-time.ts';

export const MINUTE = 60_000;

export type FakeNotifier = Notifier & {
  /** What stands on the screen now, by id. */
  readonly standing: Map<string, Notification>;
  /** Everything that was ever shown, in order. */
  readonly shown: Notification[];
  readonly press: (id: string, action: string) => void;
  capabilitiesNow: NotifierCapabilities;
  fails: Exclude<NoticeTrouble, 'noSurface'> | undefined;
};

export function fakeNotifier(): FakeNotifier {
  const takers = new Set<(id: string, action: string) => void>();
  const standing = new Map<string, Notification>();
  const shown: Notification[] = [];
  const notifier: FakeNotifier = {
    standing,
    shown,
    capabilitiesNow: { kind: 'linux', actions: true, maxBytes: 1000, maxLines: 20 },
    fails: undefined,
    press: (id, action) => {
      // As a notification does: it is gone once it was pressed.
      standing.delete(id);
      for (const take of takers) take(id, action);
    },
    capabilities: () => notifier.capabilitiesNow,
    show: (notification, failed) => {
      if (notifier.fails !== undefined) return failed?.(notifier.fails);
      shown.push(notification);
      standing.set(notification.id, notification);
    },
    withdraw: (id) => void standing.delete(id),
    onActivate: (take) => {
      takers.add(take);
      return () => void takers.delete(take);
    },
  };
  return notifier;
}

let count = 0;
export function row(tier: Tier, time: HandTime, changes: Partial<AskedRow> = {}): AskedRow {
  count += 1;
  const now = time.clock.now();
  return {
    digest: count.toString(16).padStart(8, '0').padEnd(64, '0'),
    headline: headline({ action: EXEC }),
    action: EXEC,
    host: 'build-7',
    agent: 'claude-code',
    onBehalfOf: 'maya',
    tier,
    createdAt: now,
    expiresAt: now + 10 * MINUTE,
    wants: true,
    mayApprove: true,
    mayDeny: true,
    denied: false,
    turn: 'mine',
    same: count.toString(16).padStart(8, 'f').padEnd(64, '0'),
    others: 1,
    ...changes,
  };
}

export function stage(changes: Partial<Settings> = {}, whole?: WholeView) {
  const time = handTime();
  const notifier = fakeNotifier();
  const said: string[] = [];
  const presses: Press[] = [];
  const opened: (string | undefined)[] = [];
  const settings: { now: Settings } = { now: { ...DEFAULT_SETTINGS, ...changes } };
  const answer: { now: Pressed } = { now: 'decided' };
  const attention = openAttention({
    clock: time.clock,
    timers: time.timers,
    notifier,
    settings: () => settings.now,
    whole: () => whole,
    say: (digest, what) => void said.push(`${what} ${Number.parseInt(digest.slice(0, 8), 16)}`),
    decide: async (press) => {
      presses.push(press);
      return answer.now;
    },
    open: (digest) => void opened.push(digest),
    looked: () => {},
  });
  return { time, notifier, said, presses, opened, settings, answer, attention };
}

export const idOf = (one: AskedRow): string => `r-${one.digest.slice(0, 32)}`;
export const ordinal = (one: AskedRow): number => Number.parseInt(one.digest.slice(0, 8), 16);
