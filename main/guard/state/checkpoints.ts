// The newest checkpoint that any run of this guard has verified: what every later one must be consistent with.

import { textOf, utf8 } from '../../../shared/bytes.ts';
import { type Mark, raiseMark, readMarks } from '../../state/high-mark.ts';
import type { Home } from '../../state/home.ts';
import { type Checkpoint, openCheckpoint } from '../../trust/checkpoint.ts';
import { parseVkey } from '../../trust/vkey.ts';
import type { LogAnchor } from '../verify/log.ts';
import { sameHistory } from '../verify/history.ts';

const MAX_TRIES = 100;

/** A store that cannot be read or written admits nothing: the guard could not tell a rollback. */
export function openCheckpoints(home: Pick<Home, 'guard'>, vkeyText: string): LogAnchor['admit'] {
  return async (checkpoint, prove) => {
    const next: Mark = { number: checkpoint.size, bytes: utf8(checkpoint.note) };
    for (let attempt = 0; attempt < MAX_TRIES; attempt++) {
      const seen = readMarks(home.guard, 'checkpoint');
      if (!seen.ok) return 'otherHistory';
      for (const mark of seen.value) {
        const kept = open(mark, vkeyText);
        if (kept === undefined || !(await sameHistory(kept, checkpoint, prove)))
          return 'otherHistory';
      }
      // The same head, proven above to be one history: it may carry other signature lines now.
      if (seen.value.some((mark) => mark.number === next.number)) return 'admitted';
      const raised = raiseMark(home.guard, 'checkpoint', seen.value, next);
      if (raised.ok || raised.code === 'lower') return 'admitted';
      // 'differs': another run stored a note of this size meanwhile; the next look compares the heads.
      if (raised.code !== 'raced' && raised.code !== 'differs') return 'otherHistory';
    }
    return 'otherHistory';
  };
}

function open(mark: Mark, vkeyText: string): Checkpoint | undefined {
  const vkey = parseVkey(vkeyText);
  const note = textOf(mark.bytes);
  const opened = vkey.ok && note !== undefined ? openCheckpoint(note, vkey.value) : undefined;
  return opened?.ok ? opened.value : undefined;
}
