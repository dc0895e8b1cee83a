// The Store port over a real file.

import Database from 'better-sqlite3';
import { join } from 'node:path';
import { writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Store, StoredDecision, StoredLeaf } from '../../../../main/app/ports.ts';
import { SCHEMA_VERSION } from '../../../../main/app/store/schema.ts';
import { openSqliteStore } from '../../../../main/app/store/sqlite.ts';
import { Frontier } from '../../../../main/trust/frontier.ts';
import { sha256 } from '../../../../main/trust/digest.ts';
import { scratchFolder } from '../../state/scratch.ts';

const digest = (n: number): string => n.toString(16).padStart(64, '0');

function opened(path: string): Store {
  const store = openSqliteStore(path);
  if (!store.ok) throw new Error(store.detail);
  return store.value;
}

const leaf = (index: number, changes: Partial<StoredLeaf> = {}): StoredLeaf => ({
  index,
  leaf: new Uint8Array([index, 1, 2]),
  payload: new Uint8Array([index]),
  type: 'request',
  request: digest(index),
  at: '2026-11-22T09:30:00.000Z',
  ...changes,
});

function frontierAfter(leaves: readonly StoredLeaf[]) {
  const frontier = new Frontier();
  for (const one of leaves) frontier.append(sha256(one.leaf));
  return frontier.state();
}

const decision = (seq: number, changes: Partial<StoredDecision> = {}): StoredDecision => ({
  sha256: digest(100 + seq),
  keyId: digest(7),
  seq,
  request: digest(0),
  envelope: new Uint8Array([seq]),
  messageId: `m${seq}`,
  state: 'sending',
  code: undefined,
  ...changes,
});

describe('the log', () => {
  test('is empty, then as it was appended, also after a reopen', async () => {
    using scratch = scratchFolder();
    const path = join(scratch.path, 'replica.db');
    const store = opened(path);
    expect(await store.load()).toEqual({ frontier: { size: 0, hashes: [] }, note: undefined });
    const leaves = [
      leaf(0),
      leaf(1, { payload: undefined, at: undefined }),
      leaf(2, { type: 'keyring', request: undefined }),
    ];
    await store.append(leaves, frontierAfter(leaves));
    await store.putNote(3, 'note 3');
    await store.putNote(2, 'note 2');
    await store.close();
    const again = opened(path);
    expect(await again.load()).toEqual({ frontier: frontierAfter(leaves), note: 'note 3' });
    expect(await again.read(0, 10)).toEqual(leaves);
    expect(await again.read(1, 1)).toEqual([leaves[1]]);
    expect((await again.newest(undefined, 2)).map((one) => one.index)).toEqual([2, 1]);
    expect((await again.newest(2, 2)).map((one) => one.index)).toEqual([1, 0]);
    await again.close();
  });

  test('keeps the digest of a request as its 32 bytes, in pages that waste little', async () => {
    using scratch = scratchFolder();
    const path = join(scratch.path, 'replica.db');
    const store = opened(path);
    const leaves = [leaf(0), leaf(1, { type: 'ending', request: digest(0) })];
    await store.append(leaves, frontierAfter(leaves));
    const nameless = [...leaves, leaf(2, { request: 'not a digest' })];
    await expect(store.append(nameless.slice(2), frontierAfter(nameless))).rejects.toThrow(
      /named by its digest/,
    );
    expect((await store.load()).frontier.size).toBe(2);
    expect(await store.ofRequest('not a digest')).toEqual([]);
    expect(await store.ofRequest(digest(0))).toEqual(leaves);
    expect(await store.desk(1)).toEqual([digest(0)]);
    await store.close();
    const db = new Database(path, { readonly: true });
    expect(db.pragma('page_size', { simple: true })).toBe(8192);
    for (const column of ['leaf.request', 'request.digest']) {
      const [table] = column.split('.');
      const lengths = db.prepare(`SELECT DISTINCT length(${column}) FROM ${table}`).pluck().all();
      expect(lengths).toEqual([32]);
    }
    db.close();
  });

  test('refuses a gap, a repetition and a frontier of another size, and keeps nothing of them', async () => {
    using scratch = scratchFolder();
    const store = opened(join(scratch.path, 'replica.db'));
    const leaves = [leaf(0), leaf(1)];
    await expect(store.append([leaf(1)], frontierAfter([leaf(1)]))).rejects.toThrow('is next');
    await expect(store.append(leaves, frontierAfter([leaf(0)]))).rejects.toThrow('frontier');
    expect((await store.load()).frontier.size).toBe(0);
    expect(await store.read(0, 9)).toEqual([]);
    await store.append(leaves, frontierAfter(leaves));
    await expect(store.append(leaves, frontierAfter(leaves))).rejects.toThrow('is next');
    await store.close();
  });

  test('the desk: open requests oldest first, then the latest that have ended', async () => {
    using scratch = scratchFolder();
    const store = opened(join(scratch.path, 'replica.db'));
    const ending = (index: number, of: number) =>
      leaf(index, { type: 'ending', request: digest(of) });
    const leaves = [leaf(0), leaf(1), leaf(2), leaf(3), ending(4, 1), ending(5, 0), ending(6, 1)];
    await store.append(leaves, frontierAfter(leaves));
    expect(await store.desk(10)).toEqual([digest(2), digest(3), digest(0), digest(1)]);
    expect(await store.desk(1)).toEqual([digest(2), digest(3), digest(0)]);
    expect((await store.ofRequest(digest(1))).map((one) => one.index)).toEqual([1, 4, 6]);
    await store.close();
  });
});

