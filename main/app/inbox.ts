// What comes from the broker, one thing after the other: leaves into the copy of the log, then onto the desk, then onto
// the screen. A card can be approved only once a checkpoint that covers it has been verified. Leaves are read and checked
// while the store still writes those before them; what came of it counts at their turn, by the keyring in force then.

import { textOf, utf8 } from '../../shared/bytes.ts';
import type { AnyServerMessage, ServerMessageOf } from '../../shared/protocol/messages.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import type { Statement } from '../../shared/statement/statement.ts';
import { fromB64 } from '../trust/base64.ts';
import type { HeldKeyring } from '../trust/keyring.ts';
import type { Desk } from './desk.ts';
import { type Erasers, entitled, erasersAt } from './erasures.ts';
import { markOf } from './history-mark.ts';
import { type OpenedLeaf, openLeaf } from './open-leaf.ts';
import type { StoredLeaf } from './ports.ts';
import type { AlarmCode, Replica } from './replica.ts';

export type InboxPorts = {
  readonly replica: Replica;
  readonly desk: Desk;
  readonly keyring: () => HeldKeyring;
  readonly offerKeyring: (envelope: Uint8Array) => void;
  /** The newest keyring of this copy before that place in the log. */
  readonly keyringBefore: (index: number) => Promise<StoredLeaf | undefined>;
  readonly alarm: (code: AlarmCode, detail: string) => void;
  /** Evidence of two histories that somebody else has found, not yet judged. */
  readonly fork: (evidence: string) => void;
  /** The broker's word for who is on call. */
  readonly onCall: (now: ServerMessageOf<'onCall'>['body']) => void;
  /** Digests whose row may have changed; `leaf` where one caused it. */
  readonly touched: (digests: readonly string[], leaves: readonly OpenedLeaf[]) => void;
  readonly gone: (digests: readonly string[]) => void;
  readonly logMoved: () => void;
  /** Everything before this is stored here. */
  readonly got: (cursor: number) => void;
};

/** How many ended requests stay on the desk. */
export const KEPT_ENDED = 50;

export function openInbox(ports: InboxPorts) {
  const { replica, desk } = ports;
  let last: Promise<void> = Promise.resolve();
  let proven = replica.checkpoint()?.size ?? 0;

  /** One at a time, in order; a failure is an alarm, and the next still runs. */
  const queue = (step: () => Promise<void>): Promise<void> => {
    last = last.then(step).catch((error: unknown) => {
      ports.alarm(
        'copyBroken',
        error instanceof Error ? error.message : 'this copy of the log failed',
      );
    });
    return last;
  };

  /** Leaves whose turn has not come, oldest first; at most the broker's window. */
  const waiting: LeafFrame[] = [];
  /** A turn of the loop after each: the store's answer comes in it. */
  const readAhead = async (isOver: () => boolean): Promise<void> => {
    for (let next = unread(waiting); next && !isOver(); next = unread(waiting)) {
      next.read();
      await new Promise((resolve) => setImmediate(resolve));
    }
  };

  const takeLeaves = async (frame: LeafFrame): Promise<void> => {
    const found = frame.read();
    if (!found.ok) return ports.alarm('badLeaf', found.detail ?? found.code);
    // Since they were read, those before them have come: a resumed stream may repeat.
    const read = found.value.filter(({ stored }) => stored.index >= replica.size());
    const erasers = await erasersOf(read, ports);
    const leaves = read.map(({ stored, opened }) => entitled(stored, opened, erasers));
    let over = false;
    const writing = replica.take(leaves).finally(() => {
      over = true;
    });
    const [taken] = await Promise.all([writing, readAhead(() => over)]);
    if (!taken) return;
    ports.got(replica.size());
    for (const { opened } of read) {
      const note = embeddedIn(opened);
      if (note !== undefined) await replica.meet(note);
    }
    const digests = read.flatMap(({ stored, opened }) => {
      return desk.take(opened, stored.payload, ports.keyring()) ?? [];
    });
    ports.touched(
      digests,
      read.map((one) => one.opened),
    );
    // What an erasure speaks of has ended, whatever else of it can still be read here.
    for (const { mark, request } of leaves)
      if (mark?.what === 'erasure' && request !== undefined) ports.gone(desk.forget(request));
    ports.gone(desk.trim(KEPT_ENDED));
    noteProven();
  };

  const noteProven = (): void => {
    const now = replica.checkpoint()?.size ?? 0;
    if (now > proven) {
      const from = proven;
      proven = now;
      ports.touched(
        desk
          .all()
          .filter((entry) => entry.index >= from && entry.index < now)
          .map((entry) => entry.digest),
        [],
      );
    }
    ports.logMoved();
  };

  return {
    proven: () => proven,
    settled: () => last,
    take: (message: AnyServerMessage): void => {
      switch (message.t) {
        case 'leaves': {
          const frame = frameOf(message.body, ports);
          waiting.push(frame);
          void queue(() => {
            waiting.shift();
            return takeLeaves(frame);
          });
          return;
        }
        case 'checkpoint':
          void queue(async () => {
            await replica.judge(message.body.note);
            noteProven();
          });
          return;
        case 'agent':
          void queue(async () => {
            const { request, state } = message.body;
            if (desk.patch(request, { guardState: state })) ports.touched([request], []);
          });
          return;
        case 'turn':
          void queue(async () => {
            // Whose turn it is, the log says; this only tells whose it is next.
            const { request, next } = message.body;
            if (desk.patch(request, { nextAsked: next })) ports.touched([request], []);
          });
          return;
        case 'onCall':
          ports.onCall(message.body);
          return;
        case 'fork':
          ports.fork(message.body.evidence);
          return;
        case 'keyring':
          ports.offerKeyring(utf8(message.body.envelope));
          return;
        default:
      }
    },
  };
}

