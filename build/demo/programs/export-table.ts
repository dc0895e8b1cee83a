// `export-table DATABASE TABLE FILE`: every row of one table as CSV (RFC 4180), in a new file that only the owner reads.

import { writeFileSync } from 'node:fs';
import Database from 'better-sqlite3';

const [database = '', table = '', file = ''] = process.argv.slice(2);
const quoted = (value: unknown): string => {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

const db = new Database(database, { readonly: true, fileMustExist: true });
const all = db.prepare(`SELECT * FROM "${table.replaceAll('"', '""')}"`);
const heading = all.columns().map((column) => column.name);
const rows = all
  .raw()
  .all()
  .map((row) => (Array.isArray(row) ? row : []));
const lines = [heading, ...rows].map((row) => row.map(quoted).join(','));
writeFileSync(file, `${lines.join('\n')}\n`, { mode: 0o600, flag: 'wx' });
process.stdout.write(`exported ${rows.length} rows of ${table} to ${file}\n`);
db.close();
