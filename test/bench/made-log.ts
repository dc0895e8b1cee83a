// A log of believable requests in a store of the app's own kind, made once and kept in the ignored .cache folder under a
// name that has its recipe: the number of entries and the source files that decide what is in the file.

import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import * as z from 'zod';
import type { StoredLeaf } from '../../main/app/ports.ts';
import { openSqliteStore } from '../../main/app/store/sqlite.ts';
import { Frontier } from '../../main/trust/frontier.ts';
import { leafHash } from '../../main/trust/merkle.ts';
import { entriesOf, type PeerRow } from './log-browse-rows.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const CACHE = join(ROOT, '.cache/bench');
const BATCH = 10_000;
/** One request in fifty is kept beside the file: questions are made from them. */
const SAMPLE = 100;
export const SEED = 7;

/** What decides the bytes of the file. */
const RECIPE = [
  'main/app/history-mark.ts',
  'main/app/store/index-leaf.ts',
  'main/app/store/schema.ts',
  'main/app/store/sqlite.ts',
  'main/app/store/text-query.ts',
  'main/app/store/words.ts',
  'shared/statement/view/headline.ts',
  'test/bench/log-browse-rows.ts',
  'test/unit/statement/view-samples.ts',
];

const Made = z.strictObject({
  size: z.int(),
  /** Of all leaves and payloads. */
  bodyBytes: z.int(),
  fileBytes: z.int(),
  /** Appended with their index, hashing included, making the rows left out. */
  perSecond: z.int(),
});

export type MadeLog = z.infer<typeof Made> & {
  readonly path: string;
  readonly rows: readonly PeerRow[];
  /** Made in this run: its speed was measured in this run. */
  readonly fresh: boolean;
};

/** Takes minutes the first time: `say` tells. Older recipes of the same size are removed. */
export async function madeLog(size: number, say: (line: string) => void): Promise<MadeLog> {
  const name = `log-${size}-${recipeOf(size)}`;
  const folder = join(CACHE, name);
  const fresh = !existsSync(join(folder, 'made.json'));
  if (fresh) {
    say(`making ${size} entries: kept as .cache/bench/${name} for the next run`);
    mkdirSync(CACHE, { recursive: true });
    for (const old of readdirSync(CACHE))
      if (old.startsWith(`log-${size}-`)) rmSync(join(CACHE, old), { recursive: true });
    const making = join(CACHE, `making-${size}-${process.pid}`);
    process.once('exit', () => rmSync(making, { recursive: true, force: true }));
    mkdirSync(making, { recursive: true });
    await make(making, size);
    renameSync(making, folder);
  }
  const read = (file: string): unknown => JSON.parse(readFileSync(join(folder, file), 'utf8'));
  const made = Made.parse(read('made.json'));
  // Written by `make` from rows of this type.
  return { ...made, path: join(folder, 'replica.db'), rows: read('rows.json') as PeerRow[], fresh };
}

function recipeOf(size: number): string {
  const hash = createHash('sha256').update(`1 ${size} ${SEED}`);
  for (const file of RECIPE) hash.update(readFileSync(join(ROOT, file)));
  return hash.digest('hex').slice(0, 12);
}

async function make(folder: string, size: number): Promise<void> {
  const path = join(folder, 'replica.db');
  const opened = openSqliteStore(path);
  if (!opened.ok) throw new Error(opened.detail);
  const frontier = new Frontier();
  const rows: PeerRow[] = [];
  let batch: StoredLeaf[] = [];
  let [appending, bodyBytes] = [0, 0];
  const flush = async (): Promise<void> => {
    const from = performance.now();
    for (const { leaf } of batch) frontier.append(leafHash(leaf));
    await opened.value.append(batch, frontier.state());
    appending += performance.now() - from;
    for (const { leaf, payload } of batch) bodyBytes += leaf.length + (payload?.length ?? 0);
    batch = [];
  };
  for (const { leaves, row } of entriesOf(size, SEED)) {
    batch.push(...leaves);
    if (row.idx % SAMPLE === 0) rows.push(row);
    if (batch.length >= BATCH) await flush();
  }
  await flush();
  await opened.value.close();
  chmodSync(path, 0o600);
  const fileBytes = statSync(path).size;
  const perSecond = Math.round((size / appending) * 1000);
  writeFileSync(join(folder, 'rows.json'), JSON.stringify(rows));
  // Last: a folder that has it is whole.
  writeFileSync(
    join(folder, 'made.json'),
    JSON.stringify({ size, bodyBytes, fileBytes, perSecond } satisfies z.infer<typeof Made>),
  );
}
