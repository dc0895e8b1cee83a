// Policies and their settings by digest, below the state folder, for guard, broker and app of this machine alike. What is
// read is what it is called, or it is not there: a file that somebody has changed is no policy.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { LIMITS } from '../../shared/protocol/limits.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import { sha256Hex } from '../trust/digest.ts';
import { readPrivate, writeAtomic } from './atomic-file.ts';
import { errorReason } from './errno.ts';
import type { Home } from './home.ts';

export type PolicyFiles = {
  /** Undefined where there is none, or where the file is not what its name says. */
  readonly read: (sha256: string) => Uint8Array | undefined;
  /** On disk when it returns; gives its digest. */
  readonly keep: (bytes: Uint8Array) => Result<string, 'tooLarge' | 'io'>;
};

const DIGEST = /^[0-9a-f]{64}$/;

export function openPolicyFiles({ root }: Pick<Home, 'root'>): PolicyFiles {
  const folder = join(root, 'policies');
  return {
    read: (sha256) => {
      if (!DIGEST.test(sha256)) return undefined;
      const bytes = readPrivate(join(folder, sha256), LIMITS.maxPolicyBytes);
      return bytes.ok && sha256Hex(bytes.value) === sha256 ? bytes.value : undefined;
    },
    keep: (bytes) => {
      if (bytes.length > LIMITS.maxPolicyBytes)
        return fail('tooLarge', `a policy is at most ${LIMITS.maxPolicyBytes / 1024} KiB`);
      try {
        mkdirSync(folder, { mode: 0o700, recursive: true });
      } catch (error) {
        return fail('io', `${folder} can't be made: ${errorReason(error)}`);
      }
      const sha256 = sha256Hex(bytes);
      const written = writeAtomic(join(folder, sha256), bytes);
      return written.ok ? ok(sha256) : fail('io', written.detail);
    },
  };
}
