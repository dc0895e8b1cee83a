// What a bundle says it is: the range, what is in it, what is not, and the digest of each file. CJ-1, and wholly derived
// from the contents: a verifier makes it again and takes nothing from it but the selection.

import { decodeCj, encodeCj } from '../../shared/statement/cj1.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import { sha256Hex } from '../trust/digest.ts';
import { isObject } from '../trust/members.ts';
import { type Book, isInside, rangesOf, type Selection } from './book.ts';
import { newest } from './chain.ts';
import { type Opened, referredBy } from './entry.ts';
import { type Files, sortedNames } from './zip.ts';

const LIMIT = 64 * 1024 * 1024;

/** `files`: all but the manifest itself and the sums that cover it. */
export function manifestOf(book: Book, files: Files): Uint8Array {
  const { selection, head, chain } = book;
  const keyring = chain.ok ? newest(chain.value).held.keyring : undefined;
  return encodeCj({
    kind: 'countersign-evidence',
    v: 1,
    org: keyring?.org ?? '',
    solo: keyring?.solo ?? false,
    log: { origin: head.origin, vkey: keyring?.log.vkey ?? '' },
    size: head.size,
    selection: {
      from: selection.from,
      to: selection.to,
      ...(selection.request === undefined ? {} : { request: selection.request }),
    },
    ranges: rangesOf(book),
    population: populationOf(book),
    absent: absentFrom(book),
    files: sortedNames(files).map((path) => {
      const bytes = files.get(path) ?? new Uint8Array(0);
      return { path, sha256: sha256Hex(bytes), size: bytes.length };
    }),
  });
}

/** The selection that a manifest states; everything else in it is made again. */
export function selectionIn(bytes: Uint8Array): Result<Selection, 'manifest'> {
  if (bytes.length === 0) return fail('manifest', 'it is not there, or empty');
  const read = decodeCj(bytes, LIMIT);
  if (!read.ok) return fail('manifest', 'it is cut short, or not what a bundle is made with');
  const value = isObject(read.value) ? read.value : {};
  if (value['kind'] !== 'countersign-evidence' || value['v'] !== 1)
    return fail('manifest', 'not evidence, or of another version than this verifier reads');
  const selection = isObject(value['selection'] ?? '') ? value['selection'] : undefined;
  if (selection === undefined || !isObject(selection)) return fail('manifest', 'no selection');
  const { from, to, request } = selection;
  if (typeof from !== 'number' || typeof to !== 'number' || from > to)
    return fail('manifest', 'no range');
  return ok(typeof request === 'string' ? { from, to, request } : { from, to });
}

export type Population = {
  /** Inside the range, by type. */
  readonly entries: Readonly<Record<string, number>>;
  /** Requests inside the range, by how they ended. `unknown`: it may have, where this bundle does not say. */
  readonly requests: Readonly<Record<string, number>>;
  /** Inside the range, without their text. */
  readonly withoutText: number;
  /** Outside the range: keyrings, and what entries inside rest on. */
  readonly referred: number;
};

export function populationOf({
  opened,
  selection,
  head,
}: Pick<Book, 'opened' | 'selection' | 'head'>): Population {
  const inside = opened.filter((entry) => isInside(selection, entry));
  const endings = new Map(
    opened.flatMap(({ spoken }) =>
      spoken?.type === 'ending' ? [[spoken.says.request, spoken.says.how] as const] : [],
    ),
  );
  const requests = inside.filter(({ type }) => type === 'request');
  // An ending comes after its request: where every entry since then is here with its text, there is none.
  const whole = selection.request === undefined && selection.to === head.size - 1;
  const lastUnread = opened.findLast((one) => one.type === 'ending' && !one.spoken)?.index ?? -1;
  const howOf = ({ parsed, index }: Opened): string =>
    endings.get(parsed.payloadSha256) ?? (whole && lastUnread < index ? 'notEnded' : 'unknown');
  return {
    entries: countBy(inside, ({ type }) => type),
    requests: countBy(requests, howOf),
    withoutText: inside.filter(({ payload }) => payload === undefined).length,
    referred: opened.length - inside.length,
  };
}

function countBy(entries: readonly Opened[], of: (entry: Opened) => string) {
  const counts: Record<string, number> = {};
  for (const entry of entries) counts[of(entry)] = (counts[of(entry)] ?? 0) + 1;
  return counts;
}

export type Absent =
  | { readonly what: 'text'; readonly index: number }
  | { readonly what: 'attachment' | 'policy' | 'entry'; readonly sha256: string };

/** What a reader would look for and not find. */
export function absentFrom(book: Book): readonly Absent[] {
  const { opened, attachments, policies, byDigest } = book;
  const texts = opened
    .filter(({ payload }) => payload === undefined)
    .map(({ index }) => ({ what: 'text' as const, index }));
  const of = (what: 'attachment' | 'policy' | 'entry', wanted: readonly string[], here: Here) =>
    [...new Set(wanted)]
      .filter((sha256) => !here.has(sha256))
      .toSorted()
      .map((sha256) => ({ what, sha256 }));
  return [
    ...texts,
    ...of('entry', opened.flatMap(referredBy), byDigest),
    ...of('attachment', attachmentsOf(book), attachments),
    ...of('policy', policiesOf(book), policies),
  ];
}
type Here = { readonly has: (sha256: string) => boolean };

/** Of the requests that are here. */
export const attachmentsOf = ({ opened }: Pick<Book, 'opened'>): readonly string[] =>
  opened.flatMap(({ spoken }) =>
    spoken?.type === 'request' ? spoken.says.attachments.map(({ sha256 }) => sha256) : [],
  );

/** By which actions were judged, or that a keyring pins. */
export const policiesOf = ({ opened }: Pick<Book, 'opened'>): readonly string[] =>
  opened.flatMap(({ spoken }) => {
    if (spoken?.type === 'request') return [spoken.says.policy.sha256];
    if (spoken?.type === 'auto') return spoken.says.entries.map(({ policy }) => policy.sha256);
    return spoken?.type === 'keyring' ? spoken.says.policies.map(({ sha256 }) => sha256) : [];
  });
