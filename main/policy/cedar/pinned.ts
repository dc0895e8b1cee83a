// From a digest that the keyring pins to a policy that can be asked. The bytes may come from anywhere, the broker
// included: they are taken only where they hash to what is pinned. The last policy of the list is in force.

import { fail, ok, type Result } from '../../../shared/result.ts';
import { sha256Hex } from '../../trust/digest.ts';
import { holdEverything, type Policy } from '../policy.ts';
import { openPolicy } from './engine.ts';
import { NO_SETTINGS, readSettings, type Settings } from './settings.ts';

export type Pinned = {
  readonly sha256: string;
  readonly name: string;
  /** Digest of the settings that belong to it. */
  readonly settings?: string | undefined;
};

/** Whatever bytes are kept under this digest. */
export type ReadPinned = (sha256: string) => Uint8Array | undefined;
type OpenPinned = (pinned: Pinned, read: ReadPinned) => Result<Policy, 'policy'>;

export function policyInForce(
  policies: readonly Pinned[],
  read: ReadPinned,
  open: OpenPinned = openPinned,
): Result<Policy, 'policy'> {
  const last = policies.at(-1);
  return last ? open(last, read) : fail('policy', 'the keyring pins no policy');
}

/** The policy a request names: any that the keyring pins. */
export function policyOf(
  sha256: string,
  policies: readonly Pinned[],
  read: ReadPinned,
  open: OpenPinned = openPinned,
): Result<Policy, 'policy'> {
  // The newest settings of it: those are what a guard asks under.
  const pinned = policies.findLast((one) => one.sha256 === sha256);
  return pinned ? open(pinned, read) : fail('policy', 'the keyring does not pin this policy');
}

export function openPinned(pinned: Pinned, read: ReadPinned): Result<Policy, 'policy'> {
  const builtIn = holdEverything();
  if (pinned.sha256 === builtIn.sha256) return ok(builtIn);
  const bytes = exactly(pinned.sha256, read);
  if (bytes === undefined)
    return fail('policy', `the policy ${pinned.name} is not on this machine`);
  const settings = settingsOf(pinned, read);
  if (!settings.ok) return settings;
  const opened = openPolicy(bytes, { name: pinned.name, settings: settings.value });
  if (opened.ok) return ok(opened.value);
  const [first] = opened.problems;
  return fail(
    'policy',
    `the policy ${pinned.name} is not valid: line ${first?.line}: ${first?.says}`,
  );
}

function settingsOf(pinned: Pinned, read: ReadPinned): Result<Settings, 'policy'> {
  if (pinned.settings === undefined) return ok(NO_SETTINGS);
  const bytes = exactly(pinned.settings, read);
  if (bytes === undefined)
    return fail('policy', `the settings of the policy ${pinned.name} are not on this machine`);
  const opened = readSettings(bytes);
  return opened.ok ? ok(opened.value.settings) : fail('policy', opened.detail);
}

function exactly(sha256: string, read: ReadPinned): Uint8Array | undefined {
  const bytes = read(sha256);
  return bytes !== undefined && sha256Hex(bytes) === sha256 ? bytes : undefined;
}
