// From the files of a bundle to its contents. Only what cannot be derived is read; everything else is made again and has to
// come out the same, byte for byte, with nothing missing and nothing more.

import { sameBytes, textOf } from '../../shared/bytes.ts';
import { fail, type Result } from '../../shared/result.ts';
import { type Book, type Contents, openBook } from './book.ts';
import { filesOf } from './files.ts';
import type { Findings } from './findings.ts';
import { selectionIn } from './manifest.ts';
import * as at from './paths.ts';
import { type Files, sortedNames } from './zip.ts';

type Parts = { leaf?: Uint8Array; payload?: Uint8Array; proof?: string };

/** 'bundle': these files are no bundle, or not one that this verifier reads. */
export function bookOf(files: Files): Result<Book, 'bundle'> {
  const selection = selectionIn(files.get(at.MANIFEST) ?? new Uint8Array(0));
  if (!selection.ok) return fail('bundle', `${at.MANIFEST}: ${selection.detail}`);
  const note = textOf(files.get(at.HEAD) ?? new Uint8Array(0));
  if (note === undefined) return fail('bundle', `${at.HEAD} is not text`);
  const entries = new Map<number, Parts>();
  const growth = new Map<number, string>();
  const blobs = {
    attachments: new Map<string, Uint8Array>(),
    policies: new Map<string, Uint8Array>(),
  };
  for (const name of sortedNames(files)) {
    const bytes = files.get(name) ?? new Uint8Array(0);
    const place = at.placeOf(name);
    if (place.what === 'entry') take(entries, place, bytes);
    else if (place.what === 'growth') growth.set(place.size, textOf(bytes) ?? '');
    else if (place.what === 'attachments' || place.what === 'policies')
      blobs[place.what].set(place.sha256, bytes);
  }
  const contents: Contents = {
    selection: selection.value,
    entries: [...entries].map(([index, { leaf, payload, proof = '' }]) => ({
      index,
      leaf: leaf ?? new Uint8Array(0),
      payload,
      proof,
    })),
    note,
    growth,
    ...blobs,
    fork: files.get(at.FORK),
  };
  const book = openBook(contents);
  return book.ok ? book : fail('bundle', book.detail);
}

function take(
  entries: Map<number, Parts>,
  { index, part }: { readonly index: number; readonly part: string },
  bytes: Uint8Array,
): void {
  const parts = entries.get(index) ?? {};
  if (part === at.LEAF) parts.leaf = bytes;
  else if (part === at.PAYLOAD) parts.payload = bytes;
  else parts.proof = textOf(bytes) ?? '';
  entries.set(index, parts);
}

/** The files are exactly those that the book gives. */
export function checkFiles(files: Files, book: Book, found: Findings): void {
  const made = filesOf(book);
  for (const name of sortedNames(files)) {
    const expected = made.get(name);
    if (expected === undefined) found.fail(name, 'it does not belong into the bundle');
    else if (!sameBytes(expected, files.get(name) ?? new Uint8Array(0)))
      found.fail(name, 'it is not what the rest of the bundle gives');
    else found.count('files');
  }
  for (const name of sortedNames(made)) if (!files.has(name)) found.fail(name, 'it is missing');
}
