// The words after `countersign keyring VERB`, as plain values. One sentence where they do not fit.

import { parseArgs } from 'node:util';
import { TIERS, type Tier } from '../../../shared/domain/tier.ts';
import { fail, ok, type Result } from '../../../shared/result.ts';
import { Id } from '../../../shared/statement/fields.ts';

const text = { type: 'string' } as const;
const many = { type: 'string', multiple: true } as const;
const flag = { type: 'boolean' } as const;

const OPTIONS = {
  out: text,
  key: text,
  org: text,
  root: many,
  threshold: text,
  broker: text,
  log: text,
  days: text,
  from: text,
  'from-index': text,
  'lower-threshold': flag,
  'new-log': flag,
  publish: flag,
  person: text,
  guard: text,
  device: text,
  why: text,
  url: text,
  ca: text,
  'plain-network': flag,
  'add-person': many,
  'add-guard': many,
  join: many,
  groups: text,
  agents: text,
  'max-tier': text,
  'remove-person': many,
  'remove-guard': many,
  group: many,
  'remove-group': many,
  member: many,
  owner: many,
  'remove-owner': many,
  policy: many,
  settings: text,
  'remove-policy': many,
  team: flag,
  renew: flag,
} as const;

export type Words = {
  readonly values: ReturnType<typeof parse>['values'];
  readonly positionals: readonly string[];
};

const parse = (args: string[]) =>
  parseArgs({ args, options: OPTIONS, allowPositionals: true, strict: true });

const USED: Readonly<Record<string, readonly (keyof typeof OPTIONS)[]>> = {
  key: ['out'],
  init: [
    'org',
    'root',
    'threshold',
    'broker',
    'add-person',
    'add-guard',
    'out',
    'log',
    'days',
    'groups',
    'agents',
    'max-tier',
  ],
  propose: [
    'out',
    'from',
    'from-index',
    'days',
    'add-person',
    'add-guard',
    'join',
    'groups',
    'agents',
    'max-tier',
    'remove-person',
    'remove-guard',
    'group',
    'remove-group',
    'member',
    'owner',
    'remove-owner',
    'policy',
    'settings',
    'remove-policy',
    'threshold',
    'root',
    'team',
    'renew',
    'new-log',
    'broker',
    'log',
  ],
  sign: ['key', 'lower-threshold', 'new-log', 'publish'],
  show: [],
  revoke: ['person', 'guard', 'device', 'key', 'why', 'out', 'from', 'from-index', 'days'],
  publish: [],
  proposals: [],
  invite: ['url'],
  endpoint: ['ca', 'plain-network'],
  take: [],
};
const FILES: Readonly<Record<string, readonly number[]>> = {
  sign: [1],
  show: [0, 1],
  publish: [1],
  invite: [0, 1],
  endpoint: [1],
  take: Array.from({ length: 64 }, (_, i) => i + 1),
};

export function parseKeyring(verb: string, words: readonly string[]): Result<Words, 'usage'> {
  const used = USED[verb];
  if (used === undefined) return fail('usage', `no verb ${JSON.stringify(verb)}`);
  try {
    const { values, positionals } = parse([...words]);
    const stray = Object.keys(values).find((name) => !used.some((one) => one === name));
    if (stray !== undefined) return fail('usage', `--${stray} is not for ${verb}`);
    if (!(FILES[verb] ?? [0]).includes(positionals.length))
      return fail('usage', `${verb} takes ${FILES[verb] === undefined ? 'no file' : 'a file'}`);
    return ok({ values, positionals });
  } catch (error) {
    const said = error instanceof Error ? (error.message.split('. ')[0] ?? '') : 'not understood';
    return fail('usage', said.charAt(0).toLowerCase() + said.slice(1));
  }
}

/** Every reader below gives one sentence where the text does not fit. */
export function wholeNumber(
  name: string,
  text: string | undefined,
  least: number,
): Result<number | undefined, 'usage'> {
  if (text === undefined) return ok(undefined);
  const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  return value >= least ? ok(value) : fail('usage', `--${name} ${text}: a number from ${least} up`);
}

export function ids(name: string, text: string | undefined): Result<readonly string[], 'usage'> {
  const all = text === undefined || text === '' ? [] : text.split(',');
  const wrong = all.find((id) => !Id.safeParse(id).success);
  return wrong === undefined ? ok(all) : fail('usage', `--${name} ${wrong}: not a plain name`);
}

/** `LEFT=RIGHT`, both given. */
export function pair(name: string, text: string): Result<readonly [string, string], 'usage'> {
  const at = text.indexOf('=');
  const [left, right] = [text.slice(0, at), text.slice(at + 1)];
  return at > 0 && Id.safeParse(left).success
    ? ok([left, right])
    : fail('usage', `--${name} ${text}: like name=value`);
}

export function tierOf(text: string | undefined): Result<Tier, 'usage'> {
  const tier = TIERS.find((one) => one === (text ?? 'high'));
  return tier === undefined ? fail('usage', `--max-tier ${text}: ${TIERS.join(', ')}`) : ok(tier);
}
