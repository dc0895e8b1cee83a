// Defects that were found in other products, about the prompt: one that is dead and still takes a click, one that goes away
// while it waits, and one that another client answers without a word.

import { describe, expect, test } from 'vitest';
import type { Caller } from '../../../shared/ipc/contract.ts';
import { CONTRACT } from '../../../shared/ipc/contract.ts';
import { openWorld, type World } from '../../unit/app/world.ts';

const decisionsSent = (world: World): number =>
  world.sent.filter(({ t }) => t === 'decision').length;

describe('a dead prompt takes no click', () => {
  test.each(['denied', 'approved', 'expiredSeen', 'withdrawn'] as const)(
    'one that was %s elsewhere signs and sends nothing',
    async (how) => {
      await using world = await openWorld();
      const digest = await world.ask('medium');
      const viewSha256 = await world.look(digest);
      if (how === 'approved') await world.decide({ digest, viewSha256 });
      if (how === 'approved') await world.until(() => world.row(digest)?.stage === 'decided');
      world.end(digest, how);
      await world.until(() => world.row(digest)?.stage === 'ended');
      const before = decisionsSent(world);
      expect(world.row(digest)).toMatchObject({ approveOff: 'ended', denyOff: 'ended' });
      expect(await world.decide({ digest, viewSha256 })).toMatchObject({
        ok: false,
        code: 'ended',
      });
      expect(await world.decide({ digest, viewSha256, verdict: 'deny' })).toMatchObject({
        code: 'ended',
      });
      expect(decisionsSent(world)).toBe(before);
    },
  );

  test('one whose guard has gone approves nothing', async () => {
    await using world = await openWorld();
    const digest = await world.ask('medium');
    const viewSha256 = await world.look(digest);
    world.peer().say({ t: 'agent', body: { request: digest, state: 'gone', since: iso(world) } });
    await world.until(() => world.row(digest)?.guardState === 'gone');
    expect(await world.decide({ digest, viewSha256 })).toMatchObject({ code: 'agentGone' });
    expect(decisionsSent(world)).toBe(0);
  });

  test('one that has expired approves nothing, without a word from the broker', async () => {
    await using world = await openWorld();
    const digest = await world.ask('medium', { ttlMs: 1_000 });
    const viewSha256 = await world.look(digest);
    world.time.advance(1_000);
    expect(await world.decide({ digest, viewSha256 })).toMatchObject({ code: 'expired' });
    expect(decisionsSent(world)).toBe(0);
  });
});

describe('a prompt does not go away', () => {
  test('it stays on the desk while it waits, through a guard that comes and goes and a broker that is away', async () => {
    await using world = await openWorld();
    const digest = await world.ask('medium');
    world.peer().say({ t: 'agent', body: { request: digest, state: 'gone', since: iso(world) } });
    await world.until(() => world.row(digest)?.guardState === 'gone');
    world.peer().hangUp();
    await world.until(({ link }) => link.state !== 'online');
    expect(world.row(digest)).toMatchObject({ stage: 'open' });
  });

  test('one that has ended stays in sight with what became of it', async () => {
    await using world = await openWorld();
    const digest = await world.ask('medium');
    world.end(digest, 'expiredUnseen');
    await world.until(() => world.row(digest)?.stage === 'ended');
    expect(world.row(digest)).toMatchObject({ how: 'expiredUnseen' });
  });

  test('a closed window leaves the others as they are: nothing is answered by going away', async () => {
    await using world = await openWorld();
    const digest = await world.ask('medium');
    await world.look(digest);
    await world.gesture(digest, 'gone');
    expect(world.row(digest)).toMatchObject({ stage: 'open' });
    expect(decisionsSent(world)).toBe(0);
  });
});

describe('no other client answers in silence', () => {
  const OTHER: Caller = { surface: 'window', caller: 'window-2' };

  test('what one surface has looked at another cannot approve', async () => {
    await using world = await openWorld();
    const digest = await world.ask('medium');
    const viewSha256 = await world.look(digest);
    expect(await world.decide({ digest, viewSha256 }, OTHER)).toMatchObject({ ok: false });
    expect(decisionsSent(world)).toBe(0);
  });

  test('whoever decides is named on every card, with the gesture', async () => {
    await using world = await openWorld();
    const digest = await world.ask('medium');
    const viewSha256 = await world.look(digest);
    await world.decide({ digest, viewSha256 });
    await world.until(() => world.row(digest)?.decisions.length === 1);
    expect(world.row(digest)?.decisions).toMatchObject([
      { verdict: 'approve', reviewer: 'Maya Chen', presence: 'click' },
    ]);
  });

  test('nothing decides two requests at once: there is no approve-all to be pressed', () => {
    const deciding = Object.values(CONTRACT)
      .flatMap((group) => Object.entries(group))
      .filter(([name]) => /decide|approve/i.test(name));
    expect(deciding.map(([name]) => name)).toEqual(['decide']);
    const input = CONTRACT.request.decide.input;
    expect(input.safeParse({ digest: ['a'.repeat(64), 'b'.repeat(64)] }).success).toBe(false);
    expect(input.shape.digest.safeParse('a'.repeat(64)).success).toBe(true);
  });
});

const iso = (world: World): string => new Date(world.time.clock.now()).toISOString();
