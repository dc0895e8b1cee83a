// What erasures in the log mean to this copy: whose are honoured, and what stands in the place of a text that is gone. Who
// may erase is judged at the erasure's own place in the log: a right that was given or taken later changes nothing.

import { mayErase } from '../../shared/domain/administrators.ts';
import { decodeStatement } from '../../shared/statement/statement.ts';
import type { HeldKeyring } from '../trust/keyring.ts';
import { type OpenedLeaf, openLeaf } from './open-leaf.ts';
import type { Store, StoredLeaf } from './ports.ts';
import { shown } from './summary.ts';

/** Who might erase from which place on, oldest first. */
export type Erasers = readonly { readonly from: number; readonly ids: ReadonlySet<string> }[];

type Keyring = HeldKeyring['keyring'];

const idsOf = (keyring: Keyring): ReadonlySet<string> =>
  new Set(keyring.reviewers.filter((one) => mayErase(keyring, one)).map((one) => one.id));

/** Of keyrings from the log; one that this device cannot check counts as the one in force. */
export function erasersAt(leaves: readonly StoredLeaf[], held: HeldKeyring): Erasers {
  const known = leaves.flatMap(({ index, leaf, payload }) => {
    const opened = openLeaf(index, leaf, payload, held);
    if (!opened.ok || opened.value.signature !== 'verified' || payload === undefined) return [];
    const keyring = decodeStatement('keyring', payload);
    return keyring.ok ? [{ from: index, ids: idsOf(keyring.value) }] : [];
  });
  return known.length > 0 ? known : [{ from: 0, ids: idsOf(held.keyring) }];
}

/** By the newest keyring before it. */
export const mayHaveErased = (opened: OpenedLeaf, erasers: Erasers): boolean =>
  opened.type === 'erasure' &&
  opened.signature === 'verified' &&
  opened.signer !== undefined &&
  (erasers.findLast((one) => one.from < opened.index) ?? erasers[0])?.ids.has(opened.signer.id) ===
    true;

/** The leaf as the store takes it: an erasure by somebody who might not is kept, and erases nothing. */
export const entitled = (stored: StoredLeaf, opened: OpenedLeaf, erasers: Erasers): StoredLeaf =>
  stored.mark?.what === 'erasure' && !mayHaveErased(opened, erasers)
    ? { ...stored, mark: undefined }
    : stored;

/** Of each of these leaves whose text was erased: by whom, and why. */
export async function erasedNotes(
  store: Pick<Store, 'erasedBy' | 'read'>,
  keyring: HeldKeyring,
  payloads: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const notes = new Map<string, string>();
  if (payloads.length === 0) return notes;
  for (const [payload, index] of await store.erasedBy(payloads)) {
    const [stored] = await store.read(index, 1);
    notes.set(payload, stored === undefined ? 'erased' : noteOf(stored, keyring));
  }
  return notes;
}

function noteOf(stored: StoredLeaf, keyring: HeldKeyring): string {
  const opened = openLeaf(stored.index, stored.leaf, stored.payload, keyring);
  const { spoken, signer, keyId } = opened.ok ? opened.value : {};
  if (spoken?.type !== 'erasure') return 'erased';
  return `erased by ${signer?.name ?? keyId?.slice(0, 12)}: ${shown(spoken.says.reason)}`;
}
