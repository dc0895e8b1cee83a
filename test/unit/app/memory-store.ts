// A store that really keeps, in memory: the Store port's promises without a file. A test can break it as a dead process
// would, cut a write short, and change what lies in it as a damaged disk would.

import Database from 'better-sqlite3';
import { historyOf } from '../../../main/app/store/history.ts';
import { parseLeaf } from '../../../main/trust/leaf.ts';
import { erasedByOf, eraserOf, forgetRequest } from '../../../main/app/store/erase.ts';
import { openLeafIndex } from '../../../main/app/store/index-leaf.ts';
import { TABLES } from '../../../main/app/store/schema.ts';
import { openWords } from '../../../main/app/store/words.ts';
import {
  NEVER_PUT,
  type Store,
  type StoredDecision,
  type StoredLeaf,
} from '../../../main/app/ports.ts';
import type { FrontierState } from '../../../main/trust/frontier.ts';
import { invariant } from '../../../shared/result.ts';
import { NO_DECISION } from '../../../shared/statement/decision.ts';

export type MemoryStore = Store & {
  readonly leaves: StoredLeaf[];
  readonly decisions: StoredDecision[];
  readonly state: { frontier: FrontierState; note: string | undefined };
  /** From now on every call rejects. */
  readonly breakDown: () => void;
};

export function memoryStore(): MemoryStore {
  const leaves: StoredLeaf[] = [];
  const decisions: StoredDecision[] = [];
  const state: MemoryStore['state'] = { frontier: { size: 0, hashes: [] }, note: undefined };
  let broken = false;
  // The index is the real one: it is a file of its own kind, not a promise that could be kept by arrays.
  const db = new Database(':memory:');
  db.exec(TABLES);
  const words = openWords(db);
  const index = openLeafIndex(db, words);
  const opens = db.prepare('INSERT OR IGNORE INTO request VALUES (unhex(?), ?, NULL)');
  const bare = db.prepare("INSERT INTO leaf VALUES (?, x'', NULL, ?, NULL, NULL)");
  const erase = eraserOf(db, words);
  /** As the store does it: by what the leaves themselves name. */
  const dropped = ({ index: at, request, mark }: StoredLeaf): void => {
    if (mark?.what !== 'erasure' || request === undefined) return;
    erase(at, request, mark);
    for (const [i, one] of leaves.entries()) {
      const read = parseLeaf(one.leaf);
      if (one.request !== request || !read.ok) continue;
      if (mark.erases.includes(read.value.payloadSha256))
        leaves[i] = { ...one, payload: undefined };
      if (one.type === 'request' && mark.erases.includes(request)) forget(request);
    }
  };
  const forget = forgetRequest(db, words);
  const indexed = (leaf: StoredLeaf): void => {
    bare.run(leaf.index, leaf.type);
    const fresh = leaf.type === 'request' && opens.run(leaf.request, leaf.index).changes === 1;
    index.take(leaf, fresh);
    index.flush();
  };
  /** Every answer comes a turn later, as from another process. */
  const answer = async <T>(act: () => T): Promise<T> => {
    await Promise.resolve();
    if (broken) throw new Error('the store has gone');
    return act();
  };
  const endingOf = (digest: string): number | undefined =>
    leaves.find((one) => one.type === 'ending' && one.request === digest)?.index;
  const settle = (sha256: string, change: Pick<StoredDecision, 'state' | 'code'>): void => {
    const at = decisions.findIndex((one) => one.sha256 === sha256);
    const found = decisions[at];
    invariant(found, NEVER_PUT);
    decisions[at] = { ...found, ...change };
  };
  return {
    leaves,
    decisions,
    state,
    breakDown: () => {
      broken = true;
    },
    useLog: () => answer(() => undefined),
    load: () => answer(() => ({ ...state })),
    append: (more, frontier) =>
      answer(() => {
        for (const [i, leaf] of more.entries())
          invariant(leaf.index === leaves.length + i, 'leaves come in order');
        leaves.push(...more);
        for (const leaf of more) {
          indexed(leaf);
          dropped(leaf);
        }
        state.frontier = frontier;
      }),
    putNote: (_size, note) =>
      answer(() => {
        state.note = note;
      }),
    read: (from, limit) => answer(() => leaves.slice(from, from + limit)),
    newest: (before, limit) => answer(() => leaves.slice(0, before).toReversed().slice(0, limit)),
    ofRequest: (digest) => answer(() => leaves.filter((one) => one.request === digest)),
    keyringBefore: (index) =>
      answer(() => leaves.slice(0, index).findLast((one) => one.type === 'keyring')),
    erasedBy: erasedByOf(db),
    desk: (ended) =>
      answer(() => {
        const all = leaves.flatMap((one) =>
          one.type === 'request' && one.request ? [one.request] : [],
        );
        const gone = all.filter((digest) => endingOf(digest) !== undefined);
        const open = all.filter((digest) => endingOf(digest) === undefined);
        return [...open, ...gone.toReversed().slice(0, ended)];
      }),
    nextDecision: (keyId) =>
      answer(() => {
        const last = decisions.filter((one) => one.keyId === keyId).at(-1);
        return last ? { seq: last.seq + 1, prev: last.sha256 } : { seq: 1, prev: NO_DECISION };
      }),
    putDecision: (decision) =>
      answer(() => {
        const used = decisions.some(
          (one) => one.keyId === decision.keyId && one.seq === decision.seq,
        );
        invariant(!used, 'a seq is used once');
        decisions.push(decision);
      }),
    settleDecision: (sha256, to, code) => answer(() => settle(sha256, { state: to, code })),
    unsettledDecisions: () => answer(() => decisions.filter((one) => one.state === 'sending')),
    ...historyOf({ db, words }),
    close: async () => {},
  };
}
