// The history index over a real file: what a leaf adds, what a question finds, and that pages never lose or repeat a row.

import Database from 'better-sqlite3';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { HistoryQuestion } from '../../../../main/app/ports.ts';
import { openSqliteStore } from '../../../../main/app/store/sqlite.ts';
import { Frontier } from '../../../../main/trust/frontier.ts';
import { scratchFolder } from '../../state/scratch.ts';
import { all, asked, decided, digest, ended, opened } from './history-stage.ts';

describe('a row', () => {
  test('is moved by its later leaves, and the first ending and denial stay', async () => {
    using scratch = scratchFolder();
    const { store, put, request } = await opened(join(scratch.path, 'replica.db'));
    await request(0);
    const [open] = (await store.search({ filters: {}, limit: 1 })).rows;
    expect(open).toMatchObject({
      index: 0,
      digest: digest(0),
      title: 'run tool-0',
      ending: 'open',
    });
    expect(open?.verdict).toBeUndefined();
    await put(
      { of: 0, type: 'notice', mark: { what: 'opened', reviewer: 'noor' } },
      decided(0, 'deny', 'noor', 5000),
      decided(0, 'approve', 'omar', 6000),
      ended(0, 'denied', 'guard-1'),
      ended(0, 'withdrawn', 'guard-1'),
      {
        of: 0,
        type: 'receipt',
        mark: { what: 'receipt', guard: 'guard-1', state: 'refused', exit: 'denied' },
      },
    );
    const [row] = (await store.search({ filters: {}, limit: 1 })).rows;
    expect(row).toEqual({
      ...open,
      ending: 'denied',
      verdict: 'deny',
      reviewer: 'noor',
      decidedAt: '2026-11-22T09:30:05.000Z',
      tookMs: 5000,
      opened: true,
      run: 'refused',
      exit: 'denied',
    });
    await store.close();
  });

  test('is not moved by another guard, nor by a leaf without a mark, nor twice by one reviewer', async () => {
    using scratch = scratchFolder();
    const { store, put, request } = await opened(join(scratch.path, 'replica.db'));
    await request(0);
    await put(
      ended(0, 'approved', 'guard-2'),
      { of: 0, type: 'ending', mark: undefined },
      {
        of: 0,
        type: 'receipt',
        mark: { what: 'receipt', guard: 'guard-2', state: 'finished', exit: '0' },
      },
      decided(0, 'approve', 'noor', 1000),
      decided(0, 'deny', 'noor', 2000),
      decided(7, 'approve', 'noor', 1000),
    );
    const { rows } = await store.search({ filters: {}, limit: 9 });
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({
      ending: 'open',
      verdict: 'approve',
      opened: false,
      tookMs: 1000,
    });
    expect(rows[0]?.run).toBeUndefined();
    await store.close();
  });

  test('comes and goes with its append: one that fails leaves nothing', async () => {
    using scratch = scratchFolder();
    const { store, request } = await opened(join(scratch.path, 'replica.db'));
    await request(0, { agent: 'first' });
    const bad = new Frontier();
    const leaf = {
      index: 1,
      leaf: new Uint8Array(1),
      payload: undefined,
      type: 'request' as const,
    };
    const again = { ...leaf, request: digest(1), at: undefined, mark: asked(1, { agent: 'new' }) };
    await expect(store.append([again], bad.state())).rejects.toThrow('frontier');
    expect(await store.values('agent', '', 9)).toEqual([{ value: 'first', count: 1 }]);
    await request(1, { agent: 'new' });
    expect(await all(store, { filters: { agent: 'new' } })).toEqual([1]);
    expect(await all(store, { text: 'job1x' })).toEqual([1]);
    await store.close();
  });
});

