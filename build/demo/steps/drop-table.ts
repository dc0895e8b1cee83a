// The orders table of the shop's database, dropped by one SQL statement that stands in the arguments.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ok, type Result } from '../../../shared/result.ts';
import { makeShop, rowsIn } from '../shop-database.ts';
import type { Prepared, Seen, Step } from '../step.ts';
import * as words from '../words.ts';

const PROGRAM = fileURLToPath(new URL('../programs/run-sql.ts', import.meta.url));

export const dropTable: Step = { id: 'drop-table', ...words.drop, prepare };

function prepare(scratch: string): Result<Prepared, 'skip'> {
  const database = join(scratch, 'shop.db');
  if (!existsSync(database)) makeShop(database);
  const before = rowsIn(database, 'orders') ?? 0;
  return ok({
    cwd: scratch,
    argv: [process.execPath, PROGRAM, 'shop.db', 'DROP TABLE orders'],
    look: () => look(before, rowsIn(database, 'orders')),
  });
}

function look(before: number, now: number | undefined): Seen {
  if (now === undefined) return { what: 'happened', lines: words.drop.done(before) };
  return now === before
    ? { what: 'didNot', lines: words.drop.not(now) }
    : { what: 'half', lines: words.drop.some(now, before) };
}
