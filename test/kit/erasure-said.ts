// An erasure as an administrator's app signs it.

import { type Erasure } from '../../shared/statement/erasure.ts';
import { NO_DECISION } from '../../shared/statement/decision.ts';
import { type HandTime, type Person, type Signed, signed } from './wire-world.ts';

export type Chain = { readonly seq: number; readonly prev: string };

export function erasureSaid(
  who: Person,
  time: HandTime,
  request: string,
  what: readonly string[],
  change: Partial<Erasure> & { readonly chain?: Chain } = {},
): Signed {
  const { chain = { seq: 1, prev: NO_DECISION }, ...rest } = change;
  const reviewer = { id: who.id, keyId: who.decision.keyId, device: who.device, ...chain };
  const erasure: Erasure = {
    request,
    what: what.toSorted(),
    reason: 'it held a customer record',
    reviewer,
    at: time.iso(),
    ...rest,
  };
  return signed('erasure', erasure, who.decision);
}
