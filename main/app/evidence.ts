// A range of this machine's own copy of the log as a bundle. Every leaf is read and hashed once; nothing is taken that the
// head does not cover, and a copy that is not the newest head's gives no bundle at all. The same copy and the same wish give
// the same bytes.

import { sameBytes, utf8 } from '../../shared/bytes.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import type { ForkEvidence } from '../../shared/statement/fork.ts';
import { type Entry, type Opened, openEntry, proposesTo, referredBy } from '../evidence/entry.ts';
import { openLevels } from '../evidence/levels.ts';
import { makeBundle, MOST_ENTRIES } from '../evidence/make.ts';
import { policiesOf } from '../evidence/manifest.ts';
import type { Files } from '../evidence/zip.ts';
import { holdEverything } from '../policy/policy.ts';
import { type Heads, openHeads } from './evidence-head.ts';
import { parseHead } from '../trust/checkpoint.ts';
import { leafHash } from '../trust/merkle.ts';
import { parseNote } from '../trust/note.ts';
import { rootAt } from '../trust/tree.ts';
import type { Store, StoredLeaf } from './ports.ts';

/** A log index, or a moment (RFC 3339): of the first entry that is not older, or of the last one before it. */
export type Bound = { readonly index: number } | { readonly time: string };
export type EvidenceWish = {
  /** Absent: the log's first. */
  readonly from?: Bound | undefined;
  /** Absent: the newest under the head. */
  readonly to?: Bound | undefined;
  /** A digest, or its beginning of at least 8 digits. */
  readonly request?: string | undefined;
  /** The number of entries of the head that everything is proven under. Absent: the newest. */
  readonly at?: number | undefined;
};

export type EvidencePorts = {
  readonly store: Pick<Store, 'load' | 'read' | 'ofRequest'>;
  /** Evidence of two histories that this machine has kept. */
  readonly fork?: ForkEvidence | undefined;
  /** Undefined where it is not to be had. */
  readonly attachment?: (request: string, sha256: string) => Promise<Uint8Array | undefined>;
  /** A policy's text by its digest; undefined where this machine has none. */
  readonly policy?: (sha256: string) => Uint8Array | undefined;
  readonly progress?: (done: number, of: number) => void;
  readonly stopped?: () => boolean;
};

/**
 * `noHead`: none was verified, or none of the size that was asked for is here. `empty`: no entry is in the range. `unknownRequest`: no request of this digest is under the head. `tooLarge`: more than a
 * bundle holds. `copyBroken`: this copy is not the head's, or an entry cannot be read. `sealed`: texts are here, under a key
 * that this reader does not have. `stopped`: it was asked to.
 */
export type EvidenceCode =
  | 'noHead'
  | 'empty'
  | 'unknownRequest'
  | 'tooLarge'
  | 'copyBroken'
  | 'sealed'
  | 'stopped';

export type Evidence = {
  readonly files: Files;
  readonly from: number;
  readonly to: number;
  readonly entries: number;
};

const AT_ONCE = 500;
const SEALED =
  'the texts are sealed by this computer’s key store: only the app reads them (History, Export, Evidence)';

type Scanned = {
  readonly levels: ReturnType<typeof openLevels>;
  readonly keyrings: readonly StoredLeaf[];
  readonly from: number;
  readonly to: number;
  readonly request: string | undefined;
};

export async function collectEvidence(
  ports: EvidencePorts,
  wish: EvidenceWish,
): Promise<Result<Evidence, EvidenceCode>> {
  const { note: newest } = await ports.store.load();
  const parsed = newest === undefined ? undefined : parseNote(newest);
  const own = parsed?.ok ? parseHead(parsed.value.text) : undefined;
  if (newest === undefined || !own?.ok || own.value.size === 0)
    return fail('noHead', 'this copy of the log has no head that was verified');
  const size = wish.at ?? own.value.size;
  if (size > own.value.size)
    return fail('noHead', `the newest head here is of ${own.value.size} entries`);
  const heads = wish.at === undefined ? undefined : openHeads(size, newest);
  const scanned = await scan(ports, wish, { size, last: own.value.size, heads });
  if (!scanned.ok) return scanned;
  const { levels, keyrings, from, to, request } = scanned.value;
  if (!sameBytes(rootAt(levels.nodes, own.value.size), own.value.root))
    return fail(
      'copyBroken',
      'the entries here are not those of the head: see countersign log verify',
    );
  const chosen = heads?.choose(rootAt(levels.nodes, size), logKeyOf(keyrings)) ?? ok(newest);
  if (!chosen.ok) return chosen;
  const inside = await readInside(ports, { from, to, request });
  if (!inside.ok) return inside;
  if (inside.value.some(({ sealed }) => sealed === true)) return fail('sealed', SEALED);
  const closed = await close(ports, [...keyrings, ...inside.value], size);
  if (!closed.ok) return closed;
  const blobs = await gather(ports, closed.value);
  const files = makeBundle({
    selection: { from, to, request },
    entries: closed.value,
    note: chosen.value,
    nodes: levels.nodes,
    ...blobs,
    fork: ports.fork && utf8(`${JSON.stringify(ports.fork, null, 2)}\n`),
  });
  if (files.ok) return ok({ files: files.value, from, to, entries: closed.value.length });
  return fail(files.code === 'tooLarge' ? 'tooLarge' : 'copyBroken', files.detail);
}

