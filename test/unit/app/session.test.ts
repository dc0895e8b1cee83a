// The app over time: what is a red alert, how a solo keyring is renewed, and what a restart finds again.

import { describe, expect, test } from 'vitest';
import { UNLOCKED_MS } from '../../../main/app/keys.ts';
import { KEYRING_DAYS } from '../../../main/app/solo.ts';
import { decodeStatement } from '../../../shared/statement/statement.ts';
import { generateKeyPair } from '../../../main/trust/ed25519.ts';
import { forkOfSameSize } from '../../../main/trust/fork.ts';
import { toB64, utf8 } from '../../../shared/bytes.ts';
import { memoryStore } from './memory-store.ts';
import { TestLog } from './test-log.ts';
import { SECRET } from './solo-home.ts';
import { openWorld, WINDOW, type World } from './world.ts';
import { alarmPath, keepAlarm, keptAlarm } from '../../../main/app/alarm-file.ts';
import { writeFileSync } from 'node:fs';

const AT = '2026-11-22T09:00:00.000Z';
const DAY = 24 * 3600 * 1000;

const keyrings = (world: World) =>
  world.log.leaves.flatMap(({ payload }) => {
    const read = decodeStatement('keyring', payload);
    return read.ok ? [read.value] : [];
  });

describe('an alarm', () => {
  test.each([
    [
      'otherHistory',
      (world: World) => {
        const other = world.log.leaves.pop();
        world.log.say(
          'request',
          { ...readRequest(world, other?.payload), reason: 'rewritten' },
          world.guard,
        );
        world.peer().say({ t: 'checkpoint', body: { note: world.log.note() } });
      },
    ],
    [
      'badCheckpoint',
      (world: World) => world.peer().say({ t: 'checkpoint', body: { note: 'hello' } }),
    ],
    [
      'badLeaf',
      (world: World) =>
        world.peer().say({ t: 'leaves', body: { from: 1, entries: [{ leaf: '{}' }] } }),
    ],
    [
      'gap',
      (world: World) =>
        world.peer().say({ t: 'leaves', body: { from: 5, entries: world.log.frames().entries } }),
    ],
  ] as const)('%s is raised while the app runs, and turns approval off', async (code, lie) => {
    await using world = await openWorld();
    const digest = await world.ask('medium');
    expect(world.row(digest)?.approveOff).toBeUndefined();
    lie(world);
    await world.until(({ log }) => log.alarm !== undefined);
    expect(world.snapshot().log.alarm?.code).toBe(code);
    await world.until(() => world.row(digest)?.approveOff === 'alarm');
    expect(world.row(digest)?.denyOff).toBeUndefined();
  });

  test('of two histories outlives the app, with both signed notes, until its file is moved away', async () => {
    let kept: ReturnType<typeof keptAlarm>;
    {
      await using world = await openWorld();
      await world.ask('medium');
      const other = world.log.leaves.pop();
      const says = { ...readRequest(world, other?.payload), reason: 'rewritten' };
      world.log.say('request', says, world.guard);
      world.peer().say({ t: 'checkpoint', body: { note: world.log.note() } });
      await world.until(({ log }) => log.alarm !== undefined);
      kept = keptAlarm(world.home);
      expect(kept).toMatchObject({
        code: 'otherHistory',
        notes: [expect.any(String), world.log.note()],
      });
    }
    if (kept === undefined || kept === 'unreadable') throw new Error('nothing was kept');
    const evidence = kept;
    await using next = await openWorld({ before: (home) => void keepAlarm(home, evidence) });
    const digest = await next.ask('medium');
    expect(next.snapshot().log.alarm?.detail).toContain(evidence.detail);
    expect(next.row(digest)?.approveOff).toBe('alarm');
    await using touched = await openWorld({
      before: (home) => writeFileSync(alarmPath(home), '{', { mode: 0o600 }),
    });
    expect(touched.snapshot().log.alarm?.detail).toContain('cannot be read');
  });

  test('is raised by a decision of this very key that this copy does not hold', async () => {
    await using world = await openWorld();
    const digest = await world.ask('medium');
    const viewSha256 = await world.look(digest);
    await world.decide({ digest, viewSha256, verdict: 'deny' });
    await world.until(() => world.row(digest)?.stage === 'decided');
    world.store.decisions.splice(0);
    const leaf = world.log.leaves[1];
    if (leaf === undefined) throw new Error('the decision is in the log');
    // The same decision once more, as a thief of the key would bring another one.
    world.log.leaves.push(leaf);
    world.publish(2);
    await world.until(({ log }) => log.alarm?.code === 'wentBackwards');
  });

  test('logCut is raised where the broker comes back with fewer entries, and the broker hears of it', async () => {
    await using world = await openWorld();
    const digest = await world.ask('medium');
    await world.ask('medium', { reason: 'second' });
    const own = world.log.note();
    world.log.leaves.pop();
    world.peer().hangUp();
    await world.until(({ link }) => link.state !== 'online');
    world.time.advance(60_000);
    await world.until(({ log }) => log.alarm?.code === 'logCut');
    await world.until(() => world.row(digest)?.approveOff === 'alarm');
    await expect
      .poll(() => world.sent.find((one) => one.t === 'ahead'))
      .toMatchObject({ body: { note: own } });
  });

  test('otherHistory is raised by evidence that another machine has found, and by nothing less', async () => {
    await using world = await openWorld();
    await world.ask('medium');
    const { origin, vkey } = world.keyring.log;
    const other = new TestLog(origin, world.log.key);
    other.say('request', readRequest(world, world.log.leaves[0]?.payload), generateKeyPair());
    const fork = (b: string): string =>
      JSON.stringify(forkOfSameSize({ origin, vkey }, world.log.note(), b, AT));
    world.peer().say({ t: 'fork', body: { evidence: fork(world.log.note()) } });
    world.peer().say({ t: 'fork', body: { evidence: fork(other.note()) } });
    await world.until(({ log }) => log.alarm?.code === 'otherHistory');
    expect(world.journal.filter((line) => line.startsWith('alarm'))).toHaveLength(1);
    expect(keptAlarm(world.home)).toMatchObject({ fork: { first: world.log.note() } });
  });

  test('is raised by a receipt whose guard acted under another history', async () => {
    await using world = await openWorld();
    const digest = await world.ask('medium');
    const other = new TestLog(world.keyring.log.origin, world.log.key);
    other.say('request', readRequest(world, world.log.leaves[0]?.payload), generateKeyPair());
    world.receipt(digest, 'consumed', { checkpoint: toB64(utf8(other.note())) });
    await world.until(({ log }) => log.alarm?.code === 'otherHistory');
  });

  test('the first one stays', async () => {
    await using world = await openWorld();
    world.peer().say({ t: 'checkpoint', body: { note: 'hello' } });
    await world.until(({ log }) => log.alarm !== undefined);
    world.peer().say({ t: 'leaves', body: { from: 0, entries: [{ leaf: '{}' }] } });
    await world.peer().roundTrip();
    await world.answers.key.lock({}, WINDOW);
    await world.until(({ key }) => key.state === 'locked');
    expect(world.snapshot().log.alarm?.code).toBe('badCheckpoint');
  });
});

