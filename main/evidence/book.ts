// A bundle's contents, opened: what was put in, and what follows from it. Whoever makes a bundle and whoever verifies one
// open the same book, so every file that can be derived is derived twice and compared.

import { fromB64, textOf, utf8 } from '../../shared/bytes.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import { renderView, viewText } from '../../shared/statement/view/render.ts';
import { sha256Hex } from '../trust/digest.ts';
import { parseHead, type TreeHead } from '../trust/checkpoint.ts';
import { parseNote } from '../trust/note.ts';
import { type Chain, openChain } from './chain.ts';
import { type Entry, headIn, type Opened, openEntry, referredBy, requestOf } from './entry.ts';

/** Both ends are inside. With `request`, only what is about that request, or is it. */
export type Selection = {
  readonly from: number;
  readonly to: number;
  readonly request?: string | undefined;
};

export type Contents = {
  readonly selection: Selection;
  /** By index, each once, each with its tlog-proof. */
  readonly entries: readonly (Entry & { readonly proof: string })[];
  /** The head that all is under, with its cosignatures. */
  readonly note: string;
  /** By size: how the log of that many entries grew into this one. */
  readonly growth: ReadonlyMap<number, string>;
  /** By digest. */
  readonly attachments: ReadonlyMap<string, Uint8Array>;
  readonly policies: ReadonlyMap<string, Uint8Array>;
  readonly fork: Uint8Array | undefined;
};

export type CardText =
  | { readonly text: string; readonly sha256: string; readonly renderer: string }
  /** The request's attachments are not all here. */
  | { readonly lacks: readonly string[] }
  | { readonly trouble: string };

export type Book = Contents & {
  readonly opened: readonly Opened[];
  readonly byDigest: ReadonlyMap<string, Opened>;
  readonly chain: Result<Chain, 'keyring'>;
  readonly head: TreeHead;
  /** By the request's digest, for each request whose text is here. */
  readonly cards: ReadonlyMap<string, CardText>;
};

export function openBook(contents: Contents): Result<Book, 'leaf' | 'payload' | 'head'> {
  const opened: Opened[] = [];
  const byDigest = new Map<string, Opened>();
  for (const entry of contents.entries) {
    const one = openEntry(entry);
    if (!one.ok) return fail(one.code, `entry ${entry.index}: ${one.detail ?? one.code}`);
    opened.push(one.value);
    if (!byDigest.has(one.value.parsed.payloadSha256))
      byDigest.set(one.value.parsed.payloadSha256, one.value);
  }
  const note = parseNote(contents.note);
  const head = note.ok ? parseHead(note.value.text) : note;
  if (!head.ok) return fail('head', head.detail);
  const cards = new Map(opened.flatMap((one) => cardOf(one, contents.attachments)));
  return ok({ ...contents, opened, byDigest, chain: openChain(opened), head: head.value, cards });
}

function cardOf(
  { spoken, payload, parsed }: Opened,
  attachments: Contents['attachments'],
): [string, CardText][] {
  if (spoken?.type !== 'request' || payload === undefined) return [];
  const wanted = spoken.says.attachments.map(({ sha256 }) => sha256);
  const lacks = [...new Set(wanted)].filter((sha256) => !attachments.has(sha256)).toSorted();
  if (lacks.length > 0) return [[parsed.payloadSha256, { lacks }]];
  const listed = wanted.map(
    (sha256) => [sha256, attachments.get(sha256) ?? new Uint8Array(0)] as const,
  );
  const view = renderView(payload, new Map(listed));
  if (!view.ok) return [[parsed.payloadSha256, { trouble: view.code }]];
  const text = viewText(view.value);
  const sha256 = sha256Hex(utf8(text));
  return [[parsed.payloadSha256, { text, sha256, renderer: view.value.renderer }]];
}

/** Whether the range and the request, where one is named, take this entry in. */
export const isInside = ({ from, to, request }: Selection, entry: Opened): boolean =>
  from <= entry.index &&
  entry.index <= to &&
  (request === undefined || requestOf(entry) === request);

/** Runs of indexes without a gap among the entries that are inside. */
export function rangesOf({ opened, selection }: Pick<Book, 'opened' | 'selection'>) {
  const ranges: { from: number; to: number }[] = [];
  for (const entry of opened) {
    if (!isInside(selection, entry)) continue;
    const last = ranges.at(-1);
    if (last !== undefined && last.to + 1 === entry.index) last.to = entry.index;
    else ranges.push({ from: entry.index, to: entry.index });
  }
  return ranges;
}

/** Everything that entries here name as what they rest on. */
export const referredIn = ({ opened }: Pick<Book, 'opened'>): ReadonlySet<string> =>
  new Set(opened.flatMap(referredBy));

/** The note text in a decision or a receipt, or undefined where it carries none; '' where it is not text. */
export function noteIn(entry: Opened): string | undefined {
  const head = headIn(entry);
  const bytes = head === undefined ? undefined : fromB64(head);
  return bytes && (textOf(bytes) ?? '');
}

/** The size that a note states, whoever signed it. */
export function sizeIn(note: string): number | undefined {
  const parsed = parseNote(note);
  const head = parsed.ok ? parseHead(parsed.value.text) : parsed;
  return head.ok ? head.value.size : undefined;
}

/** The sizes, below the head's, that need a proof of growth. */
export function grownSizes(book: Pick<Book, 'opened' | 'head'>): readonly number[] {
  const sizes = book.opened.flatMap((entry) => {
    const note = noteIn(entry);
    const size = note === undefined ? undefined : sizeIn(note);
    return size === undefined || size < 1 || size >= book.head.size ? [] : [size];
  });
  return [...new Set(sizes)].toSorted((a, b) => a - b);
}
