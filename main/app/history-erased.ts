// Texts that are gone, for a check of the whole log and for the story of a request: what an erasure in the log took is told
// apart from what is merely missing. An erasure counts once it has been met, verified and signed by somebody who might.

import type { RequestSummary } from '../../shared/ipc/snapshot.ts';
import type { HeldKeyring } from '../trust/keyring.ts';
import { parseLeaf } from '../trust/leaf.ts';
import { erasersAt, mayHaveErased } from './erasures.ts';
import type { OpenedLeaf } from './open-leaf.ts';
import type { Store, StoredLeaf } from './ports.ts';

type Problem = { readonly index: number; readonly says: string };

/** Over leaves in the order of the log. */
export function openErasedCount(store: Pick<Store, 'erasedBy'>, held: HeldKeyring) {
  /** Text digest -> where the text stood, and the erasure that this copy says took it. */
  const claimed = new Map<string, { readonly index: number; readonly by: number }>();
  const honoured = new Map<number, ReadonlySet<string>>();
  const problems: Problem[] = [];
  let named: ReadonlyMap<string, number> = new Map();
  let newest: StoredLeaf | undefined;
  return {
    /** Before the leaves of a batch. */
    look: async (batch: readonly StoredLeaf[]): Promise<void> => {
      const payloads = batch.flatMap(({ leaf, type }) => {
        const read = type === 'request' || type === 'decision' ? parseLeaf(leaf) : undefined;
        return read?.ok ? [read.value.payloadSha256] : [];
      });
      named = payloads.length === 0 ? new Map() : await store.erasedBy(payloads);
    },
    /** True where this copy says that an erasure took the text: `settle` says whether that holds. */
    claims: ({ index, leaf }: OpenedLeaf): boolean => {
      const by = named.get(leaf.payloadSha256);
      if (by !== undefined) claimed.set(leaf.payloadSha256, { index, by });
      return by !== undefined;
    },
    /** A leaf whose text is here, and whose signature fits. */
    met: (stored: StoredLeaf, opened: OpenedLeaf): void => {
      if (stored.type === 'keyring') newest = stored;
      if (named.has(opened.leaf.payloadSha256))
        problems.push({ index: stored.index, says: 'its text was erased, and is still here' });
      if (opened.spoken?.type !== 'erasure') return;
      if (mayHaveErased(opened, erasersAt(newest ? [newest] : [], held)))
        honoured.set(stored.index, new Set(opened.spoken.says.what));
    },
    /** `stopped`: the erasures may lie beyond what was read. */
    settle: (
      stopped: boolean,
    ): { readonly count: number; readonly problems: readonly Problem[] } => {
      for (const [payload, { index, by }] of claimed)
        if (!stopped && honoured.get(by)?.has(payload) !== true)
          problems.push({
            index,
            says: `its text is missing, and the erasure at ${by} does not say so`,
          });
      return { count: claimed.size, problems };
    },
  };
}

const NO_ID = '0'.repeat(32);

/** Of a request whose text is gone: what the index has of it still. Undefined for one that never was here. */
export async function erasedSummary(
  store: Pick<Store, 'erasedBy' | 'search'>,
  digest: string,
): Promise<RequestSummary | undefined> {
  if ((await store.erasedBy([digest])).size === 0) return undefined;
  const { rows } = await store.search({ text: digest, filters: {}, limit: 1 });
  const row = rows[0];
  if (row === undefined) return undefined;
  const { index, agent, person, guard, host, tier, at, ending, run, exit } = row;
  return {
    digest,
    // It stood in the text.
    requestId: NO_ID,
    index,
    title: 'erased',
    target: '',
    reason: '',
    agent,
    onBehalfOf: person,
    guard,
    host,
    tier,
    createdAt: at,
    expiresAt: at,
    stage: 'ended',
    ...(ending === 'open' ? {} : { how: ending }),
    ...(run === undefined ? {} : { run }),
    ...(exit === undefined ? {} : { exit }),
    guardState: 'gone',
    decisions: [],
    approveOff: 'ended',
    denyOff: 'ended',
  };
}
