// All seeded bugs. The list grows with every bug found: what a test did not see once, it must see for ever.

import { ALARM_MUTANTS } from './alarms.ts';
import { APP_MUTANTS } from './app.ts';
import { BROKER_MUTANTS } from './broker.ts';
import { CHANGES_MUTANTS } from './changes.ts';
import { EDGE_MUTANTS } from './edges.ts';
import { ERASURE_MUTANTS } from './erasure.ts';
import { EVIDENCE_MUTANTS } from './evidence.ts';
import { GRANT_MUTANTS } from './grants.ts';
import { GUARD_MUTANTS } from './guard.ts';
import { LEDGER_MUTANTS } from './ledger.ts';
import type { Mutant } from './mutant.ts';
import { ON_CALL_MUTANTS } from './on-call.ts';
import { PEOPLE_MUTANTS } from './people.ts';
import { TEAM_MUTANTS } from './team.ts';
import { TRUST_MUTANTS } from './trust.ts';

export const MUTANTS: readonly Mutant[] = [
  ...TRUST_MUTANTS,
  ...GUARD_MUTANTS,
  ...BROKER_MUTANTS,
  ...LEDGER_MUTANTS,
  ...APP_MUTANTS,
  ...ALARM_MUTANTS,
  ...TEAM_MUTANTS,
  ...EDGE_MUTANTS,
  ...ERASURE_MUTANTS,
  ...CHANGES_MUTANTS,
  ...GRANT_MUTANTS,
  ...EVIDENCE_MUTANTS,
  ...PEOPLE_MUTANTS,
  ...ON_CALL_MUTANTS,
];
