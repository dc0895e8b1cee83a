// When a person is told that something waits for them, how loudly, and when it is taken back: the moment a request ends or
// is decided anywhere. It decides nothing. A press on a button goes to `decide`, which is the one path of every decision.

import type { NoticeTrouble } from '../../shared/ipc/reach.ts';
import type { Settings } from '../../shared/ipc/settings.ts';
import type { Verdict } from '../../shared/statement/decision.ts';
import { BURST_MS, openBursts } from './attention/bursts.ts';
import { BURST, type Desired, desiredNotices, TEST_ID, type Track } from './attention/desired.ts';
import { levelAt, nextLevelAt } from './attention/levels.ts';
import type { WholeView } from './attention/must-see.ts';
import { type Quiet, quietAt, untilQuietHours } from './attention/quiet.ts';
import type { AskedRow } from './attention/row.ts';
import { isGrave, TEST } from './attention/words.ts';
import type { Clock, Notifier, NotifierCapabilities, Timers } from './ports.ts';

export type Press = {
  readonly digest: string;
  readonly verdict: Verdict;
  /** The view that the notification carried whole; a denial needs none. */
  readonly viewSha256: string | undefined;
  /** Monotonic ms: when it appeared, when anything of ours was last pressed before, and when this was. */
  readonly appearedAt: number;
  readonly pressedBefore: number | undefined;
  readonly at: number;
};

/** `again`: it was too soon to be meant, and may be pressed anew. */
export type Pressed = 'decided' | 'again' | 'refused';

export type AttentionPorts = {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly notifier: Notifier | undefined;
  readonly settings: () => Settings;
  readonly whole: (digest: string, limits: NotifierCapabilities) => WholeView | undefined;
  readonly say: (digest: string, what: 'shown' | 'snoozed' | 'handedOver') => void;
  readonly decide: (press: Press) => Promise<Pressed>;
  /** Brings the app forward, on this request. */
  readonly open: (digest: string | undefined) => void;
  /** After each look at the state: whether the person can be reached may have changed. */
  readonly looked: () => void;
};

export type AttentionFacts = {
  readonly quiet: Quiet | undefined;
  /** Requests that are held back now, and for how many of them somebody else may decide. */
  readonly held: number;
  readonly heldForOthers: number;
  readonly failed: NoticeTrouble | undefined;
  readonly lastShownAt: number | undefined;
  readonly testSeenAt: number | undefined;
};

export type Attention = {
  readonly update: (rows: readonly AskedRow[]) => void;
  readonly gone: (digests: readonly string[]) => void;
  readonly alarm: () => void;
  /** Looks again: a setting changed, or the time did. */
  readonly look: () => void;
  /** Held back until then; false where this request does not wait for this person. */
  readonly leave: (digest: string, until: number) => boolean;
  readonly othersFor: (digest: string) => number | undefined;
  readonly facts: () => AttentionFacts;
  /** Shows the test notification; why it was not shown, where that is known within a second. */
  readonly test: () => Promise<NoticeTrouble | undefined>;
  readonly stop: () => void;
};

/** A denied action is remembered as such for this long. */
const REMEMBER_MS = 3600_000;
/** A daemon that refuses does so at once. */
const SETTLE_MS = 1000;
/** The burst's count is put right no more often than this. */
const RECOUNT_MS = 2000;
/** So long whose turn it is may take to come; then everybody is told, as without a rota. */
const TURN_MS = 5000;
/** However far the next event is, the wall clock may be set or the machine may sleep. */
const MAX_WAIT_MS = 60_000;

type Shown = Desired & {
  readonly at: number;
  readonly settle: () => void;
  /** A second press of one notification is not a second wish. */
  pressed: boolean;
};

