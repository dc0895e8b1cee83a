// Policy bytes at the broker: what its keyring pins and nothing else, from an administrator, for whoever is logged in. The
// receivers check the digest; so does this.

import { ADMINISTRATORS } from '../../shared/domain/administrators.ts';
import type { WireCode } from '../../shared/protocol/codes.ts';
import { LIMITS } from '../../shared/protocol/limits.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import type { Keyring } from '../../shared/statement/keyring.ts';
import { openShelf, type Shelf } from '../policy/cedar/shelf.ts';
import type { PolicyFiles } from '../state/policy-files.ts';
import { sha256Hex } from '../trust/digest.ts';
import type { Session } from './peer.ts';

export type Policies = {
  readonly shelf: Shelf;
  readonly read: (keyring: Keyring, sha256: string) => Result<Uint8Array, WireCode>;
  /** Undefined once it is on disk. */
  readonly put: (
    keyring: Keyring,
    session: Session | undefined,
    bytes: Uint8Array,
  ) => WireCode | undefined;
};

export function openPolicies(files: PolicyFiles): Policies {
  return {
    shelf: openShelf(files.read),
    read: (keyring, sha256) => {
      const bytes = pins(keyring, sha256) ? files.read(sha256) : undefined;
      return bytes === undefined ? fail('policyMissing') : ok(bytes);
    },
    put: (keyring, session, bytes) => {
      if (session?.kind !== 'reviewer') return 'wrongRole';
      if (!keyring.solo && !session.groups.includes(ADMINISTRATORS)) return 'wrongRole';
      if (bytes.length > LIMITS.maxPolicyBytes) return 'tooLarge';
      if (!pins(keyring, sha256Hex(bytes))) return 'policyMissing';
      return files.keep(bytes).ok ? undefined : 'internal';
    },
  };
}

const pins = ({ policies }: Keyring, sha256: string): boolean =>
  policies.some((one) => one.sha256 === sha256 || one.settings === sha256);
