// The tables follow the log: when, how far, and what a start makes of rows that wait and are not what was written.

import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Appender } from '../../../main/ledger/append.ts';
import { openDatabase } from '../../../main/ledger/database.ts';
import type { Entry } from '../../../main/ledger/entry.ts';
import { Ledger } from '../../../main/ledger/ledger.ts';
import { readMark, writeMark } from '../../../main/ledger/mark.ts';
import { MOST } from '../../../main/ledger/settle.ts';
import { Frontier } from '../../../main/trust/frontier.ts';
import { draft, entries, entry, logKey, type Scratch, scratch, vkey } from './kit.ts';

const D = (digit: string): string => digit.repeat(64);
const idOf = (n: number): string => n.toString(16).padStart(32, '0');
const message = (n: number) => ({ principal: D('7'), id: idOf(n), digest: D('8'), at: 5 });
const opens = (request: string) => ({ request, guard: 'g', attachments: [] });
const shown = (request: string): NonNullable<Entry['notice']> => ({
  request,
  what: 'shown',
  keyId: D('5'),
  envelope: '{}',
});

let log: Scratch;
beforeEach(() => {
  log = scratch();
});
afterEach(() => log.clean());

/** As the file has it. */
function markOf(path: string) {
  const db = new Database(path);
  const text = db.prepare('select mark from settled').pluck().get();
  db.close();
  return readMark(String(text));
}
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('the tables follow', () => {
  test('by count, once the answers have gone out, and not before', async () => {
    const ledger = log.open();
    ledger.append(entries(511));
    await turn();
    expect(markOf(log.path)).toEqual({ leaves: 0, kept: 0 });
    ledger.append([entry('511'), { message: message(1) }]);
    expect(markOf(log.path)).toEqual({ leaves: 0, kept: 0 });
    await turn();
    expect(markOf(log.path)).toEqual({ leaves: 512, kept: 1 });
  });

  test('never further behind than a start may read, where no turn comes or a batch is larger', () => {
    const ledger = log.open();
    const behind = (): number => ledger.size - (markOf(log.path)?.leaves ?? 0);
    let most = 0;
    for (let size = 0; size < 3 * MOST; size += 100) {
      ledger.append(entries(100, size));
      most = Math.max(most, behind());
    }
    expect(most).toBeGreaterThan(MOST / 2);
    expect(most).toBeLessThanOrEqual(MOST);
    ledger.append(entries(2 * MOST, ledger.size));
    expect(behind()).toBe(0);
  });

  test('and the WAL goes into the file then too, by batches, and not in a commit', async () => {
    const ledger = log.open();
    const begun = statSync(log.path).size;
    for (let n = 0; n < 256; n += 1) {
      ledger.append([entry(String(n))]);
      if (n % 50 === 0) await turn();
      expect(statSync(log.path).size).toBe(begun);
    }
    await turn();
    expect(statSync(log.path).size).toBeGreaterThan(begun);
  });

  test('under a load without a pause the WAL stays within bounds, and the log is whole', async () => {
    const ledger = log.open();
    const big = (n: number) => ({ leaf: { ...draft(String(n)), payload: new Uint8Array(3500) } });
    let most = 0;
    for (let n = 0; n < 300; n += 1) {
      ledger.append(Array.from({ length: 25 }, (_, i) => big(ledger.size + i)));
      if (n > 100) await turn();
      most = Math.max(most, statSync(`${log.path}-wal`).size);
    }
    expect(most).toBeLessThan(3000 * 4120);
    expect(ledger.append([entry(String(ledger.size))], logKey).ok).toBe(true);
    ledger.close();
    expect(existsSync(`${log.path}-wal`)).toBe(false);
    const again = log.open();
    expect(again.health.ok).toBe(true);
    expect(again.query.quickCheck()).toBe(true);
    expect(again.size).toBe(300 * 25 + 1);
  });

  test('a turn that comes after the log was closed touches nothing', async () => {
    const ledger = log.open();
    ledger.append(entries(600));
    ledger.close();
    await turn();
    expect(markOf(log.path)).toEqual({ leaves: 0, kept: 0 });
  });

  test('a batch that fails leaves nothing pending', () => {
    const ledger = log.open();
    ledger.append([{ ...entry('0'), opens: opens(D('1')), message: message(0) }]);
    const lost: Entry[] = [
      { ...entry('1'), opens: opens(D('2')), message: message(1) },
      { ...entry('2'), about: { request: D('1'), ends: true } },
      { message: message(2), notice: shown(D('1')) },
      { ...entry('3'), about: { request: D('9'), ends: false } },
    ];
    expect(() => ledger.append(lost)).toThrow(/stored request/);
    expect(ledger.query.request(D('2'))).toBeUndefined();
    expect(ledger.query.request(D('1'))).toMatchObject({ open: true, about: [] });
    expect(ledger.query.answer(D('7'), idOf(1))).toBeUndefined();
    expect(ledger.query.notices(D('1'))).toEqual([]);
    expect(ledger.append(lost.slice(0, 3)).ok).toBe(true);
    expect(log.killed().query.request(D('1'))).toMatchObject({ open: false, about: [2] });
  });

  test('nor does one for which there is no room', () => {
    const opened = openDatabase(log.path);
    if (!opened.ok) throw new Error(opened.code);
    const { writer } = opened.value;
    const ledger = new Ledger(opened.value, new Appender(writer, new Frontier()), vkey);
    const big = { leaf: { ...draft('0'), payload: new Uint8Array(200_000) }, message: message(0) };
    writer.pragma('max_page_count = 1');
    expect(ledger.append([big])).toMatchObject({ code: 'full' });
    expect(ledger.query.answer(D('7'), idOf(0))).toBeUndefined();
    ledger.close();
  });

  test.each([
    ['a second effect of a message', { ...entry('1'), message: message(0) }, /one effect/],
    ['a request that opens again', { ...entry('1'), opens: opens(D('1')) }, /opens once/],
    ['a leaf that is kept too', { ...entry('1'), notice: shown(D('1')) }, /not logged/],
  ] as const)('%s is a bug, pending or settled', (_, twice, says) => {
    const ledger = log.open();
    ledger.append([{ ...entry('0'), opens: opens(D('1')), message: message(0) }]);
    expect(() => ledger.append([twice])).toThrow(says);
    expect(ledger.settle().ok).toBe(true);
    expect(() => ledger.append([twice])).toThrow(says);
    expect(ledger.size).toBe(1);
  });

  test("where they can't, nothing is lost, and they do once there is room", () => {
    const opened = openDatabase(log.path);
    if (!opened.ok) throw new Error(opened.code);
    const { writer } = opened.value;
    const ledger = new Ledger(opened.value, new Appender(writer, new Frontier()), vkey);
    for (let n = 0; n < 200; n += 1)
      ledger.append([{ leaf: draft(String(n)), message: message(n) }]);
    writer.pragma('max_page_count = 1');
    expect(ledger.settle()).toMatchObject({ code: 'full' });
    expect(ledger.query.answer(D('7'), idOf(199))).toMatchObject({ index: 199 });
    writer.pragma('max_page_count = 1000000000');
    expect(ledger.settle().ok).toBe(true);
    expect(ledger.query.answer(D('7'), idOf(199))).toMatchObject({ index: 199 });
    expect(markOf(log.path)).toEqual({ leaves: 200, kept: 0 });
    ledger.close();
  });

  test('the same notice again is kept once, and each message has its answer', () => {
    const ledger = log.open();
    ledger.append([{ ...entry('0'), opens: opens(D('1')) }]);
    for (let n = 0; n < 4; n += 1) {
      ledger.append([{ notice: shown(D('1')), message: message(n) }]);
      if (n === 1) ledger.settle();
    }
    ledger.settle();
    expect(ledger.query.notices(D('1'))).toEqual([{ what: 'shown', keyId: D('5') }]);
    expect(ledger.query.answer(D('7'), idOf(3))).toEqual({ digest: D('8'), index: undefined });
    const db = new Database(log.path);
    expect(db.prepare('select count(*) from kept').pluck().get()).toBe(1);
    db.close();
    // What was kept last is gone from its table: its number is not given again.
    ledger.close();
    const again = log.open();
    again.append([{ message: message(9) }]);
    expect(log.killed().query.answer(D('7'), idOf(9))).toBeDefined();
  });
});

