// A bundle from a log: closes the range over what its statements rest on, proves every entry under the one head, and gives
// the files. It hides nothing that does not verify: that is for whoever reads it.

import { fail, ok, type Result } from '../../shared/result.ts';
import { formatProof } from '../trust/proof.ts';
import { consistencyProof, inclusionProof, type NodeReader } from '../trust/tree.ts';
import { type Book, grownSizes, openBook, type Selection } from './book.ts';
import type { Entry } from './entry.ts';
import { filesOf } from './files.ts';
import { formatGrowth } from './growth.ts';
import { type Files, MOST_FILES } from './zip.ts';

/** What a verifier reads into memory, less what a zip adds. */
const MOST_BYTES = 1000 * 1024 * 1024;
/** Three files each and a few for a decision stay under what a zip can count. */
export const MOST_ENTRIES = 15_000;

export type Material = {
  readonly selection: Selection;
  /** Of the range, all keyrings, and what they refer to. */
  readonly entries: readonly Entry[];
  readonly note: string;
  /** Of at least the head's size. */
  readonly nodes: NodeReader;
  readonly attachments: ReadonlyMap<string, Uint8Array>;
  readonly policies: ReadonlyMap<string, Uint8Array>;
  readonly fork?: Uint8Array | undefined;
};

/** 'tooLarge': more entries than one bundle holds. Others: what of the log cannot be read, with its place. */
export function makeBundle(
  material: Material,
): Result<Files, 'tooLarge' | 'leaf' | 'payload' | 'head'> {
  if (material.entries.length > MOST_ENTRIES)
    return fail('tooLarge', `${material.entries.length} entries; a bundle holds ${MOST_ENTRIES}`);
  const { nodes, note, fork, ...rest } = material;
  const entries = material.entries
    .toSorted((a, b) => a.index - b.index)
    .map((entry) => ({ ...entry, proof: '' }));
  const book = openBook({ ...rest, note, fork, entries, growth: new Map() });
  if (!book.ok) return book;
  const { size } = book.value.head;
  const proofOf = (index: number): string =>
    formatProof({ index, hashes: inclusionProof(nodes, index, size), checkpoint: note });
  const files = filesOf({
    ...book.value,
    entries: entries.map((entry) => ({ ...entry, proof: proofOf(entry.index) })),
    growth: growthOf(book.value, nodes),
  });
  const bytes = [...files.values()].reduce((sum, one) => sum + one.length, 0);
  return files.size > MOST_FILES || bytes > MOST_BYTES
    ? fail(
        'tooLarge',
        `${files.size} files of ${bytes} bytes: make several bundles, whose ranges meet`,
      )
    : ok(files);
}

function growthOf(book: Book, nodes: NodeReader): ReadonlyMap<number, string> {
  const second = book.head.size;
  return new Map(
    grownSizes(book).map((first) => {
      const hashes = consistencyProof(nodes, first, second);
      return [first, formatGrowth({ first, second, hashes })] as const;
    }),
  );
}
