// `keyring take FILE...`: the next keyrings by hand, oldest first, for this machine's reviewer and guard, where no broker that they trust can
// bring it: after the log had to begin again on another broker. By the chain alone, as it would have come over the wire.

import { openKeyringFile } from '../../app/keyring-file.ts';
import { openIdentity } from '../../guard/state/identity.ts';
import { openHome, stateHome } from '../../state/home.ts';
import { EXITS } from '../exits.ts';
import { readKeyring } from './draft.ts';
import type { Talk } from './talk.ts';
import { words } from './words.ts';

export function takeFiles(talk: Talk, paths: readonly string[]): number {
  const { machine } = talk;
  const root = stateHome(machine.env, machine.platform, machine.homedir);
  const home = root.ok ? openHome(root.value, { uid: machine.uid, create: false }) : root;
  if (!home.ok) return talk.refuse(words.notHere, EXITS.notConfigured);
  const app = openKeyringFile(home.value);
  const guard = openIdentity(home.value, machine.random);
  if (!app.ok && !guard.ok) return talk.refuse(words.notHere, EXITS.notConfigured);
  let taken: readonly string[] = [];
  for (const path of paths) {
    const next = readKeyring(path);
    if (!next.ok) return talk.refuse(next.detail ?? next.code, EXITS.usage);
    const { envelope, keyring } = next.value;
    taken = [
      ...(app.ok && app.value.offer(envelope).ok ? ['the reviewer'] : []),
      ...(guard.ok && guard.value.offerKeyring(envelope) ? ['the guard'] : []),
    ];
    const says = `version ${keyring.version} of ${keyring.org}`;
    if (taken.length > 0) talk.print(`${says} is in force for ${taken.join(' and ')}`);
    else talk.print(`${says} does not follow what is here`);
  }
  return taken.length > 0 ? 0 : talk.refuse(words.notTaken);
}
