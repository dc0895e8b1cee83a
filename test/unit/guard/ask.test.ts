// A guard keeps to what the keyring says of it, whatever its broker would take.

import { afterEach, describe, expect, test } from 'vitest';
import { makeRequest } from '../../../main/guard/ask.ts';
import { systemRandom } from '../../../main/trust/digest.ts';
import type { Keyring } from '../../../shared/statement/keyring.ts';
import { NOW, plainRequest } from '../../kit/gate-stage.ts';
import { type GuardWorld, makeGuardWorld } from '../../kit/guard-world.ts';

const worlds: GuardWorld[] = [];
afterEach(() => {
  for (const world of worlds.splice(0)) world.remove();
});

type Guard = Keyring['guards'][number];

const asks = (change: (guard: Guard) => Guard, agent = 'claude') => {
  const open = makeGuardWorld({ now: NOW });
  const request = plainRequest(open);
  const world = makeGuardWorld({
    now: NOW,
    keyring: (keyring) => ({ ...keyring, guards: keyring.guards.map(change) }),
  });
  worlds.push(open, world);
  const asked = makeRequest(
    { ...request, agent: { ...request.agent, id: agent }, attachments: new Map(), mode: 'run' },
    world.identity,
    { now: NOW, random: systemRandom },
  );
  return asked.ok ? 'asked' : `${asked.code}: ${asked.detail}`;
};

describe('a guard asks', () => {
  test('for any agent where it is given none, and for its own', () => {
    expect(asks((guard) => guard)).toBe('asked');
    expect(asks((guard) => ({ ...guard, agents: ['claude'] }))).toBe('asked');
  });

  test('not for an agent of another guard', () => {
    expect(asks((guard) => ({ ...guard, agents: ['other'] }))).toMatch(/^notMine: .*agent claude/);
  });

  test('not above its tier', () => {
    expect(asks((guard) => ({ ...guard, maxTier: 'low' }))).toMatch(/^notMine: .*up to tier low/);
  });

  test('not with a key that the keyring ends anywhere', () => {
    const ended = (guard: Guard): Guard => ({
      ...guard,
      keys: guard.keys.map((key) =>
        key.use === 'guard' ? { ...key, untilIndex: 1_000_000 } : key,
      ),
    });
    expect(asks(ended)).toMatch(/^notMine: .*own key/);
  });
});
