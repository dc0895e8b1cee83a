// Does a request say what policy says, and may this person approve it: computed here from the pinned bytes, never taken
// from the guard or the broker. Without the bytes nothing can be checked, so nothing can be approved.

import { fetchPolicy } from '../link/fetch-policy.ts';
import type { Link } from '../link/link.ts';
import { whyOtherVerdict } from '../policy/agree.ts';
import { missingOf, openShelf, type Shelf } from '../policy/cedar/shelf.ts';
import { deciderOf } from '../policy/policy.ts';
import type { PolicyFiles } from '../state/policy-files.ts';
import type { HeldKeyring, KeyHit } from '../trust/keyring.ts';
import type { DeskEntry } from './desk.ts';

type Asked = Pick<DeskEntry, 'digest' | 'request'>;

export type PolicyCheck = {
  readonly shelf: Shelf;
  /** 'missing': its policy is not here, or not pinned. 'other': policy says something else than the request. */
  readonly check: (entry: Asked, held: HeldKeyring) => 'agrees' | 'other' | 'missing';
  /** `at` in ms. Policy can only narrow who may approve. */
  readonly lets: (entry: Asked, held: HeldKeyring, me: KeyHit, at: number) => boolean;
  /** True where bytes have come that were missing. */
  readonly fetch: (link: Pick<Link, 'send'>, held: HeldKeyring) => Promise<boolean>;
};

/** A request's text never changes, nor does what a policy says about it. */
const MAX_KNOWN = 10_000;

export function openPolicyCheck(files: PolicyFiles): PolicyCheck {
  const shelf = openShelf(files.read);
  const known = new Map<string, 'agrees' | 'other'>();
  const fetching = new Set<string>();
  const named = ({ request }: Asked, { keyring }: HeldKeyring) =>
    shelf.named(request.policy.sha256, keyring.policies);
  return {
    shelf,
    check: (entry, held) => {
      const policy = named(entry, held);
      if (!policy.ok) return 'missing';
      const before = known.get(entry.digest);
      if (before !== undefined) return before;
      const found = whyOtherVerdict(entry.request, policy.value) === undefined ? 'agrees' : 'other';
      if (known.size >= MAX_KNOWN) known.clear();
      known.set(entry.digest, found);
      return found;
    },
    lets: (entry, held, me, at) => {
      const policy = named(entry, held);
      const decider = deciderOf(entry.request, me, held.keyring);
      return policy.ok && policy.value.mayDecide(entry.request, decider, isoOf(at)).may;
    },
    fetch: async (link, { keyring }) => {
      const missing = keyring.policies
        .flatMap((one) => missingOf([one], files.read))
        .filter((sha256) => !fetching.has(sha256));
      let came = false;
      for (const sha256 of missing) {
        fetching.add(sha256);
        came = (await fetchPolicy(link, sha256, files.keep)).ok || came;
        fetching.delete(sha256);
      }
      return came;
    },
  };
}

const isoOf = (ms: number): string => new Date(ms).toISOString();