describe('decisions', () => {
  test('count up for each key, name the one before, and refuse a used number', async () => {
    using scratch = scratchFolder();
    const store = opened(join(scratch.path, 'replica.db'));
    expect(await store.nextDecision(digest(7))).toEqual({ seq: 1, prev: digest(0) });
    await store.putDecision(decision(1));
    expect(await store.nextDecision(digest(7))).toEqual({ seq: 2, prev: digest(101) });
    expect((await store.nextDecision(digest(8))).seq).toBe(1);
    const reused = decision(1, { sha256: digest(300), messageId: 'other' });
    await expect(store.putDecision(reused)).rejects.toThrow('UNIQUE');
    await store.putDecision(decision(2));
    await store.settleDecision(digest(101), 'refused', 'busy');
    expect(await store.unsettledDecisions()).toEqual([decision(2)]);
    expect((await store.nextDecision(digest(7))).seq).toBe(3);
    await expect(store.settleDecision(digest(9), 'logged', undefined)).rejects.toThrow('settled');
    await store.close();
  });
});

describe('the file', () => {
  const altered = (path: string, pragma: string): void => {
    const db = new Database(path);
    db.pragma(pragma);
    db.close();
  };

  test('of another version or program is refused in one sentence', async () => {
    using scratch = scratchFolder();
    const path = join(scratch.path, 'replica.db');
    await opened(path).close();
    altered(path, `user_version = ${SCHEMA_VERSION + 1}`);
    expect(openSqliteStore(path)).toMatchObject({ ok: false, code: 'newer' });
    altered(path, 'user_version = 1');
    expect(openSqliteStore(path)).toMatchObject({ ok: false, code: 'older' });
    altered(path, 'application_id = 1');
    expect(openSqliteStore(path)).toMatchObject({ ok: false, code: 'foreign' });
  });

  test('that is no database, or can not be opened, is said', () => {
    using scratch = scratchFolder();
    const path = join(scratch.path, 'replica.db');
    writeFileSync(path, 'x'.repeat(8192));
    expect(openSqliteStore(path)).toMatchObject({ ok: false, code: 'damaged' });
    expect(openSqliteStore(join(scratch.path, 'no', 'db'))).toMatchObject({
      ok: false,
      code: 'io',
    });
  });
});
