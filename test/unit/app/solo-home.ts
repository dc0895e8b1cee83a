// A state folder with the keys of one person and one machine, made as a first run makes them, at a test's cost of scrypt.

import { join } from 'node:path';
import { makeSolo, type SoloPerson } from '../../../main/app/solo.ts';
import { type Home, openHome } from '../../../main/state/home.ts';
import { loadKey } from '../../../main/state/key-file.ts';
import { systemRandom } from '../../../main/trust/digest.ts';
import type { KeyPair } from '../../../main/trust/ed25519.ts';
import { invariant } from '../../../shared/result.ts';
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

export function keyAt(home: Home, folder: 'app' | 'broker' | 'guard', name: string): KeyPair {
  const pair = loadKey(join(home[folder], `${name}.pem`));
  invariant(pair.ok, 'a first run wrote this key');
  return pair.value;
}