function readRequest(world: World, payload: Uint8Array | undefined) {
  const read = decodeStatement('request', payload ?? new Uint8Array());
  if (!read.ok) throw new Error(`${world.log.leaves.length}: not a request`);
  return read.value;
}

describe('the solo keyring', () => {
  test.each([
    ['is not renewed in the first half of its life', 44, 0],
    ['is renewed at an unlock in the second half of its life', 46, 1],
    ['is renewed at an unlock after its end', KEYRING_DAYS + 10, 1],
  ] as const)('%s', async (_, days, count) => {
    await using world = await openWorld({ unlock: false });
    world.time.setWall(days * DAY);
    await world.answers.key.unlock({ passphrase: SECRET }, WINDOW);
    await world.peer().roundTrip();
    await world.peer().roundTrip();
    const digest = await world.ask('medium');
    const made = keyrings(world);
    expect(made).toHaveLength(count);
    if (count === 0) return;
    expect(made[0]).toMatchObject({ version: 2, solo: true });
    expect(Date.parse(made[0]?.expires ?? '')).toBe(world.time.clock.now() + KEYRING_DAYS * DAY);
    // The next decision names the keyring that came back from the log.
    const viewSha256 = await world.look(digest);
    await world.decide({ digest, viewSha256 });
    await world.until(() => world.row(digest)?.stage === 'decided');
    expect(world.decisions()[0]?.keyring.version).toBe(2);
  });

  test('is not renewed by a wrong passphrase', async () => {
    await using world = await openWorld({ unlock: false });
    world.time.setWall(80 * DAY);
    const answer = await world.answers.key.unlock({ passphrase: 'wrong wrong wrong' }, WINDOW);
    expect(answer).toMatchObject({ ok: false, code: 'wrongPassphrase' });
    await world.peer().roundTrip();
    expect(keyrings(world)).toEqual([]);
  });
});

