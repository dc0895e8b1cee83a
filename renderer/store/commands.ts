// What a person can ask for here: plain functions over the bridge and the stores. Each says how it went in words;
// none changes what the mirror shows.

import type { Bridge } from '../../shared/ipc/contract.ts';
import { decideSays } from '../words/decide.ts';
import { NOT_REACHED, SETUP_FAILED, UNLOCK_FAILED } from '../words/failures.ts';
import type { Desk } from './context.ts';

type DecideInput = Parameters<Bridge['request']['decide']>[0];
type SoloInput = Parameters<Bridge['setup']['solo']>[0];

/** Undefined: done. Else the sentence that says why not. */
export type Complaint = string | undefined;

/** Main's answer, or undefined where main cannot be reached. */
export async function ask<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch {
    return undefined;
  }
}

export async function decide(desk: Desk, input: DecideInput): Promise<Complaint> {
  const outcome = await ask(desk.bridge.request.decide(input));
  if (outcome === undefined) return NOT_REACHED;
  return outcome.ok ? undefined : decideSays(outcome.code, outcome.detail);
}

export async function unlock(desk: Desk, passphrase: string): Promise<Complaint> {
  const outcome = await ask(desk.bridge.key.unlock({ passphrase }));
  if (outcome === undefined) return NOT_REACHED;
  return outcome.ok ? undefined : UNLOCK_FAILED[outcome.code];
}

/** By the computer's key store; why it did not open is in the mirror. */
export async function openByVault(desk: Desk): Promise<Complaint> {
  const outcome = await ask(desk.bridge.key.unlock({}));
  return outcome === undefined ? NOT_REACHED : undefined;
}

export async function setUpSolo(desk: Desk, input: SoloInput): Promise<Complaint> {
  const outcome = await ask(desk.bridge.setup.solo(input));
  if (outcome === undefined) return NOT_REACHED;
  if (outcome.ok) return undefined;
  const detail = outcome.detail === undefined ? '' : ` (${outcome.detail})`;
  return `${SETUP_FAILED[outcome.code]}${detail}`;
}

export const lock = (desk: Desk): void => void ask(desk.bridge.key.lock({}));

export const openCard = (desk: Desk, digest: string): void =>
  desk.view.setState({ selected: digest, opened: true, screen: 'desk' });

export const closeCard = (desk: Desk): void => desk.view.setState({ opened: false });

export const say = (desk: Desk, said: string): void => desk.view.setState({ said });
