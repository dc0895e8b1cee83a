// What an organisation tells its policy beside the rules: time zone, groups, which target is production, and what each
// named check is measured against. A closed schema; its bytes are part of the policy and are pinned with it.

import * as z from 'zod';
import { textOf } from '../../../shared/bytes.ts';
import { isTimeZone } from '../../../shared/domain/wall-clock.ts';
import type { QuestionBudget } from '../../../shared/domain/policy.ts';
import { fail, ok, type Result } from '../../../shared/result.ts';
import { Id, line, Time } from '../../../shared/statement/fields.ts';
import { sha256Hex } from '../../trust/digest.ts';
import { WEEKDAYS } from './local-time.ts';

const Word = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, 'a lower-case word');
const Clock = z.string().regex(/^([01][0-9]|2[0-3]):[0-5][0-9]$/, 'a time like 08:30');
/** A name, or `*.` and a name for everything below it. */
const HostPattern = z
  .string()
  .regex(
    /^(\*\.)?[a-z0-9]([a-z0-9.:-]{0,251}[a-z0-9])?$/,
    'a host like db.example.com or *.example.com',
  );
/** Absent: every environment. An unlabelled target's is `unknown`, which can be listed like any other. */
const environments = z.array(Word).min(1).max(32).optional();
const SCOPES = ['fedramp', 'pci'] as const;
const Scope = z.strictObject({ agents: z.array(Id).max(200).optional() });

const questions = {
  perHour: z.number().int().min(1).max(10_000),
  perDay: z.number().int().min(1).max(10_000).optional(),
};

const Target = z
  .strictObject({
    name: line(100),
    hosts: z.array(HostPattern).max(200).optional(),
    servers: z.array(line(200)).max(200).optional(),
    commands: z.array(line(200)).max(200).optional(),
    environment: Word,
    dataClass: Word.optional(),
    scopes: z.array(z.enum(SCOPES)).max(SCOPES.length).optional(),
  })
  .refine(
    (target) => target.hosts ?? target.servers ?? target.commands,
    'names no hosts, servers or commands',
  );

export const Settings = z.strictObject({
  version: z.literal(1),
  timeZone: z.string().refine(isTimeZone, 'not a time zone like Europe/Berlin').optional(),
  /** Groups that `@require` may name. */
  groups: z.array(Id).max(64).optional(),
  /** The first that fits an action labels it: list the strictest first. */
  targets: z.array(Target).max(500).optional(),
  changeFreeze: z
    .strictObject({
      freezes: z.array(z.strictObject({ name: line(100), from: Time, until: Time })).max(100),
      environments,
    })
    .optional(),
  hours: z
    .strictObject({
      days: z.array(z.enum(WEEKDAYS)).min(1).max(7),
      from: Clock,
      until: Clock,
      environments,
    })
    .refine(({ from, until }) => from < until, 'from is not before until')
    .optional(),
  ticket: z
    .strictObject({
      prefixes: z
        .array(z.string().regex(/^[A-Za-z][A-Za-z0-9]{0,19}[-#]$/, 'like OPS-'))
        .min(1)
        .max(20),
      environments,
    })
    .optional(),
  fourEyes: z.strictObject({ environments }).optional(),
  pci: Scope.optional(),
  fedramp: Scope.optional(),
  dataClass: z
    .strictObject({
      /** From the least to the most sensitive. */
      order: z.array(Word).min(2).max(20),
      /** The most sensitive class that may leave. */
      mayLeave: Word,
    })
    .refine(({ order, mayLeave }) => order.includes(mayLeave), 'mayLeave is not in order')
    .optional(),
  /** How often each agent may ask people; `agents` have their own. Over it the broker refuses and says until when. */
  questions: z
    .strictObject({
      ...questions,
      agents: z
        .array(z.strictObject({ agent: Id, ...questions }))
        .max(200)
        .optional(),
    })
    .optional(),
});
export type Settings = z.infer<typeof Settings>;
export type TargetLabel = z.infer<typeof Target>;

export const NO_SETTINGS: Settings = { version: 1 };

/** A name that is only an agent's own word gets the budget of all: else whoever takes a better name has a better one. */
export function budgetOf(
  { questions: all }: Settings,
  { id, authn }: { readonly id: string; readonly authn: string },
): QuestionBudget | undefined {
  const own = authn === 'declared' ? undefined : all?.agents?.find(({ agent }) => agent === id);
  return own ?? all;
}

export type OpenedSettings = { readonly settings: Settings; readonly sha256: string };

/** `settings`, with one sentence that names the member. */
export function readSettings(bytes: Uint8Array): Result<OpenedSettings, 'settings'> {
  const text = textOf(bytes);
  if (text === undefined) return fail('settings', 'the settings are not UTF-8 text');
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return fail('settings', `not JSON: ${error instanceof Error ? error.message : 'unreadable'}`);
  }
  const read = Settings.safeParse(json);
  if (read.success) return ok({ settings: read.data, sha256: sha256Hex(bytes) });
  const [issue] = read.error.issues;
  const at = issue?.path.join('.') ?? '';
  return fail('settings', `${at === '' ? 'the settings' : at}: ${issue?.message ?? 'not valid'}`);
}
