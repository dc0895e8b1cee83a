// Attention in the running app: follows the state that every surface mirrors, tells whether the person can be reached, and
// answers the contract's calls about it. Built once; idle until there is a session.

import type { Answers } from '../../../shared/ipc/contract.ts';
import type { Diagnosis } from '../../../shared/ipc/reach.ts';
import type { Change } from '../../../shared/ipc/snapshot.ts';
import { fail, ok } from '../../../shared/result.ts';
import type { AnswerPorts } from '../answers.ts';
import { openAttachments } from '../attachments.ts';
import { type Attention, openAttention, type Press, type Pressed } from '../attention.ts';
import type { Session } from '../session.ts';
import { openSettings, type SettingsFile } from '../settings.ts';
import { decideFromNotification } from './decide.ts';
import { wholeView } from './must-see.ts';
import { reachOf } from './reach.ts';
import { type AskedRow, askedRow } from './row.ts';

export type Attending = {
  readonly answers: Pick<Answers, 'settings' | 'attention'>;
  /** A page, a window or a terminal has come (1) or gone (-1). */
  readonly surfaces: (by: 1 | -1) => void;
  /** Again once there is a session: what came before it is read then. */
  readonly start: () => void;
  readonly stop: () => void;
};

type By = Pick<AnswerPorts, 'ports' | 'keys' | 'state' | 'session'>;

/** Whoever asks for more means to be away, and that is for the rota. */
const MAX_SNOOZE_MS = 24 * 3600 * 1000;

export function attend(by: By): Attending {
  const { ports, state } = by;
  const settings = openSettings(ports.home, ports.journal);
  const attachments = openAttachments(by.session);
  let surfaces = 0;
  let starts = 0;
  let unlisten: (() => void) | undefined;

  const attention = openAttention({
    clock: ports.clock,
    timers: ports.timers,
    notifier: ports.notifier,
    settings: settings.get,
    whole: (digest, limits) => {
      const entry = by.session()?.desk.get(digest);
      return entry && wholeView(entry, limits);
    },
    say: (digest, what) => by.session()?.say(digest, what),
    decide: (press) => decidePress({ ...by, attachments }, press),
    open: (digest) => {
      if (digest !== undefined && ports.surface.openRequest) ports.surface.openRequest(digest);
      else ports.surface.raise();
      state.raise(digest);
    },
    looked: () => tellReach(),
  });
  const reach = () =>
    reachOf(state.snapshot(), {
      ...attention.facts(),
      capabilities: ports.notifier?.capabilities(),
      surfaces,
      others: hasOthers(by.session()),
    });
  const tellReach = (): void => {
    const now = reach();
    state.change({ what: 'reach', value: now });
    tellSurface(now);
  };
  /** What the broker may know: a page that is open shows a request too, and being offline is no fault of it. */
  const tellSurface = ({ notices } = reach()): void =>
    by.session()?.whereabouts.surface(notices === undefined || surfaces > 0, notices);

  return {
    answers: {
      settings: settingsAnswers(settings, attention),
      attention: attentionAnswers({ by, settings, attention, diagnose: () => diagnosis() }),
    },
    surfaces: (change) => {
      surfaces += change;
      tellReach();
    },
    start: () => {
      unlisten?.();
      unlisten = undefined;
      const mine = ++starts;
      const begin = (): void => {
        if (mine !== starts) return;
        unlisten = followAll();
        // Nobody may ever look at this app, and that is worth knowing.
        tellSurface();
      };
      // What can be shown comes first: buttons are not added to what stands already.
      if (ports.notifier?.look === undefined) begin();
      else void ports.notifier.look().then(begin, begin);
    },
    stop: () => {
      starts += 1;
      unlisten?.();
      attention.stop();
    },
  };

  function followAll(): () => void {
    // What is there before anything changes, and then each change after everybody has been told of it: a change of ours
    // in the middle of that would reach others out of order.
    const follow = follower(by, attention);
    follow(state.snapshot().requests.map((value) => ({ what: 'request', value })));
    return state.listen((event, payload) => {
      // The state's own event: its payload is the contract's.
      if (event === 'app.changed') follow((payload as { changes: readonly Change[] }).changes);
    });
  }

  function diagnosis(): Diagnosis {
    const capabilities = ports.notifier?.capabilities();
    const { lastShownAt, testSeenAt } = attention.facts();
    const iso = (at: number): string => new Date(at).toISOString();
    return {
      ...(capabilities === undefined ? {} : { os: capabilities.kind }),
      reach: reach(),
      buttons: capabilities?.actions ?? false,
      maxBytes: capabilities?.maxBytes ?? 0,
      maxLines: capabilities?.maxLines ?? 0,
      ...(lastShownAt === undefined ? {} : { lastShownAt: iso(lastShownAt) }),
      ...(testSeenAt === undefined ? {} : { testSeenAt: iso(testSeenAt) }),
    };
  }
}

