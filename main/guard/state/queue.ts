// What the guard owes the log: receipts and endings, on disk before they are sent and until the broker has them. A run
// that was cut off leaves them here, and the next one sends them.

import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fromUtf8, toHex } from '../../../shared/bytes.ts';
import { WIRE_CODES } from '../../../shared/protocol/codes.ts';
import { fail, type Result } from '../../../shared/result.ts';
import type { Link } from '../../link/link.ts';
import { readPrivate, writeAtomic } from '../../state/atomic-file.ts';
import type { Home } from '../../state/home.ts';
import { sha256 } from '../../trust/digest.ts';

export type Owed = 'ending' | 'receipt';
export type Queue = {
  /** On disk when it returns. */
  readonly put: (type: Owed, envelope: Uint8Array) => Result<void, 'io'>;
  /** Sends everything that lies here, oldest first; what the broker takes or refuses for good is removed. */
  readonly flush: (link: Pick<Link, 'send'>, signal?: AbortSignal) => Promise<void>;
};

const MAX_BYTES = 64 * 1024;
const NAME = /^[0-9]{16}-[0-9]{6}-(ending|receipt)-[0-9a-f]{32}$/;

export function openQueue(home: Pick<Home, 'guard'>, now: () => number): Queue {
  const folder = join(home.guard, 'queue');
  let count = 0;
  return {
    put: (type, envelope) => {
      try {
        mkdirSync(folder, { mode: 0o700, recursive: true });
      } catch {
        return fail('io', folder);
      }
      // Sorts by time, then by order within this run.
      const place = `${String(now()).padStart(16, '0')}-${String(count++).padStart(6, '0')}`;
      return writeAtomic(join(folder, `${place}-${type}-${messageId(envelope)}`), envelope);
    },
    flush: async (link, signal) => {
      for (const name of list(folder)) {
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
        rmSync(path, { force: true });
      }
    },
  };
}

/** Of the content, so that two runs that send the same file send one message. */
const messageId = (envelope: Uint8Array): string => toHex(sha256(envelope).subarray(0, 16));

function list(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => NAME.test(name))
      .sort();
  } catch {
    return [];
  }
}
