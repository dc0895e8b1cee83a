// Grants on a hostile broker's word: forged, swapped, replayed, put where they are not, or beside their own end. People are asked.

import { afterEach, describe, expect, test } from 'vitest';
import { fromB64, fromUtf8, utf8 } from '../../shared/bytes.ts';
import type { GrantTerms } from '../../shared/statement/grant.ts';
import {
  grantEndOf,
  grantOf,
  repeated,
  sealGrant,
  sealGrantEnd,
  termsOf,
} from '../kit/granting.ts';
import { type GuardWorld, LOG_ORIGIN, makeGuardWorld } from '../kit/guard-world.ts';
import { type Shown, startHostileBroker, type Strategy } from '../kit/hostile-broker.ts';

const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

type Lie = {
  readonly why: string;
  readonly granted: (stage: {
    readonly world: GuardWorld;
    readonly terms: GrantTerms;
    readonly request: string;
    readonly honest: () => Uint8Array;
  }) => ReturnType<NonNullable<Strategy['granted']>>;
};

const placed = (world: GuardWorld, bytes: Uint8Array) => {
  const index = world.log.append(bytes);
  return { envelope: fromUtf8(bytes), index, proof: world.log.inclusion(index) };
};

const LIES: readonly Lie[] = [
  {
    why: 'a grant that it signed itself',
    granted: ({ world, terms, request }) => {
      const { keys, keyring, log } = world;
      const by = { who: keys.alice, keyring, note: log.note(), now: Date.now() };
      return { grants: [placed(world, sealGrant(grantOf(request, terms, by), keys.log))] };
    },
  },
  {
    why: 'a grant that is not in the log',
    granted: ({ world, honest }) => {
      const other = world.log.fork();
      const bytes = honest();
      const index = other.append(bytes);
      return { grants: [{ envelope: fromUtf8(bytes), index, proof: other.inclusion(index) }] };
    },
  },
  {
    why: 'a grant under a head that another log has signed',
    granted: ({ world, honest }) => {
      const grants = [placed(world, honest())];
      return { grants, note: world.log.note().replace(LOG_ORIGIN, 'log.test/other') };
    },
  },
  {
    why: 'a grant by a person whose own agent it is',
    granted: ({ world, terms, request }) => {
      const { keys, keyring, log } = world;
      const by = { who: keys.bob, keyring, note: log.note(), now: Date.now() };
      return { grants: [placed(world, sealGrant(grantOf(request, terms, by), keys.bob.decision))] };
    },
  },
  {
    why: 'a grant whose terms were swapped after it was signed',
    granted: ({ world, honest }) => {
      const text = fromUtf8(honest());
      const { payload } = JSON.parse(text) as { payload: string };
      const said = fromUtf8(fromB64(payload) ?? new Uint8Array());
      const more = Buffer.from(said.replace('"uses":3', '"uses":9')).toString('base64');
      return { grants: [placed(world, utf8(text.replace(payload, more)))] };
    },
  },
  {
    why: 'a grant by a session key',
    granted: ({ world, terms, request }) => {
      const { keys, keyring, log } = world;
      const by = { who: keys.alice, keyring, note: log.note(), now: Date.now() };
      return {
        grants: [placed(world, sealGrant(grantOf(request, terms, by), keys.alice.session))],
      };
    },
  },
  {
    why: 'a grant that ended an hour ago',
    granted: ({ world, terms, request }) => {
      const { keys, keyring, log } = world;
      const hour = 3_600_000;
      const iso = (at: number) => new Date(at).toISOString();
      const late = { ...terms, from: iso(Date.now() - 3 * hour), until: iso(Date.now() - hour) };
      const by = { who: keys.alice, keyring, note: log.note(), now: Date.now() - 2 * hour };
      return {
        grants: [placed(world, sealGrant(grantOf(request, late, by), keys.alice.decision))],
      };
    },
  },
  {
    why: 'a grant beside its own end',
    granted: ({ world, terms, request, honest }) => {
      const { alice } = world.keys;
      const end = grantEndOf(request, terms, { who: alice, now: Date.now() });
      return {
        grants: [placed(world, honest())],
        ends: [fromUtf8(sealGrantEnd(end, alice.decision))],
      };
    },
  },
];

