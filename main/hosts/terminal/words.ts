// Every word that `countersign review` and the terminal's first run print. Text from a request goes through `visible`.

import { type DecideCode, MIN_PASSPHRASE } from '../../../shared/ipc/contract.ts';
import type { CardExplanation } from '../../../shared/ipc/explain.ts';
import type { KeyState, RequestSummary, Snapshot, WhyNot } from '../../../shared/ipc/snapshot.ts';
import type { Card, CardCode } from './card.ts';
import { visible } from './visible.ts';

export const PROMPT = 'countersign> ';
export const MORE = '-- more: Enter; q stops -- ';
export const HELP = [
  'list            what waits for a decision',
  'show N          a request by its number in the list',
  'next, prev      the one after, the one before',
  'approve         approve the card on screen',
  'deny [reason]   deny the card on screen',
  'change          deny it, and propose other arguments',
  'again N MINUTES allow what you approved last N times more',
  'granted, end N  what may be done unasked now; end one of it',
  'unlock          unlock your key again',
  'quit            leave',
].join('\n');

export const CHANGE_PROMPT = 'change> ';
export const CHANGE_HELP =
  '`2 TEXT` replaces argument 2, `+2 TEXT` adds one after it, `-2` takes it away, `send [reason]` denies and proposes this, `stop` leaves it as it was.';
export const NO_CHANGE = 'This request cannot be changed.';
export const cannotPropose = (why: string): string => `Not sent: ${why}.`;
export const item = (place: number, text: string): string => `${place}: “${text}”`;
export const keptItem = (bytes: number): string => `${bytes} bytes, stays as it is`;
const CHANGED = {
  fits: 'Changed from a denied request, exactly as somebody proposed then. What differs:',
  unread: 'Changed from a denied request whose text is not on this machine.',
  other: 'WARNING: it says that it changes a denied request, and nobody proposed this then.',
} as const;
export const changedLines = (changed: NonNullable<Card['changed']>): readonly string[] => [
  CHANGED[changed.state],
  ...changed.lines.map((line) => `  ${line}`),
];

export const ASK_PASSPHRASE = 'Passphrase: ';
export const ASK_NEW = `Choose a passphrase for your keys (${MIN_PASSPHRASE} characters or more): `;
export const ASK_AGAIN = 'The same again: ';
export const NOT_THE_SAME = 'The two differ. Once more.';
export const TOO_SHORT = `That is shorter than ${MIN_PASSPHRASE} characters. Once more.`;
export const WRONG = 'That is not the passphrase.';
export const SET_UP = 'Your keys are made. This machine holds actions for you from now on.';
export const SET_UP_ELSEWHERE = 'Set up in the window.';
export const UNLOCKED = 'Your key is unlocked.';
export const FAILED = 'That did not work; the app says no more.';
export const NO_PASSPHRASE =
  'No passphrase opens your keys: decide in the window, which opens them by the key store.';
const UNLOCK_SAYS = { wrongPassphrase: WRONG, absent: NO_PASSPHRASE, failed: FAILED } as const;
export const unlockSays = (code: keyof typeof UNLOCK_SAYS): string => UNLOCK_SAYS[code];
export const NOTHING_WAITS = 'Nothing waits for a decision.';
export const APP_GONE =
  'Countersign has stopped. Nothing that you did not see confirmed was decided.';
export const NO_CARD = 'No card is on screen: `list`, then `show N`.';
export const NOT_WHOLE = 'The card was not shown to its end: `show` it again and read on.';
export const NO_CRITICAL = 'A critical action is not approved in a terminal: open the window.';
export const UNVERIFIED = 'WARNING: this request could not be verified. It can only be denied.';
export const ASK_REASON = 'Why do you approve it? ';
export const UNKNOWN = 'Not a command here. `help` lists them.';
export const askTarget = 'Type the name of the target as the card shows it: ';

export const cardTitle = (one: RequestSummary): string =>
  `--- request ${one.digest.slice(0, 12)} --- ${one.tier} ---`;
export const cardEnd = (one: RequestSummary): string =>
  one.tier === 'critical'
    ? '--- end of the card --- deny [reason], next, list ---'
    : '--- end of the card --- approve, deny [reason], next, list ---';

/** Why it waits and for whom: under the card, and no part of what is signed. */
export const explained = (by: CardExplanation): readonly string[] => [
  visible(by.headline),
  ...[...by.missing, ...by.takes].map((line) => `  ${visible(line)}`),
  ...by.because.map(({ rule, says, line }) => {
    const at = line === undefined ? '' : `, line ${line}`;
    return `  Rule ${visible(rule)}${at}: ${visible(says)}`;
  }),
  ...by.checks
    .filter(({ outcome }) => outcome !== 'notApplicable')
    .map(({ says }) => `  ${visible(says)}`),
];

export const listed = (position: number, one: RequestSummary): string => {
  const gone = one.guardState === 'gone' ? ', agent gone' : '';
  const turn = one.asked?.mine === false ? ', others are asked' : '';
  const title = visible(one.title);
  return `${position}. [${one.tier}] ${title} (${visible(one.agent, 60)} on ${visible(one.host, 60)}${gone}${turn})`;
};
export const waiting = (count: number): string =>
  count === 0 ? NOTHING_WAITS : `${count} waiting. \`list\` shows them, \`next\` opens one.`;

