// What stands around the explanation on a card; its sentences are the app's own, from the policy in force.

import type { ExplainCode } from '../../shared/ipc/explain.ts';
import { say } from './plural.ts';

export const WHY = {
  title: 'Why it waits, and for whom',
  missing: 'Missing',
  nobody: 'Nobody is missing any more.',
  takes: 'To approve',
  because: 'Decided by',
  checks: 'Checks',
  found: 'It does',
  nothing: 'Nothing that policy asks about.',
  line: (line: number): string => `line ${line} of the policy`,
  others: (count: number): string =>
    say('{count, plural, one {# check does not apply.} other {# checks do not apply.}}', { count }),
} as const;

export const WHY_FAILED: { readonly [C in ExplainCode]: string } = {
  unknownRequest: 'The app does not know this request any more.',
  policyMissing: 'The policy that it was asked under is not on this machine.',
  policyError: 'Policy cannot be evaluated over it.',
};

export const NOT_SO = {
  show: (count: number): string =>
    say('{count, plural, one {# more that is not so} other {# more that are not so}}', { count }),
  hide: 'Fold those that are not so',
} as const;
