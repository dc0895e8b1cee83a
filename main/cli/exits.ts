// How a run ended, as a shell understands it. sysexits.h where it has a word; 126, 127 and 128+n as shells use them.

import { WIRE_CODES } from '../../shared/protocol/codes.ts';
import { assertNever } from '../../shared/result.ts';
import { exitStatus } from '../guard/exec/outcome.ts';
import type { RunEnd } from '../guard/run.ts';

export const EXITS = {
  usage: 64,
  notWritten: 74,
  unanswered: 75,
  refused: 76,
  denied: 77,
  notConfigured: 78,
  notExecutable: 126,
  notFound: 127,
} as const;

export function exitOf(end: RunEnd): number {
  switch (end.how) {
    case 'ran':
      return exitStatus(end.outcome);
    case 'denied':
    case 'forbidden':
      return EXITS.denied;
    case 'expired':
    case 'tooOften':
    case 'ended':
      return EXITS.unanswered;
    case 'refused':
      return EXITS.refused;
    case 'notStarted':
      return end.code === 'notFound' ? EXITS.notFound : EXITS.notExecutable;
    case 'unreachable':
      // A broker that knows this guard and says no to what it asks is a matter of set-up, not of waiting.
      return end.code in WIRE_CODES && !WIRE_CODES[end.code as keyof typeof WIRE_CODES].retry
        ? EXITS.notConfigured
        : EXITS.unanswered;
    case 'unaskable':
      return end.code === 'policy' ? EXITS.notConfigured : EXITS.usage;
    case 'interrupted':
      return exitStatus({ signal: end.signal });
    default:
      return assertNever(end, 'ending');
  }
}
