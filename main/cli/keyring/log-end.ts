// Where the log ends as far as this machine can prove it: the broker's newest head where it was reached, else the head
// that its own copy has verified. Keys end there, for good: a size that the log's key has not signed is none.

import { fail, ok, type Result } from '../../../shared/result.ts';
import type { Keyring } from '../../../shared/statement/keyring.ts';
import { type Checkpoint, openCheckpoint } from '../../trust/checkpoint.ts';
import { parseVkey } from '../../trust/vkey.ts';

/** Notes, as they were found; nothing is believed of them yet. Times are RFC 3339. */
export type SeenHeads = {
  /** Of this machine's own copy; `newest` is what its newest entry says of itself. */
  readonly copy: { readonly note: string; readonly newest: string | undefined } | undefined;
  /** Of the broker's hello. */
  readonly broker: { readonly note: string; readonly at: string } | undefined;
};

export type LogEnd = {
  /** Entries: the index of the next one. */
  readonly size: number;
  /** The broker has just shown it; else the log may have grown since. */
  readonly fresh: boolean;
  /** Whose word it is and of when, for the person who signs. */
  readonly says: string;
};

/**
 * The detail is one sentence. `none`: no head is here. `unsigned`: the broker's is not of this log. `behind`: what is shown is
 * older than what this machine has verified, or than the keyring, and keys would end before what they have rightly signed.
 */
export function logEnd(
  keyring: Keyring,
  { copy, broker }: SeenHeads,
): Result<LogEnd, 'none' | 'unsigned' | 'behind'> {
  const own = copy && headOf(keyring.log, copy.note);
  const shown = broker && headOf(keyring.log, broker.note);
  if (broker !== undefined && shown === undefined)
    return fail(
      'unsigned',
      `the broker shows no head of ${keyring.log.origin} that the log’s key has signed`,
    );
  const head = shown ?? own;
  if (head === undefined)
    return fail(
      'none',
      'the broker was not reached, and this machine has no copy of the log with a verified head',
    );
  const whose = shown === undefined ? 'this machine’s copy has' : 'the broker shows';
  const behind = (more: string) =>
    fail('behind', `${whose} a log of ${head.size} entries, and ${more}`);
  if (own !== undefined && own.size > head.size) return behind(`this machine has seen ${own.size}`);
  const begun = newestBeginning(keyring);
  if (begun > head.size) return behind(`a key of this keyring begins at entry ${begun}`);
  const age = copy?.newest === undefined ? '' : `, whose newest entry is of ${copy.newest}`;
  const from =
    broker === undefined
      ? `the broker was not reached, this is the verified head of this machine’s copy${age}`
      : `the broker’s newest signed head, seen ${broker.at}`;
  const says = `as of entry ${head.size}: ${from}`;
  return ok({ size: head.size, fresh: shown !== undefined, says });
}

/** The roots have signed that the log was this long once: a key begins where it ended when the key was let in. */
const newestBeginning = ({ reviewers, guards, brokers, channels }: Keyring): number =>
  Math.max(
    0,
    ...[...reviewers, ...guards, ...brokers, ...channels].flatMap(({ keys }) =>
      keys.map(({ fromIndex }) => fromIndex),
    ),
  );

function headOf({ vkey: text, origin }: Keyring['log'], note: string): Checkpoint | undefined {
  const vkey = parseVkey(text);
  if (!vkey.ok || vkey.value.name !== origin) return undefined;
  const head = openCheckpoint(note, vkey.value);
  return head.ok ? head.value : undefined;
}
