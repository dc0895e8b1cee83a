// What the guard owes the log: receipts and endings, on disk before they are sent and until it is proven that the log has them:
// the broker's word is not enough. A run that was cut off leaves them here, and the next one sends them again.

import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fromUtf8, toHex } from '../../../shared/bytes.ts';
import { WIRE_CODES } from '../../../shared/protocol/codes.ts';
import { fail, type Result } from '../../../shared/result.ts';
import type { Link } from '../../link/link.ts';
import { readPrivate, writeAtomic } from '../../state/atomic-file.ts';
import type { Home } from '../../state/home.ts';
import { sha256 } from '../../trust/digest.ts';
import { namesIn, placeOf } from './names.ts';

export type Owed = 'ending' | 'receipt';
export type Queue = {
  /** On disk when it returns. */
  readonly put: (type: Owed, envelope: Uint8Array) => Result<void, 'io'>;
  /**
   * Sends everything that lies here, oldest first. What is proven to be in the log is removed; what the broker refuses for good is
   * kept aside, in `refused`; what is not proven yet stays for the next time.
   */
  readonly flush: (
    link: Pick<Link, 'send'>,
    inLog: InLog,
    signal?: AbortSignal,
    /** `mine`: only what this run has put here. What others left is for a run's start: fifty at once must not say it fifty times. */
    whose?: 'all' | 'mine',
  ) => Promise<void>;
};

/** True once an inclusion proof of this envelope at this index has been verified under a head that this guard admits. */
export type InLog = (envelope: Uint8Array, index: number, signal?: AbortSignal) => Promise<boolean>;

const MAX_BYTES = 64 * 1024;
const NAME = /^[0-9]{16}-[0-9]{6}-(ending|receipt)-[0-9a-f]{32}$/;

export function openQueue(home: Pick<Home, 'guard'>, now: () => number): Queue {
  const folder = join(home.guard, 'queue');
  let count = 0;
  const mine = new Set<string>();
  return {
    put: (type, envelope) => {
      try {
        mkdirSync(folder, { mode: 0o700, recursive: true });
      } catch {
        return fail('io', folder);
      }
      const place = placeOf(now(), count++);
      const name = `${place}-${type}-${messageId(envelope)}`;
      mine.add(name);
      return writeAtomic(join(folder, name), envelope);
    },
    flush: async (link, inLog, signal, whose = 'all') => {
      for (const name of namesIn(folder, NAME)) {
        if (whose === 'mine' && !mine.has(name)) continue;
        const path = join(folder, name);
        const bytes = readPrivate(path, MAX_BYTES);
        // Another run has just sent it.
        if (!bytes.ok) continue;
        const type = name.includes('-ending-') ? 'ending' : 'receipt';
        const sent = await link.send(
          type,
          { envelope: fromUtf8(bytes.value) },
          { id: messageId(bytes.value), ...(signal ? { signal } : {}) },
        );
        if (!sent.ok && (sent.code === 'closed' || WIRE_CODES[sent.code].retry)) return;
        if (!sent.ok) putAside(folder, name);
        else if (
          sent.value.index !== undefined &&
          (await inLog(bytes.value, sent.value.index, signal))
        )
          rmSync(path, { force: true });
      }
    },
  };
}

/** This guard's own record of what its broker would not take. */
function putAside(folder: string, name: string): void {
  try {
    mkdirSync(join(folder, 'refused'), { mode: 0o700, recursive: true });
    renameSync(join(folder, name), join(folder, 'refused', name));
  } catch {
    // Another run has put it there.
  }
}

/** Of the content, so that two runs that send the same file send one message. */
const messageId = (envelope: Uint8Array): string => toHex(sha256(envelope).subarray(0, 16));