export const arrived = (one: RequestSummary): string => `New: [${one.tier}] ${visible(one.title)}`;
export const agentGone = (one: RequestSummary): string =>
  `The agent has gone, it can't be approved: ${visible(one.title)}`;
export const decidedElsewhere = (one: RequestSummary): string => {
  const last = one.decisions.at(-1);
  const by = last === undefined ? '' : ` by ${visible(last.reviewer, 60)}`;
  return `${last?.verdict === 'approve' ? 'Approved' : 'Decided'} elsewhere${by}: ${visible(one.title)}`;
};

const HOW = {
  approved: 'approved',
  approvedWithChanges: 'approved with changes',
  denied: 'denied',
  expiredUnseen: 'expired before anyone saw it',
  expiredSeen: 'expired',
  withdrawn: 'withdrawn',
} as const;
export const hasEnded = (one: RequestSummary): string =>
  `Ended, ${one.how === undefined ? 'undecided' : HOW[one.how]}: ${visible(one.title)}`;

export const done = (verdict: 'approve' | 'deny', decision: string): string =>
  `${verdict === 'approve' ? 'Approved' : 'Denied'}, and in the log: decision ${decision.slice(0, 16)}.`;

export const linkWords = {
  starting: 'The broker is starting.',
  online: 'Connected to the broker.',
  stranger: "Whoever answers at the broker's address is not your broker. Nothing is sent to it.",
} as const;
export const EXPOSED =
  'Connected to the broker WITHOUT ENCRYPTION: others on the network can read every request and every decision along with you.';
export const away = (why: string): string =>
  `The broker is away: ${why}. Nothing can be decided until it is back.`;
export const refused = (why: string): string =>
  `The broker does not let this device in: ${why}. Nothing can be decided here.`;
const OFFLINE = new Map([
  ['noEndpoint', 'nobody has said where it is'],
  ['badEndpoint', 'its address is not one that may be used'],
  ['unreachable', 'nobody listens at its address'],
  ['timeout', 'it did not answer in time'],
  ['dead', 'no sign of it'],
  ['cut', 'the connection has ended'],
  ['badBroker', 'it does not speak as a broker does'],
  ['stopped', 'the app is stopping'],
]);
export const offlineWhy = (why: string): string => OFFLINE.get(why) ?? visible(why, 60);

export const ALARM = "ALARM: the log and this machine's copy disagree. Nothing can be approved.";
/** With the whole detail: it may name the file that holds the evidence. */
export const alarmed = (alarm: NonNullable<Snapshot['log']['alarm']>): string =>
  `ALARM: ${visible(alarm.detail, 2000)}. Nothing can be approved. Since ${alarm.at}, code ${visible(alarm.code, 60)}.`;
export const keySays = (key: KeyState): string => {
  if (key.state === 'absent') return 'This machine has no keys yet.';
  if (key.state === 'locked') return 'Your key is locked: `unlock` asks for the passphrase.';
  return key.until === undefined ? 'Your key is open.' : `Your key is open until ${key.until}.`;
};

export const whyNot: Readonly<Record<WhyNot, string>> = {
  locked: 'Your key is locked: `unlock` first.',
  offline: 'The broker is away: nothing can be sent now.',
  agentGone: 'The agent has gone: there is nobody left to run it.',
  expired: 'It has expired.',
  decided: 'It has been decided.',
  ended: 'It has ended.',
  notAllowed: 'The policy does not ask you.',
  ownAction: 'It is your own action: somebody else decides.',
  sameHost: 'It runs on this machine: somebody on another one decides.',
  notApprovable: 'It holds more than a person can be asked to read: it can only be denied.',
  unverified: 'It could not be verified: it can only be denied.',
  policyMissing:
    'Its policy is not on this machine, so it cannot be checked: it can only be denied.',
  policyForbids: 'Policy does not let you approve it: somebody else may.',
  sending: 'Your decision is on its way.',
  alarm: ALARM,
  otherParent:
    'It says that it changes a request, and nobody proposed this: it can only be denied.',
  noPresence: 'It takes a passphrase, and your keys were made without one: it can only be denied.',
};

export const refusal: Readonly<Record<DecideCode, string>> = {
  ...whyNot,
  unknownRequest: 'The app does not know this request any more.',
  viewDiffers: 'The text on this screen is not the one that the app computes: not signed.',
  tooSoon: 'Too soon after the card appeared: read it, then decide.',
  notSeen: NOT_WHOLE,
  notHeld: 'This takes a button that is held: open the window.',
  nameDiffers: 'That is not the name of the target.',
  reasonMissing: 'This takes a reason.',
  wrongPassphrase: WRONG,
  passphraseNeeded: 'This takes your passphrase.',
  presenceTooWeak: 'A terminal is not enough for this: open the window.',
  badChanges: 'What is proposed instead is no change of this request. Nothing was signed.',
  refused: 'Signed, but not taken by the broker.',
};

export const cardTrouble: Readonly<Record<CardCode, string>> = {
  unknownRequest: 'The app does not know this request any more.',
  erased: 'The text of this request was erased.',
  attachment: 'A part of this request is missing: it can be opened once that has arrived.',
  bytesDiffer: 'The app sent other bytes than those that were asked for: not shown.',
  unreadable: 'This request is not written in a form that this version can show.',
};

export const RUNS_HERE =
  'Countersign is running in a terminal (`countersign review`). Leave it there to open the window.';
