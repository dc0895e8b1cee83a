// A state folder with the keys of one person and one machine, made as a first run makes them, at a test's cost of scrypt.

import { join } from 'node:path';
import { makeSolo, type SoloPerson } from '../../../main/app/solo.ts';
import { type Home, openHome } from '../../../main/state/home.ts';
import { loadKey } from '../../../main/state/key-file.ts';
import { systemRandom } from '../../../main/trust/digest.ts';
import type { KeyPair } from '../../../main/trust/ed25519.ts';
import type { Policy } from '../../../main/policy/policy.ts';
import { openKeys } from '../../../main/app/keys.ts';
import { readPrivate, writeAtomic } from '../../../main/state/atomic-file.ts';
import { openPolicyFiles } from '../../../main/state/policy-files.ts';
import { sha256Hex } from '../../../main/trust/digest.ts';
import { parseEnvelope, seal } from '../../../main/trust/envelope.ts';
import { ENVELOPE_LIMITS } from '../../../main/trust/limits.ts';
import { invariant } from '../../../shared/result.ts';
import {
  decodeStatement,
  encodeStatement,
  payloadTypeOf,
} from '../../../shared/statement/statement.ts';
import { keepTestPolicies, PINNED } from '../../kit/test-policies.ts';
import { scratchFolder } from '../state/scratch.ts';
import type { Clock } from '../../../main/app/ports.ts';

export const SECRET = 'correct horse battery';
export const COST = { testOnlyCost: 4 };
export const MAYA: SoloPerson = {
  id: 'maya',
  name: 'Maya Chen',
  passphrase: SECRET,
  hostName: 'maya-laptop',
};

export function emptyHome(): Home & { [Symbol.dispose](): void } {
  const scratch = scratchFolder();
  const home = openHome(join(scratch.path, 'state'), { uid: process.getuid?.(), create: true });
  invariant(home.ok, 'a folder of ours opens');
  return { ...home.value, [Symbol.dispose]: () => scratch[Symbol.dispose]() };
}

export async function soloHome(clock: Clock): Promise<ReturnType<typeof emptyHome>> {
  const home = emptyHome();
  const made = await makeSolo(home, MAYA, { clock, random: systemRandom }, COST);
  invariant(made.ok, 'a first run makes its keys');
  return home;
}

/** The same first keyring, signed by the same root, that pins the test's policies too; its bytes are on this machine. */
export async function pinTestPolicies(
  home: Home,
  clock: Clock,
  secret = SECRET,
  inForce?: Policy,
  settings?: Uint8Array,
): Promise<void> {
  const root = await openKeys(home, clock, COST).root(secret);
  const path = (folder: 'app' | 'broker' | 'guard') => join(home[folder], 'keyring.json');
  const bytes = readPrivate(path('app'), ENVELOPE_LIMITS.keyring);
  const envelope = bytes.ok ? parseEnvelope(bytes.value, ENVELOPE_LIMITS.keyring) : bytes;
  const keyring = envelope.ok ? decodeStatement('keyring', envelope.value.payload) : envelope;
  invariant(root.ok && keyring.ok, 'a first run wrote both');
  const last = PINNED.filter(({ sha256 }) => sha256 === inForce?.sha256);
  const withSettings = settings === undefined ? {} : { settings: sha256Hex(settings) };
  const policies = [
    ...PINNED.filter((one) => !last.includes(one)),
    ...last.map((one) => ({ ...one, ...withSettings })),
  ];
  const payload = encodeStatement('keyring', { ...keyring.value, policies });
  const signed = seal(payloadTypeOf('keyring'), payload, root.value);
  for (const folder of ['app', 'broker', 'guard'] as const)
    invariant(writeAtomic(path(folder), signed).ok, 'the keyring is written');
  keepTestPolicies(home);
  if (settings !== undefined)
    invariant(openPolicyFiles(home).keep(settings).ok, 'the settings are kept');
}

export function keyAt(home: Home, folder: 'app' | 'broker' | 'guard', name: string): KeyPair {
  const pair = loadKey(join(home[folder], `${name}.pem`));
  invariant(pair.ok, 'a first run wrote this key');
  return pair.value;
}
