// The newest checkpoint that any run of this guard has verified: what every later one must be consistent with.

import { textOf, utf8 } from '../../../shared/bytes.ts';
import { type Mark, raiseMark, readMarks } from '../../state/high-mark.ts';
import type { Home } from '../../state/home.ts';
import type { ForkEvidence } from '../../../shared/statement/fork.ts';
import { forkOfSameSize } from '../../trust/fork.ts';
import { sha256Hex } from '../../trust/digest.ts';
import { type Checkpoint, openCheckpoint } from '../../trust/checkpoint.ts';
import { parseVkey } from '../../trust/vkey.ts';
import type { LogAnchor } from '../verify/log.ts';
import { sameHistory } from '../verify/history.ts';
import { folderOnce } from './had.ts';

const MAX_TRIES = 100;

/** A store that cannot be read or written admits nothing: the guard could not tell a rollback. */
export function openCheckpoints(
  home: Pick<Home, 'guard'>,
  log: ForkEvidence['log'],
  found: { readonly now: () => number; readonly fork: (evidence: ForkEvidence) => void },
): LogAnchor['admit'] {
  return async (checkpoint, prove) => {
    const next: Mark = { number: checkpoint.size, bytes: utf8(checkpoint.note) };
    const folder = logFolder(home, log.vkey);
    if (folder === undefined) return 'otherHistory';
    for (let attempt = 0; attempt < MAX_TRIES; attempt++) {
      const seen = readMarks(folder, 'checkpoint');
      if (!seen.ok) return 'otherHistory';
      for (const mark of seen.value) {
        const kept = open(mark, log.vkey);
        if (kept === undefined) return 'otherHistory';
        if (await sameHistory(kept, checkpoint, prove)) continue;
        if (kept.size === checkpoint.size) {
          const at = new Date(found.now()).toISOString();
          found.fork(forkOfSameSize(log, kept.note, checkpoint.note, at));
        }
        return 'otherHistory';
      }
      // The same head, proven above to be one history: it may carry other signature lines now.
      if (seen.value.some((mark) => mark.number === next.number)) return 'admitted';
      const raised = raiseMark(folder, 'checkpoint', seen.value, next);
      if (raised.ok || raised.code === 'lower') return 'admitted';
      // 'differs': another run stored a note of this size meanwhile; the next look compares the heads.
      if (raised.code !== 'raced' && raised.code !== 'differs') return 'otherHistory';
    }
    return 'otherHistory';
  };
}

/** The newest head that any run of this guard has verified of this log. */
export function newestKept(home: Pick<Home, 'guard'>, vkeyText: string): Checkpoint | undefined {
  const folder = logFolder(home, vkeyText);
  const marks = folder === undefined ? undefined : readMarks(folder, 'checkpoint');
  const newest = marks?.ok ? marks.value.at(-1) : undefined;
  return newest && open(newest, vkeyText);
}

/** One folder a log: a new epoch of the organisation's log begins with nothing. */
function logFolder(home: Pick<Home, 'guard'>, vkeyText: string): string | undefined {
  const folder = folderOnce(home, `log-${sha256Hex(utf8(vkeyText)).slice(0, 16)}`);
  return folder.ok ? folder.value : undefined;
}

function open(mark: Mark, vkeyText: string): Checkpoint | undefined {
  const vkey = parseVkey(vkeyText);
  const note = textOf(mark.bytes);
  const opened = vkey.ok && note !== undefined ? openCheckpoint(note, vkey.value) : undefined;
  return opened?.ok ? opened.value : undefined;
}
