// The words after `countersign run`, parsed. Everything after `--` is the command and is never looked at.

import { parseArgs } from 'node:util';
import { fail, ok, type Result } from '../../shared/result.ts';
import type { StdinChoice } from '../guard/exec/stdin.ts';

export type RunOptions = {
  readonly argv: readonly string[];
  readonly reason: string;
  readonly agent: string | undefined;
  readonly session: string | undefined;
  readonly ttlMs: number;
  readonly env: readonly string[];
  readonly secrets: readonly string[];
  readonly inputs: readonly string[];
  readonly stdin: StdinChoice;
  readonly strict: boolean;
  readonly json: boolean;
  /** What becomes of changes that a person proposes. */
  readonly changes: 'ask' | 'refuse';
};

const DEFAULT_TTL = '10m';
const UNITS = { s: 1000, m: 60_000, h: 3_600_000 } as const;
const MAX_TTL_MS = 24 * UNITS.h;

/** 'usage' with one sentence. */
export function parseRun(words: readonly string[]): Result<RunOptions, 'usage'> {
  const at = words.indexOf('--');
  if (at < 0) {
    const stray = words.find((word) => !word.startsWith('-'));
    return fail(
      'usage',
      stray === undefined ? 'put the command after --' : `put -- before ${stray}`,
    );
  }
  const argv = words.slice(at + 1);
  if (argv.length === 0) return fail('usage', 'there is no command after --');
  const parsed = parseWords(words.slice(0, at));
  if (!parsed.ok) return parsed;
  const { values } = parsed.value;
  const ttlMs = parseTime(values.ttl ?? DEFAULT_TTL);
  if (ttlMs === undefined)
    return fail('usage', `--ttl ${values.ttl}: a time from 1s to 24h, like 90s or 10m`);
  const stdin = values.stdin ?? 'auto';
  if (stdin !== 'auto' && stdin !== 'bound' && stdin !== 'live' && stdin !== 'nothing')
    return fail('usage', `--stdin ${stdin}: bound, live or nothing`);
  return ok({
    argv,
    reason: values.reason ?? '',
    agent: values.agent,
    session: values.session,
    ttlMs,
    env: values.env ?? [],
    secrets: values.secret ?? [],
    inputs: values.input ?? [],
    stdin,
    strict: values.strict ?? false,
    json: values.json ?? false,
    changes: values['no-changes'] ? 'refuse' : 'ask',
  });
}

function parseWords(words: string[]) {
  try {
    return ok(
      parseArgs({
        args: words,
        strict: true,
        allowPositionals: false,
        options: {
          reason: { type: 'string' },
          agent: { type: 'string' },
          session: { type: 'string' },
          ttl: { type: 'string' },
          env: { type: 'string', multiple: true },
          secret: { type: 'string', multiple: true },
          input: { type: 'string', multiple: true },
          stdin: { type: 'string' },
          strict: { type: 'boolean' },
          json: { type: 'boolean' },
          'no-changes': { type: 'boolean' },
        },
      }),
    );
  } catch (error) {
    // Node's message has a second sentence about positionals; the first says what is wrong.
    const said = error instanceof Error ? (error.message.split('. ')[0] ?? '') : '';
    return fail('usage', said.charAt(0).toLowerCase() + said.slice(1));
  }
}

/** `90s`, `10m`, `2h`: milliseconds, from one second to a day. */
export function parseTime(text: string): number | undefined {
  const found = /^([0-9]{1,6})([smh])$/.exec(text);
  const unit = found?.[2];
  if (unit !== 's' && unit !== 'm' && unit !== 'h') return undefined;
  const ms = Number(found?.[1]) * UNITS[unit];
  return ms >= 1000 && ms <= MAX_TTL_MS ? ms : undefined;
}
