// What was found against the log or this device's key is on disk with its evidence, and stays an alarm over restarts until
// a person has settled it.

import { existsSync, renameSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { alarmPath, type KeptAlarm, keepAlarm, keptAlarm } from '../../../main/app/alarm-file.ts';
import { openAlarms } from '../../../main/app/alarms.ts';
import { findKey, openFirstKeyring } from '../../../main/trust/keyring.ts';
import { judgeFork } from '../../../main/trust/fork.ts';
import { verifyFork } from '../../../main/evidence/fork-file.ts';
import { readPin } from '../../../main/state/pin.ts';
import { readPrivate } from '../../../main/state/atomic-file.ts';
import { decodeStatement } from '../../../shared/statement/statement.ts';
import { join } from 'node:path';
import { handTime } from './hand-time.ts';
import { keyAt, soloHome } from './solo-home.ts';
import { TestLog } from './test-log.ts';
import { openWorld, type World } from './world.ts';

const AT = '2026-11-22T09:00:00.000Z';

async function newHome() {
  const time = handTime();
  return { time, home: await soloHome(time.clock) };
}

/** The broker comes back with what `change` makes of its log. */
async function comesBack(world: World, change: () => void): Promise<void> {
  change();
  world.peer().hangUp();
  await world.until(({ link }) => link.state !== 'online');
  world.time.advance(60_000);
  await world.until(({ log }) => log.alarm !== undefined);
}

const requestIn = (world: World, at: number) => {
  const read = decodeStatement('request', world.log.leaves[at]?.payload ?? new Uint8Array());
  if (!read.ok) throw new Error(`entry ${at} is no request`);
  return read.value;
};

/** A decision by this device's key that its store was never given. */
async function notByThisDevice(world: World): Promise<void> {
  const digest = await world.ask('medium');
  const viewSha256 = await world.look(digest);
  await world.decide({ digest, viewSha256, verdict: 'deny' });
  await world.until(() => world.row(digest)?.stage === 'decided');
  world.store.decisions.splice(0);
  const leaf = world.log.leaves.at(-1);
  if (leaf === undefined) throw new Error('the decision is in the log');
  world.log.leaves.push(leaf);
  world.publish(world.log.leaves.length - 1);
  await world.until(({ log }) => log.alarm?.code === 'wentBackwards');
}

describe('a log that was cut short', () => {
  test('is kept with both signed heads, and approvals stay off after a restart', async () => {
    const made = await newHome();
    const first = await openWorld(made);
    await first.ask('medium');
    await first.ask('medium', { reason: 'second' });
    const own = first.log.note();
    await comesBack(first, () => void first.log.leaves.pop());
    const kept = keptAlarm(made.home, 'logCut');
    expect(kept).toMatchObject({ code: 'logCut', notes: [own, first.log.note()] });
    expect(first.snapshot().log.alarm?.detail).toContain(alarmPath(made.home, 'logCut'));
    await first.stop();
    const next = await openWorld(made);
    expect(next.snapshot().log.alarm).toMatchObject({ code: 'logCut' });
    expect(next.row(await next.ask('medium'))?.approveOff).toBe('alarm');
    await next.stop();
    renameSync(alarmPath(made.home, 'logCut'), join(made.home.root, 'settled.json'));
    await using last = await openWorld(made);
    expect(last.snapshot().log.alarm).toBeUndefined();
  });

  test('is no alarm any more where the keyring has begun another log', async () => {
    await using other = await openWorld();
    await other.ask('medium');
    const note = other.log.note();
    await using world = await openWorld({
      before: (home) =>
        void keepAlarm(home, { code: 'logCut', detail: 'x', at: AT, notes: [note, note] }),
    });
    expect(world.snapshot().log.alarm).toBeUndefined();
  });

  test('and has grown another history convicts itself: the proof is shown, kept and sent', async () => {
    const made = await newHome();
    await using world = await openWorld(made);
    await world.ask('medium');
    await world.ask('medium', { reason: 'second' });
    await world.ask('medium', { reason: 'third' });
    const says = requestIn(world, 1);
    await comesBack(world, () => {
      world.log.leaves.splice(1);
      world.log.say('request', { ...says, reason: 'rewritten' }, world.guard);
    });
    await world.until(({ log }) => log.alarm?.code === 'otherHistory');
    const kept = keptAlarm(made.home);
    if (kept === undefined || kept === 'unreadable' || kept.fork === undefined)
      throw new Error('the proof was kept');
    expect(judgeFork(kept.fork, world.keyring.log.vkey).ok).toBe(true);
    const file = readPrivate(alarmPath(made.home), 64 * 1024);
    const text = file.ok ? new TextDecoder().decode(file.value) : '';
    expect(verifyFork(text, world.keyring.log.vkey)).toMatchObject({ value: { verified: true } });
    await expect.poll(() => world.sent.map(({ t }) => t)).toContain('fork');
  });
});

test('proof that was kept is sent again after a restart', async () => {
  const made = await newHome();
  const first = await openWorld(made);
  await first.ask('medium');
  const other = new TestLog(first.keyring.log.origin, first.log.key);
  other.say('request', { ...requestIn(first, 0), reason: 'rewritten' }, first.guard);
  first.peer().say({ t: 'checkpoint', body: { note: other.note() } });
  await first.until(({ log }) => log.alarm?.code === 'otherHistory');
  await first.stop();
  await using next = await openWorld(made);
  await expect.poll(() => next.sent.map(({ t }) => t)).toContain('fork');
});

test('a broker that says its log is read-only is an alarm, and nothing is approved', async () => {
  await using world = await openWorld();
  const digest = await world.ask('medium');
  world.peer().say({ t: 'refused', ref: 'f'.repeat(32), body: { code: 'readOnly' } });
  await world.until(({ log }) => log.alarm?.code === 'readOnly');
  expect(world.row(digest)?.approveOff).toBe('alarm');
});

test('so is a decision that it refuses for that', async () => {
  await using world = await openWorld();
  const digest = await world.ask('medium');
  const viewSha256 = await world.look(digest);
  world.broker.mode = 'hold';
  void world.decide({ digest, viewSha256, verdict: 'deny' });
  await expect.poll(() => world.sent.find(({ t }) => t === 'decision')).toBeDefined();
  const ref = world.sent.find(({ t }) => t === 'decision')?.id ?? '';
  world.peer().say({ t: 'refused', ref, body: { code: 'readOnly' } });
  await world.until(({ log }) => log.alarm?.code === 'readOnly');
});

describe('an entry by this key that this device did not make', () => {
  test('stays an alarm after a restart, until a person moves its file away', async () => {
    const made = await newHome();
    const first = await openWorld(made);
    await notByThisDevice(first);
    expect(first.snapshot().log.alarm?.detail).toMatch(
      /entry 2 of the log is a decision by the key/,
    );
    await first.stop();
    const next = await openWorld(made);
    expect(next.snapshot().log.alarm).toMatchObject({ code: 'wentBackwards' });
    expect(next.row(await next.ask('medium'))?.approveOff).toBe('alarm');
    await next.stop();
    renameSync(alarmPath(made.home, 'wentBackwards'), join(made.home.root, 'settled.json'));
    await using last = await openWorld(made);
    expect(last.snapshot().log.alarm).toBeUndefined();
    expect(last.row(await last.ask('medium'))?.approveOff).toBeUndefined();
  });

  test('is not what a store that fails is taken for', async () => {
    const made = await newHome();
    await using world = await openWorld(made);
    const digest = await world.ask('medium');
    const viewSha256 = await world.look(digest);
    const failing = world.store as { settleDecision: World['store']['settleDecision'] };
    failing.settleDecision = () => Promise.reject(new Error('the store is closed'));
    await world.decide({ digest, viewSha256, verdict: 'deny' });
    await world.until(({ log }) => log.alarm?.code === 'copyBroken');
    expect(existsSync(alarmPath(made.home, 'wentBackwards'))).toBe(false);
  });

  test.each([
    ['the keyring ends the key', { untilIndex: 9 }, false],
    ['this device has another key now', { keyId: 'ab'.repeat(32) }, false],
    ['neither', {}, true],
  ] as const)('is over where %s', async (_, change, stays) => {
    const { time, home } = await newHome();
    using _home = home;
    const pin = readPin(home);
    const bytes = readPrivate(join(home.app, 'keyring.json'), 64 * 1024);
    const held = pin.ok && bytes.ok ? openFirstKeyring(bytes.value, pin.value) : undefined;
    const keyId = keyAt(home, 'app', 'session').keyId;
    const me = held?.ok ? findKey(held.value, keyId) : undefined;
    if (!held?.ok || me === undefined) throw new Error('a first run makes both');
    const about: KeptAlarm = { code: 'wentBackwards', detail: 'x', at: AT, notes: [], key: keyId };
    keepAlarm(home, about);
    const key = 'keyId' in change ? { ...me.key, keyId: change.keyId } : me.key;
    const alarms = openAlarms({
      home,
      clock: time.clock,
      journal: { note: () => {} },
      me: { ...me, ...('untilIndex' in change ? change : {}), key },
      vkey: held.value.keyring.log.vkey,
      link: () => ({ send: () => new Promise(() => {}) }),
      own: () => undefined,
      raised: () => {},
    });
    alarms.begin();
    expect(alarms.now() !== undefined).toBe(stays);
  });
});
