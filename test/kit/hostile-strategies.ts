// Everything a broker may try that holds its own keys and the log's, and has heard every decision there ever was. None
// of it may let anything run: each says how the guard must end.

import type { Attack } from './hostile-attack.ts';
import { FORGERIES, SWAPS } from './hostile-forgeries.ts';
import { HISTORIES, KEYS_AND_TIME, SILENCES } from './hostile-histories.ts';

export const ATTACKS: readonly Attack[] = [
  ...FORGERIES,
  ...SWAPS,
  ...KEYS_AND_TIME,
  ...HISTORIES,
  ...SILENCES,
];
