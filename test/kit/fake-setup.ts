// The first run of a main without keys: what the forms send is judged by main's own rules, and who asks to join waits until
// a test lets them in.

import { createHash } from 'node:crypto';
import { mayDial } from '../../main/link/dial-socket.ts';
import { parseInvitation } from '../../main/link/invitation.ts';
import { keyWords } from '../../shared/domain/key-words.ts';
import type { Answers } from '../../shared/ipc/contract.ts';
import type { Change, Joining, Snapshot } from '../../shared/ipc/snapshot.ts';
import { fail, ok } from '../../shared/result.ts';

export const DEVICE = 'ada-laptop';
const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Whole, and of nobody. */
export const INVITATION = `wss://broker.acme.example:8750#acme.${'Ab3'.repeat(14)}A`;

/** Somebody who asks to be let in, as the state has it. */
export function joiningAs(part: Partial<Joining> = {}): Joining {
  const person = part.person ?? { id: 'ada', name: 'Ada Marlow', device: DEVICE };
  const id = digestOf(JSON.stringify(person));
  return { id, words: keyWords(id), person, state: 'waiting', ...part };
}

/** An organisation that nobody has vouched for yet. */
export const comparing = (): Joining =>
  joiningAs({ state: 'compare', org: 'acme', rootWords: keyWords(digestOf('roots of acme')) });

type Main = {
  readonly snapshot: () => Snapshot;
  readonly change: (...changes: Change[]) => void;
  readonly openKey: () => Extract<Change, { what: 'key' }>['value'];
};

export function setupAnswers({ snapshot, change, openKey }: Main): Answers['setup'] {
  const short = (passphrase: string, inVault: boolean): boolean =>
    !(inVault && passphrase === '') && passphrase.length < 12;
  const tell = (value: Joining): void => change({ what: 'joining', value });
  return {
    suggestion: async () => ({
      id: 'ada',
      name: 'Ada Marlow',
      home: '/home/ada/.local/state/countersign',
    }),
    solo: async ({ id, name, passphrase, inVault = false }) => {
      if (short(passphrase, inVault)) return fail('passphraseTooShort');
      change(
        { what: 'person', value: { id, name, device: DEVICE, solo: true } },
        { what: 'key', value: openKey() },
      );
      return ok({});
    },
    join: async ({ invitation: text, id, name, passphrase, inVault = false }) => {
      const invitation = parseInvitation(text);
      if (!invitation.ok) return invitation;
      if (!mayDial(invitation.value)) return fail('notEncrypted');
      if (short(passphrase, inVault)) return fail('passphraseTooShort');
      const { invited } = invitation.value;
      const value = joiningAs({
        person: { id, name, device: DEVICE },
        ...(invited === undefined ? {} : { org: invited.org }),
      });
      tell(value);
      return ok({ id: value.id, words: value.words });
    },
    confirmRoots: async ({ yes }) => {
      const { joining } = snapshot();
      if (joining?.state !== 'compare') return fail('notComparing');
      if (yes) letIn(joining, change);
      else tell(joiningAs({ state: 'stopped', trouble: { code: 'rootsDiffer' } }));
      return ok({});
    },
    askAgain: async () => {
      tell(joiningAs());
      return {};
    },
    stopJoining: async () => {
      change({ what: 'joining' });
      return ok({});
    },
  };
}

/** The roots have signed, and this device has checked it. */
export const letIn = ({ person }: Joining, change: Main['change']): void =>
  change(
    { what: 'person', value: { ...person, solo: false } },
    { what: 'key', value: { state: 'locked' } },
    { what: 'joining' },
  );