type LeafFrames = readonly { readonly leaf: string; readonly payload?: string | undefined }[];
type ReadLeaf = { readonly stored: StoredLeaf; readonly opened: OpenedLeaf };
type LeafFrame = {
  readonly isRead: () => boolean;
  /** Asked again it answers the same, unless another keyring is in force. */
  readonly read: () => Result<readonly ReadLeaf[], 'badLeaf'>;
};

/** Asked only where something is to be erased. */
async function erasersOf(read: readonly ReadLeaf[], ports: InboxPorts): Promise<Erasers> {
  const first = read[0];
  if (first === undefined || read.every(({ stored }) => stored.mark?.what !== 'erasure')) return [];
  const before = await ports.keyringBefore(first.stored.index);
  const keyrings = read.filter(({ stored }) => stored.type === 'keyring');
  return erasersAt(
    [...(before ? [before] : []), ...keyrings.map((one) => one.stored)],
    ports.keyring(),
  );
}

const unread = (frames: readonly LeafFrame[]): LeafFrame | undefined =>
  frames.find((frame) => !frame.isRead());

function frameOf(
  { from, entries }: ServerMessageOf<'leaves'>['body'],
  { keyring, replica }: Pick<InboxPorts, 'keyring' | 'replica'>,
): LeafFrame {
  let last:
    | { readonly under: HeldKeyring; readonly read: ReturnType<LeafFrame['read']> }
    | undefined;
  return {
    isRead: () => last !== undefined,
    read: () => {
      const under = keyring();
      if (last?.under !== under)
        last = { under, read: readLeaves(from, entries, replica.size(), under) };
      return last.read;
    },
  };
}

/** Without those before `have`, which are here already: a resumed stream may repeat. */
function readLeaves(
  from: number,
  entries: LeafFrames,
  have: number,
  keyring: HeldKeyring,
): Result<readonly ReadLeaf[], 'badLeaf'> {
  const read: ReadLeaf[] = [];
  for (const [i, entry] of entries.entries()) {
    const index = from + i;
    if (index < have) continue;
    const leaf = utf8(entry.leaf);
    const payload = entry.payload === undefined ? undefined : fromB64(entry.payload);
    const opened = openLeaf(index, leaf, payload, keyring);
    if (!opened.ok) return fail('badLeaf', `entry ${index}: ${opened.code} ${opened.detail ?? ''}`);
    read.push({ stored: toStored(index, leaf, payload, opened.value), opened: opened.value });
  }
  return ok(read);
}

function toStored(
  index: number,
  leaf: Uint8Array,
  payload: Uint8Array | undefined,
  opened: OpenedLeaf,
): StoredLeaf {
  return {
    index,
    leaf,
    payload,
    type: opened.type,
    request: requestOf(opened),
    at: timeOf(opened),
    mark: markOf(opened),
  };
}

/** The head of the log that a decision's reviewer, or a receipt's guard, had verified. */
function embeddedIn({ spoken, signature }: OpenedLeaf): string | undefined {
  const says = spoken?.says;
  if (signature !== 'verified' || says === undefined || !('checkpoint' in says)) return undefined;
  const bytes = fromB64(says.checkpoint);
  return bytes && textOf(bytes);
}

export function requestOf(opened: OpenedLeaf): string | undefined {
  if (opened.type === 'request') return opened.leaf.payloadSha256;
  const says = opened.spoken?.says;
  // What a grant let run belongs to the request that the grant came from.
  if (opened.spoken?.type === 'auto') return grantedBy(opened.spoken.says);
  return says && 'request' in says ? says.request : undefined;
}

/** Where every entry is a use of grants of one request. */
function grantedBy({ entries }: Statement<'auto'>): string | undefined {
  const all = entries.map(({ grant }) => grant?.request);
  return all.every((one) => one === all[0]) ? all[0] : undefined;
}

export function timeOf(opened: OpenedLeaf): string | undefined {
  const says = opened.spoken?.says;
  if (says === undefined) return undefined;
  if ('at' in says) return says.at;
  if ('createdAt' in says) return says.createdAt;
  return says.issuedAt;
}

/** A leaf from the store again, for the desk at start and for history. */
export function reopenLeaf(stored: StoredLeaf, keyring: HeldKeyring): OpenedLeaf | undefined {
  const opened = openLeaf(stored.index, stored.leaf, stored.payload, keyring);
  return opened.ok ? opened.value : undefined;
}