describe('a question', () => {
  test('pages without loss or repetition, whatever is asked', async () => {
    using scratch = scratchFolder();
    const { store, put, request } = await opened(join(scratch.path, 'replica.db'));
    for (let n = 0; n < 20; n += 1) {
      await request(n);
      if (n % 4 !== 3)
        await put(decided(n, n % 5 === 0 ? 'deny' : 'approve', n % 2 ? 'noor' : 'omar', n * 1000));
      if (n % 4 === 0) await put(ended(n, n % 5 === 0 ? 'denied' : 'approved', 'guard-1'));
    }
    const { rows } = await store.search({ filters: {}, limit: 100 });
    expect(rows).toHaveLength(20);
    const where = (fits: (row: (typeof rows)[number]) => boolean): number[] =>
      rows.filter(fits).map((row) => row.index);
    expect(await all(store)).toEqual(where(() => true));
    const cases: [HistoryQuestion['filters'], (row: (typeof rows)[number]) => boolean][] = [
      [{ agent: 'codex' }, (row) => row.agent === 'codex'],
      [
        { target: 'tool-2', agent: 'codex' },
        (row) => row.target === 'tool-2' && row.agent === 'codex',
      ],
      [{ reviewer: 'noor' }, (row) => row.reviewer === 'noor'],
      [
        { reviewer: 'omar', verdict: 'deny' },
        (row) => row.reviewer === 'omar' && row.verdict === 'deny',
      ],
      [
        { reviewer: 'omar', host: 'build-1' },
        (row) => row.reviewer === 'omar' && row.host === 'build-1',
      ],
      [{ ending: 'open', tier: 'medium', kind: 'exec' }, (row) => row.ending === 'open'],
      [{ ending: 'denied' }, (row) => row.ending === 'denied'],
      [{ person: 'nobody' }, () => false],
      [
        { verdict: 'approve', host: 'build-2' },
        (row) => row.verdict === 'approve' && row.host === 'build-2',
      ],
      [
        { from: '2026-11-22T09:35:00.000Z', to: '2026-11-22T09:40:00.000Z' },
        (row) => row.at >= '2026-11-22T09:35:00.000Z' && row.at < '2026-11-22T09:40:00.000Z',
      ],
      [{ from: '2027-01-01T00:00:00.000Z' }, () => false],
    ];
    for (const [filters, fits] of cases) {
      expect([filters, await all(store, { filters })]).toEqual([filters, where(fits)]);
      const both = await all(store, { filters, text: 'export tool-1' });
      expect([filters, both]).toEqual([
        filters,
        where((row) => fits(row) && row.target === 'tool-1'),
      ]);
    }
    await store.close();
  });

  test('finds words, phrases, beginnings, names and digests; nothing typed is an error', async () => {
    using scratch = scratchFolder();
    const { store, request } = await opened(join(scratch.path, 'replica.db'));
    const words = (action: string, reason: string) => ({
      words: { action, reason, who: 'maya build-1' },
    });
    await request(0, words('pg_dump --table=customers', 'asked by support'));
    await request(1, words('rm -rf /srv/old', 'support asked by mail'));
    await request(2, words('kubectl delete pod', 'Über alles'));
    const find = (text: string) => all(store, { text });
    expect(await find('support')).toEqual([1, 0]);
    expect(await find('"asked by support"')).toEqual([0]);
    expect(await find('customers support')).toEqual([0]);
    expect(await find('cust*')).toEqual([0]);
    expect(await find('cust')).toEqual([]);
    expect(await find('/srv/old')).toEqual([1]);
    expect(await find('uber')).toEqual([2]);
    expect(await find('maya')).toEqual([2, 1, 0]);
    expect(await find(digest(2).slice(-8))).toEqual([]);
    expect(await find(digest(2))).toEqual([2]);
    expect(await find(digest(2).slice(0, 8))).toEqual([2, 1, 0]);
    expect(await find(digest(2).slice(0, 9))).toEqual([2, 1, 0]);
    expect(await find(digest(2).slice(0, -1))).toEqual([2, 1, 0]);
    expect(await find(`${digest(2).slice(0, -1)}f`)).toEqual([]);
    for (const odd of [
      '--',
      '"',
      '""',
      '*',
      'a OR b',
      'NEAR(a b)',
      'action:x',
      '^',
      '(',
      '\0',
      '"a',
      '{',
      "';--",
      '\ue0001',
    ])
      expect(Array.isArray(await find(odd))).toBe(true);
    expect(await find('pod OR support')).toEqual([]);
    expect(await find('--')).toEqual([]);
    // The words that stand for whole names can't be typed: what is left is the number.
    for (let id = 1; id < 20; id += 1)
      expect(await find(`\ue000${id}`)).toEqual(await find(String(id)));
    expect(await find('   ')).toEqual([2, 1, 0]);
    await store.close();
  });

  test('goes over shards newest first, and only where there is one', async () => {
    using scratch = scratchFolder();
    const path = join(scratch.path, 'replica.db');
    const { store, request } = await opened(path);
    for (let n = 0; n < 4; n += 1) await request(n);
    await store.close();
    // Two requests stand three shards higher, as in a log of 800,000 entries.
    const db = new Database(path);
    const far = 3 * 2 ** 18;
    db.exec(`INSERT INTO leaf SELECT idx + ${far}, leaf, payload, type, request, at FROM leaf WHERE idx > 1;
      UPDATE request SET idx = idx + ${far} WHERE idx > 1;
      UPDATE entry SET idx = idx + ${far} WHERE idx > 1;
      DELETE FROM leaf WHERE idx IN (2, 3);
      INSERT INTO span SELECT ${far / 4096}, low, high FROM span;
      CREATE VIRTUAL TABLE words_3 USING fts5(action, reason, who, content='', contentless_delete=1);
      INSERT INTO words_3 (rowid, action, reason, who) VALUES (${far + 2}, 'tool', 'nightly', ''), (${far + 3}, 'x', 'nightly', '');
      DELETE FROM words_0 WHERE rowid > 1;`);
    db.close();
    const again = openSqliteStore(path);
    if (!again.ok) throw new Error(again.detail);
    expect(await all(again.value, { text: 'nightly' })).toEqual([far + 3, far + 2, 1, 0]);
    expect(await all(again.value)).toEqual([far + 3, far + 2, 1, 0]);
    await again.value.close();
  });
});
