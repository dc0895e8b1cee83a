// One log for the faults of the app's copy: its leaves follow from their index, so that the process that is killed and the
// one that looks at what it left agree on the truth without talking.

import { fromHex } from '../../shared/bytes.ts';
import { invariant } from '../../shared/result.ts';
import type { Signing } from '../../main/app/decide.ts';
import type { DeskEntry } from '../../main/app/desk.ts';
import type { StoredLeaf } from '../../main/app/ports.ts';
import { type Checkpoint, makeCheckpoint, openCheckpoint } from '../../main/trust/checkpoint.ts';
import { type RandomBytes, sha256Hex } from '../../main/trust/digest.ts';
import { type KeyPair, keyPairFromPkcs8, publicKeyOf } from '../../main/trust/ed25519.ts';
import { Frontier } from '../../main/trust/frontier.ts';
import { leafHash } from '../../main/trust/merkle.ts';
import { formatVkey, NOTE_TYPE, type Vkey, vkeyOf } from '../../main/trust/vkey.ts';
import { EXEC, requestOf } from '../unit/statement/view-samples.ts';

const ORIGIN = 'log.test/faults';
const START = 1_780_000_000_000;

export function keyFrom(hex: string): KeyPair {
  const pair = keyPairFromPkcs8(fromHex(hex) ?? new Uint8Array(0));
  invariant(pair.ok, 'a key in hex');
  return pair.value;
}

const vkeyFor = (log: KeyPair): Vkey => vkeyOf(ORIGIN, NOTE_TYPE, publicKeyOf(log));
export const vkeyText = (log: KeyPair): string => formatVkey(vkeyFor(log));

export function leafAt(index: number): StoredLeaf {
  return {
    index,
    leaf: new Uint8Array(300 + (index % 400)).fill(index % 251),
    payload: new Uint8Array(700).fill(index % 13),
    type: 'request',
    request: index.toString(16).padStart(64, '0'),
    at: undefined,
    mark: {
      what: 'request',
      at: START + index,
      title: `run job${index}x`,
      kind: 'exec',
      target: 'job',
      agent: `agent-${index % 3}`,
      person: 'maya',
      guard: 'guard-1',
      host: 'build-7',
      tier: 'low',
      words: { action: `job job${index}x`, reason: 'nightly', who: `agent-${index % 3} maya` },
    },
  };
}

export type Truth = {
  readonly size: () => number;
  readonly root: () => Uint8Array;
  readonly append: (leaf: StoredLeaf) => void;
  /** Signed, of its size now. */
  readonly note: () => string;
  readonly checkpoint: () => Checkpoint;
};

/** The log as it is at `size` leaves. */
export function logThrough(size: number, log: KeyPair): Truth {
  const frontier = new Frontier();
  const append = ({ leaf }: StoredLeaf): void => void frontier.append(leafHash(leaf));
  for (let index = 0; index < size; index += 1) append(leafAt(index));
  const note = (): string => makeCheckpoint(ORIGIN, frontier.size, frontier.root(), log);
  return {
    size: () => frontier.size,
    root: () => frontier.root(),
    append,
    note,
    checkpoint: () => {
      const opened = openCheckpoint(note(), vkeyFor(log));
      invariant(opened.ok, 'a note that was made opens');
      return opened.value;
    },
  };
}

/** Request number `n`, as far as a decision looks at it. */
export const deskEntryOf = (n: number): DeskEntry =>
  // Signing takes nothing of an entry but these two members.
  ({
    digest: sha256Hex(new TextEncoder().encode(`request ${n}`)),
    request: requestOf(EXEC),
  }) as DeskEntry;

export function signingBy(
  key: KeyPair,
  checkpoint: Checkpoint,
  place: Signing['place'],
  random: RandomBytes,
): Signing {
  const me = { id: 'maya', device: 'maya-laptop' };
  const keyring = { keyring: { version: 1 }, sha256: '2'.repeat(64) };
  // Of person and keyring, signing takes nothing but these members.
  const named = { me, keyring } as unknown as Pick<Signing, 'me' | 'keyring'>;
  return { ...named, key, checkpoint, place, now: START, random };
}
