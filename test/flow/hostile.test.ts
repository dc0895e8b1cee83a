// Promise 2: the broker can be hostile and still approve nothing. The real run, over a real socket, against a broker
// that holds its own keys and the log's; the command would leave a mark.

import { afterEach, expect, test } from 'vitest';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type GuardWorld, makeGuardWorld } from '../kit/guard-world.ts';
import { heldRun } from '../kit/held-run.ts';
import { type HostileBroker, startHostileBroker } from '../kit/hostile-broker.ts';
import { ATTACKS } from '../kit/hostile-strategies.ts';

const open: { readonly stop: () => unknown }[] = [];
afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.stop();
});

async function stageOf(
  attack: Parameters<typeof startHostileBroker>[1] & { readonly keyring?: unknown },
  options: Parameters<typeof makeGuardWorld>[0] = {},
): Promise<{ readonly world: GuardWorld; readonly broker: HostileBroker }> {
  const world = makeGuardWorld(options);
  open.push({ stop: world.remove });
  const broker = await startHostileBroker(world, attack);
  open.push(broker);
  return { world, broker };
}

test.each(ATTACKS.map((attack) => [attack.name, attack] as const))(
  'a broker that %s',
  async (_, attack) => {
    const { keyring, ttlMs, reachMs } = attack;
    const { world, broker } = await stageOf(attack, keyring ? { keyring } : {});
    const run = await heldRun(world, broker, {
      ...(ttlMs ? { ttlMs } : {}),
      ...(reachMs ? { reachMs } : {}),
    });
    expect(run.ran).toBe(0);
    expect(run.end).toMatchObject(attack.ends);
    expect(usedIn(world)).toEqual([]);
    expect(run.events.some((event) => event.what === 'started')).toBe(false);
    // Told, and still owed where the log has not proven it.
    expect([...new Set(run.accounted.map(brief))]).toEqual(owed(attack.ends));
  },
);

const usedIn = (world: GuardWorld): string[] => {
  try {
    return readdirSync(join(world.home.guard, 'consumed'));
  } catch {
    return [];
  }
};

const brief = (told: HostileBroker['told'][number]): string =>
  told.type === 'ending' ? `ending ${told.how}` : `receipt ${told.state} ${told.code ?? ''}`.trim();

/** What the log must hear of it. */
function owed(end: (typeof ATTACKS)[number]['ends']): string[] {
  switch (end.how) {
    case 'refused':
      return [`receipt refused ${end.code}`, 'ending withdrawn'];
    case 'denied':
      return ['ending denied'];
    case 'expired':
      return ['ending expiredUnseen'];
    case 'unreachable':
      return ['ending withdrawn'];
    default:
      return [];
  }
}
