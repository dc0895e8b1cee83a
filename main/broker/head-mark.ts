// The newest head that this broker has signed, in a small file beside the log: a log file that was restored, or cut short by a
// damaged journal, is known at the next start, before it signs anything anew. Written once a second at most, off the hot path.

import { textOf, utf8, sameBytes } from '../../shared/bytes.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { SignedHead } from '../ledger/sealing.ts';
import { raiseMark, readMarks } from '../state/high-mark.ts';
import { openCheckpoint } from '../trust/checkpoint.ts';
import { rootAt } from '../trust/tree.ts';
import type { Vkey } from '../trust/vkey.ts';
import type { Timers } from './ports.ts';

const WRITE_MS = 1000;

export type HeadMark = {
  readonly keep: (head: SignedHead) => void;
  readonly flush: () => void;
};

export function openHeadMark(folder: string, timers: Timers): HeadMark {
  let next: SignedHead | undefined;
  let cancel: (() => void) | undefined;
  const flush = (): void => {
    cancel?.();
    cancel = undefined;
    const head = next;
    next = undefined;
    if (head === undefined) return;
    const seen = readMarks(folder, 'checkpoint');
    // What can't be written is missed at a rollback and nothing else: every app and guard has marks of its own.
    if (seen.ok)
      raiseMark(folder, 'checkpoint', seen.value, { number: head.size, bytes: utf8(head.note) });
  };
  return {
    keep: (head) => {
      next = head;
      cancel ??= timers.after(WRITE_MS, flush);
    },
    flush,
  };
}

/** What convicts the stored log of being older, or another one, than what this broker has signed; undefined where it is not. */
export function whyBehind(
  folder: string,
  vkey: Vkey,
  ledger: Ledger,
): { readonly says: string; readonly note: string } | undefined {
  const marks = readMarks(folder, 'checkpoint');
  if (!marks.ok) return undefined;
  for (const { bytes } of marks.value) {
    const note = textOf(bytes) ?? '';
    const head = openCheckpoint(note, vkey);
    // Of another log: an epoch before this one.
    if (!head.ok) continue;
    const { size, root } = head.value;
    if (size > ledger.size)
      return {
        says: `the log has ${ledger.size} entries, and this broker has signed ${size}: it was rolled back`,
        note,
      };
    if (size > 0 && !sameBytes(rootAt(ledger.nodes, size), root))
      return { says: `the first ${size} entries are not those that this broker has signed`, note };
  }
  return undefined;
}