/** Changes of one turn are looked at together: ten thousand rows at a start are one look. */
function follower(
  { session, state }: By,
  attention: Attention,
): (changes: readonly Change[]) => void {
  let waiting: Change[] = [];
  const flush = (): void => {
    const changes = waiting;
    waiting = [];
    // Another rota, other turns: of all that is open.
    const rota = changes.some(({ what }) => what === 'onCall');
    const moved = changes.flatMap((change) => (change.what === 'request' ? change.value : []));
    const rows = (rota ? state.snapshot().requests : moved).flatMap(
      (summary) => rowOf(session(), summary) ?? [],
    );
    const gone = changes.flatMap((change) =>
      change.what === 'requestGone' ? [change.digest] : [],
    );
    if (gone.length > 0) attention.gone(gone);
    attention.update(rows);
    if (state.snapshot().log.alarm) attention.alarm();
  };
  return (changes) => {
    const ours = changes.filter((change) => change.what !== 'reach');
    if (ours.length === 0) return;
    if (waiting.length === 0) queueMicrotask(flush);
    waiting.push(...ours);
  };
}

function rowOf(
  session: Session | undefined,
  summary: Extract<Change, { what: 'request' }>['value'],
): AskedRow | undefined {
  const entry = session?.desk.get(summary.digest);
  if (session === undefined || entry === undefined) return undefined;
  return askedRow(summary, entry, session.me, session.keyring(), session.routing());
}

async function decidePress(
  by: Parameters<typeof decideFromNotification>[0],
  press: Press,
): Promise<Pressed> {
  const limits = by.ports.notifier?.capabilities();
  if (limits === undefined) return 'refused';
  try {
    const made = await decideFromNotification(by, press, limits);
    if (made.ok) return 'decided';
    by.ports.journal.note(`not decided from the notification: ${made.code}`);
    return made.code === 'tooSoon' ? 'again' : 'refused';
  } catch (error) {
    by.ports.journal.note(`notification: ${error instanceof Error ? error.message : 'failed'}`);
    return 'refused';
  }
}

function hasOthers(session: Session | undefined): boolean {
  if (session === undefined || session.keyring().keyring.solo) return false;
  return [...session.keyring().keys.values()].some(
    (hit) => hit.kind === 'reviewer' && hit.id !== session.me.id && hit.untilIndex === undefined,
  );
}

const settingsAnswers = (settings: SettingsFile, attention: Attention): Answers['settings'] => ({
  get: async () => settings.get(),
  set: async (change) => {
    const set = settings.set(change);
    attention.look();
    return set.ok ? ok(set.value) : fail('notStored', set.detail);
  },
  // A host that can do it answers in place of these.
  startAtLogin: async () => ({ state: 'cannot' }),
  setStartAtLogin: async () => fail('cannot'),
});

type Asked = {
  readonly by: By;
  readonly settings: SettingsFile;
  readonly attention: Attention;
  readonly diagnose: () => Diagnosis;
};

function attentionAnswers({ by, settings, attention, diagnose }: Asked): Answers['attention'] {
  const { clock, notifier } = by.ports;
  return {
    snooze: async ({ until, request }) => {
      const at = Date.parse(until);
      if (at > clock.now() + MAX_SNOOZE_MS) return fail('tooLong');
      if (request !== undefined) {
        const others = attention.othersFor(request) ?? 0;
        return attention.leave(request, at)
          ? ok({ handsOver: others > 0 })
          : fail('unknownRequest');
      }
      const stored = settings.set({ snoozeUntil: at > clock.now() ? until : null });
      if (!stored.ok) return fail('notStored', stored.detail);
      attention.look();
      const { held, heldForOthers } = attention.facts();
      return ok({ handsOver: hasOthers(by.session()) && held === heldForOthers });
    },
    handOver: async ({ request }) => {
      const others = attention.othersFor(request);
      if (others === undefined) return fail('unknownRequest');
      if (others === 0) return fail('nobodyElse');
      attention.leave(request, Number.POSITIVE_INFINITY);
      return ok({});
    },
    away: async ({ until }) => {
      const refused =
        (await by.session()?.whereabouts.away(until)) ?? (by.session() ? undefined : 'closed');
      if (refused === undefined) return ok({});
      if (refused === 'tooLarge') return fail('tooLong');
      return fail(refused === 'closed' ? 'offline' : 'failed', refused);
    },
    test: async () => {
      await notifier?.look?.();
      const trouble = await attention.test();
      return trouble === undefined ? ok(diagnose()) : fail(trouble);
    },
    diagnosis: async () => {
      await notifier?.look?.();
      return diagnose();
    },
  };
}
