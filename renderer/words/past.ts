// What stands over this machine's history on a card. It is nobody's signed word, and says so.

import type { RequestRow } from '../../shared/ipc/history.ts';
import { ENDED } from './request.ts';

export const PAST = {
  title: 'This machine’s history',
  note: 'From this machine’s copy of the log. No part of what you sign.',
  partly: 'Only the newest part of it was looked at.',
  last: 'What this agent asked before, here on this host',
  noLast: 'Nothing.',
  similar: 'How others like it were decided: the same kind of action on the same target',
  noSimilar: 'None has been decided.',
  erased: 'Text erased',
  open: 'No ending yet',
  by: (ending: string, reviewer: string): string => `${ending} by ${reviewer}`,
} as const;

export function pastSays({ ending, reviewer }: RequestRow): string {
  const ended = ending === 'open' ? PAST.open : ENDED[ending];
  return reviewer === undefined ? ended : PAST.by(ended, reviewer.name);
}
