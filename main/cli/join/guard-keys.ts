// A guard's own keys and the join that names them: 0600 files that are made once and never leave the machine.

import { join as pathOf } from 'node:path';
import { fail, ok, type Result } from '../../../shared/result.ts';
import { Join } from '../../../shared/statement/join.ts';
import { joinKeyOf, openJoin, type OpenedJoin, signJoin } from '../../link/join-statement.ts';
import type { Home } from '../../state/home.ts';
import { keepJoin, mayJoin, waitingJoin } from '../../state/joined.ts';
import { loadOrCreateKey } from '../../state/key-file.ts';

export type GuardJoiner = {
  readonly id: string;
  readonly host: string;
  readonly agents: readonly string[];
  readonly org: string | undefined;
  readonly version: string;
  readonly nowMs: number;
};

/** The join of an earlier try where there is one: a guard's words do not change while it waits. */
export function guardJoin(
  home: Home,
  { id, host, agents, org, version, nowMs }: GuardJoiner,
): Result<OpenedJoin, 'joined' | 'broken' | 'name'> {
  const may = mayJoin(home, 'guard');
  if (!may.ok) return may;
  const waiting = waitingJoin(home, 'guard');
  if (!waiting.ok) return waiting;
  const before = waiting.value === undefined ? undefined : openJoin(waiting.value);
  if (before?.ok === true) return before;
  const guard = loadOrCreateKey(pathOf(home.guard, 'guard.pem'));
  if (!guard.ok) return fail('broken', guard.detail);
  const session = loadOrCreateKey(pathOf(home.guard, 'session.pem'));
  if (!session.ok) return fail('broken', session.detail);
  const join = Join.safeParse({
    kind: 'guard',
    ...(org === undefined ? {} : { org }),
    id,
    host,
    agents,
    keys: { guard: joinKeyOf(guard.value), session: joinKeyOf(session.value) },
    clientVersion: version,
    issuedAt: new Date(nowMs).toISOString(),
  });
  if (!join.success) return fail('name', join.error.issues[0]?.path.join('.'));
  const opened = signJoin(join.data, session.value);
  const kept = keepJoin(home, 'guard', opened.envelope);
  return kept.ok ? ok(opened) : fail('broken', kept.detail);
}
