// What is owed stays on disk until the broker has it, in order, and whoever comes next sends it.

import { afterEach, expect, test } from 'vitest';
import { chmodSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fromUtf8, utf8 } from '../../../shared/bytes.ts';
import { openQueue } from '../../../main/guard/state/queue.ts';
import { WIRE_CODE_LIST, WIRE_CODES } from '../../../shared/protocol/codes.ts';
import type { Link } from '../../../main/link/link.ts';
import { emptyHome } from '../../kit/guard-world.ts';

const homes: string[] = [];
afterEach(() => {
  for (const root of homes.splice(0)) rmSync(root, { recursive: true, force: true });
});
const newHome = () => {
  const home = emptyHome();
  homes.push(home.root);
  return home;
};

/** A link whose every answer is this one. */
const answering = (answer: unknown) => {
  const sent: { readonly type: string; readonly id: string; readonly text: string }[] = [];
  const send = (async (type: string, body: { envelope: string }, options: { id: string }) => {
    sent.push({ type, id: options.id, text: body.envelope });
    return answer;
    // The queue sends two types of message; the fake takes any.
  }) as unknown as Link['send'];
  return { link: { send }, sent };
};
const proven = async (): Promise<boolean> => true;
const left = (home: { guard: string }): string[] =>
  readdirSync(join(home.guard, 'queue')).filter((name) => name !== 'refused');

test('what was put is sent in order, under an id of its content, and gone', async () => {
  const home = newHome();
  const queue = openQueue(home, () => 1_000);
  for (const [type, text] of [
    ['receipt', 'b'],
    ['ending', 'a'],
    ['receipt', 'c'],
  ] as const)
    expect(queue.put(type, utf8(text)).ok).toBe(true);
  const { link, sent } = answering({ ok: true, value: { index: 4 } });
  await queue.flush(link, proven);
  expect(sent.map(({ type, text }) => `${type} ${text}`)).toEqual([
    'receipt b',
    'ending a',
    'receipt c',
  ]);
  expect(new Set(sent.map(({ id }) => id)).size).toBe(3);
  expect(left(home)).toEqual([]);
});

test('what a run left behind is sent by the next, before its own', async () => {
  const home = newHome();
  openQueue(home, () => 1_000).put('ending', utf8('left behind'));
  // Cut off in the middle of a write: no name that counts.
  writeFileSync(join(home.guard, 'queue', '.half.tmp'), 'half');
  const next = openQueue(home, () => 2_000);
  next.put('receipt', utf8('own'));
  const { link, sent } = answering({ ok: true, value: { index: 4 } });
  await next.flush(link, proven);
  expect(sent.map(({ text }) => text)).toEqual(['left behind', 'own']);
  expect(left(home)).toEqual(['.half.tmp']);
});

test.each([...WIRE_CODE_LIST, 'closed' as const])(
  '%s: kept where it may yet be taken',
  async (code) => {
    const home = newHome();
    const queue = openQueue(home, () => 1_000);
    queue.put('receipt', utf8('one'));
    queue.put('receipt', utf8('two'));
    const { link, sent } = answering({ ok: false, code });
    await queue.flush(link, proven);
    const retry = code === 'closed' || WIRE_CODES[code].retry;
    // Order counts: after one that must be tried again nothing else is sent.
    expect(sent).toHaveLength(retry ? 1 : 2);
    expect(left(home)).toHaveLength(retry ? 2 : 0);
  },
);

test('two runs that send the same file send one message', async () => {
  const home = newHome();
  openQueue(home, () => 1_000).put('receipt', utf8('one'));
  const ids: string[] = [];
  for (const queue of [openQueue(home, () => 5), openQueue(home, () => 9)]) {
    const { link, sent } = answering({ ok: false, code: 'closed' });
    await queue.flush(link, proven);
    ids.push(...sent.map(({ id }) => id));
  }
  expect(ids).toHaveLength(2);
  expect(new Set(ids).size).toBe(1);
});

test("'io' where it cannot be written, and a folder that is not there owes nothing", async () => {
  const home = newHome();
  const queue = openQueue(home, () => 1);
  const { link, sent } = answering({ ok: true, value: { index: 4 } });
  await queue.flush(link, proven);
  expect(sent).toEqual([]);
  writeFileSync(join(home.guard, 'queue'), 'a file');
  expect(queue.put('ending', utf8('x'))).toMatchObject({ ok: false, code: 'io' });
});

test('what others may write is not sent in our name', async () => {
  const home = newHome();
  const queue = openQueue(home, () => 1);
  queue.put('ending', utf8('x'));
  const [name = ''] = left(home);
  chmodSync(join(home.guard, 'queue', name), 0o666);
  mkdirSync(join(home.guard, 'queue', name.replace(/^0/, '1')));
  const { link, sent } = answering({ ok: true, value: { index: 4 } });
  await queue.flush(link, proven);
  expect(sent).toEqual([]);
});

test('what the broker took and nobody has proven stays, and is sent again', async () => {
  const home = newHome();
  const queue = openQueue(home, () => 1_000);
  queue.put('receipt', utf8('one'));
  const { link, sent } = answering({ ok: true, value: { index: 4 } });
  const asked: [string, number][] = [];
  const unproven = async (envelope: Uint8Array, index: number): Promise<boolean> => {
    asked.push([fromUtf8(envelope), index]);
    return false;
  };
  await queue.flush(link, unproven);
  expect(asked).toEqual([['one', 4]]);
  expect(left(home)).toHaveLength(1);
  await queue.flush(link, proven);
  expect(new Set(sent.map(({ id }) => id)).size).toBe(1);
  expect(left(home)).toEqual([]);
});

test('what the broker took without saying where stays', async () => {
  const home = newHome();
  const queue = openQueue(home, () => 1_000);
  queue.put('receipt', utf8('one'));
  await queue.flush(answering({ ok: true, value: {} }).link, proven);
  expect(left(home)).toHaveLength(1);
});

test('what the broker refuses for good is kept aside, as this guard said it', async () => {
  const home = newHome();
  const queue = openQueue(home, () => 1_000);
  queue.put('receipt', utf8('one'));
  await queue.flush(answering({ ok: false, code: 'notYours' }).link, proven);
  expect(left(home)).toEqual([]);
  expect(readdirSync(join(home.guard, 'queue', 'refused'))).toHaveLength(1);
});