describe('a start', () => {
  /** Three requests that wait, a notice of the first, and the head signed over all. */
  function fill(): void {
    const ledger = log.open();
    ledger.append([{ ...entry('0'), opens: opens(D('4')), message: message(20) }]);
    ledger.append(entries(2, 1));
    ledger.settle();
    for (const [n, digit] of ['1', '2', '3'].entries())
      ledger.append([{ ...entry(String(n + 3)), opens: opens(D(digit)), message: message(n) }]);
    ledger.append([{ notice: shown(D('1')), message: message(8) }]);
    ledger.append([{ ...entry('6'), about: { request: D('3'), ends: true } }], logKey);
    ledger.close();
  }

  test('has what waits, and writes nothing', () => {
    fill();
    const before = readFileSync(log.path);
    const ledger = log.open();
    expect(ledger.health.ok).toBe(true);
    expect(ledger.query.openRequests().map(({ digest }) => digest)).toEqual([
      D('4'),
      D('1'),
      D('2'),
    ]);
    expect(ledger.query.notices(D('1'))).toHaveLength(1);
    ledger.close();
    expect(readFileSync(log.path).equals(before)).toBe(true);
  });

  test.each([
    [
      'effects that were changed',
      "update leaves set effects = cast(replace(effects, 'g', 'h') as blob) where idx = 4",
    ],
    [
      'the effects of another leaf',
      'update leaves set effects = (select effects from leaves where idx = 3) where idx = 4',
    ],
    [
      'what is kept under another number',
      'insert into kept select seq + 1, effects, envelope from kept',
    ],
    ['a leaf that was changed', "update leaves set leaf = cast('x' as blob) where idx = 4"],
    ['effects that are gone', "update leaves set effects = x'' where idx = 4"],
    ['a leaf that is gone', 'delete from leaves where idx = 4'],
    ['what is kept changed', 'update kept set effects = zeroblob(30)'],
    ['a mark further on', "update settled set mark = replace(mark, '3 0', '4 0')"],
    ['no mark', 'delete from settled'],
    [
      'a mark further on than the log',
      `update settled set mark = '${writeMark({ leaves: 9, kept: 0 })}'`,
    ],
    [
      'a mark before what is settled',
      `update settled set mark = '${writeMark({ leaves: 0, kept: 0 })}'`,
    ],
  ])('over %s reads and takes nothing', (_, sql) => {
    fill();
    log.damage(sql);
    const ledger = log.open();
    expect(ledger.health).toMatchObject({ code: 'corrupt' });
    expect(ledger.append([entry('7')])).toMatchObject({ code: 'corrupt' });
    expect(ledger.settle()).toMatchObject({ code: 'corrupt' });
    expect(ledger.query.leaves(0, 2)).toHaveLength(2);
  });

  test('reads the edge of the log and not the log', () => {
    const ledger = log.open();
    for (let size = 0; size < 4000; size += 500) ledger.append(entries(500, size), logKey);
    ledger.settle();
    ledger.close();
    const bytes = readFileSync(log.path);
    const db = new Database(log.path, { readonly: true });
    // Leaves that are no edge of any subtree: one by one, they are not read.
    const pages = db
      .prepare<[], { pageno: number }>(
        "select pageno from dbstat where name = 'leaves' and pagetype = 'leaf' order by path",
      )
      .all();
    db.close();
    const middle = pages.slice(5, 10);
    for (const { pageno } of middle) bytes.fill(0xff, (pageno - 1) * 4096, pageno * 4096);
    writeFileSync(log.path, bytes);
    const again = log.open();
    expect(again.health.ok).toBe(true);
    expect(again.size).toBe(4000);
    expect(again.append([entry('4000')], logKey).ok).toBe(true);
    expect(again.query.leaves(0, 4000).length).toBeLessThan(4000);
  });
});
