// The words after `countersign policy`, parsed. For `explain`, everything after `--` is the command and never looked at.

import { parseArgs } from 'node:util';
import { fail, ok, type Result } from '../../shared/result.ts';

export const POLICY_VERBS = ['check', 'test', 'explain', 'rehearse', 'starter', 'use'] as const;
export type PolicyVerb = (typeof POLICY_VERBS)[number];

export type PolicyOptions = {
  readonly verb: PolicyVerb;
  readonly file: string;
  readonly json: boolean;
  readonly settings: string | undefined;
  readonly cases: string | undefined;
  readonly log: string | undefined;
  /** RFC 3339, UTC. */
  readonly since: string | undefined;
  readonly at: string | undefined;
  readonly environment: string | undefined;
  readonly dataClass: string | undefined;
  readonly agent: string | undefined;
  readonly reason: string;
  readonly argv: readonly string[];
};

const OPTIONS = {
  json: { type: 'boolean' },
  settings: { type: 'string' },
  cases: { type: 'string' },
  log: { type: 'string' },
  since: { type: 'string' },
  at: { type: 'string' },
  environment: { type: 'string' },
  'data-class': { type: 'string' },
  agent: { type: 'string' },
  reason: { type: 'string' },
} as const;

/** Which options a verb takes besides --json and --settings. */
const TAKES: Readonly<Record<PolicyVerb, readonly string[]>> = {
  check: [],
  test: ['cases'],
  explain: ['at', 'environment', 'data-class', 'agent', 'reason'],
  rehearse: ['log', 'since'],
  starter: [],
  use: [],
};

/** 'usage' with one sentence. `now` is what `--since 30d` counts back from. */
export function parsePolicy(words: readonly string[], now: number): Result<PolicyOptions, 'usage'> {
  const [given, ...rest] = words;
  const verb = POLICY_VERBS.find((one) => one === given);
  if (verb === undefined)
    return fail('usage', `policy ${given ?? ''}: check, test, explain, rehearse, starter or use`);
  const dashes = rest.indexOf('--');
  const argv = dashes < 0 ? [] : rest.slice(dashes + 1);
  const read = parse(dashes < 0 ? rest : rest.slice(0, dashes));
  if (!read.ok) return read;
  const { values, positionals } = read.value;
  const stray = Object.keys(values).find(
    (name) => name !== 'json' && name !== 'settings' && !TAKES[verb].includes(name),
  );
  if (stray !== undefined) return fail('usage', `policy ${verb} takes no --${stray}`);
  const wrong = whyWrong(verb, positionals, argv, dashes >= 0);
  if (wrong !== undefined) return fail('usage', wrong);
  const since = values.since === undefined ? undefined : momentOf(values.since, now);
  if (values.since !== undefined && since === undefined)
    return fail('usage', `--since ${values.since}: a date like 2026-11-22, or 90m, 12h, 7d, 4w`);
  const at = values.at === undefined ? undefined : momentOf(values.at, now);
  if (values.at !== undefined && at === undefined)
    return fail('usage', `--at ${values.at}: a time like 2026-11-22T14:00Z`);
  const { settings, cases, log, environment, agent } = values;
  return ok({
    verb,
    file: positionals[0] ?? '',
    json: values.json ?? false,
    settings,
    cases,
    log,
    since,
    at,
    environment,
    agent,
    dataClass: values['data-class'],
    reason: values.reason ?? '',
    argv,
  });
}

function whyWrong(
  verb: PolicyVerb,
  positionals: readonly string[],
  argv: readonly string[],
  dashed: boolean,
): string | undefined {
  if (verb === 'starter')
    return positionals.length > 0 ? 'policy starter takes no file: it prints one' : undefined;
  if (positionals.length === 0) return `policy ${verb}: which policy file?`;
  if (verb === 'explain') {
    if (!dashed) return 'put the command after --';
    if (argv.length === 0) return 'there is no command after --';
  } else if (dashed) return `policy ${verb} takes no command`;
  return positionals.length > 1
    ? `policy ${verb} takes one file, not ${positionals[1]}`
    : undefined;
}

function parse(words: string[]) {
  try {
    return ok(parseArgs({ args: words, strict: true, allowPositionals: true, options: OPTIONS }));
  } catch (error) {
    const said = error instanceof Error ? (error.message.split('. ')[0] ?? '') : 'not understood';
    return fail('usage' as const, said.charAt(0).toLowerCase() + said.slice(1));
  }
}

const UNITS = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 7 * 86_400_000 } as const;

/** Undefined where it is not clear which moment is meant; only what ISO 8601 writes, and a day alone is UTC's. */
function momentOf(text: string, now: number): string | undefined {
  const back = /^([1-9][0-9]{0,5})([mhdw])$/.exec(text);
  // The pattern lets only these four through.
  const unit = back && UNITS[back[2] as keyof typeof UNITS];
  const iso = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d))?$/;
  const at = unit ? now - Number(back[1]) * unit : iso.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isFinite(at) ? new Date(at).toISOString() : undefined;
}
