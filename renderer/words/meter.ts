// What a reviewer is told about their own deciding. It accuses nobody: the figures, and what they are of.

import type { HistoryCharts } from '../../shared/ipc/history.ts';
import { say } from './plural.ts';
import { share, span } from './time.ts';

export type Carried = HistoryCharts['load'][number];

export const METER = {
  title: 'Your deciding, the last 30 days',
  counting: 'Counting',
  none: 'You have decided nothing in the last 30 days.',
  note: 'From this machine’s copy of the log. Nobody else is shown this here.',
} as const;

/** How many, how quickly, and how many of the approvals were given without the card. */
export function meterSays({ approved, denied, unopened, medianMs }: Carried): readonly string[] {
  return [
    say(
      '{all, plural, one {# decision} other {# decisions}}: {approved} approved, {denied} denied.',
      { all: approved + denied, approved, denied },
    ),
    ...(medianMs === undefined ? [] : [`Half of them within ${span(medianMs)} of being asked.`]),
    ...(approved === 0
      ? []
      : [`Approved without opening the card: ${share(unopened / approved)} of your approvals.`]),
  ];
}
