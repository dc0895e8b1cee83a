// First run and unlock. The passphrase is used and forgotten: nothing here keeps it.

import { fromUtf8 } from '../../shared/bytes.ts';
import { cleanText } from '../../shared/statement/text.ts';
import { type Answers, MIN_PASSPHRASE } from '../../shared/ipc/contract.ts';
import { fail, ok } from '../../shared/result.ts';
import type { AnswerPorts } from './answers.ts';
import type { Session } from './session.ts';
import { KEYRING_DAYS, makeSolo, renewSolo } from './solo.ts';

const DAY_MS = 24 * 3600 * 1000;
/** A solo keyring is renewed at the first unlock in the second half of its life, or after its end. */
const RENEW_BEFORE_MS = (KEYRING_DAYS / 2) * DAY_MS;

type Solo = Answers['setup']['solo'];
type Unlock = Answers['key']['unlock'];

export async function setUpSolo(
  by: AnswerPorts,
  { id, name, passphrase }: Parameters<Solo>[0],
): ReturnType<Solo> {
  if (by.session()) return fail('done');
  if (Array.from(passphrase).length < MIN_PASSPHRASE) return fail('passphraseTooShort');
  if (!cleanText(name)) return fail('failed', 'the name has characters that cannot be shown');
  const { home, hostName, testOnly } = by.ports;
  const made = await makeSolo(home, { id, name, passphrase, hostName }, by.ports, testOnly);
  if (!made.ok) return fail(made.code, made.detail);
  await by.open();
  const opened = await unlock(by, passphrase);
  return opened.ok ? ok({}) : fail('failed', opened.code);
}

export async function unlock(by: AnswerPorts, passphrase: string): ReturnType<Unlock> {
  const session = by.session();
  if (!session) return fail('absent');
  const until = await by.keys.unlock(passphrase);
  if (!until.ok) return fail(until.code, until.detail);
  await renewIfDue(by, session, passphrase);
  const at = new Date(until.value).toISOString();
  by.state.change({ what: 'key', value: { state: 'unlocked', until: at } });
  session.refresh();
  by.ports.timers.after(until.value - by.ports.clock.now() + 1, () => {
    if (by.keys.decision() !== undefined) return;
    by.state.change({ what: 'key', value: { state: 'locked' } });
    session.refresh();
  });
  return ok({ until: at });
}

/** Comes into force for this app, too, only when the broker sends it back as part of the log. */
async function renewIfDue(by: AnswerPorts, session: Session, passphrase: string): Promise<void> {
  const held = session.keyring();
  const now = by.ports.clock.now();
  if (!held.keyring.solo || Date.parse(held.keyring.expires) - now > RENEW_BEFORE_MS) return;
  const root = await by.keys.root(passphrase);
  if (!root.ok) {
    by.ports.journal.note(`the keyring was not renewed: ${root.code}`);
    return;
  }
  const envelope = renewSolo(held, root.value, now);
  void session.link.send('keyring', { envelope: fromUtf8(envelope) }).then((answer) => {
    if (!answer.ok) by.ports.journal.note(`the keyring was not renewed: ${answer.code}`);
  });
}
