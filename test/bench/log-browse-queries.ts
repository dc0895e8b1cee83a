// The twelve questions of the reference, each as the app asks it and as SQL says it, made from rows that are in the log.

import type { HistoryQuestion } from '../../main/app/ports.ts';
import {
  AGENTS,
  COMMON,
  FIRST_MS,
  type PeerRow,
  PHRASES,
  pick,
  RARE,
  REVIEWERS,
  runId,
  STEP_MS,
} from './log-browse-rows.ts';

export const LIMIT = 100;
const COLUMNS =
  'idx, digest, at, title, kind, target, agent, person, guard, host, tier, verdict, reviewer, took';

export type Asked = { readonly ours: HistoryQuestion; readonly sql: string };
export type Sample = { readonly size: number; readonly rows: readonly PeerRow[] };
type Make = (random: () => number, sample: Sample) => Asked;
export type Query = {
  readonly name: string;
  /** Target, milliseconds. */
  readonly p99: number;
  readonly text: boolean;
  /** One of the eight whose p99 is compared with PostgreSQL's. */
  readonly ranked: boolean;
  readonly make: Make;
};

const asked = (
  sample: Sample,
  random: () => number,
  where: string,
  ours: Partial<HistoryQuestion>,
  cursor = true,
): Asked => {
  const before = cursor ? Math.floor(random() * sample.size) : undefined;
  const below = before === undefined ? 'true' : `idx < ${before}`;
  return {
    ours: { filters: {}, ...ours, limit: LIMIT, ...(before === undefined ? {} : { before }) },
    sql: `select ${COLUMNS} from entry where ${where} and ${below} order by idx desc limit ${LIMIT}`,
  };
};
const match = (query: string): string => `tsv @@ to_tsquery('simple', '${query}')`;
/** Two words of one and the same request, so that there is something to find. */
const rareOf = (row: PeerRow): readonly string[] => row.mark.words.reason.split(' ').slice(0, 2);

const search = (name: string, make: Make, p99 = 10, ranked = true): Query => ({
  name,
  p99,
  text: true,
  ranked,
  make,
});
const page = (name: string, make: Make, ranked = false): Query => ({
  name,
  p99: 5,
  text: false,
  ranked,
  make,
});

export const QUERIES: readonly Query[] = [
  page('newest page', (random, sample) => asked(sample, random, 'true', {}, false), true),
  page('random page', (random, sample) => asked(sample, random, 'true', {})),
  page(
    'one agent',
    (random, sample) => {
      const agent = pick(AGENTS, random);
      return asked(sample, random, `agent = '${agent}'`, { filters: { agent } });
    },
    true,
  ),
  page('denials by one reviewer', (random, sample) => {
    const reviewer = pick(REVIEWERS, random);
    return asked(sample, random, `reviewer = '${reviewer}' and verdict = 'deny'`, {
      filters: { reviewer, verdict: 'deny' },
    });
  }),
  page('agent, tool, 30 days', (random, sample) => {
    const { agent, target } = pick(sample.rows, random).mark;
    const from = FIRST_MS + Math.floor((random() * sample.size) / 2) * STEP_MS;
    const to = from + 30 * 86_400_000;
    const iso = (ms: number): string => new Date(ms).toISOString();
    return asked(
      sample,
      random,
      `agent = '${agent}' and target = '${target}' and at >= ${from} and at < ${to}`,
      { filters: { agent, target, from: iso(from), to: iso(to) } },
      false,
    );
  }),
  search('text: two rare words', (random, sample) => {
    const [a = '', b = ''] = rareOf(pick(sample.rows, random));
    return asked(sample, random, match(`${a} & ${b}`), { text: `${a} ${b}` });
  }),
  search('text: one common word', (random, sample) =>
    asked(sample, random, match(COMMON[0] ?? ''), { text: COMMON[0] }),
  ),
  search('text: common and rare', (random, sample) => {
    const rare = pick(RARE, random);
    return asked(sample, random, match(`${COMMON[0]} & ${rare}`), { text: `${COMMON[0]} ${rare}` });
  }),
  search('text: phrase', (random, sample) => {
    const phrase = pick(PHRASES, random);
    return asked(sample, random, `tsv @@ phraseto_tsquery('simple', '${phrase}')`, {
      text: `"${phrase}"`,
    });
  }),
  search(
    'text: prefix',
    (random, sample) => {
      const start = pick(RARE, random).slice(0, 4);
      return asked(sample, random, match(`${start}:*`), { text: `${start}*` });
    },
    40,
  ),
  search('text: exact id', (random, sample) => {
    const id = runId(pick(sample.rows, random).idx);
    return asked(sample, random, match(id), { text: id }, false);
  }),
  search(
    'text and agent',
    (random, sample) => {
      const agent = pick(AGENTS, random);
      return asked(sample, random, `${match(COMMON[1] ?? '')} and agent = '${agent}'`, {
        text: COMMON[1],
        filters: { agent },
      });
    },
    10,
    false,
  ),
];
