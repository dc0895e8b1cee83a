// The key store through the whole app: set up with it, start again, decide without a passphrase; and wherever it is in the
// way, one state that says so and nothing signed.

import { describe, expect, test } from 'vitest';
import { type AppPorts, composeApp } from '../../../main/app/compose.ts';
import { KEYRING_DAYS } from '../../../main/app/solo.ts';
import { electronVault } from '../../../main/hosts/electron/vault.ts';
import { unlockOf } from '../../../main/hosts/instance/local.ts';
import { systemRandom } from '../../../main/trust/digest.ts';
import type { Snapshot, VaultTrouble } from '../../../shared/ipc/snapshot.ts';
import { invariant } from '../../../shared/result.ts';
import { fakeStorage } from '../hosts/fake-storage.ts';
import { type HandTime, handTime } from './hand-time.ts';
import { memoryStore } from './memory-store.ts';
import { COST, emptyHome, pinTestPolicies, SECRET } from './solo-home.ts';
import { openWorld, WINDOW, type World } from './world.ts';

const DAY_MS = 24 * 3600 * 1000;
type Key = Snapshot['key'];
type Put = { readonly passphrase: string; readonly inVault?: boolean };

/** The app before its first run, and no broker to reach. */
async function firstStart(
  home: ReturnType<typeof emptyHome>,
  time: HandTime,
  vault: AppPorts['vault'],
) {
  const app = composeApp({
    clock: time.clock,
    timers: time.timers,
    random: systemRandom,
    store: memoryStore(),
    broker: { start: async () => {}, stop: async () => {} },
    surface: { kind: 'electron', raise: () => {} },
    journal: { note: () => {} },
    home,
    version: '0.0.0',
    hostName: 'maya-laptop',
    account: 'maya',
    testOnly: COST,
    vault,
  });
  await app.start();
  const key = async (): Promise<Key> => (await app.answers.app.snapshot({}, WINDOW)).key;
  await expect.poll(async () => (await key()).vault).toBeDefined();
  return {
    key,
    offered: (await key()).vault,
    setUp: (put: Put) => app.answers.setup.solo({ id: 'maya', name: 'Maya Chen', ...put }, WINDOW),
    stop: app.stop,
  };
}

/** Set up, stopped, and ready to be started again. */
async function madeWith(put: Put) {
  const time = handTime();
  const home = emptyHome();
  const storage = fakeStorage();
  const vault = electronVault(storage, 'linux', time.timers);
  const first = await firstStart(home, time, vault);
  const made = await first.setUp(put);
  invariant(made.ok, 'a first run makes its keys');
  const key = await first.key();
  await first.stop();
  return { time, home, storage, vault, key, offered: first.offered };
}
type Made = Awaited<ReturnType<typeof madeWith>>;
const again = (made: Made, vault = made.vault): Promise<World> =>
  openWorld({ home: made.home, time: made.time, vault, unlock: false });
const IN_VAULT = { passphrase: '', inVault: true };

async function codeOf(made: ReturnType<World['decide']>): Promise<string> {
  const answer = await made;
  return answer.ok ? 'decided' : answer.code;
}
const isOpen = ({ key }: Snapshot): boolean => key.state === 'unlocked';
const isStuck = ({ key }: Snapshot): boolean =>
  key.state === 'locked' && key.vault?.trouble !== undefined;

