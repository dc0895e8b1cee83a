// Who has seen this head of the log? Fresh cosignatures by enrolled witness keys, counted by people. What a broker shows
// to one machine alone has none: a head that nobody else has seen lets nothing run in a team.

import type { Keyring } from '../../shared/statement/keyring.ts';
import { cosignaturesOf } from './cosignature.ts';
import { type HeldKeyring, type KeyHit, validNow } from './keyring.ts';
import { COSIGNATURE_TYPE, type Vkey, vkeyOf } from './vkey.ts';

/** How many people must have cosigned, and how long ago at most by this machine's own clock. */
export type WitnessRule = { readonly count: number; readonly withinMs: number };

const DEFAULT_WITHIN_MS = 5 * 60 * 1000;

/** Solo has no second witness, and says so; in a team it is one unless the roots have signed another number. */
export const witnessRule = ({ solo, witnesses }: Keyring): WitnessRule =>
  witnesses ?? { count: solo ? 0 : 1, withinMs: DEFAULT_WITHIN_MS };

/** The key name of a device's cosignatures. */
export const witnessName = (org: string, { id, device }: Pick<KeyHit, 'id' | 'device'>): string =>
  `${org}/${id}/${device}`;

/** The verifier key of a witness, or undefined where the keyring's key is none or has ended. */
export function witnessVkey(held: HeldKeyring, hit: KeyHit, size: number): Vkey | undefined {
  if (hit.kind !== 'reviewer' || hit.use !== 'witness' || !validNow(hit, size)) return undefined;
  return vkeyOf(witnessName(held.keyring.org, hit), COSIGNATURE_TYPE, hit.key);
}

/**
 * The ids of the people whose devices cosigned this note (of a log of `size` leaves) within `withinMs` of `now`, both
 * ways. Empty where a known witness's line is wrong: such a note is nobody's.
 */
export function freshWitnesses(
  note: string,
  size: number,
  held: HeldKeyring,
  at: { readonly now: number; readonly withinMs: number },
): ReadonlySet<string> {
  const people = new Map<Vkey, string>();
  for (const hit of held.keys.values()) {
    const vkey = witnessVkey(held, hit, size);
    if (vkey !== undefined) people.set(vkey, hit.id);
  }
  const found = cosignaturesOf(note, [...people.keys()]);
  if (!found.ok) return new Set();
  const fresh = found.value.filter(
    ({ seconds }) => Math.abs(at.now - seconds * 1000) <= at.withinMs,
  );
  return new Set(fresh.flatMap(({ witness }) => people.get(witness) ?? []));
}
