// Every word a notification says. Plain ASCII; the important word first, because some systems cut at 256 bytes; nothing
// secret; times are this machine's wall clock, since a notification is read where it is shown.

import { atLeast, type Tier } from '../../../shared/domain/tier.ts';
import { asciiText } from './ascii.ts';
import { redact } from './redact.ts';
import type { AskedRow } from './row.ts';

/** How near the end is: just come, a fifth of its time left, under a minute. */
export type Level = 0 | 1 | 2;
export type Text = { readonly title: string; readonly body: string };

const MAX_COMMAND = 80;
const MAX_TITLE = 100;
const CUT = '...';

const cut = (text: string, max: number): string =>
  text.length <= max ? text : text.slice(0, max - CUT.length) + CUT;

const upperFirst = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);

export function clockText(at: number): string {
  const local = new Date(at);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${two(local.getHours())}:${two(local.getMinutes())}:${two(local.getSeconds())}`;
}

function titleOf({ headline, action, host }: AskedRow): string {
  const target = redact(headline.target, action);
  return cut(`${upperFirst(headline.verb)} ${target} - ${asciiText(host)}`, MAX_TITLE);
}

const EXPIRY: Readonly<Record<Level, string>> = {
  0: 'expires',
  1: 'expires soon,',
  2: 'under a minute left, until',
};

/** `details` off: that something is asked, how much it takes and until when, and no more. */
export function requestText(row: AskedRow, level: Level, details: boolean): Text {
  const expiry = `${upperFirst(row.tier)}, ${EXPIRY[level]} ${clockText(row.expiresAt)}`;
  if (!details) return { title: 'A request waits for you', body: expiry };
  const lines = [
    `${asciiText(row.agent)} for ${asciiText(row.onBehalfOf)}`,
    cut(redact(row.headline.title, row.action), MAX_COMMAND),
    expiry,
  ];
  return { title: titleOf(row), body: lines.join('\n') };
}

/** With every must-see line: the only one that may be approved where it stands. */
export const wholeText = (row: AskedRow, mustSee: string): Text => ({
  title: titleOf(row),
  body: mustSee,
});

export function burstText(rows: readonly AskedRow[]): Text {
  const first = Math.min(...rows.map((row) => row.expiresAt));
  return {
    title: `${countOf(rows.length)} for you`,
    body: [tiersOf(rows), `The first expires ${clockText(first)}`].join('\n'),
  };
}

/** The same action by the same agent after it was denied. */
export function repeatText(row: AskedRow, waiting: number, details: boolean): Text {
  const again = 'was denied and is asked again';
  if (!details) return { title: 'What you denied is asked again', body: countOf(waiting) };
  return {
    title: cut(`Again: ${titleOf(row)}`, MAX_TITLE),
    body: [
      `${asciiText(row.agent)} for ${asciiText(row.onBehalfOf)}`,
      `The same action ${again}`,
      `${countOf(waiting)}, until ${clockText(row.expiresAt)}`,
    ].join('\n'),
  };
}

export const quietText = (rows: readonly AskedRow[], until: number): Text => ({
  title: `${countOf(rows.length)}, and nobody else can decide`,
  body: [
    tiersOf(rows),
    `You asked for quiet until ${clockText(until)}: what expires before then is refused`,
  ].join('\n'),
});

export const ALARM: Text = {
  title: 'Countersign: the log and this copy disagree',
  body: 'Nothing can be approved. Open the app to see what differs.',
};

export const TEST: Text = {
  title: 'Countersign: this is a test',
  body: 'Requests reach you like this. Click it, and the app knows that you saw it.',
};

const countOf = (count: number): string =>
  count === 1 ? '1 request waits' : `${count} requests wait`;

/** `1 critical, 3 low`, the gravest first. */
function tiersOf(rows: readonly AskedRow[]): string {
  const count = (tier: Tier): number => rows.filter((row) => row.tier === tier).length;
  return (['critical', 'high', 'medium', 'low'] as const)
    .filter((tier) => count(tier) > 0)
    .map((tier) => `${count(tier)} ${tier}`)
    .join(', ');
}

export const isGrave = ({ tier }: AskedRow): boolean => atLeast(tier, 'critical');
