// A request from the desk, else from the copy of the log: history keeps what has left the desk.

import type { HeldKeyring } from '../trust/keyring.ts';
import { type Desk, type DeskEntry, openDesk } from './desk.ts';
import { reopenLeaf } from './inbox.ts';
import type { Store } from './ports.ts';

export async function findEntry(
  desk: Pick<Desk, 'get'>,
  keyring: HeldKeyring,
  store: Pick<Store, 'ofRequest'>,
  digest: string,
): Promise<DeskEntry | undefined> {
  const open = desk.get(digest);
  if (open) return open;
  const own = openDesk();
  for (const stored of await store.ofRequest(digest)) {
    const opened = reopenLeaf(stored, keyring);
    if (opened) own.take(opened, stored.payload, keyring);
  }
  return own.get(digest);
}
