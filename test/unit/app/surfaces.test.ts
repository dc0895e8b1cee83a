// Who listens is not who looks: an icon that mirrors the app claims nothing for the person. And a machine that woke asks
// anew at once.

import { expect, test } from 'vitest';
import { openWorld, type World } from './world.ts';

function noticesOf(world: World): readonly string[] {
  return world.sent.flatMap((one) => {
    if (one.t !== 'notice') return [];
    const payload = JSON.parse(one.body.envelope).payload as string;
    return [JSON.parse(Buffer.from(payload, 'base64').toString()).what as string];
  });
}

test('one that only watches gets every change and shows nobody anything', async () => {
  await using world = await openWorld();
  await world.ask('medium');
  const seen: string[] = [];
  const end = world.app.watch((event) => void seen.push(event));
  await world.peer().roundTrip();
  expect(noticesOf(world)).not.toContain('shown');
  await world.ask('medium', { reason: 'second' });
  expect(seen).toContain('app.changed');
  end();
  world.app.listen(() => {});
  await world.peer().roundTrip();
  expect(noticesOf(world)).toContain('shown');
});

test('an app whose machine woke connects at once, not when its next try is due', async () => {
  await using world = await openWorld();
  const first = world.peer();
  first.hangUp();
  await world.until(({ link }) => link.state === 'offline');
  // No time passes here: only what is asked for happens.
  world.app.wake();
  await world.until(({ link }) => link.state === 'online');
  expect(world.peer()).not.toBe(first);
});
