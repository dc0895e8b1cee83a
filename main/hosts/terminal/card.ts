// One request as its card: opened at the app, its attachments fetched and hashed here, its text rendered here from the
// signed bytes. Nothing about the text is taken from the app.

import { fromB64 } from '../../../shared/bytes.ts';
import type { Bridge } from '../../../shared/ipc/contract.ts';
import type { RequestSummary } from '../../../shared/ipc/snapshot.ts';
import { fail, ok, type Result } from '../../../shared/result.ts';
import type { ParentTold } from '../../../shared/ipc/story.ts';
import { differing, diffRequests } from '../../../shared/statement/diff/action.ts';
import { lineText } from '../../../shared/statement/diff/lines.ts';
import { decodeStatement } from '../../../shared/statement/statement.ts';
import { renderView, viewText } from '../../../shared/statement/view/render.ts';
import { sha256Hex } from '../../trust/digest.ts';

export type CardCode = 'unknownRequest' | 'erased' | 'attachment' | 'bytesDiffer' | 'unreadable';

export type Card = {
  readonly summary: RequestSummary;
  readonly text: string;
  readonly verified: boolean;
  readonly payload: Uint8Array;
  /** Of a changed request: what its parent is, and what differs from it, from the bytes. */
  readonly changed?: {
    readonly state: 'fits' | 'unread' | 'other';
    readonly lines: readonly string[];
  };
};

export async function openCard(bridge: Bridge, digest: string): Promise<Result<Card, CardCode>> {
  const opened = await bridge.request.open({ digest });
  if (!opened.ok) return fail(opened.code === 'erased' ? 'erased' : 'unknownRequest');
  const { summary, payload: payloadB64, attachments: listed, verified } = opened.value;
  const payload = fromB64(payloadB64);
  if (payload === undefined || sha256Hex(payload) !== digest) return fail('bytesDiffer');
  const attachments = new Map<string, Uint8Array>();
  for (const { sha256 } of listed) {
    const fetched = await bridge.request.attachment({ digest, sha256 });
    const bytes = fetched.ok ? fromB64(fetched.value.bytes) : undefined;
    if (bytes === undefined || sha256Hex(bytes) !== sha256) return fail('attachment');
    attachments.set(sha256, bytes);
  }
  const view = renderView(payload, attachments);
  if (!view.ok) return fail('unreadable', view.code);
  const parent = opened.value.parent;
  const changed = parent === undefined ? {} : { changed: changedFrom(parent, payload) };
  return ok({ summary, text: viewText(view.value), verified, payload, ...changed });
}

/** `digest` is the one that the request's own bytes name, or main's answer is about another parent. */
function changedFrom(
  { digest, state, payload: b64 }: ParentTold,
  payload: Uint8Array,
): NonNullable<Card['changed']> {
  const request = decodeStatement('request', payload);
  const parent = b64 === undefined ? undefined : fromB64(b64);
  if (parent === undefined) return { state, lines: [] };
  const named = request.ok && request.value.parent === digest && sha256Hex(parent) === digest;
  const lines = diffRequests(parent, payload);
  if (!named || !lines.ok) return { state: 'other', lines: [] };
  return { state, lines: differing(lines.value).map(lineText) };
}
