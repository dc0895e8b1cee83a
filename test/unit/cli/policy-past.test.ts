// The past that a rehearsal goes through: requests whose signature fits, oldest first, each with how it ended.

import { expect, test } from 'vitest';
import { pastOf } from '../../../main/cli/policy-past.ts';
import { openIdentity } from '../../../main/guard/state/identity.ts';
import { openKeyringFile } from '../../../main/app/keyring-file.ts';
import type { StoredLeaf } from '../../../main/app/ports.ts';
import { systemClock } from '../../../main/link/system-ports.ts';
import type { Past } from '../../../main/policy/cedar/rehearse.ts';
import { sha256Hex, systemRandom } from '../../../main/trust/digest.ts';
import { generateKeyPair, type KeyPair } from '../../../main/trust/ed25519.ts';
import { parseEnvelope, seal } from '../../../main/trust/envelope.ts';
import { leafOf } from '../../../main/trust/leaf.ts';
import { ENVELOPE_LIMITS } from '../../../main/trust/limits.ts';
import { invariant } from '../../../shared/result.ts';
import {
  encodeStatement,
  payloadTypeOf,
  type Statement,
} from '../../../shared/statement/statement.ts';
import { SAMPLES } from '../../kit/sample-statements.ts';
import { soloHome } from '../app/solo-home.ts';

async function all(past: AsyncIterable<Past>): Promise<readonly Past[]> {
  const found: Past[] = [];
  for await (const one of past) found.push(one);
  return found;
}

test('requests with their endings, and nothing that a stranger signed', async () => {
  using home = await soloHome(systemClock);
  const file = openKeyringFile(home);
  invariant(file.ok, 'a keyring');
  const held = file.value.held();
  const identity = openIdentity(home, systemRandom);
  invariant(identity.ok, 'a guard');
  const guard = identity.value.guardKey;
  const leaves: StoredLeaf[] = [];
  const put = <T extends 'request' | 'ending'>(
    type: T,
    says: Statement<T>,
    key: KeyPair,
  ): string => {
    const payload = encodeStatement(type, says);
    const parsed = parseEnvelope(seal(payloadTypeOf(type), payload, key), ENVELOPE_LIMITS[type]);
    invariant(parsed.ok, 'an envelope');
    const request = 'request' in says ? says.request : sha256Hex(payload);
    leaves.push({
      index: leaves.length,
      leaf: leafOf(parsed.value),
      payload,
      type,
      request,
      at: undefined,
    });
    return sha256Hex(payload);
  };
  const request = { ...SAMPLES.request, guard: { ...SAMPLES.request.guard, keyId: guard.keyId } };
  const first = put('request', request, guard);
  put('request', { ...request, requestId: 'f'.repeat(32) }, generateKeyPair());
  put(
    'request',
    { ...request, requestId: 'e'.repeat(32), evaluatedAt: '2027-01-01T00:00:00.000Z' },
    guard,
  );
  put('ending', { ...SAMPLES.ending, request: first, how: 'denied' }, guard);
  const store = { read: async (from: number, limit: number) => leaves.slice(from, from + limit) };
  const past = await all(pastOf(store, held, undefined));
  expect(past.map(({ at, ended }) => [at, ended])).toEqual([
    [request.evaluatedAt, 'denied'],
    ['2027-01-01T00:00:00.000Z', undefined],
  ]);
  expect(past[0]).toMatchObject({
    facts: request.facts,
    by: { agent: request.agent },
    was: { outcome: 'hold', tier: request.policy.tier, needs: request.policy.needs },
  });
  const since = pastOf(store, held, '2026-12-01T00:00:00.000Z');
  expect(await all(since)).toHaveLength(1);
});
