// Which head a bundle is proven under. The newest is the copy's own; one of an earlier moment stands, signed, in what people
// and guards have said since, and so is the same in every copy that has that text. Nothing here is made anew.

import { sameBytes } from '../../shared/bytes.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import { noteIn, sizeIn } from '../evidence/book.ts';
import { openEntry } from '../evidence/entry.ts';
import { openCheckpoint } from '../trust/checkpoint.ts';
import { parseNote } from '../trust/note.ts';
import { parseVkey } from '../trust/vkey.ts';
import type { StoredLeaf } from './ports.ts';

export type Heads = {
  /** An entry of the log, in its order. */
  readonly meet: (stored: StoredLeaf) => void;
  /** 'noHead': none of that size that fits `root` and is signed by the log is here; the detail has the nearest. */
  readonly choose: (root: Uint8Array, vkey: string) => Result<string, 'noHead'>;
};

/** Of `size` entries; `newest` is the copy's own note. */
export function openHeads(size: number, newest: string): Heads {
  const notes: string[] = [];
  const sizes = new Set<number>();
  const see = (note: string): void => {
    const seen = sizeIn(note);
    if (seen !== undefined) sizes.add(seen);
    if (seen === size) notes.push(note);
  };
  return {
    meet: (stored) => {
      const { type } = stored;
      if (type !== 'decision' && type !== 'receipt' && type !== 'grant') return;
      const opened = openEntry(stored);
      const note = opened.ok ? noteIn(opened.value) : undefined;
      if (note !== undefined) see(note);
    },
    choose: (root, vkey) => {
      const key = parseVkey(vkey);
      const carried = notes.filter((note) => {
        const head = key.ok ? openCheckpoint(note, key.value) : key;
        return head.ok && sameBytes(head.value.root, root);
      });
      // The log's own word comes first: it is the same in every copy, and stays.
      const named = carried.find((note) => linesOf(note) > 1);
      const own = sizeIn(newest) === size ? newest : undefined;
      const note = named ?? own ?? carried[0];
      if (note !== undefined) return ok(note);
      see(newest);
      return fail('noHead', `no signed head of ${size} entries is here; ${nearest(sizes, size)}`);
    },
  };
}

function linesOf(note: string): number {
  const parsed = parseNote(note);
  return parsed.ok ? parsed.value.signatures.length : 0;
}

function nearest(sizes: ReadonlySet<number>, size: number): string {
  const sorted = [...sizes].filter((one) => one > 0).toSorted((a, b) => a - b);
  const near = [sorted.findLast((one) => one < size), sorted.find((one) => one > size)];
  return `the nearest are of ${near.filter((one) => one !== undefined).join(' and ')}`;
}
