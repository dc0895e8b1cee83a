// The person's keys: open for twelve hours at most by either clock, closed by a word, and never by a wrong passphrase.

import { rmSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { openKeys, sealedPath, UNLOCKED_MS } from '../../../main/app/keys.ts';
import { handTime } from './hand-time.ts';
import { COST, keyAt, SECRET, soloHome } from './solo-home.ts';

async function opened() {
  const time = handTime();
  const home = await soloHome(time.clock);
  return {
    time,
    home,
    keys: openKeys(home, time.clock, COST),
    [Symbol.dispose]: () => home[Symbol.dispose](),
  };
}

describe('the decision key', () => {
  test('is closed until the passphrase is given, and open for twelve hours', async () => {
    using at = await opened();
    expect(at.keys.decision()).toBeUndefined();
    const until = await at.keys.unlock(SECRET);
    expect(until).toEqual({ ok: true, value: at.time.clock.now() + UNLOCKED_MS });
    at.time.advance(UNLOCKED_MS - 1);
    expect(at.keys.decision()).toBeDefined();
    at.time.advance(1);
    expect(at.keys.decision()).toBeUndefined();
    expect(at.keys.unlockedUntil()).toBeUndefined();
  });

  test('closes by the wall clock where the other stood still while the machine slept', async () => {
    using at = await opened();
    await at.keys.unlock(SECRET);
    at.time.setWall(UNLOCKED_MS);
    expect(at.keys.decision()).toBeUndefined();
    // Setting the clock back does not open it again.
    at.time.setWall(-UNLOCKED_MS);
    expect(at.keys.decision()).toBeUndefined();
  });

  test('closes by the steady clock where the wall clock was set back', async () => {
    using at = await opened();
    await at.keys.unlock(SECRET);
    at.time.setWall(-24 * 3600 * 1000);
    at.time.advance(UNLOCKED_MS);
    expect(at.keys.decision()).toBeUndefined();
  });

  test('is not opened by a wrong passphrase, which leaves an earlier unlock as it was', async () => {
    using at = await opened();
    for (const wrong of ['', 'wrong', `${SECRET} `, SECRET.toUpperCase()])
      expect(await at.keys.unlock(wrong)).toMatchObject({ ok: false, code: 'wrongPassphrase' });
    expect(at.keys.decision()).toBeUndefined();
    await at.keys.unlock(SECRET);
    await at.keys.unlock('wrong');
    expect(at.keys.decision()).toBeDefined();
  });

  test('is closed by lock, at once', async () => {
    using at = await opened();
    await at.keys.unlock(SECRET);
    at.keys.lock();
    expect(at.keys.decision()).toBeUndefined();
    expect(await at.keys.proves(SECRET)).toBe(true);
    expect(at.keys.decision()).toBeUndefined();
  });

  test('is absent where its file is gone or is not one', async () => {
    using at = await opened();
    writeFileSync(sealedPath(at.home, 'decision'), 'hello', { mode: 0o600 });
    expect(await at.keys.unlock(SECRET)).toMatchObject({ ok: false, code: 'absent' });
    rmSync(sealedPath(at.home, 'decision'));
    expect(await at.keys.unlock(SECRET)).toMatchObject({ ok: false, code: 'absent' });
  });
});

test('the root key opens for its passphrase and is not kept', async () => {
  using at = await opened();
  const root = await at.keys.root(SECRET);
  expect(root.ok).toBe(true);
  expect(at.keys.decision()).toBeUndefined();
  expect(await at.keys.root('wrong')).toMatchObject({ ok: false, code: 'wrongPassphrase' });
});

test('one key is never another: root, decision and session differ', async () => {
  using at = await opened();
  await at.keys.unlock(SECRET);
  const root = await at.keys.root(SECRET);
  const ids = [
    root.ok ? root.value.keyId : '',
    at.keys.decision()?.keyId,
    ...(['session', 'witness'] as const).map((name) => keyAt(at.home, 'app', name).keyId),
  ];
  expect(new Set(ids).size).toBe(4);
});
