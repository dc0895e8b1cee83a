// What `countersign log` can be asked, as plain values: a page of the log as it stands, or the requests that fit.

import { parseArgs } from 'node:util';
import type { HistoryFilters } from '../../shared/ipc/history.ts';

export type LogOptions = {
  readonly limit: number;
  readonly json: boolean;
  /** The log in use where it is absent. */
  readonly log?: string | undefined;
  /** Absent where every leaf is listed, not the requests. */
  readonly asks?: { readonly text: string | undefined; readonly filters: HistoryFilters };
};

const DEFAULT_LIMIT = 20;
const UNITS = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 7 * 86_400_000 } as const;

/** A string is what was wrong with it. `now` is what `--since 2d` counts back from. */
export function parseLogOptions(words: readonly string[], now: number): LogOptions | string {
  try {
    const { values } = parseArgs({
      args: [...words],
      options: {
        limit: { type: 'string' },
        json: { type: 'boolean' },
        log: { type: 'string' },
        agent: { type: 'string' },
        person: { type: 'string' },
        text: { type: 'string' },
        since: { type: 'string' },
      },
    });
    const { agent, person, text, since } = values;
    const limit = values.limit === undefined ? DEFAULT_LIMIT : Number(values.limit);
    if (!Number.isSafeInteger(limit) || limit < 1)
      return `--limit ${values.limit}: a number from 1 up`;
    if (values.log === '') return 'a name is missing';
    const named = values.log === undefined ? {} : { log: values.log };
    const plain = { limit, json: values.json ?? false, ...named };
    const from = since === undefined ? undefined : timeOf(since, now);
    if (since !== undefined && from === undefined)
      return `--since ${since}: a date like 2026-11-22, or 90m, 12h, 7d, 4w`;
    if (agent === '' || person === '') return 'a name is missing';
    const asked = [agent, person, text, since].some((one) => one !== undefined);
    if (!asked) return plain;
    const filters: HistoryFilters = {
      ...(agent === undefined ? {} : { agent }),
      ...(person === undefined ? {} : { person }),
      ...(from === undefined ? {} : { from }),
    };
    return { ...plain, asks: { text, filters } };
  } catch (error) {
    const said = error instanceof Error ? (error.message.split('. ')[0] ?? '') : 'not understood';
    return said.charAt(0).toLowerCase() + said.slice(1);
  }
}

/** Undefined where it is not clear which moment is meant. */
function timeOf(text: string, now: number): string | undefined {
  const back = /^([1-9][0-9]{0,5})([mhdw])$/.exec(text);
  // The pattern lets only these four through.
  const unit = back && UNITS[back[2] as keyof typeof UNITS];
  const at = unit ? now - Number(back[1]) * unit : dateOf(text);
  return Number.isFinite(at) ? new Date(at).toISOString() : undefined;
}

/** Only what ISO 8601 writes: other forms mean different days in different places. A day alone is UTC's. */
const dateOf = (text: string): number =>
  /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d))?$/.test(text)
    ? Date.parse(text)
    : Number.NaN;
