// Who is being asked, for the guard's own display: names, whose turn it is, and how far each one's app says it got. Nothing is
// decided by it.

import { mayBeAsked, whyNotApprove } from '../../shared/domain/approval.ts';
import type { ServerMessageOf } from '../../shared/protocol/messages.ts';
import type { Keyring } from '../../shared/statement/keyring.ts';
import type { OpenRequest } from './desk.ts';
import type { Turn } from './escalation.ts';

type People = ServerMessageOf<'asking'>['body']['people'];

/** `online`: ids of reviewers with a session. Without a turn everybody who could approve is asked. */
export function askingOf(
  open: OpenRequest,
  keyring: Keyring,
  online: ReadonlySet<string>,
  turn: Turn | undefined,
): ServerMessageOf<'asking'> {
  const { request, deciders, marks } = open;
  const asked = keyring.reviewers.filter(
    (one) => mayBeAsked(request.policy.needs, one) && mayDecide(one),
  );
  const people: People = asked.map(({ id, name, groups }) => {
    const said = open.asked.get(id);
    const all = whyNotApprove(request, { id, groups, device: '' }, keyring) === undefined;
    return {
      id,
      name,
      state: marks.get(id) ?? (online.has(id) ? 'online' : 'offline'),
      turn: !deciders.has(id) && (turn === undefined ? all : turn.asked.includes(id)),
      ...(said === undefined ? {} : { why: said.why }),
    };
  });
  const next = turn?.next === undefined ? {} : { next: turn.next };
  return { t: 'asking', body: { request: open.digest, people, ...next } };
}

/** Whose every key was ended is not waited for, nor missed; an end that lies ahead counts as one, as it does for the rota. */
const mayDecide = ({ keys }: Keyring['reviewers'][number]): boolean =>
  keys.some(({ use, untilIndex }) => use === 'decision' && untilIndex === undefined);
