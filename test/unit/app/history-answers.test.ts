// The contract's history over the whole app: what the log brought can be searched, counted, exported and checked.

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { CONTRACT } from '../../../shared/ipc/contract.ts';
import type { Exported } from '../../../shared/ipc/history.ts';
import { openWorld, WINDOW, type World } from './world.ts';

/** Every answer fits the contract, as a host checks it. */
async function searched(world: World, input: Parameters<World['answers']['history']['search']>[0]) {
  return CONTRACT.history.search.output.parse(await world.answers.history.search(input, WINDOW));
}

test('a request is found by its words and names, and its row follows the log', async () => {
  await using world = await openWorld();
  const digest = await world.ask('low');
  const found = await searched(world, {
    text: 'ls nightly',
    filters: { agent: 'claude-code' },
    limit: 10,
  });
  expect(found.rows).toMatchObject([{ digest, ending: 'open', tier: 'low', kind: 'exec' }]);
  expect((await searched(world, { text: 'nothing-like-it', filters: {}, limit: 10 })).rows).toEqual(
    [],
  );
  expect(
    (await searched(world, { text: digest.slice(0, 12), filters: {}, limit: 10 })).rows,
  ).toHaveLength(1);
  const viewSha256 = await world.look(digest);
  await world.gesture(digest, 'clicked');
  world.time.advance(700);
  expect((await world.decide({ digest, viewSha256 })).ok).toBe(true);
  await world.until(() => world.row(digest)?.stage === 'decided');
  world.end(digest, 'approved');
  world.receipt(digest, 'finished', { exit: { code: 0 } });
  await world.until(() => world.row(digest)?.run === 'finished');
  const [row] = (
    await searched(world, { filters: { ending: 'approved', verdict: 'approve' }, limit: 10 })
  ).rows;
  expect(row).toMatchObject({
    digest,
    reviewer: { id: 'maya', name: 'Maya Chen' },
    run: 'finished',
    exit: '0',
  });
  const values = await world.answers.history.values({ of: 'reviewer', limit: 5 }, WINDOW);
  expect(values).toEqual({ values: [{ value: 'maya', count: 1 }] });
  const charts = CONTRACT.history.charts.output.parse(
    await world.answers.history.charts({ filters: {}, zone: 'Europe/Berlin' }, WINDOW),
  );
  expect(charts).toMatchObject({
    ok: true,
    value: { requests: 1, load: [{ name: 'Maya Chen', approved: 1 }] },
  });
  const nowhere = await world.answers.history.charts({ filters: {}, zone: 'No/Where' }, WINDOW);
  expect(nowhere).toMatchObject({ ok: false, code: 'unknownZone' });
});

test('a statement by somebody who may not say it moves no row', async () => {
  await using world = await openWorld();
  const digest = await world.ask('low');
  const stranger = world.log.key;
  world.end(digest, 'approved', {}, stranger);
  const second = await world.ask('low');
  const { rows } = await searched(world, { filters: {}, limit: 10 });
  expect(rows.map((row) => [row.digest, row.ending])).toEqual([
    [second, 'open'],
    [digest, 'open'],
  ]);
});

test('an export tells by events, and its file has the rows that a search has', async () => {
  await using world = await openWorld();
  await world.ask('low');
  await world.ask('high');
  const ended = Promise.withResolvers<Exported>();
  world.app.listen((event, payload) => {
    if (event !== 'history.exported') return;
    const exported = CONTRACT.history.exported.payload.parse(payload);
    if (exported.path ?? exported.failed) ended.resolve(exported);
  });
  const started = await world.answers.history.export(
    { format: 'jsonl', filters: { tier: 'high' } },
    WINDOW,
  );
  expect(started).toEqual({ ok: true, value: { id: 1 } });
  const exported = await ended.promise;
  expect(exported).toMatchObject({ id: 1, rows: 1 });
  const { rows } = await searched(world, { filters: { tier: 'high' }, limit: 9 });
  expect(JSON.parse(readFileSync(exported.path ?? '', 'utf8'))).toEqual(rows[0]);
});

test('verify tells how far it is; cancelled, it says how much it looked at', async () => {
  await using world = await openWorld();
  for (let n = 0; n < 3; n += 1) await world.ask('low');
  const told: { done: number; of: number }[] = [];
  world.app.listen((event, payload) => {
    if (event === 'history.verifying') told.push(CONTRACT.history.verifying.payload.parse(payload));
  });
  const whole = CONTRACT.history.verify.output.parse(
    await world.answers.history.verify({}, WINDOW),
  );
  expect(whole.stopped).toBeUndefined();
  expect(whole.problems).toEqual([]);
  // Whose keys they were: three requests by the guard are all that is in this log.
  expect(whole.signers).toEqual([
    {
      kind: 'guard',
      id: whole.signers[0]?.id,
      name: whole.signers[0]?.id,
      device: whole.signers[0]?.id,
      use: 'guard',
      keyId: world.guard.keyId,
      signatures: whole.signatures,
      from: 0,
      to: whole.leaves - 1,
    },
  ]);
  expect(told).toEqual([{ done: 0, of: whole.leaves }]);
  // More than one read's worth, so that there is something to stop between.
  for (let n = 0; n < 250; n += 1)
    world.log.say(
      'notice',
      {
        request: '0'.repeat(64),
        what: 'opened',
        by: { id: 'x', keyId: world.guard.keyId, device: 'd' },
        at: '2026-11-22T09:30:00.000Z',
      },
      world.guard,
    );
  world.publish(world.log.leaves.length - 250);
  await world.until(({ log }) => log.checkpoint?.size === world.log.leaves.length);
  const running = world.answers.history.verify({}, WINDOW);
  await world.answers.history.verifyCancel({}, WINDOW);
  const part = await running;
  expect(part.stopped).toBe(true);
  expect(part.leaves).toBe(200);
  expect(part.problems.some((one) => one.says.includes('checkpoint covers more'))).toBe(false);
});

test('saved views are kept, listed and removed', async () => {
  await using world = await openWorld();
  const { history } = world.answers;
  expect(
    await history.savedPut({ name: 'mine', filters: { verdict: 'deny' } }, WINDOW),
  ).toMatchObject({ ok: true });
  expect(await history.saved({}, WINDOW)).toEqual({
    views: [{ name: 'mine', filters: { verdict: 'deny' } }],
  });
  await history.savedRemove({ name: 'mine' }, WINDOW);
  expect(await history.saved({}, WINDOW)).toEqual({ views: [] });
});
