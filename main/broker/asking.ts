// Who is being asked, for the guard's own display: names and how far each one's app says it got. Nothing is decided by it.

import { mayBeAsked } from '../../shared/domain/approval.ts';
import type { ServerMessageOf } from '../../shared/protocol/messages.ts';
import type { Keyring } from '../../shared/statement/keyring.ts';
import type { OpenRequest } from './desk.ts';

type People = ServerMessageOf<'asking'>['body']['people'];

/** `online`: ids of reviewers with a session. */
export function askingOf(
  open: OpenRequest,
  keyring: Keyring,
  online: ReadonlySet<string>,
): ServerMessageOf<'asking'> {
  const asked = keyring.reviewers.filter((one) => mayBeAsked(open.request.policy.needs, one));
  const people: People = asked.map(({ id, name }) => ({
    id,
    name,
    state: open.marks.get(id) ?? (online.has(id) ? 'online' : 'offline'),
  }));
  return { t: 'asking', body: { request: open.digest, people } };
}