describe('set up with the key store', () => {
  test('a medium request is decided after a restart, and no passphrase was ever asked', async () => {
    const made = await madeWith(IN_VAULT);
    expect(made.offered).toEqual({ keeps: false, passphrase: false, name: 'gnome_libsecret' });
    expect(made.key).toEqual({
      state: 'unlocked',
      vault: {
        keeps: true,
        passphrase: false,
        name: 'gnome_libsecret',
        wrappedBy: 'gnome_libsecret',
      },
    });
    await using world = await again(made);
    await world.until(isOpen);
    const digest = await world.ask('medium');
    const viewSha256 = await world.look(digest);
    expect(await codeOf(world.decide({ digest, viewSha256 }))).toBe('decided');
    await world.until(() => world.row(digest)?.stage === 'decided');
    expect(world.decisions()[0]).toMatchObject({ verdict: 'approve', presence: 'click' });
  });

  test('a critical one can only be denied, and says why', async () => {
    await using world = await again(await madeWith(IN_VAULT));
    await world.until(isOpen);
    const digest = await world.ask('critical');
    expect(world.row(digest)).toMatchObject({ approveOff: 'noPresence' });
    expect(world.row(digest)?.denyOff).toBeUndefined();
    const viewSha256 = await world.look(digest);
    expect(await codeOf(world.decide({ digest, viewSha256, reason: 'x' }))).toBe('noPresence');
    const denied = world.decide({ digest, viewSha256, verdict: 'deny' });
    expect(await codeOf(denied)).toBe('decided');
  });

  test('and a passphrase beside it: a critical approval asks for that', async () => {
    const made = await madeWith({ passphrase: SECRET, inVault: true });
    expect(made.key).toMatchObject({ state: 'unlocked', vault: { keeps: true, passphrase: true } });
    await pinTestPolicies(made.home, made.time.clock);
    await using world = await again(made);
    await world.until(isOpen);
    const digest = await world.ask('critical');
    expect(world.row(digest)?.approveOff).not.toBe('noPresence');
    const viewSha256 = await world.look(digest);
    const { target = '' } = world.row(digest) ?? {};
    const wish = { digest, viewSha256, reason: 'planned', typed: target };
    expect(await codeOf(world.decide(wish))).toBe('passphraseNeeded');
    world.time.advance(700);
    expect(await codeOf(world.decide({ ...wish, passphrase: 'not it at all' }))).toBe(
      'wrongPassphrase',
    );
    world.time.advance(700);
    expect(await codeOf(world.decide({ ...wish, passphrase: SECRET }))).toBe('decided');
    // It proved, and did not put an end to what the key store opened.
    world.time.advance(DAY_MS / 2);
    expect(world.snapshot().key).not.toHaveProperty('until');
    expect(world.snapshot().key.state).toBe('unlocked');
  });

  test('locked by a word it stays locked, signs nothing, and opens again at a press', async () => {
    await using world = await again(await madeWith(IN_VAULT));
    await world.until(isOpen);
    const digest = await world.ask('medium');
    const viewSha256 = await world.look(digest);
    await world.answers.key.lock({}, WINDOW);
    await world.until(({ key }) => key.state === 'locked');
    expect(world.row(digest)?.approveOff).toBe('locked');
    expect(await codeOf(world.decide({ digest, viewSha256 }))).toBe('locked');
    expect(world.store.decisions).toEqual([]);
    expect(await world.answers.key.unlock({}, WINDOW)).toEqual({ ok: true, value: {} });
    world.time.advance(700);
    expect(await codeOf(world.decide({ digest, viewSha256 }))).toBe('decided');
  });

  test('a terminal that is asked for the passphrase does not come in by any word', async () => {
    await using world = await again(await madeWith(IN_VAULT));
    await world.until(isOpen);
    const enter = unlockOf(world.app);
    for (const word of ['', 'x', SECRET])
      expect(await enter(word, { surface: 'terminal', caller: 'terminal-1' })).toMatchObject({
        ok: false,
        code: 'absent',
      });
  });

  test('the solo keyring is renewed while the app runs on, without a person', async () => {
    await using world = await again(await madeWith(IN_VAULT));
    await world.until(isOpen);
    const renewals = () => world.sent.filter((one) => one.t === 'keyring').length;
    expect(renewals()).toBe(0);
    world.time.setWall((KEYRING_DAYS / 2) * DAY_MS);
    world.time.advance(DAY_MS);
    // The connection did not live through that day: it comes back by the same clock.
    const later = (): number => {
      world.time.advance(1000);
      return renewals();
    };
    await expect.poll(later).toBe(1);
  });
});

