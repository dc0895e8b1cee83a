// A press on a notification's button, by the one path of every decision: the view rendered again from the stored bytes,
// the gesture judged on main's clock, then signed. An approval is of `low` alone, and of a view that was shown whole.

import { utf8 } from '../../../shared/bytes.ts';
import type { Answers } from '../../../shared/ipc/contract.ts';
import { fail } from '../../../shared/result.ts';
import { renderView, viewText } from '../../../shared/statement/view/render.ts';
import { sha256Hex } from '../../trust/digest.ts';
import type { Attachments } from '../attachments.ts';
import type { AnswerPorts } from '../answers.ts';
import type { Press } from '../attention.ts';
import { judgeWish } from '../decide.ts';
import type { DeskEntry } from '../desk.ts';
import { UNWATCHED } from '../gesture.ts';
import { signMeant, whyOff } from '../make-decision.ts';
import type { NotifierCapabilities } from '../ports.ts';
import { wholeView } from './must-see.ts';

export type NotificationPorts = Pick<AnswerPorts, 'ports' | 'keys' | 'session'> & {
  readonly attachments: Attachments;
};

type Decided = ReturnType<Answers['request']['decide']>;

/** `limits` are the adapter's as they are now: what no longer fits can't be approved either. */
export async function decideFromNotification(
  by: NotificationPorts,
  press: Press,
  limits: NotifierCapabilities,
): Decided {
  const session = by.session();
  const entry = session?.desk.get(press.digest);
  if (!session || !entry) return fail('unknownRequest');
  // The table gives a critical request no button that decides.
  if (entry.request.policy.tier === 'critical') return fail('presenceTooWeak');
  const off = whyOff(session, entry, press);
  if (off) return fail(off);
  const attachments = await by.attachments.all(entry);
  if (!attachments.ok) return fail('notApprovable', attachments.detail);
  const viewSha256 =
    press.verdict === 'approve'
      ? shownWhole(entry, press, limits)
      : digestOf(entry, attachments.value);
  if (viewSha256 === undefined) return fail('viewDiffers');
  const meant = judgeWish(entry, attachments.value, watchedBy(press), {
    verdict: press.verdict,
    viewSha256,
    reason: undefined,
    typed: undefined,
    proven: false,
    surface: 'notification',
    at: press.at,
  });
  if (!meant.ok) return fail(meant.code, meant.detail);
  return signMeant(by, session, entry, press, meant.value);
}

/** The digest of what the notification carried, where it is still what it would carry. */
function shownWhole(
  entry: DeskEntry,
  { viewSha256 }: Press,
  limits: NotifierCapabilities,
): string | undefined {
  if (entry.request.policy.tier !== 'low' || !limits.actions) return undefined;
  const whole = wholeView(entry, limits);
  return whole?.viewSha256 === viewSha256 ? viewSha256 : undefined;
}

function digestOf(
  entry: DeskEntry,
  attachments: ReadonlyMap<string, Uint8Array>,
): string | undefined {
  const view = renderView(entry.payload, attachments);
  return view.ok ? sha256Hex(utf8(viewText(view.value))) : undefined;
}

const watchedBy = ({ appearedAt, pressedBefore }: Press) => ({
  ...UNWATCHED,
  settledFrom: appearedAt,
  clickedAt: pressedBefore,
});
