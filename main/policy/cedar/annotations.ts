// What a rule says beside its condition. Every annotation is known and well formed, or the rule is refused: a tier with
// a typo in it must not quietly be the default.

import {
  CHECK_NAMES,
  type CheckName,
  NO_RULE,
  POLICY_ERROR,
} from '../../../shared/domain/policy.ts';
import { TIERS, type Tier } from '../../../shared/domain/tier.ts';
import type { Need } from '../../../shared/statement/request.ts';
import { cleanText } from '../../../shared/statement/text.ts';
import { nearest } from './nearest.ts';
import { parseRequire } from './quorum.ts';

export type Annotated = {
  readonly id: string;
  readonly tier: Tier | undefined;
  readonly needs: readonly Need[] | undefined;
  readonly ttlMs: number | undefined;
  readonly reason: string | undefined;
  /** A failed one of these is a refusal once the rule matches. */
  readonly checks: readonly CheckName[];
};

/** `about` is the annotation's name, so that its place can be found. */
export type AnnotationFault = {
  readonly about: string;
  readonly says: string;
  readonly hint?: string;
};

const NAMES = ['id', 'tier', 'require', 'ttl', 'reason', 'check'] as const;
const ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,95}$/;
const UNITS = { s: 1000, m: 60_000, h: 3_600_000 } as const;
const MAX_TTL_MS = 24 * UNITS.h;
const MAX_REASON = 400;

/** Cedar gives null for an annotation without a value. */
type Given = Readonly<Record<string, string | null>>;

export function readAnnotations(given: Given): {
  readonly rule: Annotated;
  readonly faults: readonly AnnotationFault[];
} {
  const faults: AnnotationFault[] = [];
  const fault = (about: string, says: string, hint?: string): void =>
    void faults.push({ about, says, ...(hint === undefined ? {} : { hint }) });
  for (const name of Object.keys(given))
    if (!NAMES.some((known) => known === name))
      fault(name, `there is no annotation @${name}`, didYouMean('@', nearest(name, NAMES)));
  const value = (name: (typeof NAMES)[number]): string | undefined => {
    const text = given[name];
    if (text === null || text === '') fault(name, `@${name} has no value: write @${name}("...")`);
    return text === null || text === '' ? undefined : text;
  };
  const rule = {
    id: idOf(given['id'], value('id'), fault),
    tier: tierOf(value('tier'), fault),
    needs: needsOf(value('require'), fault),
    ttlMs: ttlOf(value('ttl'), fault),
    reason: reasonOf(value('reason'), fault),
    checks: checksOf(value('check'), fault),
  };
  return { rule, faults };
}

type Tell = (about: string, says: string, hint?: string) => void;

export const didYouMean = (sign: string, name: string | undefined): string | undefined =>
  name === undefined ? undefined : `did you mean ${sign}${name}?`;

function idOf(given: string | null | undefined, id: string | undefined, fault: Tell): string {
  if (given === undefined) fault('', 'this rule has no name', 'begin it with @id("a-name-for-it")');
  else if (id !== undefined && !ID.test(id))
    fault('id', `@id("${id}"): use letters, digits, dots, dashes and underscores`);
  else if (id === NO_RULE || id === POLICY_ERROR)
    fault('id', `@id("${id}") is taken: it is what a card says where no rule decides`);
  return id ?? '';
}

function tierOf(text: string | undefined, fault: Tell): Tier | undefined {
  const tier = TIERS.find((one) => one === text);
  if (text !== undefined && tier === undefined)
    fault(
      'tier',
      `@tier("${text}") is none of ${TIERS.join(', ')}`,
      didYouMean('', nearest(text, TIERS)),
    );
  return tier;
}

function needsOf(text: string | undefined, fault: Tell): readonly Need[] | undefined {
  const needs = text === undefined ? undefined : parseRequire(text);
  if (needs?.ok === false)
    fault(
      'require',
      `@require: ${needs.detail}`,
      'write it like @require("1 of dba and 1 of security")',
    );
  return needs?.ok === true ? needs.value : undefined;
}

function ttlOf(text: string | undefined, fault: Tell): number | undefined {
  if (text === undefined) return undefined;
  const found = /^([0-9]{1,6})([smh])$/.exec(text);
  // The pattern lets only these three through.
  const ms = found ? Number(found[1]) * UNITS[found[2] as keyof typeof UNITS] : Number.NaN;
  if (ms >= 1000 && ms <= MAX_TTL_MS) return ms;
  fault('ttl', `@ttl("${text}") is not a time from 1s to 24h, like 90s, 10m or 2h`);
  return undefined;
}

function reasonOf(text: string | undefined, fault: Tell): string | undefined {
  if (text !== undefined && (text.length > MAX_REASON || !cleanText(text)))
    fault('reason', `@reason is one line of at most ${MAX_REASON} plain characters`);
  return text;
}

function checksOf(text: string | undefined, fault: Tell): readonly CheckName[] {
  return (text ?? '').split(' and ').flatMap((part) => {
    const name = part.trim();
    const known = CHECK_NAMES.find((one) => one === name);
    if (known === undefined && text !== undefined)
      fault('check', `there is no check called "${name}"`, `checks: ${CHECK_NAMES.join(', ')}`);
    return known === undefined ? [] : [known];
  });
}
