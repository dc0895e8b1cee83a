// Which notifications should stand now, from what is tracked: pure, so that what a person is told depends on the state and
// not on how it came about. The buttons are the gesture table's (design: Gestures).

import type { Settings } from '../../../shared/ipc/settings.ts';
import type { Notification, NotificationAction, NotifierCapabilities } from '../ports.ts';
import type { WholeView } from './must-see.ts';
import type { AskedRow } from './row.ts';
import {
  ALARM,
  burstText,
  isGrave,
  type Level,
  quietText,
  repeatText,
  requestText,
  type Text,
  wholeText,
} from './words.ts';

/** `own`: a notification of its own; `folded`: in the burst's; `again`: in the one of its denied action; `held`: in none. */
export type Mode = 'new' | 'own' | 'folded' | 'again' | 'held';

export type Track = {
  readonly row: AskedRow;
  mode: Mode;
  /** The highest that it was announced at; -1 before it was. */
  level: Level | -1;
  /** Monotonic ms. */
  raisedAt: number;
  /** Held back by the person: until this wall clock time, without an end once handed over. */
  leftUntil: number;
  /** Monotonic ms: when it was first looked at. */
  readonly since: number;
};

export type Desired = Notification & {
  /** One that differs is shown again; one that does not stays as it is, seen or dismissed. */
  readonly key: string;
  readonly digest: string | undefined;
  /** Set where `approve` is among the actions. */
  readonly viewSha256: string | undefined;
};

export type Around = {
  readonly settings: Settings;
  readonly capabilities: NotifierCapabilities;
  readonly whole: (digest: string) => WholeView | undefined;
  readonly alarmed: boolean;
  readonly quietUntil: number | undefined;
};

export const BURST = 'burst';
export const TEST_ID = 'test';

export function desiredNotices(tracks: readonly Track[], around: Around): readonly Desired[] {
  const folded = tracks.filter((track) => track.mode === 'folded');
  const alone = tracks.filter(
    ({ mode, row, leftUntil }) => mode === 'held' && row.others === 0 && leftUntil === 0,
  );
  return [
    ...(around.alarmed ? [alarmNotice(around)] : []),
    ...tracks.filter(({ mode }) => mode === 'own').map((track) => ownNotice(track, around)),
    ...(folded.length > 0 ? [burstNotice(folded, around)] : []),
    ...repeatNotices(tracks, around),
    ...(alone.length > 0 && around.quietUntil !== undefined
      ? [quietNotice(alone, around.quietUntil, around)]
      : []),
  ];
}

function ownNotice({ row, level }: Track, around: Around): Desired {
  const near = level === -1 ? 0 : level;
  const { settings } = around;
  const whole = wholeFor(row, around);
  const text = whole ? wholeText(row, whole.text) : requestText(row, near, settings.details);
  return {
    ...text,
    id: `r-${row.digest.slice(0, 32)}`,
    key: `${near} ${settings.details}`,
    urgent: near === 2 || isGrave(row),
    sound: sounds([row], settings),
    actions: buttons(row, whole !== undefined, around),
    digest: row.digest,
    viewSha256: whole?.viewSha256,
  };
}

/** What may be approved where it stands: low, with buttons, whole, and not against the person's wish for few words. */
function wholeFor(row: AskedRow, { settings, capabilities, whole }: Around): WholeView | undefined {
  if (row.tier !== 'low' || !row.mayApprove || !settings.details || !capabilities.actions)
    return undefined;
  return whole(row.digest);
}

function buttons(row: AskedRow, whole: boolean, around: Around): readonly NotificationAction[] {
  if (!around.capabilities.actions) return [];
  // Nobody denies what they can't see, and a locked key signs nothing.
  if (row.tier === 'critical' || !row.mayDeny || !around.settings.details) return ['open'];
  return whole ? ['approve', 'deny'] : ['deny', 'open'];
}

const opens = ({ capabilities }: Around): readonly NotificationAction[] =>
  capabilities.actions ? ['open'] : [];

const plain = (text: Text, around: Around) => ({
  ...text,
  urgent: false,
  sound: false,
  actions: opens(around),
  digest: undefined,
  viewSha256: undefined,
});

function burstNotice(folded: readonly Track[], around: Around): Desired {
  const rows = folded.map(({ row }) => row);
  const near = Math.max(...folded.map(({ level }) => level));
  return {
    ...plain(burstText(rows), around),
    id: BURST,
    key: `${near} ${rows.length}`,
    urgent: near === 2 || rows.some(isGrave),
    sound: sounds(rows, around.settings),
  };
}

function repeatNotices(tracks: readonly Track[], around: Around): readonly Desired[] {
  const groups = new Map<string, AskedRow[]>();
  for (const { mode, row } of tracks)
    if (mode === 'again') groups.set(row.same, [...(groups.get(row.same) ?? []), row]);
  return [...groups.values()].flatMap((rows) => {
    const last = rows.at(-1);
    if (last === undefined) return [];
    return {
      ...plain(repeatText(last, rows.length, around.settings.details), around),
      id: `a-${last.same.slice(0, 32)}`,
      key: String(rows.length),
      digest: last.digest,
    };
  });
}

const quietNotice = (alone: readonly Track[], until: number, around: Around): Desired => ({
  ...plain(
    quietText(
      alone.map(({ row }) => row),
      until,
    ),
    around,
  ),
  id: 'quiet',
  key: String(alone.length),
});

const alarmNotice = (around: Around): Desired => ({
  ...plain(ALARM, around),
  id: 'alarm',
  key: 'alarm',
  urgent: true,
  sound: around.settings.sound !== 'off',
});

const sounds = (rows: readonly AskedRow[], { sound }: Settings): boolean =>
  sound === 'all' || (sound === 'critical' && rows.some(isGrave));
