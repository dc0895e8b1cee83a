// An app's copy of the log that is being filled: the product's decoding of a frame, its inbox with every check, its replica and
// desk, over the store that is handed in. Frames come as off a socket, one a turn, never further ahead than the broker goes.

import { decodeServerMessage } from '../../shared/protocol/decode.ts';
import { LIMITS } from '../../shared/protocol/limits.ts';
import { invariant } from '../../shared/result.ts';
import { openDesk } from '../../main/app/desk.ts';
import { openInbox } from '../../main/app/inbox.ts';
import type { Store, StoredLeaf } from '../../main/app/ports.ts';
import { openReplica } from '../../main/app/replica.ts';
import type { FrontierState } from '../../main/trust/frontier.ts';
import type { SentLog } from './log-sync-made.ts';

export type Filling = {
  /** Resolves once these frames are stored. Throws where the copy raised an alarm. */
  readonly take: (frames: readonly Buffer[]) => Promise<void>;
  readonly size: () => number;
  /** Entries that a verified head covers. */
  readonly proven: () => number;
};

/** Frames that a broker has on the way: its window is of raw bytes, and a full frame has 120 KiB of them (`follow.ts`). */
const AHEAD = Math.floor(LIMITS.outboundWindowBytes / (120 * 1024));

export async function openFilling(store: Store, { held, note }: SentLog): Promise<Filling> {
  const window = openWindow();
  const alarm = (code: string, detail: string): void =>
    window.stop(`the copy of a sound log raised ${code}: ${detail}`);
  const { vkey } = held.keyring.log;
  const replica = await openReplica({ store, vkey, alarm, now: Date.now });
  const inbox = openInbox({
    replica,
    desk: openDesk(),
    keyring: () => held,
    offerKeyring: () => {},
    keyringBefore: store.keyringBefore,
    alarm,
    fork: () => alarm('fork', 'nobody sent one'),
    onCall: () => {},
    touched: () => {},
    gone: () => {},
    logMoved: () => {},
    got: window.got,
  });
  // At a login the newest head comes before any leaf.
  inbox.take({ t: 'checkpoint', body: { note } });
  await inbox.settled();
  const take = async (frames: readonly Buffer[]): Promise<void> => {
    for (const frame of frames) {
      await window.room();
      const message = decodeServerMessage(frame.toString('utf8'));
      invariant(message.ok && message.value.t === 'leaves', 'a frame that was encoded here');
      inbox.take(message.value);
    }
    await inbox.settled();
    window.check();
  };
  return { size: replica.size, proven: inbox.proven, take };
}

/** What the broker does between two frames: it waits until one of those on the way is stored. Nothing is polled. */
function openWindow() {
  let onTheWay = 0;
  let wrong: string | undefined;
  let moved = (): void => {};
  const check = (): void => {
    if (wrong !== undefined) throw new Error(wrong);
  };
  return {
    check,
    room: async (): Promise<void> => {
      await new Promise((resolve) => setImmediate(resolve));
      while (onTheWay >= AHEAD && wrong === undefined)
        await new Promise<void>((resolve) => {
          moved = resolve;
        });
      check();
      onTheWay += 1;
    },
    got: (): void => {
      onTheWay -= 1;
      moved();
    },
    stop: (why: string): void => {
      wrong ??= why;
      moved();
    },
  };
}

export type Batch = { readonly leaves: readonly StoredLeaf[]; readonly after: FrontierState };

/** Keeps nothing: what filling over it takes is the checks alone. `took` sees what a real store would be given. */
export function nowhere(took: (batch: Batch) => void): Store {
  const calls = {
    useLog: async () => {},
    load: async () => ({ frontier: { size: 0, hashes: [] }, note: undefined }),
    append: async (leaves: Batch['leaves'], after: FrontierState) => took({ leaves, after }),
    putNote: async () => {},
    keyringBefore: async () => undefined,
  };
  // All of the port that a copy asks for while it is filled.
  return calls as unknown as Store;
}
