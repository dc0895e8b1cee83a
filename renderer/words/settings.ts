// What settings say: what protects the keys, whether anything can reach this person, and each thing that can be set.
// Total over the contract's codes: a new trouble without a sentence does not compile.

import type { Diagnosis, NoticeTrouble, Reach, ReachTrouble } from '../../shared/ipc/reach.ts';
import type { Settings } from '../../shared/ipc/settings.ts';
import { say } from './plural.ts';
import { atClock, atDay } from './time.ts';

export const SETTINGS_WORDS = {
  title: 'Settings',
  keys: 'Keys',
  person: 'You',
  device: 'Device',
  decisionKey: 'Decision key',
  otherKeys: 'Session and witness keys',
  open: (until: string): string => `Unlocked until ${until}.`,
  locked: 'Locked. Nothing can be decided with it.',
  protects:
    'Kept in a file that only your passphrase opens, and open for at most 12 hours after you unlock it. There is no way around a forgotten passphrase.',
  others:
    'Files that only your account can read. They connect and watch the log; they can’t sign a decision.',
  solo: 'You are alone: one person, one machine. Whoever controls your session controls all of this.',
  lock: 'Lock now',
  reach: 'Being reached',
  test: 'Send a test notification',
  testing: 'Sending',
  seen: 'Did you see it?',
  yes: 'Yes',
  no: 'No',
  sawIt: 'Good. Requests will reach you like that.',
  clickedIt: (at: string): string => `The last test notification was clicked ${at}.`,
  again: 'Look again',
  lastShown: (at: string): string => `The system last took a notification ${at}.`,
  buttons: 'It can have buttons: a low request can be decided in it.',
  noButtons: 'It has no buttons here: a click on it opens the card.',
  fits: (lines: number, bytes: number): string =>
    say(
      'It holds {lines, plural, one {# line} other {# lines}} and {bytes, plural, one {# byte} other {# bytes}}.',
      {
        lines,
        bytes,
      },
    ),
  quiet: 'Quiet',
  quietHours: 'Quiet hours, every day',
  from: 'From',
  to: 'Until',
  sameTime: 'Quiet hours can’t begin and end at one time.',
  breaks: 'A critical request is announced all the same',
  snooze: 'Snooze',
  snoozedUntil: (until: string): string => `Nothing is announced before ${until}.`,
  notSnoozed: 'Announcements are on.',
  quarter: '15 minutes',
  hour: '1 hour',
  endSnooze: 'End the snooze',
  snoozeEnded: 'Announcements are on again.',
  appearance: 'What a notification gives away',
  details: 'Say what is asked',
  detailsHint:
    'Off: a notification says only that something waits. For screens that others can see.',
  sound: 'Sound',
  notStored: 'It could not be stored. What you see is what holds.',
  notRead: 'The settings could not be read.',
} as const;

export const START = {
  title: 'Starting',
  label: 'Start at login',
  hint: 'It then waits in the tray and opens no window by itself.',
  cannot:
    'This page can’t start at login: it is shown by a command that somebody runs. The desktop app can.',
  failed: 'The system did not take it. What you see is what holds.',
} as const;

export const SOUND_NAME: { readonly [S in Settings['sound']]: string } = {
  off: 'Off',
  critical: 'Critical only',
  all: 'Every request',
};

/** The headline of the section: what would happen if a request came now. */
export function reachSays(reach: Reach): string {
  if (reach.troubles.length > 0) return REACH_TROUBLE[reach.troubles[0] ?? 'offline'];
  switch (reach.by) {
    case 'notification':
      return reach.quiet === undefined
        ? 'A notification tells you when a request comes.'
        : 'A notification tells you when a request comes, but not in the quiet that is on now.';
    case 'page':
      return 'Only this page tells you, and only while it is open.';
    case 'nothing':
      return 'Nothing can reach you. A request that comes now expires unless you happen to look.';
  }
}

export const reachIsWell = (reach: Reach): boolean =>
  reach.troubles.length === 0 && reach.by === 'notification' && reach.quiet === undefined;

export const REACH_TROUBLE: { readonly [T in ReachTrouble]: string } = {
  noKeys: 'There are no keys yet, so no request can come.',
  offline: 'The broker can’t be reached, so no request can come.',
  stranger: 'A stranger answers at the broker’s address, so no request is taken from it.',
  alarm: 'The log does not agree with this machine’s copy: nothing may be approved.',
  locked: 'Your key is locked: a request is announced, and needs it unlocked to be decided.',
};

export const NOTICE_TROUBLE: { readonly [T in NoticeTrouble]: string } = {
  noSurface: 'This app was started without anything that could show a notification.',
  noSession: 'There is no desktop session to show a notification in.',
  noProgram: 'notify-send is missing. It is in the package libnotify-bin or libnotify.',
  noDaemon: 'Nothing on this desktop shows notifications. Start a notification daemon.',
  notAllowed: 'The system does not let this app notify. Allow it in the system’s settings.',
  failed: 'The system took the notification and reported a failure.',
};

const LOOK_FOR: { readonly [O in NonNullable<Diagnosis['os']>]: string } = {
  linux: 'Is “do not disturb” on? Does the desktop show other programs’ notifications?',
  macos:
    'System Settings, Notifications, Countersign: allowed, and as alerts? Is a Focus on? An app that is not signed can’t notify.',
  windows:
    'Settings, System, Notifications: on for Countersign? Is “do not disturb” on? Without a Start menu entry Windows shows nothing.',
};

export const lookFor = (os: Diagnosis['os']): string =>
  os === undefined ? NOTICE_TROUBLE.noSurface : LOOK_FOR[os];

export function quietSays({ quiet }: Reach): string | undefined {
  if (quiet === undefined) return undefined;
  const until = quiet.why === 'snoozed' ? atDay(quiet.until) : atClock(quiet.until);
  const over = quiet.handsOver
    ? 'Somebody else may decide meanwhile.'
    : 'Nobody else may decide what is held back meanwhile.';
  return `Quiet until ${until}. ${over}`;
}
