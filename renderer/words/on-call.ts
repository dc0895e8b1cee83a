// What screens say of the rota: who is asked now and next, who is on call, who cannot be reached, and being away. Total over
// the codes of the broker.

import type { AskReason } from '../../shared/statement/escalation.ts';
import type { AskedNow, OnCallState, OnCallTrouble } from '../../shared/ipc/on-call.ts';
import type { Reach } from '../../shared/ipc/reach.ts';
import { say } from './plural.ts';
import { atDay, span } from './time.ts';

/** More names than this are a number. */
const MAX_NAMES = 4;

/** Why it is these people; said of others in the same words as of oneself. */
const WHY: { readonly [R in AskReason]: string } = {
  onCall: 'on call',
  gap: 'too few are on call',
  unseen: 'nobody had seen it',
  offline: 'who was asked before is offline',
  away: 'who is on call is away',
  handedOver: 'it was left to the others',
  snoozed: 'who was asked before wants quiet',
  everyone: '',
};

export const ON_CALL = {
  title: 'On call',
  you: 'you',
  nobody: 'nobody',
  others: 'Others are asked',
  may: 'You may decide it too.',
  away: 'Away until',
  awayHint: 'Others are asked first until then. Nothing changes in what you may decide.',
  isAway: (until: string): string => `You are away until ${atDay(until)}: others are asked first.`,
  here: 'You are asked when it is your turn.',
  goAway: 'Go away',
  back: 'I am back',
  fourHours: '4 hours',
  day: '1 day',
  week: '1 week',
  past: 'That time is over.',
} as const;

export const AWAY_FAILED = {
  offline: 'The broker can’t be reached, so it does not know.',
  tooLong: 'That is longer than 90 days.',
  failed: 'The broker could not keep it, so nothing changed.',
} as const;

const named = (names: readonly string[]): string => {
  const shown = names.length > MAX_NAMES ? names.slice(0, MAX_NAMES - 1) : names;
  const rest = names.length - shown.length;
  const more = say('{rest, plural, =0 {} one {# other} other {# others}}', { rest });
  return [...shown, ...(rest > 0 ? [more] : [])].join(', ');
};

/** Asked now, in the order in which they were asked; the reason stands once behind those whom it brought. `may`: so may this person. */
export function askedSays({ people, mine }: AskedNow, may: boolean): string {
  if (people.length === 0) return 'Everybody who was asked has decided.';
  const parts: string[] = [];
  for (const [i, { why }] of people.entries()) {
    if (i > 0 && people[i - 1]?.why === why) continue;
    const group = people.slice(i).filter((one) => one.why === why);
    const names = named(group.map(({ name, me }) => (me ? ON_CALL.you : name)));
    parts.push(WHY[why] === '' ? names : `${names} (${WHY[why]})`);
  }
  return `Asked now: ${parts.join(', ')}.${mine || !may ? '' : ` ${ON_CALL.may}`}`;
}

/** Undefined where nobody is next. */
export function nextSays({ next }: AskedNow, now: number): string | undefined {
  if (next === undefined) return undefined;
  const left = Date.parse(next.at) - now;
  const names = named(next.names);
  return left > 0 ? `Next: ${names} in ${span(left)}.` : `Next: ${names}, now.`;
}

/** One group's line of the settings. */
export function onCallSays({ group, now, next }: OnCallState['groups'][number]): string {
  const who =
    now.length === 0 ? ON_CALL.nobody : named(now.map(({ name, me }) => (me ? ON_CALL.you : name)));
  const then =
    next &&
    `${next.names.length === 0 ? ON_CALL.nobody : named(next.names)} from ${atDay(next.at)}`;
  return `${group}: ${who}${then === undefined ? '' : `, then ${then}`}.`;
}

const TROUBLE: { readonly [T in OnCallTrouble]: string } = {
  offline: 'is not connected',
  away: 'is away',
  noSurface: 'has no working notifications',
};

/** Over every screen: a person on call who would not hear of a request. Oneself first. */
export function onCallTrouble(
  { groups, away }: OnCallState,
  reach: Reach | undefined,
): { readonly title: string; readonly text: string } | undefined {
  const mine = groups.filter(({ now }) => now.some(({ me }) => me)).map(({ group }) => group);
  if (mine.length > 0 && away === undefined && reach !== undefined && reach.by !== 'notification')
    return {
      title: 'You are on call, and notifications can’t reach you',
      text: `For ${named(mine)}. Keep this window in sight, or see Settings.`,
    };
  for (const { group, now } of groups)
    for (const { name, me, trouble } of now)
      if (!me && trouble !== undefined)
        return {
          title: `${name} is on call for ${group} and ${TROUBLE[trouble]}`,
          text: 'Whoever is next is asked in their place.',
        };
  return undefined;
}
