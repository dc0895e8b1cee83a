// Whose signatures a check of the log has found to fit: one entry for each key, with how many and where in the log. What
// did not fit is a problem and is counted nowhere here.

import type { CheckedSigner } from '../../shared/ipc/history.ts';
import type { OpenedLeaf } from './open-leaf.ts';

export type SignerCount = {
  /** A leaf whose signature is verified. */
  readonly add: (opened: OpenedLeaf) => void;
  /** By kind, then by name; a person's keys stand together. */
  readonly list: () => CheckedSigner[];
};

const ORDER: readonly CheckedSigner['kind'][] = ['reviewer', 'guard', 'broker', 'channel', 'root'];

export function countSigners(): SignerCount {
  const found = new Map<string, CheckedSigner>();
  return {
    add: (opened) => {
      const before = found.get(opened.keyId);
      const signatures = (before?.signatures ?? 0) + 1;
      const from = before?.from ?? opened.index;
      found.set(opened.keyId, { ...whose(opened), signatures, from, to: opened.index });
    },
    list: () => [...found.values()].toSorted(inOrder),
  };
}

/** A keyring is signed by a threshold of root keys, which no keyring names as anybody's. */
function whose({ keyId, signer }: OpenedLeaf) {
  if (signer === undefined) return { kind: 'root', id: 'root', name: '', keyId } as const;
  const { kind, id, name, device, use } = signer;
  return { kind, id, name, device, use, keyId };
}

const inOrder = (one: CheckedSigner, other: CheckedSigner): number =>
  ORDER.indexOf(one.kind) - ORDER.indexOf(other.kind) ||
  compare(one.id, other.id) ||
  one.from - other.from ||
  compare(one.keyId, other.keyId);
const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);