describe('the app', () => {
  test('locks by itself after twelve hours and says so', async () => {
    await using world = await openWorld();
    const digest = await world.ask('medium', { ttlMs: 24 * 3600 * 1000 });
    world.time.advance(UNLOCKED_MS + 1);
    await world.until(({ key }) => key.state === 'locked');
    expect(world.row(digest)?.approveOff).toBe('locked');
  });

  test('is set up once', async () => {
    await using world = await openWorld();
    const again = { id: 'eve', name: 'Eve', passphrase: 'another passphrase' };
    expect(await world.answers.setup.solo(again, WINDOW)).toMatchObject({ code: 'done' });
    expect((await world.answers.key.unlock({ passphrase: SECRET }, WINDOW)).ok).toBe(true);
  });

  test('tells the broker what was delivered, shown and opened, once each', async () => {
    await using world = await openWorld();
    const digest = await world.ask('medium');
    await world.look(digest);
    await world.look(digest);
    world.app.listen(() => {});
    await world.peer().roundTrip();
    const said = world.sent.flatMap((one) => {
      if (one.t !== 'notice') return [];
      const payload = JSON.parse(one.body.envelope).payload as string;
      return [JSON.parse(Buffer.from(payload, 'base64').toString()).what as string];
    });
    expect(said.toSorted()).toEqual(['delivered', 'opened', 'shown']);
  });

  test('decides nothing while the broker is away, and goes on when it is back', async () => {
    const store = memoryStore();
    await using first = await openWorld({ store });
    const open = await first.ask('medium');
    const gone = await first.ask('medium', { reason: 'second' });
    first.end(gone, 'withdrawn');
    await first.until(() => first.row(gone)?.stage === 'ended');
    first.peer().hangUp();
    await first.until(() => first.row(open)?.approveOff === 'offline');
    expect(first.row(open)?.denyOff).toBe('offline');
    first.time.advance(60_000);
    await first.until(({ link }) => link.state === 'online');
    expect(first.row(open)?.approveOff).toBeUndefined();
  });

  test('keeps the latest 50 that ended and every open one', async () => {
    await using world = await openWorld();
    const open = await world.ask('medium', { reason: 'still open' });
    const digests: string[] = [];
    for (let n = 0; n < 53; n++) {
      const digest = await world.ask('medium', { reason: `number ${n}` });
      world.end(digest, 'withdrawn');
      digests.push(digest);
    }
    await world.until(() => world.row(digests[52] ?? '')?.stage === 'ended');
    const rows = world.snapshot().requests.map((one) => one.digest);
    expect(rows).toEqual([open, ...digests.slice(3)]);
    const story = await world.answers.history.story({ digest: digests[0] ?? '' }, WINDOW);
    expect(story.ok && story.value.summary.how).toBe('withdrawn');
  });
});

describe('history', () => {
  test('verifies every leaf and signature, and names what was changed', async () => {
    await using world = await openWorld();
    const digest = await world.ask('medium');
    const viewSha256 = await world.look(digest);
    await world.decide({ digest, viewSha256, reason: 'fine' });
    await world.until(() => world.row(digest)?.stage === 'decided');
    await world.until(({ log }) => log.checkpoint?.size === 2);
    const report = await world.answers.history.verify({}, WINDOW);
    expect(report).toMatchObject({ leaves: 2, signatures: 2, withoutBody: 0, problems: [] });
    const found = world.store.leaves[1];
    if (found?.payload === undefined) throw new Error('the decision is kept');
    world.store.leaves[1] = { ...found, payload: found.payload.with(40, 88) };
    const second = await world.answers.history.verify({}, WINDOW);
    expect(second.problems).toEqual([{ index: 1, says: 'cannot be read: payload' }]);
    const leaf = found.leaf.with(found.leaf.length - 10, 65);
    world.store.leaves[1] = { ...found, leaf };
    const third = await world.answers.history.verify({}, WINDOW);
    expect(third.problems.map((one) => one.says)).toContain(
      'the entries up to here are not those of the checkpoint',
    );
    world.store.leaves.splice(1, 1);
    const fourth = await world.answers.history.verify({}, WINDOW);
    expect(fourth.problems.map((one) => one.says)).toEqual([
      'the checkpoint covers more than is here',
    ]);
  });

  test('pages from the newest down, and tells a story with each signature', async () => {
    await using world = await openWorld();
    const digest = await world.ask('medium');
    world.end(digest, 'withdrawn');
    await world.until(() => world.row(digest)?.stage === 'ended');
    const page = await world.answers.history.page({ limit: 1 }, WINDOW);
    expect(page).toMatchObject({ rows: [{ index: 1, type: 'ending', request: digest }], next: 1 });
    const rest = await world.answers.history.page({ limit: 9, before: page.next }, WINDOW);
    expect(rest.rows.map((one) => one.type)).toEqual(['request']);
    expect(rest.next).toBeUndefined();
    const story = await world.answers.history.story({ digest }, WINDOW);
    expect(story.ok && story.value.steps.map((one) => one.signature)).toEqual([
      'verified',
      'verified',
    ]);
  });
});
