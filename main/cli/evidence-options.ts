// What `countersign evidence` can be asked, as plain values.

import { parseArgs } from 'node:util';
import type { Bound, EvidenceWish } from '../app/evidence.ts';

export const EVIDENCE_USAGE = `usage: countersign evidence [options] --out FILE.zip|DIR
  --from TIME|INDEX  the first entry: a log index, 2026-11-01, 90m, 12h, 7d or 4w (default: the log's first)
  --to TIME|INDEX    the last one, or the last before that moment (default: the newest)
  --request DIGEST   only what is about one request: its digest, or the first 8 digits of it
  --at SIZE          prove everything under the head of so many entries (default: the newest)
  --log NAME         an earlier log of this machine; a wrong name lists them
  --out PLACE        a zip, or a new folder; nothing that is there is replaced
  --json             what was made as one JSON object
`;

export type EvidenceOptions = {
  readonly wish: EvidenceWish;
  /** The log in use where it is absent. */
  readonly log?: string | undefined;
  readonly out: string;
  readonly json: boolean;
};

const UNITS = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 7 * 86_400_000 } as const;

/** A string is what was wrong with it. `now` is what `--from 7d` counts back from. */
export function parseEvidenceOptions(
  words: readonly string[],
  now: number,
): EvidenceOptions | string {
  try {
    const { values } = parseArgs({
      args: [...words],
      options: {
        from: { type: 'string' },
        to: { type: 'string' },
        request: { type: 'string' },
        at: { type: 'string' },
        log: { type: 'string' },
        out: { type: 'string' },
        json: { type: 'boolean' },
      },
    });
    const { request, log, out, json = false } = values;
    if (out === undefined || out === '') return '--out FILE.zip or a new folder is missing';
    const from = boundOf('--from', values.from, now);
    const to = boundOf('--to', values.to, now);
    if (typeof from === 'string') return from;
    if (typeof to === 'string') return to;
    if (request !== undefined && !/^[0-9a-f]{8,64}$/.test(request))
      return `--request ${request}: a request's digest, or its first 8 digits or more`;
    if (values.at !== undefined && !/^[1-9][0-9]{0,11}$/.test(values.at))
      return `--at ${values.at}: how many entries the head has that everything is proven under`;
    const at = values.at === undefined ? undefined : Number(values.at);
    return { wish: { from, to, request, at }, log, out, json };
  } catch (error) {
    const said = error instanceof Error ? (error.message.split('. ')[0] ?? '') : 'not understood';
    return said.charAt(0).toLowerCase() + said.slice(1);
  }
}

function boundOf(name: string, text: string | undefined, now: number): Bound | undefined | string {
  if (text === undefined) return undefined;
  if (/^(0|[1-9][0-9]{0,11})$/.test(text)) return { index: Number(text) };
  const [, count, unit] = /^([1-9][0-9]{0,5})([mhdw])$/.exec(text) ?? [];
  // The pattern lets only these four through.
  const ms = unit === undefined ? undefined : UNITS[unit as keyof typeof UNITS];
  const at = ms === undefined ? dateOf(text) : now - Number(count) * ms;
  return Number.isFinite(at)
    ? { time: new Date(at).toISOString() }
    : `${name} ${text}: an index, a date like 2026-11-22, or 90m, 12h, 7d, 4w`;
}

/** Only what ISO 8601 writes. A day alone begins at midnight UTC. */
const dateOf = (text: string): number =>
  /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d))?$/.test(text)
    ? Date.parse(text)
    : Number.NaN;
