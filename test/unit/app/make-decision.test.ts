// From a wish to a signed decision in the log, through the whole app: every reason for which nothing is signed, and the one
// chain that every device's decisions form.

import { describe, expect, test } from 'vitest';
import { target } from './target.ts';
import { SECRET } from './solo-home.ts';
import { openWorld, WINDOW, type World } from './world.ts';
import { sha256Hex } from '../../../main/trust/digest.ts';
import { parseEnvelope } from '../../../main/trust/envelope.ts';
import { ENVELOPE_LIMITS } from '../../../main/trust/limits.ts';

const TERMINAL = { surface: 'terminal', caller: 'terminal-1' } as const;

async function codeOf(made: ReturnType<World['decide']>): Promise<string> {
  const answer = await made;
  return answer.ok ? 'decided' : answer.code;
}

/** Nothing was signed: nothing lies in the store, nothing went to the broker. */
function nothingSigned(world: World): void {
  expect(world.store.decisions).toEqual([]);
  expect(world.sent.filter((one) => one.t === 'decision')).toEqual([]);
}

describe('a decision', () => {
  test('is signed over what was on screen, and shows as done once the log has it', async () => {
    await using world = await openWorld();
    const digest = await world.ask('medium');
    const viewSha256 = await world.look(digest);
    expect(await codeOf(world.decide({ digest, viewSha256, reason: ' fine ' }))).toBe('decided');
    await world.until(() => world.row(digest)?.stage === 'decided');
    const [said] = world.decisions();
    expect(said).toMatchObject({
      verdict: 'approve',
      request: digest,
      presence: 'click',
      reason: 'fine',
      view: { sha256: viewSha256 },
      reviewer: { id: 'maya', device: 'maya-laptop', seq: 1, prev: '0'.repeat(64) },
    });
    expect(world.row(digest)?.decisions).toHaveLength(1);
    await Promise.resolve();
    expect(world.store.decisions[0]?.state).toBe('logged');
  });

  test('is sending, and not done, until its own leaf comes back', async () => {
    await using world = await openWorld();
    const digest = await world.ask('medium');
    const viewSha256 = await world.look(digest);
    world.broker.mode = 'hold';
    expect(await codeOf(world.decide({ digest, viewSha256 }))).toBe('decided');
    await world.until(() => world.row(digest)?.sending === 'approve');
    expect(world.row(digest)?.stage).toBe('open');
    world.time.advance(700);
    expect(await codeOf(world.decide({ digest, viewSha256, verdict: 'deny' }))).toBe('sending');
  });

  test('that the broker refuses is shown as not made, and the request can be decided again', async () => {
    await using world = await openWorld();
    const digest = await world.ask('medium');
    const viewSha256 = await world.look(digest);
    world.broker.mode = 'refuse';
    await world.decide({ digest, viewSha256 });
    await world.until(
      () => world.store.decisions[0]?.state === 'refused' && !world.row(digest)?.sending,
    );
    expect(world.store.decisions[0]).toMatchObject({ state: 'refused', code: 'notOpen' });
    expect(world.row(digest)?.approveOff).toBeUndefined();
  });

  test.each([
    ['another view than this program renders', 'viewDiffers', { viewSha256: 'a'.repeat(64) }],
    ['no card of that request', 'unknownRequest', { digest: 'b'.repeat(64) }],
    ['a wrong passphrase beside it', 'wrongPassphrase', { passphrase: 'not the passphrase' }],
  ] as const)('is not made for %s', async (_, code, change) => {
    await using world = await openWorld();
    const digest = await world.ask('medium');
    const viewSha256 = await world.look(digest);
    expect(await codeOf(world.decide({ digest, viewSha256, ...change }))).toBe(code);
    nothingSigned(world);
  });

  test('is made by a denial even where the screen showed something else, and says what was there', async () => {
    await using world = await openWorld();
    const digest = await world.ask('medium');
    await world.look(digest);
    const viewSha256 = 'a'.repeat(64);
    expect(await codeOf(world.decide({ digest, viewSha256, verdict: 'deny' }))).toBe('decided');
    await world.until(() => world.decisions().length === 1);
    const view = world.decisions()[0]?.view;
    expect(view).toMatchObject({ sha256: viewSha256 });
    expect(view?.flags).toContain('otherOnScreen');
  });

  test('is not made too soon after the card appeared, nor by the second half of a double click', async () => {
    await using world = await openWorld();
    const digest = await world.ask('medium');
    const viewSha256 = await world.look(digest);
    await world.gesture(digest, 'moved');
    world.time.advance(499);
    expect(await codeOf(world.decide({ digest, viewSha256 }))).toBe('tooSoon');
    world.time.advance(599);
    // The wish before it was a click.
    expect(await codeOf(world.decide({ digest, viewSha256 }))).toBe('tooSoon');
    world.time.advance(600);
    expect(await codeOf(world.decide({ digest, viewSha256 }))).toBe('decided');
  });

  test('is not made before every must-see line was on screen; a denial is, at once', async () => {
    await using world = await openWorld();
    const digest = await world.ask('medium');
    const viewSha256 = await world.look(digest);
    await world.gesture(digest, 'appeared');
    world.time.advance(600);
    expect(await codeOf(world.decide({ digest, viewSha256 }))).toBe('notSeen');
    nothingSigned(world);
    expect(await codeOf(world.decide({ digest, viewSha256, verdict: 'deny' }))).toBe('decided');
  });

  test('seen on one surface is not made from another', async () => {
    await using world = await openWorld();
    const digest = await world.ask('medium');
    const viewSha256 = await world.look(digest);
    const other = { surface: 'window', caller: 'window-2' } as const;
    expect(await codeOf(world.decide({ digest, viewSha256 }, other))).toBe('notSeen');
    nothingSigned(world);
  });
});

