// `countersign policy use`: puts a policy in force where one person works alone. The file is checked before anything else;
// the next keyring pins its digest, is signed with the person's root key, and comes into force by the broker's log.

import { basename, join } from 'node:path';
import { fromUtf8, toB64 } from '../../shared/bytes.ts';
import { WIRE_CODES } from '../../shared/protocol/codes.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import type { Keyring } from '../../shared/statement/keyring.ts';
import { nextSolo } from '../app/solo.ts';
import { openIdentity } from '../guard/state/identity.ts';
import type { Machine } from '../hosts/processes/machine.ts';
import { readPrivate } from '../state/atomic-file.ts';
import { openPolicyFiles } from '../state/policy-files.ts';
import type { KeyPair } from '../trust/ed25519.ts';
import { SEALED_KEY_LIMIT } from '../trust/limits.ts';
import { openKey } from '../trust/passphrase.ts';
import { type Here, openHere, withReviewer } from './keyring/here.ts';
import { openTalk, type Talk } from './keyring/talk.ts';
import { words } from './keyring/words.ts';

export type Used = {
  readonly file: string;
  readonly policy: Uint8Array;
  readonly settings: Uint8Array | undefined;
};

/** The exit status; it has printed why not. */
export async function usePolicy(machine: Machine, used: Used): Promise<number> {
  const talk = openTalk(machine);
  const here = openHere(machine);
  if (!here.ok) return talk.refuse(here.detail ?? words.notHere);
  const held = here.value.keyrings.held();
  if (!held.keyring.solo)
    return talk.refuse(
      'this is a team: its root keys change the policy (countersign keyring propose --policy FILE)',
    );
  const kept = keep(here.value, used);
  if (!kept.ok) return talk.refuse(kept.detail ?? kept.code);
  const root = await rootKey(talk, here.value);
  if (!root.ok) return talk.refuse(root.detail ?? words.left);
  const put = await publish(talk, here.value, root.value, kept.value);
  if (!put.ok) return talk.refuse(words.notPublished(put.detail ?? put.code));
  talk.print(`policy ${kept.value.name} is in force: keyring version ${put.value}`);
  talk.print(`  digest ${kept.value.sha256}`);
  return 0;
}

type Pinned = Keyring['policies'][number];

function keep({ home }: Here, { file, policy, settings }: Used): Result<Pinned, 'policy'> {
  const files = openPolicyFiles(home);
  const rules = files.keep(policy);
  const beside = settings === undefined ? ok(undefined) : files.keep(settings);
  if (!rules.ok) return fail('policy', rules.detail);
  if (!beside.ok) return fail('policy', beside.detail);
  return ok({
    sha256: rules.value,
    name: basename(file).slice(0, 100),
    ...(beside.value === undefined ? {} : { settings: beside.value }),
  });
}

async function rootKey(talk: Talk, { home }: Here): Promise<Result<KeyPair, 'key'>> {
  const path = join(home.app, 'root.sealed');
  const sealed = readPrivate(path, SEALED_KEY_LIMIT);
  if (!sealed.ok)
    return fail(
      'key',
      sealed.code === 'missing'
        ? 'the root key is in the computer’s key store alone, which this command cannot open'
        : sealed.detail,
    );
  const passphrase = await talk.secret('passphrase: ');
  if (!passphrase.ok) return fail('key', passphrase.detail);
  if (passphrase.value === undefined) return fail('key', words.left);
  const root = await openKey(fromUtf8(sealed.value), 'root', passphrase.value);
  return root.ok ? root : fail('key', words.wrong);
}

/** Gives the version that is now in force, on this machine's guard too. */
async function publish(
  { machine }: Talk,
  here: Here,
  root: KeyPair,
  pinned: Pinned,
): Promise<Result<number, 'broker'>> {
  const { home, keyrings } = here;
  const sent = await withReviewer(
    machine,
    here,
    async ({ link }): Promise<Result<number, 'broker'>> => {
      const held = keyrings.held();
      // What is open was asked under the policy before: it can still be decided.
      const before = held.keyring.policies
        .filter(({ sha256 }) => sha256 !== pinned.sha256)
        .slice(-1);
      const policies = [...before, pinned];
      const envelope = nextSolo(held, root, machine.clock.now(), { policies });
      const answer = await link.send('keyring', { envelope: fromUtf8(envelope) });
      if (!answer.ok) return fail('broker', saysOf(answer.code));
      keyrings.offer(envelope);
      const files = openPolicyFiles(home);
      for (const sha256 of [pinned.sha256, pinned.settings]) {
        const bytes = sha256 === undefined ? undefined : files.read(sha256);
        if (bytes !== undefined) await link.send('putPolicy', { bytes: toB64(bytes) });
      }
      const guard = openIdentity(home, machine.random);
      if (guard.ok) guard.value.offerKeyring(envelope);
      return ok(held.keyring.version + 1);
    },
  );
  return sent.ok ? sent.value : sent;
}

const saysOf = (code: keyof typeof WIRE_CODES | 'closed'): string =>
  code === 'closed' ? 'the connection ended' : WIRE_CODES[code].says;