export function openAttention(ports: AttentionPorts): Attention {
  const { clock, timers, notifier } = ports;
  const tracks = new Map<string, Track>();
  const shown = new Map<string, Shown>();
  const deniedAt = new Map<string, number>();
  const bursts = openBursts();
  let alarmed = false;
  let planned: (() => void) | undefined;
  let pressedAt: number | undefined;
  let failed: NoticeTrouble | undefined;
  let lastShownAt: number | undefined;
  let testSeenAt: number | undefined;
  let stopped = false;

  const quietNow = (): Quiet | undefined => quietAt(clock.now(), ports.settings());

  const look = (): void => {
    if (stopped) return;
    const now = clock.now();
    const quiet = quietNow();
    for (const [digest, track] of tracks) {
      if (track.row.expiresAt <= now) {
        tracks.delete(digest);
        continue;
      }
      const held = whyHeld(track, now, quiet, ports.settings());
      if (held !== undefined && (isMine(track) || track.leftUntil > now)) hold(track, held);
      else if (!isMine(track)) Object.assign(track, { mode: 'new', level: -1, leftUntil: 0 });
      else {
        if (track.mode === 'held') Object.assign(track, { mode: 'new', level: -1, leftUntil: 0 });
        const level = levelAt(track.row, now);
        if (level > track.level) raise(track, level);
      }
    }
    sync(quiet);
    plan(now, quiet);
    ports.looked();
  };

  /** Others see it on the desk, and are not disturbed. */
  const isMine = ({ row, since }: Track): boolean =>
    row.turn === 'mine' || (row.turn === 'unknown' && clock.monotonic() - since >= TURN_MS);

  const hold = (track: Track, why: Quiet['why']): void => {
    if (track.mode === 'held') return;
    track.mode = 'held';
    if (why === 'snoozed') ports.say(track.row.digest, 'snoozed');
    // Nothing is handed over where nobody could take it.
    else if (track.row.others > 0) ports.say(track.row.digest, 'handedOver');
  };

  const raise = (track: Track, level: Track['level']): void => {
    track.level = level;
    if (track.mode === 'folded' || track.mode === 'again') return;
    const at = clock.monotonic();
    const denied = deniedAt.get(track.row.same);
    if (denied !== undefined && at - denied < REMEMBER_MS) {
      track.mode = 'again';
      return;
    }
    track.mode = 'own';
    track.raisedAt = at;
    if (!bursts.add(at)) return;
    for (const one of tracks.values())
      if (one.mode === 'own' && at - one.raisedAt < BURST_MS) one.mode = 'folded';
  };

  const sync = (quiet: Quiet | undefined): void => {
    if (notifier === undefined) return;
    const capabilities = notifier.capabilities();
    const wanted = desiredNotices([...tracks.values()], {
      settings: ports.settings(),
      capabilities,
      whole: (digest) => ports.whole(digest, capabilities),
      alarmed,
      quietUntil: quiet?.until,
    });
    const ids = new Set(wanted.map(({ id }) => id));
    for (const id of shown.keys()) if (id !== TEST_ID && !ids.has(id)) takeDown(id);
    for (const one of wanted) {
      const before = shown.get(one.id);
      if (before?.key !== one.key && !tooSoon(one, before)) show(one);
    }
  };
  /** A count that runs is put right now and then; what has become urgent is said at once. */
  const tooSoon = (one: Desired, before: Shown | undefined): boolean =>
    one.id === BURST &&
    before !== undefined &&
    before.urgent === one.urgent &&
    clock.monotonic() - before.at < RECOUNT_MS;

  const show = (one: Desired): void => {
    shown.get(one.id)?.settle();
    const { id, title, body, urgent, sound, actions, digest } = one;
    let trouble: NoticeTrouble | undefined;
    const settle = timers.after(SETTLE_MS, () => {
      if (trouble !== undefined) return;
      failed = undefined;
      lastShownAt = clock.now();
      if (digest !== undefined) ports.say(digest, 'shown');
      ports.looked();
    });
    shown.set(id, { ...one, at: clock.monotonic(), settle, pressed: false });
    notifier?.show({ id, title, body, urgent, sound, actions }, (why) => {
      trouble = why;
      failed = why;
      ports.looked();
    });
  };
  const takeDown = (id: string): void => {
    shown.get(id)?.settle();
    shown.delete(id);
    notifier?.withdraw(id);
  };

  const plan = (now: number, quiet: Quiet | undefined): void => {
    planned?.();
    const { quietHours } = ports.settings();
    const waits = [
      ...[...tracks.values()].map((track) => nextLevelAt(track.row, now) - now),
      ...[...tracks.values()].map((track) => track.leftUntil - now),
      ...(quiet ? [quiet.until - now] : []),
      ...(quietHours ? [untilQuietHours(now, quietHours)] : []),
      ...(shown.has(BURST) ? [RECOUNT_MS] : []),
      ...[...tracks.values()]
        .filter(({ row }) => row.turn === 'unknown')
        .map(({ since }) => since + TURN_MS - clock.monotonic()),
    ].filter((wait) => wait > 0);
    planned = waits.length === 0 ? undefined : timers.after(Math.min(...waits, MAX_WAIT_MS), look);
  };

  const press = async (one: Shown, verdict: Verdict, at: number): Promise<void> => {
    const { digest, viewSha256 } = one;
    if (digest === undefined) return;
    one.pressed = true;
    const pressedBefore = pressedAt;
    pressedAt = at;
    const by = { digest, verdict, viewSha256, appearedAt: one.at, pressedBefore, at };
    const came = await ports.decide(by);
    if (came === 'refused') ports.open(digest);
    // What was pressed is gone from the screen; `look` shows it anew.
    if (came === 'again') {
      shown.delete(one.id);
      look();
    }
  };
  /** Hostile until proven otherwise: only what was shown, and only a button that it had. */
  const take = (id: string, action: string): void => {
    const at = clock.monotonic();
    const one = shown.get(id);
    if (stopped || one === undefined || one.pressed) return;
    if (id === TEST_ID) {
      testSeenAt = clock.now();
      takeDown(TEST_ID);
      ports.looked();
      return;
    }
    const verdict = one.actions.find((known) => known === action);
    if (verdict === 'approve' || verdict === 'deny') void press(one, verdict, at);
    else ports.open(one.digest);
  };
  const unlisten = notifier?.onActivate(take);

  return {
    look,
    update: (rows) => {
      for (const row of rows) {
        const track = tracks.get(row.digest);
        if (row.denied) deniedAt.set(row.same, clock.monotonic());
        if (!row.wants) tracks.delete(row.digest);
        else if (track) tracks.set(row.digest, { ...track, row });
        else {
          const since = clock.monotonic();
          const fresh = { mode: 'new', level: -1, raisedAt: 0, leftUntil: 0, since } as const;
          tracks.set(row.digest, { row, ...fresh });
        }
      }
      look();
    },
    gone: (digests) => {
      for (const digest of digests) tracks.delete(digest);
      look();
    },
    alarm: () => {
      alarmed = true;
      look();
    },
    leave: (digest, until) => {
      const track = tracks.get(digest);
      if (track === undefined) return false;
      track.leftUntil = until;
      look();
      return true;
    },
    othersFor: (digest) => tracks.get(digest)?.row.others,
    facts: () => {
      const held = [...tracks.values()].filter((track) => track.mode === 'held');
      const heldForOthers = held.filter((track) => track.row.others > 0).length;
      const quiet = quietNow();
      return { quiet, held: held.length, heldForOthers, failed, lastShownAt, testSeenAt };
    },
    test: async () => {
      if (notifier === undefined) return 'noSurface';
      testSeenAt = undefined;
      const actions = notifier.capabilities().actions ? (['open'] as const) : [];
      const about = { key: '', digest: undefined, viewSha256: undefined };
      const sound = ports.settings().sound !== 'off';
      failed = undefined;
      show({ ...TEST, ...about, id: TEST_ID, urgent: false, sound, actions });
      await new Promise<void>((resolve) => void timers.after(SETTLE_MS, resolve));
      return failed;
    },
    stop: () => {
      stopped = true;
      planned?.();
      unlisten?.();
      for (const id of shown.keys()) takeDown(id);
    },
  };
}

function whyHeld(
  { row, leftUntil }: Track,
  now: number,
  quiet: Quiet | undefined,
  settings: Settings,
): Quiet['why'] | undefined {
  // What the person said of this one request holds for a critical one too.
  if (leftUntil > now) return leftUntil === Number.POSITIVE_INFINITY ? 'quietHours' : 'snoozed';
  if (quiet === undefined) return undefined;
  return isGrave(row) && settings.criticalBreaksThrough ? undefined : quiet.why;
}