describe('a decision of a higher tier', () => {
  test('high: says why, and is held for a second', async () => {
    await using world = await openWorld();
    const digest = await world.ask('high');
    const viewSha256 = await world.look(digest);
    await world.gesture(digest, 'pressed');
    world.time.advance(1000);
    expect(await codeOf(world.decide({ digest, viewSha256, reason: '  ' }))).toBe('reasonMissing');
    world.time.advance(600);
    await world.gesture(digest, 'pressed');
    world.time.advance(999);
    const wish = { digest, viewSha256, reason: 'month end' };
    expect(await codeOf(world.decide(wish))).toBe('notHeld');
    world.time.advance(600);
    await world.gesture(digest, 'pressed');
    world.time.advance(1000);
    expect(await codeOf(world.decide(wish))).toBe('decided');
    expect(world.store.decisions).toHaveLength(1);
  });

  test('high in a terminal: the name of the target is typed', async () => {
    await using world = await openWorld();
    const digest = await world.ask('high');
    const viewSha256 = await world.look(digest, TERMINAL);
    const wish = { digest, viewSha256, reason: 'month end' };
    expect(await codeOf(world.decide({ ...wish, typed: 'something else' }, TERMINAL))).toBe(
      'nameDiffers',
    );
    world.time.advance(600);
    const typed = target(world.row(digest));
    expect(await codeOf(world.decide({ ...wish, typed }, TERMINAL))).toBe('decided');
    await world.until(() => world.row(digest)?.stage === 'decided');
    expect(world.decisions()[0]?.presence).toBe('typed');
  });

  test('critical: the name and the passphrase, never in a terminal', async () => {
    await using world = await openWorld();
    const digest = await world.ask('critical');
    const viewSha256 = await world.look(digest);
    await world.look(digest, TERMINAL);
    const wish = { digest, viewSha256, reason: 'key is out', typed: target(world.row(digest)) };
    expect(await codeOf(world.decide({ ...wish, typed: 'x' }))).toBe('nameDiffers');
    world.time.advance(600);
    expect(await codeOf(world.decide(wish))).toBe('passphraseNeeded');
    world.time.advance(600);
    expect(await codeOf(world.decide({ ...wish, passphrase: SECRET }, TERMINAL))).toBe(
      'presenceTooWeak',
    );
    nothingSigned(world);
    world.time.advance(600);
    expect(await codeOf(world.decide({ ...wish, passphrase: SECRET }))).toBe('decided');
  });
});

