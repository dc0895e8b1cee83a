// The attachments of a request, by digest. What is fetched is believed only if its digest is the signed one.

import { fail, ok, type Result } from '../../shared/result.ts';
import { fetchAttachment } from '../link/attachments.ts';
import type { DeskEntry } from './desk.ts';
import type { Session } from './session.ts';

const MAX_KEPT_BYTES = 64 * 1024 * 1024;

export type Attachments = {
  readonly one: (entry: DeskEntry, sha256: string) => Promise<Result<Uint8Array, 'unavailable'>>;
  readonly all: (
    entry: DeskEntry,
  ) => Promise<Result<ReadonlyMap<string, Uint8Array>, 'unavailable'>>;
};

export function openAttachments(session: () => Session | undefined): Attachments {
  const kept = new Map<string, Uint8Array>();
  const keep = (sha256: string, bytes: Uint8Array): void => {
    kept.set(sha256, bytes);
    let total = [...kept.values()].reduce((sum, one) => sum + one.length, 0);
    for (const [oldest, { length }] of kept) {
      if (total <= MAX_KEPT_BYTES) return;
      kept.delete(oldest);
      total -= length;
    }
  };
  const one: Attachments['one'] = async (entry, sha256) => {
    const held = kept.get(sha256);
    if (held) return ok(held);
    const wanted = entry.request.attachments.find((attachment) => attachment.sha256 === sha256);
    const link = session()?.link;
    if (wanted === undefined || link === undefined) return fail('unavailable');
    const fetched = await fetchAttachment(link, entry.digest, wanted);
    if (!fetched.ok) return fail('unavailable', fetched.code);
    keep(sha256, fetched.value);
    return fetched;
  };
  return {
    one,
    all: async (entry) => {
      const bytes = new Map<string, Uint8Array>();
      for (const { sha256 } of entry.request.attachments) {
        const fetched = await one(entry, sha256);
        if (!fetched.ok) return fetched;
        bytes.set(sha256, fetched.value);
      }
      return ok(bytes);
    },
  };
}