/** Of the newest keyring; '' where it cannot be read, and then no head is anybody's. */
function logKeyOf(keyrings: readonly StoredLeaf[]): string {
  const last = keyrings.at(-1);
  const opened = last && openEntry(last);
  return opened?.ok && opened.value.spoken?.type === 'keyring'
    ? opened.value.spoken.says.log.vkey
    : '';
}

/** Under the head of `size` entries, of `last` that are verified here. */
type Under = { readonly size: number; readonly last: number; readonly heads: Heads | undefined };

/** One pass over everything: hashes, keyrings, and where the range begins and ends. */
async function scan(
  ports: EvidencePorts,
  { from, to, request }: EvidenceWish,
  { size, last: end, heads }: Under,
): Promise<Result<Scanned, EvidenceCode>> {
  const levels = openLevels();
  const keyrings: StoredLeaf[] = [];
  const digests = new Set<string>();
  const [since, until] = [timeOf(from), timeOf(to)];
  let first = since === undefined ? indexOf(from, 0) : size;
  let last = until === undefined ? indexOf(to, size - 1) : -1;
  for (let at = 0; at < end; at += AT_ONCE) {
    if (ports.stopped?.()) return fail('stopped');
    ports.progress?.(at, end);
    const count = Math.min(AT_ONCE, end - at);
    const leaves = await ports.store.read(at, count);
    if (leaves.length !== count || leaves.some((one, i) => one.index !== at + i))
      return fail('copyBroken', `entries are missing after ${at}`);
    for (const stored of leaves) {
      levels.append(leafHash(stored.leaf));
      heads?.meet(stored);
      if (stored.index >= size) continue;
      if (stored.type === 'keyring') keyrings.push(stored);
      if (stored.type === 'request' && request !== undefined && stored.request?.startsWith(request))
        digests.add(stored.request);
      if (stored.at === undefined) continue;
      const time = Date.parse(stored.at);
      if (since !== undefined && time >= since && stored.index < first) first = stored.index;
      if (until !== undefined && time < until) last = stored.index;
    }
  }
  if (last >= size) return fail('empty', `the log has entries up to ${size - 1} under its head`);
  if (first > last) return fail('empty', 'no entry is in this range');
  if (request !== undefined && digests.size !== 1)
    return fail(
      'unknownRequest',
      digests.size === 0
        ? `no request in this log begins with ${request}`
        : `more than one request in this log begins with ${request}`,
    );
  return ok({ levels, keyrings, from: first, to: last, request: [...digests][0] });
}

const timeOf = (bound: Bound | undefined): number | undefined =>
  bound !== undefined && 'time' in bound ? Date.parse(bound.time) : undefined;
const indexOf = (bound: Bound | undefined, absent: number): number =>
  bound !== undefined && 'index' in bound ? bound.index : absent;

async function readInside(
  { store, stopped }: EvidencePorts,
  range: { readonly from: number; readonly to: number; readonly request: string | undefined },
): Promise<Result<readonly StoredLeaf[], EvidenceCode>> {
  const { from, to, request } = range;
  if (request !== undefined) {
    const about = await store.ofRequest(request);
    // Without its text an entry does not say what it is about; only the request's own leaf has its digest.
    return ok(
      about.filter(
        ({ index, payload, type }) =>
          from <= index && index <= to && (payload !== undefined || type === 'request'),
      ),
    );
  }
  if (to - from + 1 > MOST_ENTRIES)
    return fail(
      'tooLarge',
      `${to - from + 1} entries are in this range, a bundle holds ${MOST_ENTRIES}: make several, whose ranges meet`,
    );
  const leaves: StoredLeaf[] = [];
  for (let at = from; at <= to; at += AT_ONCE) {
    if (stopped?.()) return fail('stopped');
    leaves.push(...(await store.read(at, Math.min(AT_ONCE, to + 1 - at))));
  }
  return ok(leaves);
}

