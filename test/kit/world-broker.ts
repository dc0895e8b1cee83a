// The real broker of a guard's world, in this process, on a folder of its own; the guard's home knows where it is.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock, systemTimers } from '../../main/broker/ports.ts';
import { type RunningBroker, startBroker } from '../../main/broker/start-broker.ts';
import type { Endpoint } from '../../main/link/handshake.ts';
import { writeEndpoint } from '../../main/state/endpoint.ts';
import { systemRandom } from '../../main/trust/digest.ts';
import { invariant } from '../../shared/result.ts';
import { type GuardWorld, LOG_ORIGIN } from './guard-world.ts';
import { keepTestPolicies } from './test-policies.ts';

export type WorldBroker = {
  readonly broker: RunningBroker;
  readonly endpoint: Endpoint;
  readonly stop: () => Promise<void>;
};

export async function openWorldBroker(world: GuardWorld, rota?: object): Promise<WorldBroker> {
  const root = mkdtempSync(join(tmpdir(), 'countersign-world-broker-'));
  const broker = join(root, 'broker');
  mkdirSync(broker, { mode: 0o700 });
  keepTestPolicies({ root });
  if (rota !== undefined) writeFileSync(join(broker, 'rota.json'), JSON.stringify(rota));
  const { keys, keyring } = world;
  const { org, roots, threshold, log } = keyring;
  const started = await startBroker({
    home: { root, broker },
    keys: { session: keys.broker, log: keys.log },
    pin: { org, roots, threshold, log },
    keyring: world.envelope,
    listen: { host: '127.0.0.1', port: 0 },
    clock: systemClock,
    timers: systemTimers,
    random: systemRandom,
    alarm: () => {},
  });
  invariant(started.ok, `the broker starts: ${started.ok ? '' : started.code}`);
  const { url } = started.value;
  const endpoint = { url, origin: LOG_ORIGIN, brokerKeyId: keys.broker.keyId };
  writeEndpoint(world.home, endpoint);
  return {
    broker: started.value,
    endpoint,
    stop: async () => {
      await started.value.stop();
      rmSync(root, { recursive: true, force: true });
    },
  };
}
