// Attachments over a link, in parts of 128 KiB. Up: every part is acknowledged before the next, all of them before the
// request that names the digest. Down: gathered under the size that was signed, and believed only if the digest fits.

import { LIMITS } from '../../shared/protocol/limits.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import { fromB64, toB64 } from '../trust/base64.ts';
import { sha256Hex } from '../trust/digest.ts';
import type { CallCode } from './calls.ts';
import type { Link } from './link.ts';

const MAX_UPLOADS = 3;
/** A part is at least this long unless it is the last: 8 MiB take 512 questions at most. */
const MIN_PART_BYTES = 16 * 1024;

/** Resolves once the broker holds all of it. After `attachmentMissing` (it lost the first parts) it starts over. */
export async function sendAttachment(
  link: Pick<Link, 'send'>,
  bytes: Uint8Array,
  signal?: AbortSignal,
): Promise<Result<{ readonly sha256: string }, CallCode>> {
  if (bytes.length > LIMITS.maxAttachmentBytes) return fail('tooLarge');
  const sha256 = sha256Hex(bytes);
  for (let upload = 1; ; upload++) {
    const sent = await sendParts(link, sha256, bytes, signal);
    if (sent.ok) return ok({ sha256 });
    if (sent.code !== 'attachmentMissing' || upload === MAX_UPLOADS) return sent;
  }
}

async function sendParts(
  link: Pick<Link, 'send'>,
  sha256: string,
  bytes: Uint8Array,
  signal: AbortSignal | undefined,
): Promise<Result<void, CallCode>> {
  // An empty attachment is one empty part: the broker has to learn of it.
  for (let offset = 0; offset === 0 || offset < bytes.length; offset += LIMITS.chunkBytes) {
    const part = bytes.subarray(offset, offset + LIMITS.chunkBytes);
    const body = { sha256, size: bytes.length, offset, bytes: toB64(part) };
    const answer = await link.send('chunk', body, signal === undefined ? {} : { signal });
    if (!answer.ok) return answer;
  }
  return ok(undefined);
}

/**
 * The bytes of one attachment of the request with payload digest `request`. `wanted` is what the request's signature
 * covers. 'badAttachment': what the broker gave is not that.
 */
export async function fetchAttachment(
  link: Pick<Link, 'send'>,
  request: string,
  wanted: { readonly sha256: string; readonly size: number },
  signal?: AbortSignal,
): Promise<Result<Uint8Array, CallCode | 'badAttachment'>> {
  if (wanted.size > LIMITS.maxAttachmentBytes) return fail('tooLarge');
  const bytes = new Uint8Array(wanted.size);
  for (let offset = 0; offset < wanted.size; ) {
    const body = { request, sha256: wanted.sha256, offset };
    const answer = await link.send('fetch', body, signal === undefined ? {} : { signal });
    if (!answer.ok) return answer;
    const part = fromB64(answer.value.bytes);
    const fits =
      part !== undefined &&
      part.length >= Math.min(MIN_PART_BYTES, wanted.size - offset) &&
      part.length <= wanted.size - offset &&
      answer.value.offset === offset &&
      answer.value.size === wanted.size &&
      answer.value.sha256 === wanted.sha256;
    if (!fits) return fail('badAttachment', 'a part is not the one that was asked for');
    bytes.set(part, offset);
    offset += part.length;
  }
  return sha256Hex(bytes) === wanted.sha256
    ? ok(bytes)
    : fail('badAttachment', 'the digest differs');
}
