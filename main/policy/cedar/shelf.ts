// The policies that a keyring pins, opened once each: a digest is one policy for ever, so what was opened stays. What is
// missing is looked for again each time, because its bytes may have come.

import type { Result } from '../../../shared/result.ts';
import { holdEverything, type Policy } from '../policy.ts';
import { openPinned, type Pinned, policyInForce, policyOf, type ReadPinned } from './pinned.ts';

export type Shelf = {
  readonly inForce: (policies: readonly Pinned[]) => Result<Policy, 'policy'>;
  /** The one that a request names. */
  readonly named: (sha256: string, policies: readonly Pinned[]) => Result<Policy, 'policy'>;
};

/** Open requests name few policies; more than this is somebody trying. */
const MAX_OPEN = 32;

export function openShelf(read: ReadPinned): Shelf {
  const opened = new Map<string, Policy>();
  const once = (pinned: Pinned): Result<Policy, 'policy'> => {
    const key = `${pinned.sha256} ${pinned.settings ?? ''}`;
    const known = opened.get(key);
    if (known !== undefined) return { ok: true, value: known };
    const policy = openPinned(pinned, read);
    if (policy.ok && opened.size < MAX_OPEN) opened.set(key, policy.value);
    return policy;
  };
  return {
    inForce: (policies) => policyInForce(policies, read, once),
    named: (sha256, policies) => policyOf(sha256, policies, read, once),
  };
}

/** Digests that the policy in force takes and `read` does not have. */
export function missingOf(policies: readonly Pinned[], read: ReadPinned): readonly string[] {
  const last = policies.at(-1);
  if (last === undefined || last.sha256 === holdEverything().sha256) return [];
  const digests = last.settings === undefined ? [last.sha256] : [last.sha256, last.settings];
  return digests.filter((sha256) => read(sha256) === undefined);
}
