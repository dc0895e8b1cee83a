// Is what this guard said in the log? Asked of the broker and believed only by proof, under a head that agrees with all
// that this guard has kept.

import { fromB64 } from '../trust/base64.ts';
import type { Link } from '../link/link.ts';
import { openCheckpoint } from '../trust/checkpoint.ts';
import { parseEnvelope } from '../trust/envelope.ts';
import { leafOf } from '../trust/leaf.ts';
import { ENVELOPE_LIMITS } from '../trust/limits.ts';
import { leafHash, verifyInclusion } from '../trust/merkle.ts';
import { parseVkey } from '../trust/vkey.ts';
import type { InLog } from './state/queue.ts';
import type { Prove } from './verify/history.ts';
import type { LogAnchor } from './verify/log.ts';

/** A proof that is no base64 of 32 bytes becomes a hash that fits nothing. */
export const proveBy =
  (link: Pick<Link, 'send'>, signal?: AbortSignal): Prove =>
  async (first, second) => {
    const proof = await link.send('prove', { first, second }, signal ? { signal } : {});
    return proof.ok
      ? proof.value.proof.map((hash) => fromB64(hash) ?? new Uint8Array(0))
      : undefined;
  };

export function openInLog(ports: {
  readonly link: Pick<Link, 'send'>;
  readonly vkey: string;
  readonly admit: LogAnchor['admit'];
}): InLog {
  const vkey = parseVkey(ports.vkey);
  return async (envelope, index, signal) => {
    const parsed = parseEnvelope(envelope, ENVELOPE_LIMITS.auto);
    const answer = await ports.link.send('include', { index }, signal ? { signal } : {});
    if (!vkey.ok || !parsed.ok || !answer.ok || answer.value.proof === undefined) return false;
    const head = openCheckpoint(answer.value.note, vkey.value);
    if (!head.ok) return false;
    const { size, root } = head.value;
    const included = verifyInclusion({
      index,
      size,
      root,
      leafHash: leafHash(leafOf(parsed.value)),
      proof: answer.value.proof.map((hash) => fromB64(hash) ?? new Uint8Array(0)),
    });
    if (!included) return false;
    return (await ports.admit(head.value, proveBy(ports.link, signal))) === 'admitted';
  };
}
