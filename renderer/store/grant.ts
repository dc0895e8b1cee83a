// Allowing again, and ending it. Each says how it went in words.

import type { Bridge } from '../../shared/ipc/contract.ts';
import type { GrantWish } from '../../shared/ipc/grants.ts';
import { NOT_REACHED } from '../words/failures.ts';
import { grantSays } from '../words/grant.ts';
import { ask, type Complaint } from './commands.ts';
import type { Desk } from './context.ts';

type Proposed = Extract<
  Awaited<ReturnType<Bridge['grant']['propose']>>,
  { readonly ok: true }
>['value'];

/** `wish`: new terms. `join`: those that another person has signed. */
export async function proposeTerms(
  { bridge }: Desk,
  digest: string,
  by: { readonly wish: GrantWish } | { readonly join: string },
): Promise<Proposed | string> {
  const outcome = await ask(bridge.grant.propose({ digest, ...by }));
  if (outcome === undefined) return NOT_REACHED;
  return outcome.ok ? outcome.value : grantSays(outcome.code, outcome.detail);
}

export async function giveTerms(
  { bridge }: Desk,
  input: { readonly terms: string; readonly viewSha256: string },
): Promise<Complaint> {
  const outcome = await ask(bridge.grant.give(input));
  if (outcome === undefined) return NOT_REACHED;
  return outcome.ok ? undefined : grantSays(outcome.code, outcome.detail);
}

export async function endGrant({ bridge }: Desk, terms: string): Promise<Complaint> {
  const outcome = await ask(bridge.grant.end({ terms }));
  if (outcome === undefined) return NOT_REACHED;
  return outcome.ok ? undefined : grantSays(outcome.code, outcome.detail);
}
