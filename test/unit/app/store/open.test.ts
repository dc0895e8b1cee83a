// The app's copy against what this device had reached: a restored, damaged or missing one is replaced, kept and said, and
// no number of a decision is ever given twice.

import {
  copyFileSync,
  existsSync,
  openSync,
  readdirSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Store, StoredDecision, StoredLeaf } from '../../../../main/app/ports.ts';
import { reachedPath, seqPath } from '../../../../main/app/store/marks.ts';
import { type AppStore, flagDamage, openAppStore } from '../../../../main/app/store/open.ts';
import { openSqliteStore } from '../../../../main/app/store/sqlite.ts';
import { sha256 } from '../../../../main/trust/digest.ts';
import { Frontier } from '../../../../main/trust/frontier.ts';
import { scratchFolder } from '../../state/scratch.ts';

const NOW = Date.parse('2026-11-22T09:30:00.000Z');
const KEY = '7'.repeat(64);
const digest = (n: number): string => n.toString(16).padStart(64, '0');

function opened(path: string): AppStore {
  const store = openAppStore(path, NOW);
  if (!store.ok) throw new Error(store.detail);
  return store.value;
}

/** Takes the next number, as the app does, and stores a decision under it. */
async function decide(store: Store): Promise<number> {
  const { seq, prev } = await store.nextDecision(KEY);
  expect(prev === digest(0)).toBe(seq === 1);
  const decision: StoredDecision = {
    sha256: digest(100 + seq),
    keyId: KEY,
    seq,
    request: digest(0),
    envelope: new Uint8Array([seq]),
    messageId: `m${seq}`,
    state: 'sending',
    code: undefined,
  };
  await store.putDecision(decision);
  return seq;
}

async function append(store: Store, size: number, mark?: StoredLeaf['mark']): Promise<void> {
  const frontier = new Frontier();
  const leaves = Array.from({ length: size }, (_, index): StoredLeaf => {
    const leaf = new Uint8Array([index]);
    frontier.append(sha256(leaf));
    return {
      index,
      leaf,
      payload: undefined,
      type: 'decision',
      request: digest(0),
      at: undefined,
      mark,
    };
  });
  await store.append(leaves, frontier.state());
  await store.putNote(size, `note ${size}`);
}

/** The file as somebody copies it away while the app is closed. */
function backUp(path: string): () => void {
  copyFileSync(path, `${path}.backup`);
  return () => {
    rmSync(`${path}-wal`, { force: true });
    rmSync(`${path}-shm`, { force: true });
    copyFileSync(`${path}.backup`, path);
  };
}

const kept = (folder: string): string[] =>
  readdirSync(folder).filter(
    (name) => name.startsWith('replica.db.broken-') && !/-(wal|shm)$/.test(name),
  );

describe('a copy that is older than what this device had reached', () => {
  test('a day-old one is kept aside, said as an alarm, and numbers go on', async () => {
    using scratch = scratchFolder();
    const path = join(scratch.path, 'replica.db');
    const day = opened(path);
    expect(day.mended).toBeUndefined();
    await append(day.store, 3);
    expect(await decide(day.store)).toBe(1);
    await day.store.putSavedView({ name: 'mine', filters: {} });
    await day.store.close();
    const restore = backUp(path);
    const next = opened(path);
    for (const seq of [2, 3, 4]) expect(await decide(next.store)).toBe(seq);
    await next.store.close();
    restore();
    const after = opened(path);
    expect(after.mended).toContain('went backwards');
    expect(after.mended).toContain('fetched again');
    const loaded = await after.store.load();
    expect(loaded.frontier.size).toBe(0);
    expect(loaded.reached).toBe('note 3');
    expect(loaded.wentBackwards).toBe(after.mended);
    expect(kept(scratch.path)).toHaveLength(1);
    expect(await after.store.savedViews()).toEqual([{ name: 'mine', filters: {} }]);
    expect(await after.store.nextDecision(KEY)).toEqual({ seq: 5, prev: digest(104) });
    expect(await decide(after.store)).toBe(5);
    await after.store.close();
    const last = opened(path);
    expect(last.mended).toBeUndefined();
    expect((await last.store.load()).wentBackwards).toBeUndefined();
    expect((await last.store.nextDecision(KEY)).seq).toBe(6);
    await last.store.close();
  });

  test('one whose checkpoint is behind is found without any decision', async () => {
    using scratch = scratchFolder();
    const path = join(scratch.path, 'replica.db');
    await opened(path).store.close();
    const restore = backUp(path);
    const day = opened(path);
    await append(day.store, 5);
    await day.store.close();
    restore();
    const after = opened(path);
    expect((await after.store.load()).wentBackwards).toContain('had verified 5');
    await append(after.store, 5);
    expect((await after.store.load()).reached).toBeUndefined();
    await after.store.close();
  });

  test('a number that was marked and, after a crash, never stored is a gap and no alarm', async () => {
    using scratch = scratchFolder();
    const path = join(scratch.path, 'replica.db');
    const store = opened(path).store;
    await decide(store);
    await store.close();
    const file = { version: 1, keys: { [KEY]: { seq: 2, sha256: digest(102) } } };
    writeFileSync(seqPath(path), JSON.stringify(file), { mode: 0o600 });
    const again = opened(path);
    expect(again.mended).toBeUndefined();
    expect(await again.store.nextDecision(KEY)).toEqual({ seq: 3, prev: digest(102) });
    await again.store.close();
    // The same crash once more: still no alarm, and the number after it.
    const more = { version: 1, keys: { [KEY]: { seq: 3, sha256: digest(103) } } };
    writeFileSync(seqPath(path), JSON.stringify(more), { mode: 0o600 });
    const third = opened(path);
    expect(third.mended).toBeUndefined();
    expect(await decide(third.store)).toBe(4);
    // A number that was never sent is nobody's decision.
    await append(third.store, 1, {
      what: 'decision',
      verdict: 'approve',
      reviewer: 'maya',
      at: NOW,
      keyId: KEY,
      seq: 2,
      sha256: digest(102),
    });
    await expect(third.store.settleDecision(digest(102), 'logged', undefined)).rejects.toThrow(
      'settled',
    );
    await third.store.close();
  });

  test('a number whose decision could not be stored is left out in the same run, too', async () => {
    using scratch = scratchFolder();
    const path = join(scratch.path, 'replica.db');
    const { store } = opened(path);
    expect(await decide(store)).toBe(1);
    const taken: StoredDecision = {
      sha256: digest(102),
      keyId: KEY,
      seq: 2,
      request: digest(0),
      envelope: new Uint8Array(1),
      // That of the first: the row is refused, after the number was marked.
      messageId: 'm1',
      state: 'sending',
      code: undefined,
    };
    await expect(store.putDecision(taken)).rejects.toThrow('UNIQUE');
    expect(await store.nextDecision(KEY)).toEqual({ seq: 3, prev: digest(102) });
    await store.close();
  });

  test('a used number is refused before anything is written', async () => {
    using scratch = scratchFolder();
    const path = join(scratch.path, 'replica.db');
    const { store } = opened(path);
    await decide(store);
    const again: StoredDecision = {
      sha256: digest(5),
      keyId: KEY,
      seq: 1,
      request: digest(0),
      envelope: new Uint8Array(1),
      messageId: 'other',
      state: 'sending',
      code: undefined,
    };
    await expect(store.putDecision(again)).rejects.toThrow('used once');
    expect(await store.unsettledDecisions()).toHaveLength(1);
    await store.close();
  });
});

