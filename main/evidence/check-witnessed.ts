// Who else has seen this log? The cosignatures under the head, and under each head that a statement carries, by the witness
// keys that the keyring gave to people then. A known witness's wrong line fails; names that are missing are said.

import { LIMITS } from '../../shared/protocol/limits.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import { type Cosignature, cosignaturesOf } from '../trust/cosignature.ts';
import type { HeldKeyring, KeyHit } from '../trust/keyring.ts';
import { parseNote } from '../trust/note.ts';
import type { Vkey } from '../trust/vkey.ts';
import { type WitnessRule, witnessRule, witnessVkey } from '../trust/witness.ts';
import { type Book, noteIn, sizeIn } from './book.ts';
import { type Chain, findKnown, keyringBefore, newest, validAt } from './chain.ts';
import type { Signers } from './check-signed.ts';
import type { Opened } from './entry.ts';
import { entryAt, type Findings } from './findings.ts';

/** One line: of that person's device, and when by its clock. */
export type Witnessed = {
  readonly id: string;
  readonly name: string;
  readonly device: string;
  readonly at: string;
};
export type Witnesses = {
  /** Under the head of the bundle. Two devices of one person are two lines. */
  readonly witnesses: readonly Witnessed[];
  /** How many people the keyring wants under a head before a guard acts. */
  readonly asked: number;
};
type Judged = {
  readonly book: Book;
  readonly chain: Chain;
  readonly signers: Signers;
  readonly found: Findings;
};
type Line = { readonly hit: KeyHit; readonly seconds: number };

export function checkWitnessed(by: Judged): Witnesses {
  const { book, chain } = by;
  for (const entry of book.opened) checkCarried(entry, by);
  // All keyrings under the head are here: the newest is the one in force at it.
  const { held } = newest(chain);
  const rule = witnessRule(held.keyring);
  return { witnesses: checkHead(held, rule, by), asked: rule.count };
}

function checkHead(
  held: HeldKeyring,
  { count }: WitnessRule,
  { book, chain, found }: Judged,
): readonly Witnessed[] {
  const lines = namesUnder(book.note, book.head.size, held, chain);
  if (!lines.ok) {
    found.fail('head', lines.detail ?? 'a cosignature does not fit');
    return [];
  }
  const note = parseNote(book.note);
  const others = (note.ok ? note.value.signatures.length : 1) - 1 - lines.value.length;
  if (others > 0)
    found.leaveOpen(
      `${others} more ${others === 1 ? 'line' : 'lines'} under the head, by nobody whom the keyring names as a witness`,
    );
  const people = countPeople(lines.value);
  if (people === 0)
    found.leaveOpen('whether anybody else saw this head: it has no cosignature that counts');
  else if (people < count)
    found.leaveOpen(
      `whether ${count} people saw this very head: ${people} cosigned it as this copy has it, and the keyring asks for ${count} before a guard acts`,
    );
  return lines.value.map(({ hit: { id, name, device }, seconds }) => ({
    id,
    name,
    device,
    at: new Date(seconds * 1000).toISOString(),
  }));
}

/** The guard waits for the names before it acts, and its receipt carries the head with them. */
function checkCarried(entry: Opened, { chain, signers, found }: Judged): void {
  const note = noteIn(entry);
  const size = note === undefined ? undefined : sizeIn(note);
  if (note === undefined || size === undefined || !signers.has(entry.index)) return;
  const held = keyringBefore(chain, entry.index);
  const lines = namesUnder(note, size, held, chain);
  if (!lines.ok)
    return found.fail(entryAt(entry.index), `under the head it carries, ${lines.detail}`);
  const { spoken } = entry;
  if (spoken?.type !== 'receipt' || spoken.says.state !== 'consumed') return;
  const { count, withinMs } = witnessRule(held.keyring);
  if (count === 0) return;
  const at = Date.parse(spoken.says.at);
  // The guard counted them a moment before it wrote this down, both by its own clock.
  const fresh = lines.value.filter(
    ({ seconds }) => Math.abs(at - seconds * 1000) <= withinMs + LIMITS.clockSkewMs,
  );
  const people = countPeople(fresh);
  if (people >= count) return found.count('witnessed');
  found.leaveOpen(
    `${entryAt(entry.index)} ran under a head of ${size} entries that ${people === 1 ? '1 person' : `${people} people`} had freshly cosigned, and the keyring asks for ${count}: who else had seen it`,
  );
}

const countPeople = (lines: readonly Line[]): number =>
  new Set(lines.map(({ hit }) => hit.id)).size;

/** The lines that count; a key that the roots ended since signs nothing from there on. */
function namesUnder(
  note: string,
  size: number,
  held: HeldKeyring,
  chain: Chain,
): Result<readonly Line[], 'note' | 'signature'> {
  const known = new Map<Vkey, KeyHit>();
  for (const hit of held.keys.values()) {
    const vkey = witnessVkey(held, hit, size);
    const since = findKnown(chain, hit.key.keyId);
    if (vkey !== undefined && since !== undefined && validAt(since, size)) known.set(vkey, hit);
  }
  const found = cosignaturesOf(note, [...known.keys()]);
  if (!found.ok) return fail(found.code, found.detail);
  return ok(
    found.value.flatMap(({ witness, seconds }: Cosignature) => {
      const hit = known.get(witness);
      return hit === undefined ? [] : { hit, seconds };
    }),
  );
}
