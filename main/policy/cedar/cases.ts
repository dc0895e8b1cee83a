// Example cases kept beside a policy: an action or facts in, the expected answer out. A closed schema, a fixed time where
// a case names none, and no I/O: the same cases give the same result on every machine and every day.

import * as z from 'zod';
import { textOf } from '../../../shared/bytes.ts';
import { CHECK_NAMES, type Verdict } from '../../../shared/domain/policy.ts';
import { TIERS } from '../../../shared/domain/tier.ts';
import { fail, ok, type Result } from '../../../shared/result.ts';
import { Id, line, Time } from '../../../shared/statement/fields.ts';
import { GUARD_MODES } from '../../../shared/statement/request.ts';
import { factsOf } from '../facts.ts';
import type { Circumstances, Facts, Policy } from '../policy.ts';
import { needsText } from './explain.ts';
import { parseRequire } from './quorum.ts';
import { sampleCommand, sampleHttp, sampleMcp, sampleTool } from './sample-action.ts';

const Words = z.string().max(4096);
const Fact = z.union([Words, z.int().min(0), z.boolean(), z.array(Words).max(256)]);

const Expected = z.strictObject({
  outcome: z.enum(['allow', 'hold', 'forbid']),
  tier: z.enum(TIERS).optional(),
  /** As `@require` writes it. */
  needs: z
    .string()
    .refine((text) => parseRequire(text).ok, 'not like "1 of dba and 1 of security"')
    .optional(),
  rules: z.array(z.string().max(200)).max(64).optional(),
  checks: z
    .partialRecord(z.enum(CHECK_NAMES), z.enum(['passed', 'failed', 'notApplicable']))
    .optional(),
});

const Case = z
  .strictObject({
    name: line(200),
    command: z.array(Words).min(1).max(256).optional(),
    http: z.strictObject({ method: Words, url: Words }).optional(),
    mcp: z
      .strictObject({ server: line(200), tool: line(200), arguments: z.unknown().optional() })
      .optional(),
    tool: z
      .strictObject({ runtime: Id, tool: line(200), input: z.unknown().optional() })
      .optional(),
    /** Laid over the facts of the action. */
    facts: z.record(z.string().max(64), Fact).optional(),
    cwd: Words.optional(),
    root: z.boolean().optional(),
    at: Time.optional(),
    agent: z
      .strictObject({
        id: Id.optional(),
        onBehalfOf: Id.optional(),
        authn: z.enum(['declared', 'account', 'token']).optional(),
      })
      .optional(),
    guard: z.strictObject({ host: line(253), mode: z.enum(GUARD_MODES) }).optional(),
    reason: Words.optional(),
    trigger: Words.optional(),
    expect: Expected,
  })
  .refine(
    (one) => [one.command, one.http, one.mcp, one.tool].filter(Boolean).length === 1,
    'give one of command, http, mcp and tool',
  );

const Cases = z.strictObject({ version: z.literal(1), cases: z.array(Case).max(2000) });
export type Case = z.infer<typeof Case>;

export type Difference = {
  readonly what: string;
  readonly expected: string;
  readonly got: string;
};

export type CaseResult = {
  readonly name: string;
  readonly differences: readonly Difference[];
  readonly facts: Facts;
  readonly verdict: Verdict;
};

/** A Monday noon, UTC. */
const DEFAULT_AT = '2026-01-05T12:00:00.000Z';
const DEFAULT_CWD = '/home/dev/project';

/** 'cases', with one sentence that names the case and the member. */
export function readCases(bytes: Uint8Array): Result<readonly Case[], 'cases'> {
  const text = textOf(bytes);
  if (text === undefined) return fail('cases', 'the cases are not UTF-8 text');
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return fail('cases', `not JSON: ${error instanceof Error ? error.message : 'unreadable'}`);
  }
  const read = Cases.safeParse(json);
  if (!read.success) {
    const [issue] = read.error.issues;
    return fail('cases', `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not valid'}`);
  }
  const names = read.data.cases.map((one) => one.name);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  return twice === undefined
    ? ok(read.data.cases)
    : fail('cases', `two cases are called "${twice}"`);
}

/** 'cases' where the case's action cannot be made. */
export function runCase(
  policy: Pick<Policy, 'evaluate'>,
  given: Case,
): Result<CaseResult, 'cases'> {
  const cwd = given.cwd ?? DEFAULT_CWD;
  const action =
    (given.command && sampleCommand(given.command, { cwd, root: given.root ?? false })) ??
    (given.http && sampleHttp(given.http)) ??
    (given.mcp && sampleMcp({ ...given.mcp, arguments: given.mcp.arguments })) ??
    (given.tool && sampleTool({ ...given.tool, input: given.tool.input }, cwd));
  if (action === undefined) return fail('cases', `"${given.name}": the url is not an http address`);
  const facts: Facts = { ...factsOf(action), ...given.facts };
  const evaluated = policy.evaluate(facts, given.at ?? DEFAULT_AT, circumstancesIn(given));
  if (!evaluated.ok) return fail('cases', `"${given.name}": ${evaluated.detail ?? evaluated.code}`);
  const verdict = evaluated.value;
  return ok({ name: given.name, differences: differences(given.expect, verdict), facts, verdict });
}

const circumstancesIn = ({ agent, guard, reason, trigger }: Case): Circumstances => ({
  agent: {
    id: agent?.id ?? 'agent',
    onBehalfOf: agent?.onBehalfOf ?? 'somebody',
    authn: agent?.authn ?? 'account',
  },
  guard: guard ?? { host: 'a-host', mode: 'run' },
  reason: reason ?? '',
  trigger: trigger ?? '',
});

function differences(expect: Case['expect'], verdict: Verdict): readonly Difference[] {
  const found: Difference[] = [];
  const compare = (what: string, expected: string | undefined, got: string): void => {
    if (expected !== undefined && expected !== got) found.push({ what, expected, got });
  };
  compare('outcome', expect.outcome, verdict.outcome);
  compare('tier', expect.tier, verdict.tier);
  compare('needs', expect.needs && inOrder(expect.needs), inOrder(needsText(verdict.needs)));
  compare('rules', expect.rules && sorted(expect.rules), sorted(verdict.rules));
  for (const [name, outcome] of Object.entries(expect.checks ?? {}))
    compare(
      `check ${name}`,
      outcome,
      verdict.checks.find((check) => check.name === name)?.outcome ?? 'not configured',
    );
  return found;
}

const sorted = (words: readonly string[]): string =>
  words.length === 0 ? 'none' : words.toSorted().join(', ');

const inOrder = (needs: string): string =>
  needs === '' ? 'nobody' : needs.split(' and ').toSorted().join(' and ');
