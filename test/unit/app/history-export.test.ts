// The current filter as a file: private, whole or not there, RFC 4180 and no formulas, or the exact values.

import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { csvLine, type ExportPorts, openExports } from '../../../main/app/history-export.ts';
import type { Exported, RequestRow } from '../../../shared/ipc/history.ts';
import { scratchFolder } from '../state/scratch.ts';

const row = (index: number, changes: Partial<RequestRow> = {}): RequestRow => ({
  index,
  digest: index.toString(16).padStart(64, '0'),
  at: '2026-11-22T09:30:00.000Z',
  title: 'run x',
  kind: 'exec',
  target: 'x',
  agent: 'claude',
  person: 'maya',
  guard: 'guard-1',
  host: 'build-7',
  tier: 'low',
  ending: 'open',
  ...changes,
});

function staged(folder: string, rows: readonly RequestRow[], changes: Partial<ExportPorts> = {}) {
  const told: Exported[] = [];
  let ms = 0;
  const exports = openExports({
    folder: join(folder, 'exports'),
    clock: { now: () => Date.parse('2026-11-22T10:00:00.000Z'), monotonic: () => (ms += 60) },
    size: () => 100,
    search: async ({ before = Infinity }) => {
      const page = rows.filter((one) => one.index < before).slice(0, 2);
      const next = page.at(-1)?.index;
      return { rows: page, ...(next === undefined || next === 0 ? {} : { next }) };
    },
    tell: (one) => void told.push(one),
    ...changes,
  });
  return { exports, told };
}

const NEWEST = [row(8), row(6), row(4), row(2), row(0)];

describe('an export', () => {
  test('writes every row once, tells how far it is, and ends with a private file of ours', async () => {
    using scratch = scratchFolder();
    const { exports, told } = staged(scratch.path, NEWEST);
    expect(exports.start({ format: 'jsonl', filters: {} })).toEqual({ ok: true, value: { id: 1 } });
    await exports.idle();
    const last = told.at(-1);
    expect(last).toMatchObject({ id: 1, done: 100, of: 100, rows: 5 });
    expect(told.length).toBeGreaterThan(1);
    const path = last?.path ?? '';
    expect(path.startsWith(join(scratch.path, 'exports'))).toBe(true);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(join(scratch.path, 'exports')).mode & 0o777).toBe(0o700);
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toEqual(NEWEST);
    expect(exports.start({ format: 'csv', filters: {} }).ok).toBe(true);
    await exports.idle();
    const csv = readFileSync(told.at(-1)?.path ?? '', 'utf8').split('\r\n');
    expect(csv[0]?.split(',').slice(0, 3)).toEqual(['index', 'digest', 'at']);
    expect(csv).toHaveLength(7);
  });

  test('one at a time; a cancelled one leaves no file', async () => {
    using scratch = scratchFolder();
    const { exports, told } = staged(scratch.path, NEWEST);
    const first = exports.start({ format: 'csv', filters: {} });
    expect(exports.start({ format: 'csv', filters: {} })).toMatchObject({
      ok: false,
      code: 'busy',
    });
    exports.cancel(99);
    exports.cancel(first.ok ? first.value.id : 0);
    await exports.idle();
    expect(told.at(-1)).toMatchObject({ cancelled: true });
    expect(told.at(-1)?.path).toBeUndefined();
    expect(readdirSync(join(scratch.path, 'exports'))).toEqual([]);
    expect(exports.start({ format: 'csv', filters: {} })).toMatchObject({
      ok: true,
      value: { id: 2 },
    });
    await exports.idle();
  });

  test('a store that breaks on the way is said, and nothing half is left', async () => {
    using scratch = scratchFolder();
    let pages = 0;
    const { exports, told } = staged(scratch.path, NEWEST, {
      search: async () => {
        pages += 1;
        if (pages > 1) throw new Error('the store has stopped unexpectedly');
        return { rows: [row(9)], next: 9 };
      },
    });
    exports.start({ format: 'csv', filters: {} });
    await exports.idle();
    expect(told.at(-1)).toMatchObject({ failed: 'the store has stopped unexpectedly' });
    expect(readdirSync(join(scratch.path, 'exports'))).toEqual([]);
  });

  test('never writes over what is there, and says when the folder can not be made', async () => {
    using scratch = scratchFolder();
    writeFileSync(join(scratch.path, 'exports'), 'a file');
    const { exports } = staged(scratch.path, NEWEST);
    expect(exports.start({ format: 'csv', filters: {} })).toMatchObject({
      ok: false,
      code: 'failed',
    });
    expect(existsSync(join(scratch.path, 'exports'))).toBe(true);
  });
});

describe('a CSV line', () => {
  const title = (text: string): string =>
    csvLine(row(1, { title: text })).split('2026-11-22T09:30:00.000Z,')[1] ?? '';

  test('quotes what RFC 4180 says', () => {
    expect(title('a,b')).toMatch(/^"a,b",exec/);
    expect(title('say "hi"')).toMatch(/^"say ""hi""",exec/);
    expect(title('a\r\nb')).toMatch(/^"a\r\nb",exec/);
    expect(csvLine(row(1))).toMatch(/\r\n$/);
  });

  test.each(['=cmd', '+1', '-1', '@SUM(A1)', '\tx', '\rx'])('%j is no formula', (text) => {
    expect(title(text).replace(/^"/, '').startsWith(`'${text[0]}`)).toBe(true);
  });

  test('what was decided has its columns, what was not is empty', () => {
    const line = csvLine(
      row(1, { verdict: 'deny', reviewer: { id: 'noor', name: 'Noor' }, tookMs: 5, opened: false }),
    );
    expect(line).toContain(',deny,noor,Noor,,5,false,,\r\n');
  });
});
