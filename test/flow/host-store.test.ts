// The store in its real process: what it acknowledged is there after kill -9, and its end is heard by every call.

import { statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openStoreProcess, type StoreProcess } from '../../main/app/store/client.ts';
import type { StoredLeaf } from '../../main/app/ports.ts';
import { childEnvironment } from '../../main/hosts/processes/environment.ts';
import { Frontier } from '../../main/trust/frontier.ts';
import { sha256 } from '../../main/trust/digest.ts';
import { scratchFolder } from '../unit/state/scratch.ts';

const ENTRY = join(import.meta.dirname, '../../main/store.ts');

async function started(path: string): Promise<StoreProcess> {
  const opened = await openStoreProcess({ entry: ENTRY, path, env: childEnvironment(process.env) });
  if (!opened.ok) throw new Error(opened.detail);
  return opened.value;
}

const leaf = (index: number): StoredLeaf => ({
  index,
  leaf: new Uint8Array(600).fill(index % 256),
  payload: index % 2 === 0 ? new Uint8Array([index % 256]) : undefined,
  type: 'request',
  request: index.toString(16).padStart(64, '0'),
  at: undefined,
});

test('kill -9 between appends loses no acknowledged leaf, in five lives', async () => {
  using scratch = scratchFolder();
  const path = join(scratch.path, 'replica.db');
  const frontier = new Frontier();
  let acknowledged = 0;
  for (let life = 0; life < 5; life += 1) {
    const { store, lost, pid } = await started(path);
    const { frontier: held } = await store.load();
    // One append may have been on disk before its answer arrived.
    expect(held.size - acknowledged).toBeGreaterThanOrEqual(0);
    expect(held.size - acknowledged).toBeLessThanOrEqual(1);
    while (frontier.size < held.size) frontier.append(sha256(leaf(frontier.size).leaf));
    expect(held).toEqual(frontier.state());
    acknowledged = held.size;
    const killAt = acknowledged + 20;
    for (;;) {
      const next = leaf(acknowledged);
      const after = Frontier.restore(frontier.state());
      if (!after.ok) throw new Error('frontier');
      after.value.append(sha256(next.leaf));
      const appended = store.append([next], after.value.state()).then(
        () => true,
        () => false,
      );
      if (acknowledged === killAt) process.kill(pid ?? 0, 'SIGKILL');
      if (!(await appended)) break;
      acknowledged += 1;
      frontier.append(sha256(next.leaf));
    }
    expect(await lost).toBe('the store has stopped unexpectedly');
    await expect(store.load()).rejects.toThrow('the store has stopped unexpectedly');
  }
  const { store } = await started(path);
  expect((await store.read(0, 1000)).length).toBeGreaterThanOrEqual(acknowledged);
  expect((await store.read(0, 2)).at(1)).toEqual(leaf(1));
  await store.close();
  expect(acknowledged).toBeGreaterThanOrEqual(100);
});

test('calls are answered in order, failures as rejections, close twice is one end', async () => {
  using scratch = scratchFolder();
  const { store, pid } = await started(join(scratch.path, 'replica.db'));
  const frontier = new Frontier();
  frontier.append(sha256(leaf(0).leaf));
  const [, loaded] = await Promise.all([store.append([leaf(0)], frontier.state()), store.load()]);
  expect(loaded.frontier).toEqual(frontier.state());
  expect(statSync(join(scratch.path, 'replica.db')).mode & 0o777).toBe(0o600);
  await expect(store.append([leaf(5)], frontier.state())).rejects.toThrow('is next');
  await Promise.all([store.close(), store.close()]);
  await expect(store.load()).rejects.toThrow('the store is closed');
  expect(() => process.kill(pid ?? 0, 0)).toThrow('ESRCH');
});

test('a file that does not open is one sentence', async () => {
  using scratch = scratchFolder();
  const path = join(scratch.path, 'no', 'replica.db');
  const opened = await openStoreProcess({ entry: ENTRY, path, env: childEnvironment(process.env) });
  expect(opened).toMatchObject({ ok: false, code: 'refused' });
  expect(opened.ok ? '' : opened.detail).toContain("can't be opened");
});
