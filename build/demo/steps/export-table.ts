// The customers table as a CSV file in a folder that is not the database's. What is counted afterwards is that file.

import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ok, type Result } from '../../../shared/result.ts';
import { makeShop, rowsIn } from '../shop-database.ts';
import type { Prepared, Seen, Step } from '../step.ts';
import * as words from '../words.ts';

const PROGRAM = fileURLToPath(new URL('../programs/export-table.ts', import.meta.url));
const TARGET = 'outbox/customers.csv';

export const exportTable: Step = { id: 'export', ...words.exporting, prepare };

function prepare(scratch: string): Result<Prepared, 'skip'> {
  const database = join(scratch, 'shop.db');
  if (!existsSync(database)) makeShop(database);
  mkdirSync(join(scratch, 'outbox'));
  return ok({
    cwd: scratch,
    argv: [process.execPath, PROGRAM, 'shop.db', 'customers', TARGET],
    look: () => look(database, join(scratch, TARGET)),
  });
}

function look(database: string, target: string): Seen {
  const all = rowsIn(database, 'customers') ?? 0;
  if (!existsSync(target)) return { what: 'didNot', lines: words.exporting.not(TARGET, all) };
  // One line is the heading; a name or a city of ours has no line end in it.
  const count = readFileSync(target, 'utf8').trimEnd().split('\n').length - 1;
  return count === all
    ? { what: 'happened', lines: words.exporting.done(TARGET, count) }
    : { what: 'half', lines: words.exporting.some(TARGET, count, all) };
}
