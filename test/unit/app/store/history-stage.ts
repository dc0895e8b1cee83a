// A store over a real file that numbers its leaves itself, and questions asked page by page.

import type { HistoryQuestion, LeafMark, Store, StoredLeaf } from '../../../../main/app/ports.ts';
import { openSqliteStore } from '../../../../main/app/store/sqlite.ts';
import { sha256 } from '../../../../main/trust/digest.ts';
import { Frontier } from '../../../../main/trust/frontier.ts';

export const START = Date.parse('2026-11-22T09:30:00.000Z');
export const digest = (n: number): string => n.toString(16).padStart(64, 'a');

export type RequestMark = Extract<LeafMark, { what: 'request' }>;
/** As the app makes it: `who` has the names. */
export function asked(n: number, changes: Partial<RequestMark> = {}): RequestMark {
  const mark = { ...plain(n), ...changes };
  const who = `${mark.agent} ${mark.person} ${mark.host}`;
  return { ...mark, words: { ...mark.words, who } };
}
const plain = (n: number): RequestMark => ({
  what: 'request',
  at: START + n * 60_000,
  title: `run tool-${n % 3}`,
  kind: 'exec',
  target: `tool-${n % 3}`,
  agent: n % 2 === 0 ? 'claude' : 'codex',
  person: 'maya',
  guard: 'guard-1',
  host: `build-${n % 5}`,
  tier: 'medium',
  words: { action: `tool-${n % 3} --id=job${n}x`, reason: 'nightly export', who: '' },
});

/** A store that numbers the leaves itself. */
export async function opened(path: string) {
  const store = openSqliteStore(path);
  if (!store.ok) throw new Error(store.detail);
  const frontier = new Frontier();
  let index = 0;
  const put = async (
    ...more: { of: number; type: StoredLeaf['type']; mark: LeafMark | undefined }[]
  ) => {
    const leaves = more.map(({ of, type, mark }): StoredLeaf => {
      const leaf = new Uint8Array([index % 256, index >> 8, 7]);
      frontier.append(sha256(leaf));
      return {
        index: index++,
        leaf,
        payload: new Uint8Array(3),
        type,
        request: digest(of),
        at: undefined,
        mark,
      };
    });
    await store.value.append(leaves, frontier.state());
  };
  const request = (n: number, changes: Partial<RequestMark> = {}) =>
    put({ of: n, type: 'request', mark: asked(n, changes) });
  return { store: store.value, put, request };
}

export const decided = (
  of: number,
  verdict: 'approve' | 'deny',
  reviewer: string,
  after: number,
) => ({
  of,
  type: 'decision' as const,
  mark: {
    what: 'decision',
    verdict,
    reviewer,
    at: START + of * 60_000 + after,
    keyId: digest(1),
    seq: of + 1,
    sha256: digest(900 + of),
  } satisfies LeafMark,
});
export const ended = (
  of: number,
  how: 'approved' | 'denied' | 'withdrawn',
  guard: string | undefined,
) => ({
  of,
  type: 'ending' as const,
  mark: { what: 'ending', how, guard } satisfies LeafMark,
});

/** Every page of a question, as somebody who scrolls sees them. */
export async function all(
  store: Store,
  question: Partial<HistoryQuestion> = {},
): Promise<number[]> {
  const found: number[] = [];
  for (
    let before: number | undefined = undefined, first = true;
    first || before !== undefined;
    first = false
  ) {
    const page = await store.search({ filters: {}, limit: 3, ...question, before });
    found.push(...page.rows.map((row) => row.index));
    before = page.next;
  }
  return found;
}
