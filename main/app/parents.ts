// Is a changed request what a person proposed when its parent was denied? Read from this machine's own copy of the log, once a
// request: neither the guard's word nor the broker's is taken for it. A false parent can be denied, never approved.

import { mayBeAsked } from '../../shared/domain/approval.ts';
import { MAX_CHANGES, whyNotChild } from '../../shared/domain/changes.ts';
import { findKey, type HeldKeyring } from '../trust/keyring.ts';
import type { Desk, DeskEntry } from './desk.ts';
import { findEntry } from './find-entry.ts';
import type { Store } from './ports.ts';

/**
 * `none`: it changes nothing. `looking`: not looked up yet. `unread`: the parent's text is not for this reviewer, or was
 * erased. `other`: the parent was not denied with exactly this proposed, or is not in the log at all.
 */
export type ParentState = 'none' | 'looking' | 'fits' | 'unread' | 'other';

export type Parents = {
  /** What is known now; looks it up where nothing is, and says when it is. */
  readonly check: (entry: DeskEntry) => ParentState;
  /** Waits for it; `parent` wherever its text is here and its guard's signature fits. */
  readonly look: (
    entry: DeskEntry,
  ) => Promise<{ readonly state: ParentState; readonly parent: DeskEntry | undefined }>;
};

export type ParentsPorts = {
  readonly desk: Pick<Desk, 'get'>;
  readonly store: Pick<Store, 'ofRequest'>;
  readonly keyring: () => HeldKeyring;
  /** The check of this request is known now. */
  readonly known: (digest: string) => void;
  readonly failed: (error: unknown) => void;
};

/** What a request's parent is never changes. */
const MAX_KNOWN = 10_000;

export function openParents(ports: ParentsPorts): Parents {
  const found = new Map<string, ParentState>();
  const looking = new Set<string>();
  const find = (digest: string): Promise<DeskEntry | undefined> =>
    findEntry(ports.desk, ports.keyring(), ports.store, digest);
  /** Its leaf is in this copy, whether or not its text is. */
  const isLogged = async (digest: string): Promise<boolean> =>
    (await ports.store.ofRequest(digest)).length > 0;

  const look: Parents['look'] = async (entry) => {
    if (entry.request.parent === undefined) return { state: 'none', parent: undefined };
    const parent = await find(entry.request.parent);
    const state = found.get(entry.digest) ?? (await judge(entry, parent));
    if (found.size >= MAX_KNOWN) found.clear();
    found.set(entry.digest, state);
    return { state, parent: parent?.signed ? parent : undefined };
  };

  const judge = async (child: DeskEntry, parent: DeskEntry | undefined): Promise<ParentState> => {
    if (parent === undefined)
      return (await isLogged(child.request.parent ?? '')) ? 'unread' : 'other';
    if (!parent.signed || parent.index >= child.index) return 'other';
    const changes = proposedBy(parent, ports.keyring());
    if (changes === undefined || whyNotChild(child.request, parent.request, changes) !== undefined)
      return 'other';
    return (await depthOf(parent)) < MAX_CHANGES ? 'fits' : 'other';
  };

  const depthOf = async (entry: DeskEntry): Promise<number> => {
    let depth = 0;
    for (let one: DeskEntry | undefined = entry; one?.request.parent !== undefined; depth++) {
      if (depth >= MAX_CHANGES) return depth;
      one = await find(one.request.parent);
    }
    return depth;
  };

  return {
    look,
    check: (entry) => {
      if (entry.request.parent === undefined) return 'none';
      const before = found.get(entry.digest);
      if (before !== undefined) return before;
      if (!looking.has(entry.digest)) {
        looking.add(entry.digest);
        look(entry)
          .then(() => ports.known(entry.digest), ports.failed)
          .finally(() => looking.delete(entry.digest));
      }
      return 'looking';
    },
  };
}

/** Of the denial that decided it, by somebody who was asked. */
function proposedBy({ request, life, decisions }: DeskEntry, held: HeldKeyring) {
  const denial = decisions.find(({ says }) => says.verdict === 'deny');
  const by = denial && findKey(held, denial.says.reviewer.keyId);
  if (denial === undefined || by === undefined || life.verdict !== 'deny') return undefined;
  return mayBeAsked(request.policy.needs, by) ? denial.says.changes : undefined;
}