describe('a copy that is filled again', () => {
  test('takes back the decisions that this device made, and no other', async () => {
    using scratch = scratchFolder();
    const path = join(scratch.path, 'replica.db');
    const first = opened(path);
    for (const seq of [1, 2]) expect(await decide(first.store)).toBe(seq);
    await first.store.close();
    writeFileSync(path, 'not a database any more');
    const { store } = opened(path);
    const says = (seq: number, keyId: string): StoredLeaf['mark'] => ({
      what: 'decision',
      verdict: 'approve',
      reviewer: 'maya',
      at: NOW,
      keyId,
      seq,
      sha256: digest(100 + seq),
    });
    await append(store, 1, says(2, KEY));
    await store.settleDecision(digest(102), 'logged', undefined);
    expect(await store.unsettledDecisions()).toEqual([]);
    await expect(store.settleDecision(digest(101), 'logged', undefined)).rejects.toThrow('settled');
    await store.close();
    writeFileSync(path, 'broken again');
    const other = opened(path).store;
    // A number that this device had not reached: somebody else has the key.
    await append(other, 1, says(3, KEY));
    await expect(other.settleDecision(digest(103), 'logged', undefined)).rejects.toThrow('settled');
    await other.close();
  });
});

describe('a copy that is broken', () => {
  const damage = (path: string): void => {
    const fd = openSync(path, 'r+');
    // The middle of every page from the second on.
    for (let at = 4096; at < 60_000; at += 4096) writeSync(fd, Buffer.alloc(900, 0x5a), 0, 900, at);
  };

  test('a damaged page is found at the start; what it was is kept', async () => {
    using scratch = scratchFolder();
    const path = join(scratch.path, 'replica.db');
    const { store } = opened(path);
    await append(store, 200);
    expect(await decide(store)).toBe(1);
    await store.close();
    damage(path);
    const again = opened(path);
    expect(again.mended).toMatch(/damaged .* kept as .*broken-2026-11-22.* fetched again/);
    expect(kept(scratch.path)).toHaveLength(1);
    expect(await again.store.load()).toMatchObject({ frontier: { size: 0 }, reached: 'note 200' });
    expect((await again.store.load()).wentBackwards).toBeUndefined();
    expect((await again.store.nextDecision(KEY)).seq).toBe(2);
    await again.store.close();
  });

  test('one that was found damaged while it was read is not trusted again', async () => {
    using scratch = scratchFolder();
    const path = join(scratch.path, 'replica.db');
    await opened(path).store.close();
    flagDamage(path);
    expect(opened(path).mended).toContain('while it was read');
    expect(existsSync(`${path}.damaged`)).toBe(false);
    expect(opened(path).mended).toBeUndefined();
  });

  test("a missing one is said; another program's or version's is refused and stays", async () => {
    using scratch = scratchFolder();
    const path = join(scratch.path, 'replica.db');
    const { store } = opened(path);
    await append(store, 2);
    await store.close();
    rmSync(path);
    const again = opened(path);
    expect(again.mended).toContain('was missing');
    expect(kept(scratch.path)).toEqual([]);
    await again.store.close();
    const plain = openSqliteStore(join(scratch.path, 'other.db'));
    if (!plain.ok) throw new Error(plain.detail);
    await plain.value.close();
  });

  test('unreadable marks are kept aside and said: this run must not approve', async () => {
    using scratch = scratchFolder();
    const path = join(scratch.path, 'replica.db');
    const { store } = opened(path);
    await append(store, 2);
    await decide(store);
    await store.close();
    writeFileSync(seqPath(path), '{"version":1,"keys":{', { mode: 0o600 });
    const again = opened(path);
    expect((await again.store.load()).wentBackwards).toContain('seq.json');
    expect((await again.store.nextDecision(KEY)).seq).toBe(2);
    expect(existsSync(seqPath(path)) && existsSync(reachedPath(path))).toBe(true);
    await again.store.close();
    expect((await opened(path).store.load()).wentBackwards).toBeUndefined();
  });
});
