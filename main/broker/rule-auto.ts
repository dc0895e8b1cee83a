// What a guard's policy decided without asking: the guard's own key and name, this organisation's log. It opens nothing and
// asks nobody; it becomes a leaf, so that what ran unasked can be counted and read.

import { fail, ok } from '../../shared/result.ts';
import type { Rule } from './bench.ts';
import { draftOf, openStatement, signerOf } from './open-statement.ts';
import { whyNotUse } from './rule-grant.ts';

export const judgeAuto: Rule = (bench, session, text) => {
  if (session.kind !== 'guard') return fail('wrongRole');
  const opened = openStatement('auto', text);
  if (!opened.ok) return opened;
  const { held } = bench.standing;
  const { guard, org, log, entries } = opened.value.statement;
  const index = bench.nextIndex;
  const signer = signerOf(opened.value, held, { kind: 'guard', use: 'guard', index });
  if (!signer.ok) return signer;
  const { id, key } = signer.value;
  if (guard.id !== id || guard.keyId !== key.keyId || session.id !== id) return fail('wrongGuard');
  const row = held.keyring.guards.find((one) => one.id === id);
  const own = row?.host === guard.host && org === held.keyring.org;
  if (!own || log !== held.keyring.log.origin) return fail('wrongGuard');
  const speaks = entries.every(
    ({ agent }) => row.agents.length === 0 || row.agents.includes(agent.id),
  );
  if (!speaks) return fail('wrongGuard');
  const uses = entries.flatMap(({ grant, agent }) => (grant ? [{ grant, agent: agent.id }] : []));
  for (const { grant, agent } of uses) {
    const why = whyNotUse(bench, grant, { guard: id, agent });
    if (why) return fail(why);
    bench.granted.add(`${grant.terms}/${grant.use}`);
  }
  const used = uses.map(({ grant }) => ({ terms: grant.terms, use: grant.use }));
  return ok({
    entry: { leaf: draftOf(opened.value), ...(used.length > 0 ? { uses: used } : {}) },
    // A guard waits for the head that has it.
    does: used.length > 0 ? 'grants' : 'reports',
  });
};
