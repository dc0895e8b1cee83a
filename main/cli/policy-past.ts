// The past that `policy rehearse` goes through: every request in this machine's copy of the log whose signature fits, with
// how it ended. Opened as `countersign log` opens it, beside a running app, and only read.

import { dirname, join } from 'node:path';
import { fail, ok, type Result } from '../../shared/result.ts';
import { headline } from '../../shared/statement/view/headline.ts';
import { openKeyringFile } from '../app/keyring-file.ts';
import { openLeaf, type Spoken } from '../app/open-leaf.ts';
import type { Store } from '../app/ports.ts';
import { openStoreProcess } from '../app/store/client.ts';
import { childEnvironment } from '../hosts/processes/environment.ts';
import type { Machine } from '../hosts/processes/machine.ts';
import { type Past, pastRequest } from '../policy/cedar/rehearse.ts';
import { openHome, stateHome } from '../state/home.ts';
import type { HeldKeyring } from '../trust/keyring.ts';
import { say } from './voice.ts';

const AT_ONCE = 200;

/** `close` ends whatever reads it. `noLog` with one sentence. */
export type OpenPast = (
  machine: Machine,
  log: string | undefined,
  since: string | undefined,
) => Promise<
  Result<{ readonly past: AsyncIterable<Past>; readonly close: () => Promise<void> }, 'noLog'>
>;

/** `log` is a state folder, or the `replica.db` inside one; this machine's own where it is not given. */
export const openPast: OpenPast = async (machine, log, since) => {
  const own = stateHome(machine.env, machine.platform, machine.homedir);
  const given = log?.endsWith('.db') ? dirname(dirname(log)) : log;
  if (given === undefined && !own.ok) return fail('noLog', say.broken(own.detail ?? own.code));
  const root = given ?? (own.ok ? own.value : '');
  const home = openHome(root, { uid: machine.uid, create: false });
  if (!home.ok)
    return fail(
      'noLog',
      home.code === 'missing' ? say.noLog : say.broken(home.detail ?? home.code),
    );
  const keyrings = openKeyringFile(home.value);
  if (!keyrings.ok) return fail('noLog', say.noLog);
  const store = await openStoreProcess({
    entry: machine.files.store,
    path: log?.endsWith('.db') ? log : join(home.value.app, 'replica.db'),
    env: childEnvironment(machine.env),
    execPath: machine.execPath,
    use: 'reader',
  });
  if (!store.ok) return fail('noLog', say.broken(store.detail ?? store.code));
  const { store: opened } = store.value;
  return ok({
    past: pastOf(opened, keyrings.value.held(), since),
    close: () => opened.close(),
  });
};

/** Oldest first. Twice over the log: an ending comes after its request, and not all requests fit in memory. */
export async function* pastOf(
  store: Pick<Store, 'read'>,
  keyring: HeldKeyring,
  since: string | undefined,
): AsyncGenerator<Past> {
  const endings = new Map<string, string>();
  for await (const spoken of spokenIn(store, keyring))
    if (spoken.says.type === 'ending') endings.set(spoken.says.says.request, spoken.says.says.how);
  for await (const { says, digest } of spokenIn(store, keyring)) {
    if (says.type !== 'request' || digest === undefined) continue;
    if (since !== undefined && says.says.evaluatedAt < since) continue;
    yield pastRequest(says.says, headline(says.says).title, endings.get(digest));
  }
}

async function* spokenIn(
  store: Pick<Store, 'read'>,
  keyring: HeldKeyring,
): AsyncGenerator<{ readonly says: Spoken; readonly digest: string | undefined }> {
  for (let from = 0; ; from += AT_ONCE) {
    const leaves = await store.read(from, AT_ONCE);
    for (const stored of leaves) {
      if (stored.type !== 'request' && stored.type !== 'ending') continue;
      const opened = openLeaf(stored.index, stored.leaf, stored.payload, keyring);
      if (opened.ok && opened.value.signature === 'verified' && opened.value.spoken)
        yield { says: opened.value.spoken, digest: stored.request };
    }
    if (leaves.length < AT_ONCE) return;
  }
}
