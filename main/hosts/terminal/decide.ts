// One decision about the card on screen, with what its tier takes in a terminal: the command for low and medium, the
// target's name and a reason for high, nothing for critical. A denial takes nothing.

import type { Bridge } from '../../../shared/ipc/contract.ts';
import type { RequestSummary } from '../../../shared/ipc/snapshot.ts';
import type { Changes } from '../../../shared/statement/changes.ts';
import { askChanges } from './change.ts';
import type { Lines } from './lines.ts';
import { visible } from './visible.ts';
import * as words from './words.ts';

export type OnScreen = {
  readonly summary: RequestSummary;
  /** Every line of it has been on screen. */
  readonly whole: boolean;
  readonly viewSha256: string;
  /** The request's signed bytes. */
  readonly payload: Uint8Array;
};

type Ports = {
  readonly bridge: Bridge;
  readonly lines: Lines;
  /** Requests that this terminal decided. */
  readonly decided: Set<string>;
};

type Extras = { reason?: string; typed?: string; passphrase?: string; changes?: Changes };

/** A denial that proposes something else; true when it is in the log. */
export async function propose(ports: Ports, screen: OnScreen): Promise<boolean> {
  const { lines } = ports;
  if (screen.summary.denyOff !== undefined) {
    lines.print(words.whyNot[screen.summary.denyOff]);
    return false;
  }
  const proposed = await askChanges(lines, screen.payload);
  if (proposed === undefined) return false;
  const { changes, reason } = proposed;
  return send(ports, screen, 'deny', reason === '' ? { changes } : { changes, reason });
}

/** True when the decision is in the log. */
export async function decide(
  ports: Ports,
  screen: OnScreen,
  verdict: 'approve' | 'deny',
  reason: string,
): Promise<boolean> {
  const { lines } = ports;
  const extras: Extras = reason === '' ? {} : { reason };
  if (verdict === 'approve') {
    const trouble = approveTrouble(screen);
    if (trouble !== undefined) {
      lines.print(trouble);
      return false;
    }
    if (screen.summary.tier === 'high') {
      const typed = await lines.ask(words.askTarget);
      if (typed === undefined) return false;
      extras.typed = typed;
      extras.reason ??= (await lines.ask(words.ASK_REASON)) ?? '';
      if (extras.reason.trim() === '') {
        lines.print(words.refusal.reasonMissing);
        return false;
      }
    }
  } else if (screen.summary.denyOff !== undefined) {
    lines.print(words.whyNot[screen.summary.denyOff]);
    return false;
  }
  return send(ports, screen, verdict, extras);
}

function approveTrouble({ summary, whole }: OnScreen): string | undefined {
  if (summary.approveOff !== undefined) return words.whyNot[summary.approveOff];
  if (summary.tier === 'critical') return words.NO_CRITICAL;
  return whole ? undefined : words.NOT_WHOLE;
}

async function send(
  { bridge, lines, decided }: Ports,
  { summary: { digest }, viewSha256 }: OnScreen,
  verdict: 'approve' | 'deny',
  extras: Extras,
): Promise<boolean> {
  decided.add(digest);
  const intent = { digest, verdict, viewSha256, ...extras };
  let answer = await bridge.request.decide(intent);
  if (!answer.ok && answer.code === 'passphraseNeeded') {
    const passphrase = await lines.ask(words.ASK_PASSPHRASE, { hidden: true });
    if (passphrase !== undefined) answer = await bridge.request.decide({ ...intent, passphrase });
  }
  if (answer.ok) {
    lines.print(words.done(verdict, answer.value.decision));
    return true;
  }
  decided.delete(digest);
  const detail = answer.detail === undefined ? '' : ` (${visible(answer.detail)})`;
  lines.print(`${words.refusal[answer.code]}${detail}`);
  return false;
}
