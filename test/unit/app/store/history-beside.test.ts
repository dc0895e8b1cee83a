// Beside the rows: values, counts, saved views, erasing, and that a long walk never keeps an append waiting.

import Database from 'better-sqlite3';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openSqliteStore } from '../../../../main/app/store/sqlite.ts';
import { MAX_SAVED_VIEWS } from '../../../../shared/ipc/history.ts';
import { scratchFolder } from '../../state/scratch.ts';
import { all, decided, digest, ended, opened } from './history-stage.ts';

describe('beside the rows', () => {
  test('values by frequency, counts of every decision, slots that bound the time', async () => {
    using scratch = scratchFolder();
    const { store, put, request } = await opened(join(scratch.path, 'replica.db'));
    for (let n = 0; n < 6; n += 1) await request(n, { agent: n < 4 ? 'claude_1' : 'codex' });
    await put(
      { of: 0, type: 'notice', mark: { what: 'opened', reviewer: 'noor' } },
      decided(0, 'approve', 'noor', 1000),
      decided(0, 'approve', 'omar', 9000),
      decided(1, 'deny', 'noor', 4000),
      ended(0, 'approved', 'guard-1'),
    );
    expect(await store.values('agent', '', 9)).toEqual([
      { value: 'claude_1', count: 4 },
      { value: 'codex', count: 2 },
    ]);
    expect(await store.values('agent', 'CO', 9)).toEqual([{ value: 'codex', count: 2 }]);
    expect(await store.values('agent', 'claude%', 9)).toEqual([]);
    const tally = await store.tally({});
    expect(tally.requests).toBe(6);
    expect(tally.approvals).toEqual({ total: 2, unopened: 1 });
    // Each one of them is somebody's.
    expect(tally.load.reduce((sum, { unopened }) => sum + unopened, 0)).toBe(1);
    expect(tally.load.every(({ unopened, approved }) => unopened <= approved)).toBe(true);
    expect(
      tally.load.map(({ reviewer, approved, denied }) => [reviewer, approved, denied]),
    ).toEqual([
      ['noor', 1, 1],
      ['omar', 1, 0],
    ]);
    expect(tally.times.reduce((sum, one) => sum + one.count, 0)).toBe(2);
    for (const { upToMs } of tally.times)
      expect([4000, 9000].some((ms) => upToMs >= ms && upToMs <= ms * 1.19)).toBe(true);
    expect(tally.quarters.reduce((sum, one) => sum + one.count, 0)).toBe(6);
    expect((await store.tally({ agent: 'codex' })).requests).toBe(2);
    await store.close();
  });

  test('saved views are replaced by name, listed by name, bounded and there after a reopen', async () => {
    using scratch = scratchFolder();
    const path = join(scratch.path, 'replica.db');
    const { store } = await opened(path);
    expect(await store.putSavedView({ name: 'denials', filters: { verdict: 'deny' } })).toBe(true);
    expect(await store.putSavedView({ name: 'denials', text: 'x', filters: {} })).toBe(true);
    expect(await store.putSavedView({ name: 'all', filters: {} })).toBe(true);
    await store.close();
    const again = openSqliteStore(path);
    if (!again.ok) throw new Error(again.detail);
    expect(await again.value.savedViews()).toEqual([
      { name: 'all', filters: {} },
      { name: 'denials', text: 'x', filters: {} },
    ]);
    await again.value.removeSavedView('all');
    for (let n = 1; n < MAX_SAVED_VIEWS; n += 1)
      await again.value.putSavedView({ name: `v${n}`, filters: {} });
    expect(await again.value.putSavedView({ name: 'more', filters: {} })).toBe(false);
    expect(await again.value.putSavedView({ name: 'denials', filters: {} })).toBe(true);
    await again.value.close();
  });

  test('an erased request keeps its leaf and its row, and none of its words stays in the file', async () => {
    using scratch = scratchFolder();
    const path = join(scratch.path, 'replica.db');
    const { store, request } = await opened(path);
    const secretive = { action: 'dump zanzibarix', reason: 'nightly', who: 'maya' };
    await request(0, { title: 'run zanzibarix', target: 'zanzibarix', words: secretive });
    await request(1);
    await store.erase(digest(0));
    await store.erase(digest(5));
    expect(await all(store, { text: 'zanzibarix' })).toEqual([]);
    expect(await all(store, { text: 'nightly' })).toEqual([1]);
    const [row] = (await store.search({ filters: {}, limit: 1, before: 1 })).rows;
    expect(row).toMatchObject({ index: 0, title: '', target: '' });
    expect((await store.read(0, 1))[0]).toMatchObject({ index: 0, payload: undefined });
    await store.close();
    const db = new Database(path);
    db.exec('CREATE VIRTUAL TABLE temp.terms USING fts5vocab(main, words_0, row)');
    expect(
      db.prepare("SELECT count(*) FROM temp.terms WHERE term = 'zanzibarix'").pluck().get(),
    ).toBe(0);
    expect(db.prepare("SELECT count(*) FROM temp.terms WHERE term = 'nightly'").pluck().get()).toBe(
      1,
    );
    expect(db.prepare("SELECT count(*) FROM word WHERE text LIKE '%zanzi%'").pluck().get()).toBe(0);
    db.close();
  });

  test('a long walk lets an append through', async () => {
    using scratch = scratchFolder();
    const path = join(scratch.path, 'replica.db');
    const first = await opened(path);
    await first.request(0);
    await first.store.close();
    const many = 150_000;
    const db = new Database(path);
    const columns = 'title, kind, target, agent, person, guard, host, tier, ending';
    db.exec(`PRAGMA synchronous = OFF;
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${many})
      INSERT INTO entry (idx, digest, at, ${columns}) SELECT i, unhex(printf('%064x', i)), at, ${columns} FROM n, entry WHERE idx = 0;
      INSERT INTO span SELECT ${many >> 12}, low, high FROM span;`);
    db.close();
    const again = openSqliteStore(path);
    if (!again.ok) throw new Error(again.detail);
    const order: string[] = [];
    const tally = again.value.tally({}).then((counted) => {
      order.push('tally');
      return counted.requests;
    });
    await again.value.putNote(1, 'note').then(() => order.push('note'));
    await new Promise((resolve) => setImmediate(resolve));
    await again.value.putNote(2, 'note').then(() => order.push('note'));
    expect(await tally).toBe(many + 1);
    expect(order).toEqual(['note', 'note', 'tally']);
    await again.value.close();
  });
});
