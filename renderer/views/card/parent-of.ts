// The request that a changed one names, from its signed bytes: main says what it is; which one it is, and what differs from it,
// is read here. Fetched only for a changed request, together with what shows it, so that it comes before the rows and moves none.

import { fromB64 } from '../../../shared/bytes.ts';
import type { ParentTold } from '../../../shared/ipc/story.ts';
import { decodeCj } from '../../../shared/statement/cj1.ts';
import { diffRequests } from '../../../shared/statement/diff/action.ts';
import type { DiffLine } from '../../../shared/statement/diff/lines.ts';
import { membersOf } from '../../../shared/statement/view/part.ts';
import { MAX_PAYLOAD_BYTES } from '../../../shared/statement/view/render.ts';
import { sha256 } from './screen-text.ts';

/** `lines`: what differs from it, where its bytes are here and are the ones that are named. */
export type Parent = {
  readonly digest: string;
  readonly state: ParentTold['state'];
  readonly lines?: readonly DiffLine[];
};

export async function parentOf(payload: Uint8Array, said: ParentTold): Promise<Parent> {
  await import('./Changed.tsx');
  const { digest, state } = said;
  const bytes = said.payload === undefined ? undefined : fromB64(said.payload);
  if (bytes === undefined) return { digest, state };
  const named = (await sha256(bytes)) === digest && parentIn(payload) === digest;
  const lines = diffRequests(bytes, payload);
  return named && lines.ok ? { digest, state, lines: lines.value } : { digest, state: 'other' };
}

function parentIn(payload: Uint8Array): unknown {
  const request = decodeCj(payload, MAX_PAYLOAD_BYTES);
  return request.ok ? membersOf(request.value)?.['parent'] : undefined;
}
