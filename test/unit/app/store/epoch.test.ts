// A new epoch of the log: the copy of the old one is kept aside, an empty one takes its place, and no number of a decision is
// used twice over it.

import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Store, StoredDecision } from '../../../../main/app/ports.ts';
import { openAppStore } from '../../../../main/app/store/open.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'countersign-epoch-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const path = (): string => join(folder, 'replica.db');
function open(now = 0): Store {
  const opened = openAppStore(path(), now);
  if (!opened.ok) throw new Error(opened.detail);
  return opened.value.store;
}
const decision = (seq: number): StoredDecision => ({
  sha256: String(seq).repeat(64).slice(0, 64),
  keyId: 'a'.repeat(64),
  seq,
  request: 'b'.repeat(64),
  envelope: new Uint8Array([1]),
  messageId: 'c'.repeat(32),
  state: 'sending',
  code: undefined,
});
const KEY = 'a'.repeat(64);

test('the same log again changes nothing', async () => {
  const store = open();
  await store.useLog('log/1');
  await store.putNote(0, 'note');
  await store.useLog('log/1');
  expect((await store.load()).note).toBe('note');
  await store.close();
});

test('another log begins with nothing, and the old copy is kept', async () => {
  const store = open(1);
  await store.useLog('log/1');
  await store.putNote(7, 'of seven');
  await store.putDecision(decision(1));
  await store.useLog('log/2');
  expect(await store.load()).toEqual({ frontier: { size: 0, hashes: [] }, note: undefined });
  expect(readdirSync(folder).filter((name) => name.startsWith('replica.db.epoch-'))).not.toEqual(
    [],
  );
  await store.close();
});

test('numbers of decisions go on, now and after a restart', async () => {
  const store = open(1);
  await store.useLog('log/1');
  await store.putDecision(decision(1));
  await store.useLog('log/2');
  expect(await store.nextDecision(KEY)).toEqual({ seq: 2, prev: decision(1).sha256 });
  await store.putDecision(decision(2));
  await store.close();
  const again = open(2);
  await again.useLog('log/2');
  expect(await again.nextDecision(KEY)).toEqual({ seq: 3, prev: decision(2).sha256 });
  await again.close();
});

test('a restart in the new epoch is no rollback', async () => {
  const store = open(1);
  await store.useLog('log/1');
  await store.putNote(900, 'of nine hundred');
  await store.useLog('log/2');
  await store.close();
  const opened = openAppStore(path(), 2);
  expect(opened.ok && opened.value.mended).toBeUndefined();
  if (opened.ok) await opened.value.store.close();
});
