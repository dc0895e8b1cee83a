// The one grant that processes of their own race for.

import type { GrantTerms } from '../../shared/statement/grant.ts';

export const USES_OF_RACE = 40;

const says: GrantTerms = {
  org: 'org',
  log: 'log.test/race',
  guard: 'guard-1',
  agent: 'claude',
  onBehalfOf: 'carol',
  policy: '0'.repeat(64),
  tier: 'medium',
  actions: { same: 'a'.repeat(64) },
  uses: USES_OF_RACE,
  from: '2026-11-22T09:00:00.000Z',
  until: '2026-11-22T10:00:00.000Z',
};
export const termsOfRace = { sha256: 'd'.repeat(64), says };
