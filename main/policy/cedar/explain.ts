// A verdict in words: what happens, who is missing, which rule says so and where it stands, how each check came out. The
// same sentences for the card, the command line and the report of a rehearsal.

import { ANYONE } from '../../../shared/domain/approval.ts';
import { type Check, NO_RULE, POLICY_ERROR, type Verdict } from '../../../shared/domain/policy.ts';
import type { Tier } from '../../../shared/domain/tier.ts';
import type { Need } from '../../../shared/statement/request.ts';
import type { Facts } from '../policy.ts';
import { MEMBERS } from './members.ts';
import { peopleIn } from './quorum.ts';
import type { Rule } from './rules.ts';
import { placeOf } from './split.ts';

export type Explanation = {
  readonly outcome: Verdict['outcome'];
  /** One sentence: what happens. */
  readonly headline: string;
  /** Who or what is missing, one sentence each; empty where nothing can or need be added. */
  readonly missing: readonly string[];
  readonly because: readonly {
    readonly rule: string;
    readonly says: string;
    /** From 1; absent where no rule of the file decided. */
    readonly line?: number;
  }[];
  readonly checks: readonly (Check & { readonly says: string })[];
  /** What the facts say about the action, one clause each. */
  readonly found: readonly string[];
};

/** Where the rules can be looked up: a policy that was opened, with its text. */
export type RuleBook = {
  readonly rule: (id: string) => Rule | undefined;
  readonly bytes: Uint8Array;
};

export function explain(verdict: Verdict, facts: Facts, book: RuleBook | undefined): Explanation {
  return {
    outcome: verdict.outcome,
    headline: headlineOf(verdict),
    missing: missingOf(verdict),
    because: verdict.rules.map((id) => becauseOf(id, verdict, book)),
    checks: verdict.checks.map((check) => ({
      ...check,
      says: `${NAMES[check.name]} ${SAYS[check.outcome]}: ${check.why}`,
    })),
    found: foundIn(facts),
  };
}

const NAMES: { readonly [N in Check['name']]: string } = {
  changeFreeze: 'Change freeze',
  dataClass: 'Data class',
  fedramp: 'FedRAMP scope',
  fourEyes: 'Four eyes',
  hours: 'Working hours',
  pci: 'PCI scope',
  ticket: 'Ticket',
};

const SAYS: { readonly [O in Check['outcome']]: string } = {
  passed: 'passed',
  failed: 'failed',
  notApplicable: 'not applicable',
};

const GESTURES: { readonly [T in Tier]: string } = {
  low: 'One click approves, also from a notification.',
  medium: 'One click approves, once all of it has been on screen.',
  high: 'Press and hold approves, with a reason, and not from the machine that asked.',
  critical:
    'Typing its name and a presence check approve, with a reason, and not from the machine that asked.',
};

function headlineOf(verdict: Verdict): string {
  if (verdict.code === 'policyError') return 'Refused: policy could not be evaluated.';
  if (verdict.outcome === 'allow') return 'Runs at once; nobody is asked.';
  if (verdict.outcome === 'forbid') return 'Refused; nobody can approve it.';
  return `Held at tier ${verdict.tier} until ${needsSay(verdict.needs)} approved.`;
}

function missingOf(verdict: Verdict): readonly string[] {
  if (verdict.outcome !== 'hold') return [];
  const people = peopleIn(verdict.needs);
  const several = people > 1 ? [`These are ${people} different people.`] : [];
  const time =
    verdict.ttlMs === undefined ? [] : [`It can be approved for ${timeSays(verdict.ttlMs)}.`];
  return [...several, GESTURES[verdict.tier], ...time];
}

/** `1 of dba and 1 of security have`, `one person has`. */
export function needsSay(needs: readonly Need[]): string {
  const [only] = needs;
  if (needs.length === 1 && only?.group === ANYONE)
    return only.count === 1 ? 'one person has' : `${only.count} people have`;
  const says = needs
    .map(({ group, count }) =>
      group === ANYONE ? `${count} more of anyone` : `${count} of ${group}`,
    )
    .join(' and ');
  return `${says} ${peopleIn(needs) === 1 ? 'has' : 'have'}`;
}

/** As `@require` writes it. */
export const needsText = (needs: readonly Need[]): string =>
  needs.map(({ group, count }) => `${count} of ${group}`).join(' and ');

function becauseOf(
  id: string,
  verdict: Verdict,
  book: RuleBook | undefined,
): Explanation['because'][number] {
  if (id === NO_RULE || id === POLICY_ERROR) return { rule: id, says: verdict.reason };
  const rule = book?.rule(id);
  if (rule === undefined) return { rule: id, says: verdict.reason };
  const { line } = placeOf(new TextDecoder().decode(book?.bytes), rule.start);
  return { rule: id, says: rule.reason ?? 'The rule gives no reason.', line };
}

function foundIn(facts: Facts): readonly string[] {
  const capabilities = facts['capabilities'];
  const can = Array.isArray(capabilities) ? [`what it can do: ${capabilities.join(', ')}`] : [];
  const marks = Object.entries(MEMBERS).flatMap(([name, member]) =>
    facts[name] === true && member.says !== undefined ? [member.says] : [],
  );
  return [...can, ...marks];
}

function timeSays(ms: number): string {
  const [count, unit] =
    ms % 3_600_000 === 0
      ? [ms / 3_600_000, 'hour']
      : ms % 60_000 === 0
        ? [ms / 60_000, 'minute']
        : [ms / 1000, 'second'];
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}
