// Who is on call for each group of the rota, who is next, and what may keep somebody on call from hearing of a request: told
// to reviewers, so that a silence is noticed before it matters.

import type { OpenRota } from '../../shared/domain/on-call.ts';
import type { ServerMessageOf } from '../../shared/protocol/messages.ts';
import type { Aways } from './away-file.ts';
import type { Presence } from './presence.ts';

type Message = ServerMessageOf<'onCall'>;
type Body = Message['body'];
type Trouble = NonNullable<Body['groups'][number]['now'][number]['trouble']>;

const MAX_GROUPS = 64;
const MAX_NAMES = 64;

export type OnCallPorts = {
  readonly presence: Pick<Presence, 'offlineFrom' | 'hasNoSurface'>;
  readonly aways: Pick<Aways, 'until' | 'all'>;
};

export function onCallMessage(rota: OpenRota, now: number, ports: OnCallPorts): Message {
  const groups = [...rota].slice(0, MAX_GROUPS).map(([group, line]): Body['groups'][number] => {
    const next = line.next(now);
    return {
      group,
      now: line
        .onCall(now)
        .slice(0, MAX_NAMES)
        .map((id) => {
          const trouble = troubleOf(id, now, ports);
          return trouble === undefined ? { id } : { id, trouble };
        }),
      ...(next === undefined
        ? {}
        : { next: { at: new Date(next.at).toISOString(), who: next.who.slice(0, MAX_NAMES) } }),
    };
  });
  return { t: 'onCall', body: { groups, away: [...ports.aways.all()].slice(0, 200) } };
}

function troubleOf(id: string, now: number, { presence, aways }: OnCallPorts): Trouble | undefined {
  if (aways.until(id) !== undefined) return 'away';
  const offlineFrom = presence.offlineFrom(id);
  if (offlineFrom !== undefined && now >= offlineFrom) return 'offline';
  return presence.hasNoSurface(id) ? 'noSurface' : undefined;
}

/** Wall clock, ms: when the message would be another one without anybody doing anything. */
export function nextChange(
  { body }: Message,
  now: number,
  { presence, aways }: OnCallPorts,
): number | undefined {
  const people = body.groups.flatMap((group) => group.now.map(({ id }) => id));
  const moments = [
    ...body.groups.flatMap(({ next }) => (next === undefined ? [] : [Date.parse(next.at)])),
    ...body.away.map(({ until }) => Date.parse(until)),
    ...people.flatMap((id) => [presence.offlineFrom(id) ?? [], aways.until(id) ?? []].flat()),
  ].filter((at) => at > now);
  return moments.length === 0 ? undefined : Math.min(...moments);
}