const IN_THE_WAY: readonly (readonly [VaultTrouble, (made: Made) => void])[] = [
  ['changed', ({ storage }) => void (storage.backend = 'kwallet6')],
  ['unavailable', ({ storage }) => void (storage.mood = 'unavailable')],
  ['refused', ({ storage }) => void (storage.secret = new Uint8Array(32))],
  ['none', () => {}],
];

describe('the app starts locked and says why where', () => {
  test.each(IN_THE_WAY)('the key store is %s', async (trouble, change) => {
    const made = await madeWith(IN_VAULT);
    change(made);
    const vault = trouble === 'none' ? undefined : made.vault;
    await using world = await openWorld({ home: made.home, time: made.time, vault, unlock: false });
    await world.until(isStuck);
    expect(world.snapshot().key.vault).toMatchObject({ trouble, wrappedBy: 'gnome_libsecret' });
    const digest = await world.ask('medium');
    const viewSha256 = await world.look(digest);
    expect(await codeOf(world.decide({ digest, viewSha256 }))).toBe('locked');
    expect(await world.answers.key.unlock({}, WINDOW)).toMatchObject({ ok: false, code: 'failed' });
    expect(world.store.decisions).toEqual([]);
  });

  test('and opens at a press once it is over', async () => {
    const made = await madeWith(IN_VAULT);
    made.storage.mood = 'unavailable';
    await using world = await again(made);
    await world.until(isStuck);
    made.storage.mood = 'well';
    expect((await world.answers.key.unlock({}, WINDOW)).ok).toBe(true);
    await world.until(isOpen);
    expect(world.snapshot().key.vault?.trouble).toBeUndefined();
  });
});

describe('set up with a passphrase, the key store being there', () => {
  test('it opens by the passphrase alone, for twelve hours, as ever', async () => {
    const made = await madeWith({ passphrase: SECRET });
    expect(made.key).toMatchObject({
      state: 'unlocked',
      until: new Date(made.time.clock.now() + DAY_MS / 2).toISOString(),
      vault: { keeps: false },
    });
    await using world = await again(made);
    await world.until(({ key }) => key.vault !== undefined);
    expect(world.snapshot().key.state).toBe('locked');
    expect(await world.answers.key.unlock({}, WINDOW)).toMatchObject({ ok: false, code: 'failed' });
    expect(world.snapshot().key.state).toBe('locked');
    const digest = await world.ask('medium');
    const viewSha256 = await world.look(digest);
    expect(await codeOf(world.decide({ digest, viewSha256, passphrase: SECRET }))).toBe('decided');
  });

  test.each([
    ['a short one', { passphrase: 'short' }, 'passphraseTooShort'],
    ['none', { passphrase: '' }, 'passphraseTooShort'],
    ['a short one beside the store', { passphrase: 'short', inVault: true }, 'passphraseTooShort'],
  ])('%s is refused', async (_, put, code) => {
    using home = emptyHome();
    const time = handTime();
    const vault = electronVault(fakeStorage(), 'linux', time.timers);
    const first = await firstStart(home, time, vault);
    expect(await first.setUp(put)).toMatchObject({ ok: false, code });
    await first.stop();
  });

  test('the store that is gone when the form is sent is refused, and the form hears why', async () => {
    using home = emptyHome();
    const time = handTime();
    const storage = fakeStorage();
    const first = await firstStart(home, time, electronVault(storage, 'linux', time.timers));
    storage.backend = 'basic_text';
    expect(await first.setUp(IN_VAULT)).toMatchObject({ ok: false, code: 'failed' });
    expect(await first.key()).toEqual({
      state: 'absent',
      vault: { keeps: false, passphrase: false, trouble: 'weak' },
    });
    expect((await first.setUp({ passphrase: SECRET })).ok).toBe(true);
    await first.stop();
  });

  test('a host without one takes no keys into it', async () => {
    using home = emptyHome();
    const first = await firstStart(home, handTime(), undefined);
    expect(first.offered).toEqual({ keeps: false, passphrase: false, trouble: 'none' });
    expect(await first.setUp(IN_VAULT)).toMatchObject({ ok: false, code: 'failed' });
    await first.stop();
  });
});
