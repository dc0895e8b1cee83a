// What policy answers, as plain values: the same for guard, broker and app, and for the words on a card. Pure.

import type { Need } from '../statement/request.ts';
import type { Tier } from './tier.ts';

/** The named compliance checks. A name that is not here cannot be configured, demanded or shown. */
export const CHECK_NAMES = [
  'changeFreeze',
  'dataClass',
  'fedramp',
  'fourEyes',
  'hours',
  'pci',
  'ticket',
] as const;
export type CheckName = (typeof CHECK_NAMES)[number];

export type CheckOutcome = 'passed' | 'failed' | 'notApplicable';

export type Check = {
  readonly name: CheckName;
  readonly outcome: CheckOutcome;
  /** One sentence for people. */
  readonly why: string;
};

export type PolicyOutcome = 'allow' | 'hold' | 'forbid';

export type Verdict = {
  readonly outcome: PolicyOutcome;
  readonly tier: Tier;
  /** All of them together; each person fills one slot. Empty where nobody is asked. */
  readonly needs: readonly Need[];
  /** Names of the rules that decided, for the card and the log. */
  readonly rules: readonly string[];
  /** The checks that are configured, in the order of their names. */
  readonly checks: readonly Check[];
  /** The shortest time that a matching rule gives; absent where none does. */
  readonly ttlMs?: number;
  /** One or more sentences of the rules themselves, or of what happened. */
  readonly reason: string;
  /** Set where policy could not be evaluated: a refusal that no approval can lift. */
  readonly code?: 'policyError';
};

/** How many questions an agent may ask of people, in any hour and in any day. */
export type QuestionBudget = { readonly perHour: number; readonly perDay?: number | undefined };

/** In place of a rule's name where no rule covers the action: it is held. */
export const NO_RULE = 'no-rule';

/** In place of a rule's name where policy could not be evaluated. */
export const POLICY_ERROR = 'policy-error';