/** With everything that these entries rest on, and the erasures that say why a text is missing. */
async function close(
  { store, stopped }: EvidencePorts,
  start: readonly StoredLeaf[],
  size: number,
): Promise<Result<readonly Entry[], EvidenceCode>> {
  const taken = new Map<number, Opened>();
  const here = new Set<string>();
  const wanted = new Set<string>();
  const broken: string[] = [];
  const add = ({ index, leaf, payload }: StoredLeaf): void => {
    if (taken.has(index) || index >= size) return;
    const opened = openEntry({ index, leaf, payload });
    if (!opened.ok) {
      broken.push(`entry ${index}: ${opened.detail ?? opened.code}`);
      return;
    }
    taken.set(index, opened.value);
    here.add(opened.value.parsed.payloadSha256);
    for (const digest of referredBy(opened.value)) wanted.add(digest);
  };
  for (const stored of start) add(stored);
  const lacking = (): string[] => [...wanted].filter((digest) => !here.has(digest));
  // As often as a chain of changes is long: each parent may have one of its own.
  for (let before = -1; before < taken.size; ) {
    before = taken.size;
    for (const request of requestsOf([...taken.values()]))
      for (const stored of await store.ofRequest(request))
        if (isWanted(stored, taken, wanted)) add(stored);
  }
  // A leaf whose text is not here is not indexed by its request: then the whole log is looked through, backwards, because
  // what an entry rests on comes before it.
  for (let end = size; end > 0 && lacking().length > 0; end -= AT_ONCE) {
    if (stopped?.()) return fail('stopped');
    const at = Math.max(0, end - AT_ONCE);
    for (const stored of (await store.read(at, end - at)).toReversed())
      if (isWanted(stored, taken, wanted)) add(stored);
  }
  const [first] = broken;
  if (first !== undefined) return fail('copyBroken', first);
  return ok([...taken.values()].map(({ index, leaf, payload }) => ({ index, leaf, payload })));
}

const requestsOf = (entries: readonly Opened[]): ReadonlySet<string> =>
  new Set(
    entries.flatMap(({ type, parsed, payload, spoken }) => {
      if (spoken !== undefined && 'request' in spoken.says) return [spoken.says.request];
      if (spoken?.type === 'request') return spoken.says.parent ?? [];
      if (spoken?.type === 'auto')
        return spoken.says.entries.flatMap(({ grant }) => grant?.request ?? []);
      return type === 'request' && payload === undefined ? [parsed.payloadSha256] : [];
    }),
  );

function isWanted(
  { index, leaf, payload, type }: StoredLeaf,
  taken: ReadonlyMap<number, Opened>,
  wanted: ReadonlySet<string>,
): boolean {
  if (taken.has(index)) return false;
  const opened = openEntry({ index, leaf, payload });
  if (!opened.ok) return false;
  if (wanted.has(opened.value.parsed.payloadSha256)) return true;
  if (type === 'decision') return proposesTo(opened.value, [...taken.values()]);
  if (type !== 'erasure' || opened.value.spoken?.type !== 'erasure') return false;
  const { what } = opened.value.spoken.says;
  return [...taken.values()].some(
    (one) => one.payload === undefined && what.includes(one.parsed.payloadSha256),
  );
}

/** Attachments and policy texts, as far as this machine has them. */
async function gather({ attachment, policy }: EvidencePorts, entries: readonly Entry[]) {
  const attachments = new Map<string, Uint8Array>();
  const policies = new Map<string, Uint8Array>();
  const { sha256: builtIn, bytes: text } = holdEverything();
  const opened = entries.flatMap((entry) => {
    const one = openEntry(entry);
    return one.ok ? [one.value] : [];
  });
  for (const sha256 of policiesOf({ opened })) {
    const bytes = sha256 === builtIn ? text : policy?.(sha256);
    if (bytes !== undefined) policies.set(sha256, bytes);
  }
  for (const { spoken, parsed } of opened) {
    if (spoken?.type !== 'request') continue;
    for (const { sha256 } of spoken.says.attachments) {
      if (attachments.has(sha256)) continue;
      const bytes = await attachment?.(parsed.payloadSha256, sha256);
      if (bytes !== undefined) attachments.set(sha256, bytes);
    }
  }
  return { attachments, policies };
}
