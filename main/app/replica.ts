// This machine's own copy of the log. It takes leaves in order without a gap, and a checkpoint only where its root is
// the root of the very leaves that are here. Anything else is an alarm: from then on nothing is approved.

import { sameBytes } from '../../shared/bytes.ts';
import { invariant } from '../../shared/result.ts';
import { type Checkpoint, openCheckpoint, parseHead } from '../trust/checkpoint.ts';
import type { ForkEvidence } from '../../shared/statement/fork.ts';
import { forkOfSameSize, forkOfTree, leafReader } from '../trust/fork.ts';
import { Frontier, type FrontierState } from '../trust/frontier.ts';
import { leafHash } from '../trust/merkle.ts';
import { rootAt } from '../trust/tree.ts';
import { parseNote } from '../trust/note.ts';
import { parseVkey, type Vkey } from '../trust/vkey.ts';
import { bareOf, withNames } from './head-names.ts';
import type { Store, StoredLeaf } from './ports.ts';
import { RecentRoots } from './recent-roots.ts';

export type AlarmCode =
  | 'gap'
  | 'badLeaf'
  | 'badCheckpoint'
  | 'otherHistory'
  | 'logCut'
  | 'wentBackwards'
  | 'readOnly'
  | 'copyBroken';

/** What convinces others too: the signed heads, and evidence where the two cannot be of one log. */
export type Found = {
  readonly notes: readonly string[];
  readonly fork?: ForkEvidence;
  /** A key that somebody else seems to have. */
  readonly key?: string;
};
export type RaiseAlarm = (code: AlarmCode, detail: string, found?: Found) => void;

export type Replica = {
  readonly size: () => number;
  readonly checkpoint: () => Checkpoint | undefined;
  /** On disk when it resolves. False after an alarm: nothing was taken. */
  readonly take: (leaves: readonly StoredLeaf[]) => Promise<boolean>;
  /** Resolves once judged, or kept until its leaves are here. */
  readonly judge: (note: string) => Promise<void>;
  /** A head that a statement embeds: judged where it is not of these leaves. One that is too old to tell is left alone. */
  readonly meet: (note: string) => Promise<void>;
};

export type ReplicaPorts = {
  readonly store: Store;
  /** The log's verifier key, of the keyring. */
  readonly vkey: string;
  /** `notes`: the signed checkpoints that do not agree, where there are such. */
  readonly alarm: RaiseAlarm;
  readonly now: () => number;
  /** A newer head of these very leaves, kept on disk: what this device may put its name under. */
  readonly verified?: (checkpoint: Checkpoint) => void;
  /** Whose names are kept under a head of that size, by the keyring now. Absent: nobody's. */
  readonly witnesses?: (size: number) => readonly Vkey[];
};

const READ_AT_ONCE = 2000;
/** Notes that came before their leaves; a broker that sends more than this is not helping. */
const MAX_EARLY_NOTES = 64;

/** The newest verified checkpoint, the frontier at it, and the hashes of the leaves after it. */
type Verified = {
  readonly checkpoint: Checkpoint | undefined;
  readonly at: Frontier;
  readonly tail: Uint8Array[];
};

