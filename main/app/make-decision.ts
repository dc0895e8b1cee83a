// A wish from a surface becomes a decision: checked, signed, stored, and only then sent. One at a time, so that `seq`
// and `prev` form one chain.

import { CHANGES_CODES, whyNotChanges } from '../../shared/domain/changes.ts';
import type { Answers, Caller, DecideCode } from '../../shared/ipc/contract.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import type { AnswerPorts } from './answers.ts';
import type { Attachments } from './attachments.ts';
import { whyNotApproveNow, whyNotDeny } from './can.ts';
import { judgeWish, type Meant, signDecision } from './decide.ts';
import type { DeskEntry } from './desk.ts';
import type { Gestures } from './gestures.ts';
import { unlock } from './keys-answers.ts';
import type { Session } from './session.ts';

type Decide = Answers['request']['decide'];
type Input = Parameters<Decide>[0];
type With = AnswerPorts & { readonly gestures: Gestures; readonly attachments: Attachments };

export async function decide(
  by: With,
  input: Input,
  caller: Caller,
  at: number,
): ReturnType<Decide> {
  const session = by.session();
  const entry = session?.desk.get(input.digest);
  if (!session || !entry) return fail('unknownRequest');
  const watched = by.gestures.of(caller.caller, input.digest);
  // Whatever comes of it, it was a click.
  by.gestures.feed(caller.caller, input.digest, 'clicked', at);

  const proven = await prove(by, input.passphrase);
  if (!proven.ok) return proven;
  const off = whyOff(session, entry, input);
  if (off) return fail(off);
  const unfit = whyBadChanges(entry, input);
  if (unfit !== undefined) return fail('badChanges', CHANGES_CODES[unfit]);
  const attachments = await by.attachments.all(entry);
  if (!attachments.ok && input.verdict === 'approve')
    return fail('notApprovable', attachments.detail);
  const meant = judgeWish(entry, attachments.ok ? attachments.value : new Map(), watched, {
    verdict: input.verdict,
    viewSha256: input.viewSha256,
    reason: input.reason,
    typed: input.typed,
    proven: proven.value,
    surface: caller.surface,
    at,
  });
  if (!meant.ok) return fail(meant.code, meant.detail);
  return signMeant(by, session, entry, input, meant.value);
}

/** True where a right passphrase came with the wish; it also unlocks, so that one answer is enough. */
async function prove(
  by: With,
  passphrase: string | undefined,
): Promise<Result<boolean, DecideCode>> {
  if (passphrase === undefined) return ok(false);
  const opened = await unlock(by, passphrase);
  return opened.ok ? ok(true) : fail('wrongPassphrase');
}

/** What a person wants, whatever surface they said it on. */
type Wanted = Pick<Input, 'verdict' | 'reason' | 'changes'>;

/** Only a denial proposes something else, and only what could be asked instead. */
const whyBadChanges = ({ request }: DeskEntry, { verdict, changes }: Wanted) =>
  changes === undefined
    ? undefined
    : verdict === 'deny'
      ? whyNotChanges(request, changes)
      : ('sameAction' as const);

export function whyOff(
  session: Session,
  entry: DeskEntry,
  input: Pick<Wanted, 'verdict'>,
): DecideCode | undefined {
  const standing = session.standing();
  return input.verdict === 'approve'
    ? whyNotApproveNow(entry, standing)
    : whyNotDeny(entry, standing);
}

/** The only way to a signature, for every surface. */
export async function signMeant(
  by: Pick<With, 'ports' | 'keys'>,
  session: Session,
  entry: DeskEntry,
  input: Wanted,
  meant: Meant,
): ReturnType<Decide> {
  const { store, random, clock } = by.ports;
  return session.oneAtATime(async () => {
    // Asked again inside: another surface may have decided while this one waited.
    const off = whyOff(session, session.desk.get(entry.digest) ?? entry, input);
    if (off) return fail(off);
    const key = by.keys.decision();
    const checkpoint = session.replica.checkpoint();
    if (key === undefined) return fail('locked');
    if (checkpoint === undefined) return fail('unverified');
    const place = await store.nextDecision(key.keyId);
    const decision = signDecision(entry, input, meant, {
      key,
      me: session.standing().me,
      keyring: session.keyring(),
      checkpoint,
      place,
      now: clock.now(),
      random,
    });
    await store.putDecision(decision);
    session.deliver(decision);
    return ok({ decision: decision.sha256 });
  });
}
