// A scripted reviewer: a client of the app's own socket that does what a person at a terminal does. It opens the card,
// renders it from the signed bytes, hashes that, says that it appeared and was read to its end, waits as long as a person
// must, and decides.

import { utf8 } from '../../shared/bytes.ts';
import type { Bridge } from '../../shared/ipc/contract.ts';
import type { RequestSummary, Snapshot } from '../../shared/ipc/snapshot.ts';
import type { Changes } from '../../shared/statement/changes.ts';
import { findInstance } from '../../main/hosts/instance/claim.ts';
import { enterReview } from '../../main/hosts/instance/client.ts';
import { instancePlace } from '../../main/hosts/instance/place.ts';
import { systemTimers } from '../../main/hosts/processes/machine.ts';
import { openCard } from '../../main/hosts/terminal/card.ts';
import { mirrorOf } from '../../main/hosts/terminal/mirror.ts';
import { openHome } from '../../main/state/home.ts';
import { sha256Hex } from '../../main/trust/digest.ts';

type Verdict = 'approve' | 'deny';
export type Reviewer = {
  readonly bridge: Bridge;
  readonly now: () => Snapshot;
  /** Resolves once the app's state holds it; rejects after 30 s with what it was. */
  readonly until: (holds: (snapshot: Snapshot) => boolean) => Promise<Snapshot>;
  /** The request with this reason, once it waits for a decision. */
  readonly waitFor: (reason: string) => Promise<RequestSummary>;
  /** 'decided', or the code of why not. */
  readonly decide: (digest: string, verdict: Verdict, reason?: string) => Promise<string>;
  /** Denies it with these arguments in place of its own. */
  readonly propose: (digest: string, argv: readonly string[]) => Promise<string>;
  readonly close: () => void;
  [Symbol.dispose](): void;
};

/** The app ignores a press within 600 ms of the card appearing: design, Gestures. */
const LOOK_MS = 620;
const WAIT_MS = 30_000;

export async function enterReviewer(state: string, passphrase: string): Promise<Reviewer> {
  const home = openHome(state, { uid: process.getuid?.(), create: false });
  if (!home.ok) throw new Error(home.detail);
  const place = instancePlace(
    home.value,
    process.getuid === undefined
      ? { platform: 'win32', uid: undefined }
      : { platform: process.platform, uid: process.getuid() },
  );
  if (!place.ok) throw new Error(place.detail);
  const peer = await findInstance(place.value, { timers: systemTimers });
  if (typeof peer === 'string') throw new Error(`no app answers: ${peer}`);
  const entered = await enterReview(peer, passphrase);
  if (!entered.ok) throw new Error(`not let in: ${entered.code}`);
  const { bridge, close } = entered.value;
  const checks = new Set<() => void>();
  const mirror = await mirrorOf(bridge, () => {
    for (const check of checks) check();
  });
  const until: Reviewer['until'] = (holds) =>
    new Promise((resolve, reject) => {
      const check = (): void => {
        if (!holds(mirror.now())) return;
        clearTimeout(timer);
        checks.delete(check);
        resolve(mirror.now());
      };
      const timer = setTimeout(() => {
        checks.delete(check);
        reject(new Error(`still not so: ${JSON.stringify(mirror.now())}`));
      }, WAIT_MS);
      checks.add(check);
      check();
    });
  const find = (snapshot: Snapshot, reason: string): RequestSummary | undefined =>
    snapshot.requests.find(
      (one) => one.reason === reason && one.approveOff === undefined && one.denyOff === undefined,
    );
  return {
    bridge,
    now: mirror.now,
    until,
    waitFor: async (reason) => {
      const found = find(await until((snapshot) => find(snapshot, reason) !== undefined), reason);
      if (found === undefined) throw new Error('it was there a moment ago');
      return found;
    },
    decide: (digest, verdict, reason) =>
      look(bridge, digest, verdict, reason === undefined ? {} : { reason }),
    propose: (digest, argv) =>
      look(bridge, digest, 'deny', { changes: { kind: 'exec', argv: [...argv] } }),
    close,
    [Symbol.dispose]: close,
  };
}

async function look(
  bridge: Bridge,
  digest: string,
  verdict: Verdict,
  more: { readonly reason?: string; readonly changes?: Changes },
): Promise<string> {
  const card = await openCard(bridge, digest);
  if (!card.ok) return card.code;
  await bridge.request.gesture({ digest, what: 'appeared' });
  await bridge.request.gesture({ digest, what: 'seenAll' });
  await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  const viewSha256 = sha256Hex(utf8(card.value.text));
  const made = await bridge.request.decide({ digest, verdict, viewSha256, ...more });
  return made.ok ? 'decided' : made.code;
}
