import { statSync, writeFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { utf8 } from '../../../shared/bytes.ts';
import { Appender } from '../../../main/ledger/append.ts';
import { Ledger, openLedger } from '../../../main/ledger/ledger.ts';
import { assertDurable, openDatabase } from '../../../main/ledger/database.ts';
import { openCheckpoint } from '../../../main/trust/checkpoint.ts';
import { generateKeyPair, publicKeyOf } from '../../../main/trust/ed25519.ts';
import { Frontier } from '../../../main/trust/frontier.ts';
import { leafHash, verifyConsistency, verifyInclusion } from '../../../main/trust/merkle.ts';
import { consistencyProof, inclusionProof, rootAt } from '../../../main/trust/tree.ts';
import { NOTE_TYPE, vkeyOf } from '../../../main/trust/vkey.ts';
import { draft, entries, entry, logKey, type Scratch, scratch, vkey } from './kit.ts';

const D = (digit: string): string => digit.repeat(64);
const ID = 'ab'.repeat(16);

let log: Scratch;
beforeEach(() => {
  log = scratch();
});
afterEach(() => log.clean());

function rootOf(count: number): Uint8Array {
  const frontier = new Frontier();
  for (let i = 0; i < count; i++) frontier.append(leafHash(utf8(`leaf ${i}`)));
  return frontier.root();
}

describe('opening', () => {
  test('every open uses WAL and FULL, the second one too', () => {
    expect(log.open().durability().ok).toBe(true);
    expect(log.open().durability().ok).toBe(true);
  });

  test('a connection without our settings is caught by the assertion', () => {
    log.open().append(entries(1));
    const plainly = new Database(log.path);
    expect(assertDurable(plainly)).toMatchObject({ ok: false, code: 'notDurable' });
    plainly.close();
  });

  test('the file is for its owner alone', () => {
    log.open();
    expect(statSync(log.path).mode & 0o777).toBe(0o600);
    expect(statSync(`${log.path}-wal`).mode & 0o777).toBe(0o600);
  });

  test.each([0, 4, 6])('a log of schema %i is refused in one sentence', (version) => {
    log.open().close();
    log.damage(`pragma user_version = ${version}`);
    expect(openLedger(log.path, vkey)).toEqual({
      ok: false,
      code: 'schema',
      detail: `the log has schema ${version}, and this program reads 5 only`,
    });
  });

  test("another program's database is refused", () => {
    const other = new Database(log.path);
    other.exec('create table t (x)');
    other.close();
    expect(openLedger(log.path, vkey)).toMatchObject({ ok: false, code: 'notALog' });
  });

  test('a file that is no database is refused', () => {
    writeFileSync(log.path, 'x'.repeat(5000));
    expect(openLedger(log.path, vkey)).toMatchObject({ ok: false, code: 'unreadable' });
  });
});

describe('appending', () => {
  test('gives indexes in order, and keeps leaves and payloads', () => {
    const ledger = log.open();
    expect(ledger.append(entries(3))).toEqual({ ok: true, value: [0, 1, 2] });
    expect(ledger.append(entries(1, 3))).toEqual({ ok: true, value: [3] });
    const leaves = ledger.query.leaves(1, 3);
    expect(leaves.map((one) => one.leaf)).toEqual([utf8('leaf 1'), utf8('leaf 2')]);
    expect(leaves[0]?.payload).toEqual(utf8('payload 1'));
  });

  test('a batch that fails leaves nothing behind, on disk or in memory', () => {
    const ledger = log.open();
    ledger.append(entries(5));
    const about = { request: D('9'), ends: false };
    expect(() => ledger.append([entry('5'), { ...entry('6'), about }])).toThrow(/stored request/);
    expect(ledger.size).toBe(5);
    expect(ledger.root()).toEqual(rootOf(5));
    expect(ledger.append([entry('5')])).toEqual({ ok: true, value: [5] });
    expect(ledger.root()).toEqual(rootOf(6));
  });

  test('a full disk is a value, and the log goes on once there is room', () => {
    const opened = openDatabase(log.path);
    if (!opened.ok) throw new Error(opened.code);
    const { writer } = opened.value;
    const ledger = new Ledger(opened.value, new Appender(writer, new Frontier()), vkey);
    ledger.append(entries(2));
    const big = { leaf: { ...draft('2'), payload: new Uint8Array(200_000) } };
    // SQLite answers SQLITE_FULL at its own page limit as it does for a full disk.
    writer.pragma('max_page_count = 1');
    expect(ledger.append([big])).toMatchObject({ ok: false, code: 'full' });
    expect(ledger.size).toBe(2);
    writer.pragma('max_page_count = 1000000000');
    expect(ledger.append([big])).toEqual({ ok: true, value: [2] });
    ledger.close();
  });

  test('requests, chains, answers and kept notices go with the leaf', () => {
    const ledger = log.open();
    const opens = { request: D('1'), guard: 'g', attachments: [] };
    const message = { principal: D('7'), id: ID, digest: D('8'), at: 5 };
    ledger.append([{ ...entry('0'), opens, message }]);
    ledger.append([{ notice: { request: D('1'), what: 'shown', keyId: D('5'), envelope: '{}' } }]);
    const chain = { keyId: D('6'), seq: 1, digest: D('2') };
    ledger.append([{ ...entry('1'), about: { request: D('1'), ends: false }, chain }]);
    expect(ledger.query.request(D('1'))).toEqual({
      digest: D('1'),
      index: 0,
      guard: 'g',
      open: true,
      about: [1],
    });
    expect(ledger.query.answer(D('7'), ID)).toEqual({ digest: D('8'), index: 0 });
    expect(ledger.query.chain(D('6'))).toEqual({ seq: 1, digest: D('2') });
    expect(ledger.query.notices(D('1'))).toEqual([{ what: 'shown', keyId: D('5') }]);
    ledger.append([{ ...entry('2'), about: { request: D('1'), ends: true } }]);
    expect(ledger.query.openRequests()).toEqual([]);
    expect(ledger.query.request(D('1'))?.about).toEqual([1, 2]);
  });

  test('answers older than a week are forgotten, younger ones are not', () => {
    const ledger = log.open();
    const week = 7 * 24 * 3600 * 1000;
    const message = { principal: D('7'), id: ID, digest: D('8'), at: 1000 };
    ledger.append([{ ...entry('0'), message }]);
    ledger.prune(1000 + week);
    expect(ledger.query.answer(D('7'), ID)).toBeDefined();
    ledger.prune(1001 + week);
    expect(ledger.query.answer(D('7'), ID)).toBeUndefined();
  });
});

describe('the tree', () => {
  test('a restart restores the frontier, for every size up to 70', () => {
    log.open().close();
    for (let size = 1; size <= 70; size++) {
      const ledger = log.open();
      expect(ledger.size).toBe(size - 1);
      expect(ledger.root()).toEqual(rootOf(size - 1));
      ledger.append([entry(String(size - 1))]);
      ledger.close();
    }
  });

  test('every proof from stored rows verifies, for every leaf and size up to 33', () => {
    const ledger = log.open();
    ledger.append(entries(33));
    let checked = 0;
    for (let size = 1; size <= 33; size++) {
      const root = rootAt(ledger.nodes, size);
      expect(root).toEqual(rootOf(size));
      for (let index = 0; index < size; index++) {
        const proof = inclusionProof(ledger.nodes, index, size);
        const hash = leafHash(utf8(`leaf ${index}`));
        expect(verifyInclusion({ index, size, leafHash: hash, root, proof })).toBe(true);
        const first = index + 1;
        const claim = {
          first,
          second: size,
          firstRoot: rootOf(first),
          secondRoot: root,
          proof: consistencyProof(ledger.nodes, first, size),
        };
        expect(verifyConsistency(claim)).toBe(true);
        checked += 2;
      }
    }
    expect(checked).toBe(33 * 34);
  });
});

describe('signing the head', () => {
  test('the head is signed, stored, and there after a restart', () => {
    const ledger = log.open();
    ledger.append(entries(3));
    const head = ledger.seal(logKey);
    expect(head.ok && openCheckpoint(head.value.note, vkey)).toMatchObject({
      ok: true,
      value: { size: 3, root: rootOf(3) },
    });
    ledger.close();
    expect(log.open().head?.size).toBe(3);
  });

  test('nothing is signed twice for one size, nor for no leaves', () => {
    const ledger = log.open();
    expect(ledger.seal(logKey)).toMatchObject({ code: 'nothingNew' });
    ledger.append(entries(1));
    expect(ledger.seal(logKey).ok).toBe(true);
    expect(ledger.seal(logKey)).toMatchObject({ code: 'nothingNew' });
  });

  test.each([
    ['a bit of a new leaf', "update leaves set leaf = cast('leaf X' as blob) where idx = 4"],
    ['the hash of a new leaf', 'update leaves set hash = zeroblob(32) where idx = 4'],
    ['the nodes of a new leaf', 'update leaves set nodes = zeroblob(32) where idx = 5'],
    ['a node under the last head', 'update leaves set nodes = zeroblob(64) where idx = 3'],
    ['a new leaf that is gone', 'delete from leaves where idx = 5'],
  ])('%s that changed on disk stops every signature', (_, sql) => {
    const ledger = log.open();
    ledger.append(entries(4));
    expect(ledger.seal(logKey).ok).toBe(true);
    ledger.append(entries(2, 4));
    log.damage(sql);
    expect(ledger.seal(logKey)).toMatchObject({ code: 'corrupt' });
    expect(ledger.health).toMatchObject({ code: 'corrupt' });
    expect(ledger.append(entries(1, 6))).toMatchObject({ code: 'corrupt' });
    expect(ledger.seal(logKey)).toMatchObject({ code: 'corrupt' });
  });

  test('leaves and their head are on disk together, and there after a restart', () => {
    const ledger = log.open();
    ledger.append(entries(3));
    ledger.seal(logKey);
    expect(ledger.append(entries(4, 3), logKey)).toEqual({ ok: true, value: [3, 4, 5, 6] });
    expect(ledger.head?.size).toBe(7);
    expect(openCheckpoint(ledger.head?.note ?? '', vkey)).toMatchObject({ ok: true });
    const { note } = ledger.head ?? {};
    ledger.close();
    expect(log.open().head).toMatchObject({ size: 7, note });
  });

  test.each([
    ['a leaf that waited for its head', 'update leaves set leaf = zeroblob(9) where idx = 4'],
    ['a hash under the last head', 'update leaves set nodes = zeroblob(64) where idx = 3'],
  ])('with %s changed on disk, neither leaf nor head is kept', (_, sql) => {
    const ledger = log.open();
    ledger.append(entries(4));
    ledger.seal(logKey);
    ledger.append(entries(2, 4));
    log.damage(sql);
    expect(ledger.append(entries(2, 6), logKey)).toMatchObject({ code: 'corrupt' });
    expect(ledger.size).toBe(6);
    expect(ledger.query.leaves(6, 8)).toHaveLength(0);
    expect(ledger.health).toMatchObject({ code: 'corrupt' });
  });

  test.each([
    ['a tree other than the signed one', 'update leaves set nodes = zeroblob(64) where idx = 3'],
    ['fewer leaves than were signed', 'delete from leaves where idx >= 4'],
    [
      'another signature',
      "update checkpoints set note = replace(note, 'log.test/1', 'log.test/2')",
    ],
  ])('a start with %s reads and takes nothing', (_, sql) => {
    const before = log.open();
    before.append(entries(6));
    before.seal(logKey);
    before.close();
    log.damage(sql);
    const ledger = log.open();
    expect(ledger.health).toMatchObject({ code: 'corrupt' });
    expect(ledger.append(entries(1, 6))).toMatchObject({ code: 'corrupt' });
    expect(ledger.query.leaves(0, 2)).toHaveLength(2);
  });

  test("another log's key is not believed", () => {
    const ledger = log.open();
    ledger.append(entries(1));
    ledger.seal(logKey);
    ledger.close();
    const stranger = vkeyOf('log.test/1', NOTE_TYPE, publicKeyOf(generateKeyPair()));
    const opened = openLedger(log.path, stranger);
    expect(opened.ok && opened.value.health).toMatchObject({ code: 'corrupt' });
    if (opened.ok) opened.value.close();
  });
});
