// The keyring on this machine: opened from the pinned roots alone, moved on only by the chain, never back.

import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openKeyringFile } from '../../../main/app/keyring-file.ts';
import { openKeys } from '../../../main/app/keys.ts';
import { renewSolo } from '../../../main/app/solo.ts';
import { generateKeyPair } from '../../../main/trust/ed25519.ts';
import { seal } from '../../../main/trust/envelope.ts';
import { encodeStatement, payloadTypeOf } from '../../../shared/statement/statement.ts';
import { handTime } from './hand-time.ts';
import { COST, SECRET, soloHome } from './solo-home.ts';

async function opened() {
  const time = handTime();
  const home = await soloHome(time.clock);
  const root = await openKeys(home, time.clock, COST).root(SECRET);
  const file = openKeyringFile(home);
  if (!root.ok || !file.ok) throw new Error('a first run is complete');
  return {
    time,
    home,
    root: root.value,
    file: file.value,
    path: join(home.app, 'keyring.json'),
    [Symbol.dispose]: () => home[Symbol.dispose](),
  };
}

describe('the keyring', () => {
  test('moves on by one version, on disk before it is in force', async () => {
    using at = await opened();
    const next = renewSolo(at.file.held(), at.root, at.time.clock.now());
    expect(at.file.offer(next)).toEqual({ ok: true, value: true });
    expect(at.file.held().keyring.version).toBe(2);
    const again = openKeyringFile(at.home);
    expect(again.ok && again.value.held().sha256).toBe(at.file.held().sha256);
  });

  test('refuses a version that it had, one that skips, and one of another chain', async () => {
    using at = await opened();
    const first = at.file.held();
    const second = renewSolo(first, at.root, at.time.clock.now());
    at.file.offer(second);
    expect(at.file.offer(first.envelope)).toMatchObject({ ok: false, code: 'keyringVersion' });
    expect(at.file.offer(second)).toMatchObject({ ok: false, code: 'keyringVersion' });
    const held = at.file.held();
    const skipping = { ...held, keyring: { ...held.keyring, version: 3 } };
    expect(at.file.offer(renewSolo(skipping, at.root, 0))).toMatchObject({
      code: 'keyringVersion',
    });
    const stray = { ...held, sha256: '0'.repeat(64) };
    expect(at.file.offer(renewSolo(stray, at.root, 0))).toMatchObject({ code: 'keyringPrevious' });
    expect(at.file.held()).toBe(held);
  });

  test('refuses what the roots have not signed', async () => {
    using at = await opened();
    const held = at.file.held();
    const forged = renewSolo(held, generateKeyPair(), at.time.clock.now());
    expect(at.file.offer(forged)).toMatchObject({ ok: false, code: 'keyringThreshold' });
    expect(at.file.offer(new Uint8Array([1, 2, 3]))).toMatchObject({ code: 'keyringEnvelope' });
    expect(at.file.held()).toBe(held);
  });

  test('a file that the pinned roots have not signed is no keyring', async () => {
    using at = await opened();
    const mine = generateKeyPair();
    const { keyring } = at.file.held();
    const forged = seal(payloadTypeOf('keyring'), encodeStatement('keyring', keyring), mine);
    writeFileSync(at.path, forged);
    expect(openKeyringFile(at.home)).toMatchObject({ ok: false, code: 'absent' });
    rmSync(at.path);
    expect(openKeyringFile(at.home)).toMatchObject({ ok: false, code: 'absent' });
  });

  test('a pin of other roots opens no keyring', async () => {
    using at = await opened();
    const pin = JSON.parse(readFileSync(join(at.home.app, 'pin.json'), 'utf8'));
    writeFileSync(join(at.home.app, 'pin.json'), JSON.stringify({ ...pin, org: 'other' }));
    expect(openKeyringFile(at.home)).toMatchObject({ ok: false, code: 'absent' });
  });

  test('keeps the one in force where the next cannot be written', async () => {
    using at = await opened();
    const held = at.file.held();
    rmSync(at.home.app, { recursive: true });
    const next = renewSolo(held, at.root, at.time.clock.now());
    expect(at.file.offer(next)).toMatchObject({ ok: false, code: 'io' });
    expect(at.file.held()).toBe(held);
  });
});
