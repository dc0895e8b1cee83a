// What the first form holds, what is wrong with it, and where it goes: solo, or a team's broker.

import { ask, setUpSolo } from '../../store/commands.ts';
import type { Desk } from '../../store/context.ts';
import { NOT_REACHED } from '../../words/failures.ts';
import { PASSPHRASE_MIN } from '../../words/first-run.ts';
import { JOIN_FAILED, TEAM } from '../../words/joining.ts';
import { SETUP_FAULT } from '../../words/setup.ts';

export type Form = {
  readonly invitation: string;
  readonly name: string;
  readonly id: string;
  readonly passphrase: string;
  readonly again: string;
};
export type Faults = { readonly [F in keyof Form]?: string | undefined };
export const EMPTY: Form = { invitation: '', name: '', id: '', passphrase: '', again: '' };

type How = { readonly team: boolean; readonly inVault: boolean };

const ID = /^[A-Za-z0-9][A-Za-z0-9._@-]{0,95}$/;

export function faultsOf(form: Form, { team, inVault }: How): Faults {
  const none = inVault && form.passphrase === '';
  return {
    ...(team && form.invitation.trim() === '' ? { invitation: TEAM.invitationMissing } : {}),
    ...(form.name.trim() === '' ? { name: SETUP_FAULT.name } : {}),
    ...(ID.test(form.id) ? {} : { id: SETUP_FAULT.id }),
    ...(!none && form.passphrase.length < PASSPHRASE_MIN ? { passphrase: SETUP_FAULT.short } : {}),
    ...(form.again === form.passphrase ? {} : { again: SETUP_FAULT.differ }),
  };
}

/** What main did not like: beside the invitation, or under the form. Nothing: it is on its way. */
export async function send(
  desk: Desk,
  form: Form,
  { team, inVault }: How,
): Promise<{ readonly faults?: Faults; readonly complaint?: string | undefined }> {
  const { id, passphrase } = form;
  const who = { id, name: form.name.trim(), passphrase, inVault };
  if (!team) return { complaint: await setUpSolo(desk, who) };
  const outcome = await ask(desk.bridge.setup.join({ ...who, invitation: form.invitation.trim() }));
  if (outcome === undefined) return { complaint: NOT_REACHED };
  if (outcome.ok) return {};
  const says = JOIN_FAILED[outcome.code](outcome.detail ?? '');
  const ofInvitation = outcome.code === 'invitation' || outcome.code === 'notEncrypted';
  return ofInvitation ? { faults: { invitation: says } } : { complaint: says };
}
