// First run and unlock, by the passphrase or by the computer's key store. The passphrase is used and forgotten: nothing
// here keeps it.

import { fromUtf8 } from '../../shared/bytes.ts';
import { cleanText } from '../../shared/statement/text.ts';
import { type Answers, MIN_PASSPHRASE } from '../../shared/ipc/contract.ts';
import type { KeyState } from '../../shared/ipc/snapshot.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import type { KeyPair } from '../trust/ed25519.ts';
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
  { id, name, passphrase, inVault = false }: Parameters<Solo>[0],
): ReturnType<Solo> {
  if (by.session()) return fail('done');
  if (by.state.snapshot().joining) return fail('failed', 'this machine asks to join a team');
  const none = inVault && passphrase === '';
  if (!none && Array.from(passphrase).length < MIN_PASSPHRASE) return fail('passphraseTooShort');
  if (!cleanText(name)) return fail('failed', 'the name has characters that cannot be shown');
  const { home, hostName, testOnly, vault } = by.ports;
  if (inVault && !vault) return fail('failed', 'there is no key store here: choose a passphrase');
  const person = { id, name, passphrase, hostName, vault: inVault ? vault : undefined };
  const made = await makeSolo(home, person, by.ports, testOnly);
  if (!made.ok) {
    // What the form offers may have changed under it.
    await by.keys.look();
    tellKey(by);
    return fail(made.code, made.detail);
  }
  await by.open();
  const opened = inVault ? await openByVault(by) : await unlock(by, passphrase);
  return opened.ok ? ok({}) : fail('failed', opened.detail ?? opened.code);
}

export async function unlock(by: AnswerPorts, passphrase: string): ReturnType<Unlock> {
  const session = by.session();
  if (!session) return fail('absent');
  const until = await by.keys.unlock(passphrase);
  if (!until.ok) return fail(until.code, until.detail);
  await renewIfDue(by, session, () => by.keys.root(passphrase));
  tellKey(by);
  session.refresh();
  // The key store had opened it: nothing ends.
  if (until.value === undefined) return ok({});
  by.ports.timers.after(until.value - by.ports.clock.now() + 1, () => {
    if (by.keys.decision() !== undefined) return;
    tellKey(by);
    session.refresh();
  });
  return ok({ until: new Date(until.value).toISOString() });
}

/** Without a question; why it did not open is in the state that every surface mirrors. */
export async function openByVault(by: AnswerPorts): ReturnType<Unlock> {
  const session = by.session();
  if (!session) return fail('absent');
  const opened = await by.keys.open();
  tellKey(by);
  if (!opened.ok) return fail('failed', `the key store: ${opened.code}`);
  session.refresh();
  await renewIfDue(by, session, by.keys.rootInVault);
  return ok({});
}

/** At a start: what the key store keeps opens at once, what the passphrase seals waits for it. */
export async function openAtStart(by: AnswerPorts): Promise<void> {
  const { keeps } = await by.keys.look();
  if (keeps && by.session()) {
    const opened = await openByVault(by);
    if (!opened.ok) by.ports.journal.note(`the decision key is locked: ${opened.detail}`);
    renewDaily(by);
  } else tellKey(by);
}

export function lock(by: AnswerPorts): void {
  by.keys.lock();
  tellKey(by);
  by.session()?.refresh();
}

function tellKey(by: AnswerPorts): void {
  by.state.change({ what: 'key', value: keyStateOf(by) });
}

function keyStateOf({ keys, session }: Pick<AnswerPorts, 'keys' | 'session'>): KeyState {
  const vault = keys.vault();
  const kept = vault === undefined ? {} : { vault };
  if (!session()) return { state: 'absent', ...kept };
  if (keys.decision() === undefined) return { state: 'locked', ...kept };
  const until = keys.unlockedUntil();
  const end = until === undefined ? {} : { until: new Date(until).toISOString() };
  return { state: 'unlocked', ...end, ...kept };
}

/** Nobody unlocks by hand where the key store does; while it is locked by hand nothing is renewed. */
function renewDaily(by: AnswerPorts): void {
  by.ports.timers.after(DAY_MS, () => {
    const session = by.session();
    if (session && by.keys.decision()) void renewIfDue(by, session, by.keys.rootInVault);
    renewDaily(by);
  });
}

/** Comes into force for this app, too, only when the broker sends it back as part of the log. */
async function renewIfDue(
  by: AnswerPorts,
  session: Session,
  rootKey: () => Promise<Result<KeyPair>>,
): Promise<void> {
  const held = session.keyring();
  const now = by.ports.clock.now();
  if (!held.keyring.solo || Date.parse(held.keyring.expires) - now > RENEW_BEFORE_MS) return;
  const root = await rootKey();
  if (!root.ok) {
    by.ports.journal.note(`the keyring was not renewed: ${root.code}`);
    return;
  }
  const envelope = renewSolo(held, root.value, now);
  void session.link.send('keyring', { envelope: fromUtf8(envelope) }).then((answer) => {
    if (!answer.ok) by.ports.journal.note(`the keyring was not renewed: ${answer.code}`);
  });
}