describe('a hostile broker', { timeout: 60_000 }, () => {
  /** Bob owns the agent; what alice signs is honest. The one request is what the guard would ask. */
  async function stage(lie: Lie['granted']) {
    const world = makeGuardWorld({
      keyring: (keyring) => ({ ...keyring, owners: [{ agent: 'claude', owner: 'bob' }] }),
    });
    stops.push(() => world.remove());
    const again = repeated(world);
    let shown: Shown | undefined;
    let terms: GrantTerms | undefined;
    let asked = 0;
    const broker = await startHostileBroker(world, {
      onRequest: (scene) => {
        shown ??= scene;
        asked += 1;
      },
      granted: () => {
        if (shown === undefined) return {};
        const { keys, keyring, log } = world;
        terms ??= termsOf(shown.request, Date.now());
        const request = shown.digest;
        const by = { who: keys.alice, keyring, note: log.note(), now: Date.now() };
        const said = terms;
        const honest = () => sealGrant(grantOf(request, said, by), keys.alice.decision);
        return lie({ world, terms, request, honest });
      },
    });
    stops.push(() => broker.stop());
    expect((await again.run({ ttlMs: 1_000 })).end).toMatchObject({ how: 'expired' });
    return { world, again, asked: () => asked };
  }

  test('can hand on an honest grant, which is used', async () => {
    const { again } = await stage(({ world: at, honest }) => {
      const grants = [placed(at, honest())];
      return { grants, note: at.log.note() };
    });
    expect((await again.run()).end).toMatchObject({ how: 'ran', who: 'granted by alice' });
  });

  test.each(LIES)('is not believed with $why: people are asked', async ({ granted }) => {
    const { again, asked } = await stage((at) => {
      const said = granted(at);
      return { note: at.world.log.note(), ...said };
    });
    const { end, events } = await again.run({ ttlMs: 1_000 });
    expect(end).toMatchObject({ how: 'expired' });
    expect(events.map(({ what }) => what)).toContain('asked');
    expect(asked()).toBe(2);
  });

  test('that replays a grant after its last use, or denies that it was used, gets no further use', async () => {
    let bytes: Uint8Array | undefined;
    let index = 0;
    const { again } = await stage(({ world, honest }) => {
      if (bytes === undefined) {
        bytes = honest();
        index = world.log.append(bytes);
      }
      const row = { envelope: fromUtf8(bytes), index, proof: world.log.inclusion(index) };
      return { grants: [row, row], note: world.log.note() };
    });
    for (let use = 1; use <= 3; use++)
      expect((await again.run()).end).toMatchObject({ who: 'granted by alice' });
    expect((await again.run({ ttlMs: 1_000 })).end).toMatchObject({ how: 'expired' });
  });

  test('that withholds an end which this guard has seen is not believed again', async () => {
    let withheld = false;
    let bytes: Uint8Array | undefined;
    let index = 0;
    const { again } = await stage(({ world: at, terms, request, honest }) => {
      if (bytes === undefined) {
        bytes = honest();
        index = at.log.append(bytes);
      }
      const { alice } = at.keys;
      const end = grantEndOf(request, terms, { who: alice, now: Date.now() });
      const ends = withheld ? [] : [fromUtf8(sealGrantEnd(end, alice.decision))];
      const row = { envelope: fromUtf8(bytes), index, proof: at.log.inclusion(index) };
      return { grants: [row], ends, note: at.log.note() };
    });
    const first = await again.run({ ttlMs: 1_000 });
    expect(first.end).toMatchObject({ how: 'expired' });
    withheld = true;
    expect((await again.run({ ttlMs: 1_000 })).end).toMatchObject({ how: 'expired' });
  });
});
