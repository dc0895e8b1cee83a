// An approval is used once: one exclusive file for each nonce, on disk before anything starts. Of any number of runs and
// replays that share this guard's key, one creates the file and the others are told that it is used.

import { join } from 'node:path';
import { utf8 } from '../../../shared/bytes.ts';
import { fail, type Failure } from '../../../shared/result.ts';
import type { RefusalCode } from '../../../shared/domain/refusals.ts';
import { createExclusive } from '../../state/atomic-file.ts';
import type { Home } from '../../state/home.ts';
import { folderOnce } from './had.ts';

/** 64 hex digits, checked by the request's schema: safe as a file name. */
export function consume(
  home: Pick<Home, 'guard'>,
  nonce: string,
  request: string,
): Failure<RefusalCode> | undefined {
  const folder = folderOnce(home, 'consumed');
  if (!folder.ok) return fail('consumeFailed', folder.detail);
  const made = createExclusive(join(folder.value, nonce), utf8(`${request}\n`));
  if (made.ok) return undefined;
  return made.code === 'exists' ? fail('alreadyUsed') : fail('consumeFailed', made.detail);
}
