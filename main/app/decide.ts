// The ONE path from a person's gesture to a signed decision. The window says which text was on screen; this renders the
// stored bytes again and compares, so that what is signed is what was seen (promise 3). In any doubt nothing is signed.

import { toHex, utf8 } from '../../shared/bytes.ts';
import { approvalNeedsReason } from '../../shared/domain/tier.ts';
import type { DecideCode } from '../../shared/ipc/contract.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import type { Changes } from '../../shared/statement/changes.ts';
import type { Decision, Presence, Verdict } from '../../shared/statement/decision.ts';
import { encodeStatement, payloadTypeOf } from '../../shared/statement/statement.ts';
import { rawOfText } from '../../shared/statement/text.ts';
import { headline } from '../../shared/statement/view/headline.ts';
import { RENDERER, renderView, viewText } from '../../shared/statement/view/render.ts';
import { toB64 } from '../trust/base64.ts';
import type { Checkpoint } from '../trust/checkpoint.ts';
import { type RandomBytes, sha256Hex } from '../trust/digest.ts';
import type { KeyPair } from '../trust/ed25519.ts';
import { seal } from '../trust/envelope.ts';
import type { HeldKeyring, KeyHit } from '../trust/keyring.ts';
import type { DeskEntry } from './desk.ts';
import { type Attempt, presenceOf, type Watched } from './gesture.ts';
import type { StoredDecision } from './ports.ts';

export type Wish = {
  readonly verdict: Verdict;
  readonly viewSha256: string;
  readonly reason: string | undefined;
  readonly typed: string | undefined;
  /** The passphrase that came with the wish is right. */
  readonly proven: boolean;
  readonly surface: Attempt['surface'];
  readonly at: number;
};

/** What was checked about a wish: how the person's presence shows, and the view as this process renders it. */
export type Meant = {
  readonly presence: Presence;
  readonly view: Decision['view'];
};

const PRESENCE_OF = {
  window: 'click',
  terminal: 'terminal',
  notification: 'notification',
} as const;

/** Is this what the person saw, and did they mean it. Signs nothing. */
export function judgeWish(
  entry: DeskEntry,
  attachments: ReadonlyMap<string, Uint8Array>,
  watched: Watched,
  wish: Wish,
): Result<Meant, DecideCode> {
  const view = renderView(entry.payload, attachments);
  if (wish.verdict === 'deny')
    return ok({ presence: PRESENCE_OF[wish.surface], view: deniedView(view, wish.viewSha256) });
  if (!view.ok) return fail('notApprovable', view.code);
  const viewSha256 = sha256Hex(utf8(viewText(view.value)));
  if (wish.viewSha256 !== viewSha256) return fail('viewDiffers');
  const seen = { view: signedView(view.value.flags, viewSha256) };
  if (!view.value.approvable) return fail('notApprovable');
  const { tier } = entry.request.policy;
  if (approvalNeedsReason(tier) && !wish.reason?.trim()) return fail('reasonMissing');
  const named = wish.typed !== undefined && wish.typed === headline(entry.request).target;
  const meant = presenceOf(tier, watched, {
    surface: wish.surface,
    at: wish.at,
    named,
    proven: wish.proven,
  });
  return 'presence' in meant ? ok({ ...seen, presence: meant.presence }) : fail(meant.refusal);
}

const signedView = (flags: readonly string[], sha256: string): Decision['view'] => ({
  renderer: RENDERER,
  sha256,
  flags: [...flags],
});

/** Nothing stands in the way of a denial. It says what was on screen, and where that was not the request, says so. */
function deniedView(view: ReturnType<typeof renderView>, onScreen: string): Decision['view'] {
  if (!view.ok) return signedView(['unreadable'], onScreen);
  const own = sha256Hex(utf8(viewText(view.value)));
  return signedView(
    own === onScreen ? view.value.flags : [...view.value.flags, 'otherOnScreen'],
    onScreen,
  );
}

export type Signing = {
  readonly key: KeyPair;
  readonly me: KeyHit;
  readonly keyring: HeldKeyring;
  readonly checkpoint: Checkpoint;
  readonly place: { readonly seq: number; readonly prev: string };
  readonly now: number;
  readonly random: RandomBytes;
};

/** The signed decision, ready to be stored and then sent. */
export function signDecision(
  entry: DeskEntry,
  wish: {
    readonly verdict: Verdict;
    readonly reason?: string | undefined;
    readonly changes?: Changes | undefined;
  },
  meant: Meant,
  signing: Signing,
): StoredDecision {
  const { key, me, keyring, place, now } = signing;
  const { request } = entry;
  const reason = wish.reason?.trim();
  const decision: Decision = {
    decisionId: toHex(signing.random(16)),
    verdict: wish.verdict,
    ...(reason ? { reason: rawOfText(reason) } : {}),
    ...(wish.changes === undefined ? {} : { changes: wish.changes }),
    request: entry.digest,
    view: meant.view,
    policy: { sha256: request.policy.sha256, rules: request.policy.rules },
    reviewer: { id: me.id, keyId: key.keyId, device: me.device, ...place },
    keyring: { version: keyring.keyring.version, sha256: keyring.sha256 },
    checkpoint: toB64(utf8(signing.checkpoint.note)),
    use: { max: 1 },
    presence: meant.presence,
    issuedAt: new Date(now).toISOString(),
    expiresAt: new Date(Date.parse(request.createdAt) + request.ttlMs).toISOString(),
  };
  const payload = encodeStatement('decision', decision);
  return {
    sha256: sha256Hex(payload),
    keyId: key.keyId,
    seq: place.seq,
    request: entry.digest,
    envelope: seal(payloadTypeOf('decision'), payload, key),
    messageId: toHex(signing.random(16)),
    state: 'sending',
    code: undefined,
  };
}
