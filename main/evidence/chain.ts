// Every keyring of the log, from its first entry on, by TUF-root rules; and who a key is at an index, by all that the roots
// have said of it since. What a later version no longer names ended where that version stands.

import { fail, ok, type Result } from '../../shared/result.ts';
import { encodeEnvelope } from '../trust/envelope.ts';
import {
  findKey,
  type HeldKeyring,
  type KeyHit,
  openFirstKeyring,
  openNextKeyring,
  rootSetOf,
} from '../trust/keyring.ts';
import type { Opened } from './entry.ts';

export type Version = { readonly index: number; readonly held: HeldKeyring };
/** Oldest first, at least one. */
export type Chain = { readonly versions: readonly [Version, ...Version[]] };

export type Known = {
  readonly hit: KeyHit;
  /** The entry from which on the key signs nothing; undefined while it does. */
  readonly until: number | undefined;
};

/** The keyrings among the entries, in their order. The first is taken on the word of its own roots: see `trustedBy`. */
export function openChain(entries: readonly Opened[]): Result<Chain, 'keyring'> {
  const [first, ...later] = entries.filter(({ type }) => type === 'keyring');
  if (first === undefined || first.index !== 0)
    return fail('keyring', 'entry 0 is not here: it is the first keyring');
  const keyring = first.spoken?.type === 'keyring' ? first.spoken.says : undefined;
  if (first.envelope === undefined || keyring === undefined)
    return fail('keyring', 'the text of the first keyring is not here');
  const opened = openFirstKeyring(encodeEnvelope(first.envelope), keyring);
  if (!opened.ok) return fail('keyring', `entry 0: ${opened.code}`);
  const versions: [Version, ...Version[]] = [{ index: 0, held: opened.value }];
  let held = opened.value;
  for (const { index, envelope } of later) {
    if (envelope === undefined)
      return fail('keyring', `entry ${index}: the text of a keyring is not here`);
    const next = openNextKeyring(held, encodeEnvelope(envelope));
    if (!next.ok) return fail('keyring', `entry ${index}: ${next.code}`);
    held = next.value;
    versions.push({ index, held });
  }
  return ok({ versions });
}

export const newest = ({ versions }: Chain): Version => versions.at(-1) ?? versions[0];

/** The one in force when the entry of this index was taken into the log. */
export const keyringBefore = ({ versions }: Chain, index: number): HeldKeyring =>
  (versions.findLast((version) => version.index < index) ?? versions[0]).held;

/** What the newest version that names the key says of it. */
export function findKnown({ versions }: Chain, keyId: string): Known | undefined {
  const at = versions.findLastIndex(({ held }) => findKey(held, keyId) !== undefined);
  const version = versions[at];
  const hit = version && findKey(version.held, keyId);
  if (hit === undefined) return undefined;
  const dropped = versions[at + 1]?.index;
  const ends = [hit.untilIndex, dropped].filter((index) => index !== undefined);
  return { hit, until: ends.length === 0 ? undefined : Math.min(...ends) };
}

export const validAt = ({ hit, until }: Known, index: number): boolean =>
  hit.fromIndex <= index && (until === undefined || index < until);

/**
 * The version that has exactly these roots; undefined where there is none. It vouches for all: the versions before it are
 * fixed by its `prevSha256`, those after it are signed by the roots before them.
 */
export const trustedBy = ({ versions }: Chain, rootSet: string): Version | undefined =>
  versions.find(({ held }) => rootSetOf(held.keyring) === rootSet);
