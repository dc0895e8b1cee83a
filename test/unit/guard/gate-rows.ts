// One row or more per refusal that a decision can earn at the gate, in the order of the checks. Several rows of one code
// are several ways to be wrong about one rule.

import { FORM_ROWS } from './form-rows.ts';
import { JUDGE_ROWS } from './judge-rows.ts';
import { LOG_ROWS } from './log-rows.ts';
import type { Refused } from './row.ts';

export const GATE_ROWS: readonly Refused[] = [...FORM_ROWS, ...JUDGE_ROWS, ...LOG_ROWS];