export async function openReplica({
  store,
  vkey,
  alarm,
  now,
  verified: tell,
  witnesses = () => [],
}: ReplicaPorts): Promise<Replica> {
  const parsed = parseVkey(vkey);
  invariant(parsed.ok, 'a keyring with an unreadable log key is refused before');
  const logKey = parsed.value;
  await store.useLog(vkey);
  const loaded = await store.load();
  const frontier = restore(loaded.frontier);
  const note = loaded.note === undefined ? undefined : openCheckpoint(loaded.note, logKey);
  const reopened = await reopen(store, frontier, note?.ok ? note.value : undefined);
  if (reopened === undefined || note?.ok === false)
    alarm('copyBroken', 'this copy of the log is not the one whose checkpoint it had verified');
  let verified = reopened ?? { checkpoint: undefined, at: emptyFrontier(), tail: [] };
  if (loaded.wentBackwards !== undefined) alarm('wentBackwards', loaded.wentBackwards);
  // What an earlier copy had verified: the log that fills this one must be the same.
  const goal = loaded.reached === undefined ? undefined : openCheckpoint(loaded.reached, logKey);
  let early: Checkpoint[] = goal?.ok && goal.value.size > frontier.size ? [goal.value] : [];

  const recent = new RecentRoots(loaded.frontier);
  /** The newest head as it is on disk, with the names under it. */
  let named = loaded.note ?? '';

  async function settle(checkpoint: Checkpoint): Promise<void> {
    const held = verified.checkpoint;
    if (held && checkpoint.size <= held.size) {
      // One of an earlier moment replaces nothing, and must still be of these very entries.
      const fork = await forkWith(checkpoint, held);
      if (fork !== undefined)
        alarm(
          'otherHistory',
          `two different logs of ${checkpoint.size} entries, both signed by the log's key`,
          { notes: [held.note, checkpoint.note], fork },
        );
      // The same head with more names under it is better evidence. It is told to nobody: this device has cosigned it.
      else if (checkpoint.size === held.size) await keepNames(named, checkpoint);
      return;
    }
    const edge = restore(verified.at.state());
    const count = checkpoint.size - edge.size;
    for (const hash of verified.tail.slice(0, count)) edge.append(hash);
    if (!sameBytes(edge.root(), checkpoint.root))
      return alarm(
        'otherHistory',
        `the checkpoint of ${checkpoint.size} entries is not of the entries that were sent`,
        { notes: held ? [held.note, checkpoint.note] : [checkpoint.note] },
      );
    verified = { checkpoint, at: edge, tail: verified.tail.slice(count) };
    await keepNames(bareOf(checkpoint.note, logKey), checkpoint);
    tell?.(checkpoint);
  }

  async function keepNames(before: string, { size, note }: Checkpoint): Promise<void> {
    const grown = withNames(before, note, witnesses(size));
    if (grown === named) return;
    await store.putNote(size, grown);
    named = grown;
  }

  /** A head that is not larger than the verified one, against the entries that are here: evidence where it is not theirs. */
  async function forkWith(head: Checkpoint, held: Checkpoint): Promise<ForkEvidence | undefined> {
    const log = { origin: logKey.name, vkey };
    const at = new Date(now()).toISOString();
    if (head.size === held.size)
      return sameBytes(head.root, held.root)
        ? undefined
        : forkOfSameSize(log, held.note, head.note, at);
    const known = recent.rootAt(head.size);
    if (known !== undefined && sameBytes(known, head.root)) return undefined;
    const reader = leafReader(await hashesOf(store, held.size));
    return sameBytes(head.root, rootAt(reader, head.size))
      ? undefined
      : forkOfTree(log, head, held, reader, at);
  }

  if (goal?.ok && early.length === 0) await settle(goal.value);

  async function judge(note: string): Promise<void> {
    const opened = openCheckpoint(note, logKey);
    if (!opened.ok) return alarm('badCheckpoint', opened.detail ?? opened.code);
    if (opened.value.size <= frontier.size) return settle(opened.value);
    early = [...early, opened.value];
    // The first stays: it may be the goal.
    if (early.length > MAX_EARLY_NOTES) early.splice(1, early.length - MAX_EARLY_NOTES);
  }

  return {
    size: () => frontier.size,
    checkpoint: () => verified.checkpoint,
    take: async (leaves) => {
      const first = leaves[0];
      if (first === undefined) return true;
      if (first.index !== frontier.size) {
        alarm('gap', `entry ${first.index} came where ${frontier.size} was next`);
        return false;
      }
      for (const { leaf } of leaves) {
        const hash = leafHash(leaf);
        frontier.append(hash);
        verified.tail.push(hash);
        recent.append(hash);
      }
      await store.append(leaves, frontier.state());
      const ready = early.filter((note) => note.size <= frontier.size);
      early = early.filter((note) => note.size > frontier.size);
      for (const note of ready.sort((a, b) => a.size - b.size)) await settle(note);
      return true;
    },
    judge,
    meet: async (text) => {
      // Equal to what is here is enough, whoever signed it; only a difference is worth a signature's time.
      const note = parseNote(text);
      const head = note.ok ? parseHead(note.value.text) : note;
      const known = head.ok ? recent.rootAt(head.value.size) : undefined;
      if (head.ok && known !== undefined && !sameBytes(known, head.value.root)) await judge(text);
    },
  };
}

/** Undefined where the leaves here are not those of the checkpoint. */
async function reopen(
  store: Store,
  frontier: Frontier,
  checkpoint: Checkpoint | undefined,
): Promise<Verified | undefined> {
  if (checkpoint?.size === frontier.size)
    return sameBytes(checkpoint.root, frontier.root())
      ? { checkpoint, at: restore(frontier.state()), tail: [] }
      : undefined;
  // The last run ended between leaves and their checkpoint: hash again from the start.
  const at = emptyFrontier();
  const tail: Uint8Array[] = [];
  for (let from = 0; from < frontier.size; from += READ_AT_ONCE) {
    for (const { leaf } of await store.read(from, READ_AT_ONCE)) {
      if (at.size < (checkpoint?.size ?? 0)) at.append(leafHash(leaf));
      else tail.push(leafHash(leaf));
    }
  }
  if (checkpoint === undefined) return { checkpoint, at, tail };
  const same = at.size === checkpoint.size && sameBytes(at.root(), checkpoint.root);
  return same ? { checkpoint, at, tail } : undefined;
}

/** Of the first `size` entries here: every leaf is hashed again, for a case that an honest broker rarely makes. */
async function hashesOf(store: Store, size: number): Promise<readonly Uint8Array[]> {
  const hashes: Uint8Array[] = [];
  for (let from = 0; from < size; from += READ_AT_ONCE)
    for (const { leaf } of await store.read(from, Math.min(READ_AT_ONCE, size - from)))
      hashes.push(leafHash(leaf));
  return hashes;
}

const emptyFrontier = (): Frontier => restore({ size: 0, hashes: [] });

function restore(state: FrontierState): Frontier {
  const frontier = Frontier.restore(state);
  invariant(frontier.ok, 'the store keeps a frontier that it was given');
  return frontier.value;
}
