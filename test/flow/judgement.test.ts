// A log that has lost what its key signed, or has two histories, signs nothing more: not now and not after a restart. And
// nobody stops an honest one by saying so.

import { cpSync, existsSync, rmSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { generateKeyPair } from '../../main/trust/ed25519.ts';
import { forkOfSameSize } from '../../main/trust/fork.ts';
import { formatVkey } from '../../main/trust/vkey.ts';
import { TestLog } from '../kit/test-log.ts';
import type { WireClient } from '../kit/wire-client.ts';
import { type Visit, visit } from '../kit/wire-visit.ts';
import { makeOrg, type Org, ORIGIN, requestBy } from '../kit/wire-world.ts';

let org: Org;
let here: Visit;
let guard: WireClient;
let alice: WireClient;
beforeEach(async () => {
  org = makeOrg();
  here = await visit(org);
  guard = await here.asGuard();
  alice = await here.asReviewer();
});
afterEach(() => here.leave());

const ask = (who = guard) =>
  who.ask('request', { envelope: requestBy(org.guard, here.house.time).envelope });
/** Another log by the same key. */
const shadow = (size: number, salt = 'shadow'): TestLog =>
  new TestLog(ORIGIN, org.broker.log).pad(size, salt);
const evidence = (by = org.broker.log): string => {
  const log = { origin: ORIGIN, vkey: formatVkey(org.vkey) };
  const [a, b] = [new TestLog(ORIGIN, by).pad(9, 'a'), new TestLog(ORIGIN, by).pad(9, 'b')];
  return JSON.stringify(forkOfSameSize(log, a.note(), b.note(), here.house.time.iso()));
};

describe('a log that was rolled back', () => {
  test('signs nothing more once anyone shows a head that it does not have', async () => {
    expect(await ask()).toBeTypeOf('number');
    expect(await guard.ask('ahead', { note: shadow(40).note() })).toBe('kept');
    expect(await ask()).toBe('readOnly');
    expect(here.house.alarms.join()).toMatch(/rolled back/);
  });

  test('stays so after a restart', async () => {
    await guard.ask('ahead', { note: shadow(40).note() });
    await here.house.restart();
    expect(await ask(await here.asGuard())).toBe('readOnly');
  });

  test('is told of by a head of its own size too, where the root is another', async () => {
    await ask();
    here.house.time.advance(200);
    await alice.wait('checkpoint', ({ body }) => body.note.includes('\n2\n'));
    expect(await alice.ask('ahead', { note: shadow(2).note() })).toBe('kept');
    expect(await ask()).toBe('readOnly');
    await guard.wait('fork');
  });
});

describe('a log whose file was put back', () => {
  const aside = (): string => `${here.house.logPath}.old`;
  const swap = (from: string, to: string): void => {
    for (const end of ['', '-wal', '-shm']) {
      rmSync(to + end, { force: true });
      if (existsSync(from + end)) cpSync(from + end, to + end);
    }
  };

  test('signs nothing, from its first start on, before anyone has to tell it', async () => {
    await ask();
    await here.house.broker.stop();
    swap(here.house.logPath, aside());
    await here.house.restart();
    expect(await ask(await here.asGuard())).toBeTypeOf('number');
    await here.house.broker.stop();
    swap(aside(), here.house.logPath);
    await here.house.restart();
    expect(here.house.alarms.join()).toMatch(/rolled back/);
    expect(await ask(await here.asGuard())).toBe('readOnly');
  });

  test('that was lost altogether does not begin again under the same name', async () => {
    await ask();
    await here.house.broker.stop();
    for (const end of ['', '-wal', '-shm']) rmSync(here.house.logPath + end, { force: true });
    await here.house.restart();
    expect(await ask(await here.asGuard())).toBe('readOnly');
  });
});

describe('two histories', () => {
  test('stop the log, and everyone is told with the evidence', async () => {
    const text = evidence();
    expect(await alice.ask('fork', { evidence: text })).toBe('kept');
    expect((await guard.wait('fork')).body.evidence).toBe(text);
    expect(await ask()).toBe('readOnly');
  });

  test('are told to whoever comes later, after a restart too', async () => {
    const text = evidence();
    await alice.ask('fork', { evidence: text });
    expect((await (await here.asReviewer(org.bob)).wait('fork')).body.evidence).toBe(text);
    await here.house.restart();
    expect((await (await here.asGuard()).wait('fork')).body.evidence).toBe(text);
  });
});

describe('an honest log goes on', () => {
  test.each<[string, () => Promise<number | string>, string]>([
    [
      'after a head by another key',
      () => guard.ask('ahead', { note: new TestLog(ORIGIN, generateKeyPair()).pad(40).note() }),
      'badStatement',
    ],
    ['after what is no head', () => guard.ask('ahead', { note: 'x' }), 'badStatement'],
    [
      'after evidence by another key',
      () => alice.ask('fork', { evidence: evidence(generateKeyPair()) }),
      'badStatement',
    ],
    ['after what is no evidence', () => alice.ask('fork', { evidence: '{}' }), 'badStatement'],
  ])('%s', async (_, say, answer) => {
    expect(await say()).toBe(answer);
    expect(await ask()).toBeTypeOf('number');
  });

  test('after a head that it has itself', async () => {
    await ask();
    here.house.time.advance(200);
    const { body } = await alice.wait('checkpoint', (one) => one.body.note.includes('\n2\n'));
    expect(await guard.ask('ahead', { note: body.note })).toBe('kept');
    expect(await ask()).toBeTypeOf('number');
  });
});
