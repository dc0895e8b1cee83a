// What policy decided without asking anybody, on disk before anything runs and until it is proven that the log has it. With
// 1,000 of them unsent, or the oldest ten minutes old, nothing more is put down, so nothing more runs unasked.

import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fromUtf8, toHex, utf8 } from '../../../shared/bytes.ts';
import { LIMITS } from '../../../shared/protocol/limits.ts';
import { fail, type Result } from '../../../shared/result.ts';
import { AutoEntry, MAX_AUTO_PAYLOAD, MAX_AUTOS } from '../../../shared/statement/auto.ts';
import type { Link } from '../../link/link.ts';
import { writeAtomic } from '../../state/atomic-file.ts';
import type { Home } from '../../state/home.ts';
import { jsonBytes, readJsonFile } from '../../state/json-file.ts';
import { sha256 } from '../../trust/digest.ts';
import { namesIn, placeOf } from './names.ts';
import type { InLog } from './queue.ts';

export const MAX_UNSENT = 1_000;
export const MAX_UNSENT_MS = 10 * 60 * 1000;

export type Autos = {
  /** On disk when it returns ok. 'owed': too many, or too old; then it must not run. */
  readonly put: (entry: AutoEntry) => Result<void, 'owed' | 'io'>;
  /**
   * Sends what lies here, oldest first, signed by `sign`; what is proven to be in the log is removed. 'unproven': the broker
   * has it, and no head covers it yet; asked again, it is the same statement.
   */
  readonly flush: (
    link: Pick<Link, 'send'>,
    inLog: InLog,
    sign: (entries: AutoEntry[]) => Uint8Array,
    signal?: AbortSignal,
  ) => Promise<'done' | 'unproven'>;
};

const NAME = /^([0-9]{16})-[0-9]{6}-[0-9a-f]{32}$/;
/** What surrounds the entries of one statement. */
const FRAME_BYTES = 2 * 1024;

export function openAutos(home: Pick<Home, 'guard'>, now: () => number): Autos {
  const folder = join(home.guard, 'autos');
  let count = 0;
  return {
    put: (entry) => {
      const names = namesIn(folder, NAME);
      if (isOwed(names, now())) return fail('owed');
      try {
        mkdirSync(folder, { mode: 0o700, recursive: true });
      } catch {
        return fail('io', folder);
      }
      const place = placeOf(now(), count++);
      return writeAtomic(join(folder, `${place}-${entry.id}`), jsonBytes(AutoEntry.parse(entry)));
    },
    flush: async (link, inLog, sign, signal) => {
      // Each round takes away what it has sent, so this ends with the folder.
      for (;;) {
        const batch = nextBatch(folder);
        if (batch.length === 0 || signal?.aborted === true) return 'done';
        const envelope = sign(batch.map(({ entry }) => entry));
        const id = toHex(sha256(envelope).subarray(0, 16));
        const body = { envelope: fromUtf8(envelope) };
        const sent = await link.send('auto', body, { id, ...(signal ? { signal } : {}) });
        // Refused for good: it stays, and what stays for ten minutes ends what runs unasked.
        if (!sent.ok || sent.value.index === undefined) return 'done';
        if (!(await inLog(envelope, sent.value.index, signal))) return 'unproven';
        for (const { path } of batch) rmSync(path, { force: true });
      }
    },
  };
}

/** A clock that was set back would make them young for ever: from the future counts as old. */
function isOwed(names: readonly string[], now: number): boolean {
  if (names.length >= MAX_UNSENT) return true;
  return names.some((name) => {
    const age = now - Number(NAME.exec(name)?.[1]);
    return !(age < MAX_UNSENT_MS && age > -LIMITS.clockSkewMs);
  });
}

type Kept = { readonly path: string; readonly entry: AutoEntry };

/** As many of the oldest as fit one statement. One that cannot be read is left: it is owed, and it cannot be sent. */
function nextBatch(folder: string): readonly Kept[] {
  const batch: Kept[] = [];
  let bytes = FRAME_BYTES;
  for (const name of namesIn(folder, NAME)) {
    const path = join(folder, name);
    const entry = readJsonFile(path, AutoEntry);
    if (!entry.ok) continue;
    bytes += utf8(JSON.stringify(entry.value)).length + 1;
    if (batch.length === MAX_AUTOS || bytes > MAX_AUTO_PAYLOAD) break;
    batch.push({ path, entry: entry.value });
  }
  return batch;
}
