// A guard that looks for grants, with a link that a test answers for the broker: a log with real hashes and proofs, people who
// really sign, and a clock that is moved by hand. What it is told is whatever the test puts into `told`.

import { findGrants } from '../../main/guard/grants.ts';
import { openCheckpoints } from '../../main/guard/state/checkpoints.ts';
import { type GrantUses, openGrantUses } from '../../main/guard/state/grant-uses.ts';
import { type Wanted, wantedOf } from '../../main/guard/verify/grant.ts';
import type { Link } from '../../main/link/link.ts';
import type { Policy } from '../../main/policy/policy.ts';
import type { Request } from '../../shared/statement/request.ts';
import type { Keyring } from '../../shared/statement/keyring.ts';
import { fromUtf8 } from '../../shared/bytes.ts';
import { NOW, plainRequest } from './gate-stage.ts';
import { type GuardWorld, type Keys, makeGuardWorld } from './guard-world.ts';
import { holding, under } from './test-policies.ts';

export type Row = { envelope: string; index: number; proof: string[] };

export type GrantStage = {
  readonly world: GuardWorld;
  readonly clock: { wall: number };
  readonly uses: GrantUses;
  /** What the broker says next. */
  readonly told: { grants: Row[]; ends: string[]; note: string | undefined };
  /** Into the log, and told. */
  readonly tell: (envelope: Uint8Array) => Row;
  readonly request: Request;
  readonly look: (request?: Request) => ReturnType<typeof findGrants>;
};

export function grantStage(
  options: {
    readonly policy?: Policy;
    readonly keyring?: (keyring: Keyring, keys: Keys) => Keyring;
    readonly request?: (request: Request) => Request;
  } = {},
): GrantStage {
  const policy = options.policy ?? holding('medium');
  const world = makeGuardWorld({
    now: NOW,
    keyring: (keyring, keys) => ({
      ...(options.keyring?.(keyring, keys) ?? keyring),
      policies: [{ sha256: policy.sha256, name: 'test' }],
    }),
  });
  const clock = { wall: NOW };
  const uses = openGrantUses(world.home);
  const told: GrantStage['told'] = { grants: [], ends: [], note: undefined };
  const { log } = world;
  const answers = {
    grants: () => ({ grants: told.grants, ends: told.ends, note: told.note ?? log.note() }),
    // A log that does not have those leaves has no proof.
    prove: ({ first, second }: { first: number; second: number }) => ({
      first,
      second,
      proof: second <= log.size ? log.consistency(first, second) : [],
    }),
  };
  const link = {
    send: async (type: keyof typeof answers, body: never) => ({
      ok: true,
      value: answers[type](body),
    }),
    // The two questions that a look asks, and no other.
  } as unknown as Pick<Link, 'send'>;
  const { keyring } = world;
  const admit = openCheckpoints(world.home, keyring.log, {
    now: () => clock.wall,
    fork: () => {},
  });
  const asked = under(plainRequest(world), policy);
  // Understood and harmless, where the sample's own tool is neither.
  const facts = { ...asked.facts, unknown: false, unknownParts: [], capabilities: ['write'] };
  const plain = { ...asked, facts };
  const request = options.request?.(plain) ?? plain;
  const wanted = (asked: Request): Wanted => wantedOf(asked, policy);
  return {
    world,
    clock,
    uses,
    told,
    request,
    tell: (envelope) => {
      const index = log.append(envelope);
      const row = { envelope: fromUtf8(envelope), index, proof: log.inclusion(index) };
      told.grants.push(row);
      for (const one of told.grants) one.proof = log.inclusion(one.index);
      return row;
    },
    look: (asked = request) =>
      findGrants(
        wanted(asked),
        { identity: world.identity, link, admit, uses, now: () => clock.wall },
        new AbortController().signal,
      ),
  };
}
