// This machine's copies of logs: the one in use, and of each epoch before it the copy that was moved aside. A copy is named by
// its log's origin, or by the end of its file's name; an earlier one is read by the keyrings that lie in it.

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fail, ok, type Result } from '../../shared/result.ts';
import { openKeyringFile } from '../app/keyring-file.ts';
import type { Store } from '../app/ports.ts';
import { openStoreProcess } from '../app/store/client.ts';
import { newest, openChain } from '../evidence/chain.ts';
import { type Opened, openEntry } from '../evidence/entry.ts';
import { childEnvironment } from '../hosts/processes/environment.ts';
import type { Machine } from '../hosts/processes/machine.ts';
import { type Home, openHome, stateHome } from '../state/home.ts';
import { parseHead } from '../trust/checkpoint.ts';
import { type HeldKeyring, rootSetOf } from '../trust/keyring.ts';
import { parseNote } from '../trust/note.ts';
import { plain, say } from './voice.ts';

export type LogCopy = {
  readonly home: Home;
  /** Read beside a running app; to be closed. */
  readonly store: Store;
  /** The newest of that log. */
  readonly keyring: HeldKeyring;
};
type Copy = { readonly file: string; readonly origin: string; readonly size: number };

const IN_USE = 'replica.db';
const EPOCH = /^replica\.db\.(epoch-[0-9TZ-]+)$/;

/** 'none': the detail is the sentence of why there is nothing to read. Without a name it is the log in use. */
export async function openLogCopy(
  machine: Machine,
  name: string | undefined,
): Promise<Result<LogCopy, 'none'>> {
  const root = stateHome(machine.env, machine.platform, machine.homedir);
  if (!root.ok) return fail('none', say.broken(root.detail ?? root.code));
  const home = openHome(root.value, { uid: machine.uid, create: false });
  if (!home.ok)
    return fail('none', home.code === 'missing' ? say.noLog : say.broken(home.detail ?? home.code));
  const keyrings = openKeyringFile(home.value);
  if (!keyrings.ok) return fail('none', say.noLog);
  const now = keyrings.value.held();
  const file = name === undefined ? ok(IN_USE) : await fileNamed(machine, home.value, name);
  if (!file.ok) return file;
  const store = await openAt(machine, home.value, file.value);
  if (!store.ok) return store;
  const keyring = file.value === IN_USE ? ok(now) : await keyringIn(store.value, now);
  if (keyring.ok) return ok({ home: home.value, store: store.value, keyring: keyring.value });
  await store.value.close();
  return keyring;
}

async function openAt(machine: Machine, home: Home, file: string): Promise<Result<Store, 'none'>> {
  const opened = await openStoreProcess({
    entry: machine.files.store,
    path: join(home.app, file),
    env: childEnvironment(machine.env),
    execPath: machine.execPath,
    use: 'reader',
  });
  return opened.ok
    ? ok(opened.value.store)
    : fail('none', say.broken(opened.detail ?? opened.code));
}

async function fileNamed(
  machine: Machine,
  home: Home,
  name: string,
): Promise<Result<string, 'none'>> {
  const files = readdirSync(home.app).filter((file) => EPOCH.test(file));
  const exact = files.find((file) => EPOCH.exec(file)?.[1] === name);
  if (exact !== undefined) return ok(exact);
  const copies: Copy[] = [];
  for (const file of [IN_USE, ...files.toSorted()]) {
    const store = await openAt(machine, home, file);
    if (!store.ok) continue;
    const { note, frontier } = await store.value.load();
    await store.value.close();
    const parsed = parseNote(note ?? '');
    const head = parsed.ok ? parseHead(parsed.value.text) : parsed;
    copies.push({ file, origin: head.ok ? head.value.origin : '', size: frontier.size });
  }
  const [found, ...more] = copies.filter(({ origin }) => origin === name);
  if (found !== undefined && more.length === 0) return ok(found.file);
  const why =
    found === undefined ? `no log ${plain(name)} is here` : 'more than one log has this name';
  return fail('none', `${why}; there are: ${copies.map(copyText).join(', ')}`);
}

const copyText = ({ file, origin, size }: Copy): string =>
  `${plain(origin) || 'one without a head'} (${EPOCH.exec(file)?.[1] ?? 'in use'}, ${size} entries)`;

/** Its keyrings stand in it, each signed by the roots before; the roots must be among those of the log in use. */
async function keyringIn(store: Store, now: HeldKeyring): Promise<Result<HeldKeyring, 'none'>> {
  const found: Opened[] = [];
  const { frontier } = await store.load();
  for (let before = frontier.size; before > 0; ) {
    const stored = await store.keyringBefore(before);
    if (stored === undefined) break;
    const opened = openEntry(stored);
    if (opened.ok) found.push(opened.value);
    before = stored.index;
  }
  const chain = openChain(found.toReversed());
  if (!chain.ok) return fail('none', `the keyrings of that log: ${chain.detail ?? chain.code}`);
  const { held } = newest(chain.value);
  const roots = new Set(now.keyring.roots.map(({ keyId }) => keyId));
  return rootSetOf(held.keyring) === rootSetOf(now.keyring) ||
    held.keyring.roots.some(({ keyId }) => roots.has(keyId))
    ? ok(held)
    : fail('none', 'the root keys of that log are none that this machine trusts now');
}