describe('no decision is made', () => {
  test('while the key is locked', async () => {
    await using world = await openWorld();
    const digest = await world.ask('medium');
    const viewSha256 = await world.look(digest);
    await world.answers.key.lock({}, WINDOW);
    await world.until(() => world.row(digest)?.approveOff === 'locked');
    expect(await codeOf(world.decide({ digest, viewSha256 }))).toBe('locked');
    expect(await codeOf(world.decide({ digest, viewSha256, verdict: 'deny' }))).toBe('locked');
    nothingSigned(world);
  });

  test('for approval after the guard has gone; a denial is still one', async () => {
    await using world = await openWorld();
    const digest = await world.ask('medium');
    const viewSha256 = await world.look(digest);
    const since = new Date(world.time.clock.now()).toISOString();
    world.peer().say({ t: 'agent', body: { request: digest, state: 'gone', since } });
    await world.until(() => world.row(digest)?.approveOff === 'agentGone');
    expect(await codeOf(world.decide({ digest, viewSha256 }))).toBe('agentGone');
    nothingSigned(world);
    expect(world.row(digest)?.denyOff).toBeUndefined();
  });

  test('for approval before a verified checkpoint covers the request', async () => {
    await using world = await openWorld();
    const digest = await world.ask('medium', {}, false);
    const viewSha256 = await world.look(digest);
    expect(await codeOf(world.decide({ digest, viewSha256 }))).toBe('unverified');
    nothingSigned(world);
    world.publish(world.log.leaves.length);
    await world.until(() => world.row(digest)?.approveOff === undefined);
    world.time.advance(600);
    expect(await codeOf(world.decide({ digest, viewSha256 }))).toBe('decided');
  });

  test('for approval of a request that its guard did not sign', async () => {
    await using world = await openWorld();
    const { log, keyring } = world;
    const other = keyring.guards[0]?.keys[1]?.keyId ?? '';
    const digest = await world.ask('medium', {
      guard: { id: keyring.guards[0]?.id ?? '', keyId: other, host: 'maya-laptop', mode: 'run' },
    });
    const viewSha256 = await world.look(digest);
    expect(await codeOf(world.decide({ digest, viewSha256 }))).toBe('unverified');
    nothingSigned(world);
    expect(log.leaves).toHaveLength(1);
  });

  test('after an alarm, whatever comes later', async () => {
    await using world = await openWorld();
    const digest = await world.ask('medium');
    const viewSha256 = await world.look(digest);
    world.peer().say({ t: 'leaves', body: { from: 7, entries: world.log.frames(0, 1).entries } });
    await world.until(({ log }) => log.alarm?.code === 'gap');
    expect(await codeOf(world.decide({ digest, viewSha256 }))).toBe('alarm');
    const later = await world.ask('medium');
    expect(world.row(later)?.approveOff).toBe('alarm');
    nothingSigned(world);
  });

  test('after the request has expired, without a word from the broker', async () => {
    await using world = await openWorld();
    const digest = await world.ask('medium', { ttlMs: 10_000 });
    const viewSha256 = await world.look(digest);
    world.time.advance(10_000);
    await world.until(() => world.row(digest)?.approveOff === 'expired');
    expect(await codeOf(world.decide({ digest, viewSha256 }))).toBe('expired');
    expect(await codeOf(world.decide({ digest, viewSha256, verdict: 'deny' }))).toBe('expired');
    nothingSigned(world);
  });

  test('when the store fails: no decision leaves that is not on disk', async () => {
    await using world = await openWorld();
    const digest = await world.ask('medium');
    const viewSha256 = await world.look(digest);
    world.store.breakDown();
    await expect(world.decide({ digest, viewSha256 })).rejects.toThrow('the store has gone');
    nothingSigned(world);
  });
});

test('20 wishes at once make one chain: each seq once, each prev the one before', async () => {
  await using world = await openWorld();
  const digests: string[] = [];
  for (let n = 0; n < 20; n++) digests.push(await world.ask('medium', { reason: `number ${n}` }));
  const views: string[] = [];
  for (const digest of digests) views.push(await world.look(digest));
  const made = await Promise.all(
    digests.map((digest, n) =>
      codeOf(world.decide({ digest, viewSha256: views[n] ?? '', verdict: 'deny' })),
    ),
  );
  expect(made).toEqual(Array.from({ length: 20 }, () => 'decided'));
  await world.until(({ requests }) => requests.every((one) => one.stage === 'decided'));
  const chain = world.store.decisions;
  expect(chain.map((one) => one.seq)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
  for (const [i, one] of chain.entries()) {
    const parsed = parseEnvelope(one.envelope, ENVELOPE_LIMITS.decision);
    expect(parsed.ok && sha256Hex(parsed.value.payload)).toBe(one.sha256);
    const said = world.decisions().find((decision) => decision.reviewer.seq === i + 1);
    expect(said?.reviewer.prev).toBe(i === 0 ? '0'.repeat(64) : chain[i - 1]?.sha256);
  }
});

test('20 wishes at once for one request make one decision', async () => {
  await using world = await openWorld();
  const digest = await world.ask('medium');
  const viewSha256 = await world.look(digest);
  const wishes = Array.from({ length: 20 }, () =>
    codeOf(world.decide({ digest, viewSha256, verdict: 'deny' })),
  );
  const codes = await Promise.all(wishes);
  expect(codes.filter((code) => code === 'decided')).toHaveLength(1);
  expect(codes.filter((code) => code === 'sending')).toHaveLength(19);
  await world.until(() => world.row(digest)?.stage === 'decided');
  expect(world.store.decisions).toHaveLength(1);
});

test('a decision that was stored and not answered is sent again over the next connection, as the same message', async () => {
  await using world = await openWorld();
  const digest = await world.ask('medium');
  const viewSha256 = await world.look(digest);
  world.broker.mode = 'hold';
  await world.decide({ digest, viewSha256, verdict: 'deny' });
  await world.until(() => world.row(digest)?.sending === 'deny');
  await world.peer().roundTrip();
  world.broker.mode = 'take';
  world.peer().hangUp();
  await world.until(({ link }) => link.state === 'offline');
  world.time.advance(60_000);
  await world.until(() => world.row(digest)?.stage === 'decided');
  const sent = world.sent.filter((one) => one.t === 'decision');
  expect(sent.length).toBeGreaterThan(1);
  expect(new Set(sent.map((one) => one.id)).size).toBe(1);
  expect(world.log.leaves).toHaveLength(2);
});
