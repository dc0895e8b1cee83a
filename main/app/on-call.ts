// What the rota means for this person, as screens show it: who is asked about a request, by the signed escalations of the
// log; who is on call, by the broker's word. Attention is all that hangs on it: nobody may decide more or less.

import type { AskedNow, OnCallState } from '../../shared/ipc/on-call.ts';
import type { ServerMessageOf } from '../../shared/protocol/messages.ts';
import type { Keyring } from '../../shared/statement/keyring.ts';
import type { CallCode } from '../link/calls.ts';
import type { Link } from '../link/link.ts';
import type { DeskEntry } from './desk.ts';

export type Routing = ServerMessageOf<'onCall'>['body'];

/** `unknown`: the rota has a line for it, and whose turn it is has not come yet. */
export type WhoseTurn = 'mine' | 'others' | 'unknown';

const nameIn = ({ reviewers }: Pick<Keyring, 'reviewers'>, id: string): string =>
  reviewers.find((one) => one.id === id)?.name ?? id;

/** Undefined where everybody is asked at once, or it is over. */
export function askedNow(
  { asked, nextAsked, decisions, life }: DeskEntry,
  me: string,
  keyring: Pick<Keyring, 'reviewers'>,
): AskedNow | undefined {
  if (asked.length === 0 || life.stage !== 'open') return undefined;
  const left = asked.filter(({ id }) => !decisions.some(({ says }) => says.reviewer.id === id));
  return {
    mine: left.some(({ id }) => id === me),
    people: left.map(({ id, why }) => ({ name: nameIn(keyring, id), me: id === me, why })),
    ...(nextAsked === undefined
      ? {}
      : { next: { at: nextAsked.at, names: nextAsked.asked.map((id) => nameIn(keyring, id)) } }),
  };
}

/** Whom to disturb. Without a rota, and where the broker never says, everybody who may decide. */
export function whoseTurn(
  { asked, request }: Pick<DeskEntry, 'asked' | 'request'>,
  me: string,
  routing: Routing | undefined,
): WhoseTurn {
  if (asked.length > 0) return asked.some(({ id }) => id === me) ? 'mine' : 'others';
  const { needs } = request.policy;
  const routed = routing?.groups.some(({ group }) => needs.some((need) => need.group === group));
  return routed === true ? 'unknown' : 'mine';
}

export function onCallState(
  { groups, away }: Routing,
  me: string,
  keyring: Pick<Keyring, 'reviewers'>,
): OnCallState {
  const mine = away.find(({ id }) => id === me);
  return {
    groups: groups.map(({ group, now, next }) => ({
      group,
      now: now.map(({ id, trouble }) => ({
        name: nameIn(keyring, id),
        me: id === me,
        ...(trouble === undefined ? {} : { trouble }),
      })),
      ...(next === undefined
        ? {}
        : { next: { at: next.at, names: next.who.map((id) => nameIn(keyring, id)) } }),
    })),
    ...(mine === undefined ? {} : { away: mine.until }),
  };
}

export type Whereabouts = {
  /** Undefined once the broker has kept it. Without a time: here again. */
  readonly away: (until: string | undefined) => Promise<CallCode | undefined>;
  /** Whether notifications of this machine work: said when it changes, and at each login. */
  readonly surface: (works: boolean, why: string | undefined) => void;
  /** The broker has just been reached, and knows nothing of this machine. */
  readonly again: () => void;
};

/** What this machine tells the broker of its person. */
export function openWhereabouts(link: () => Pick<Link, 'send' | 'state'>): Whereabouts {
  let surface: { readonly works: boolean; readonly why?: string } | undefined;
  const tell = (): void => {
    if (surface !== undefined) void link().send('surface', surface);
  };
  return {
    away: async (until) => {
      const answer = await link().send('away', until === undefined ? {} : { until });
      return answer.ok ? undefined : answer.code;
    },
    surface: (works, why) => {
      if (surface?.works === works && surface.why === why) return;
      surface = { works, ...(why === undefined ? {} : { why }) };
      if (link().state().kind === 'online') tell();
    },
    again: tell,
  };
}
