// A guard whose agent has used up its questions: nobody was asked, nothing ran, nothing is owed to the log, and the agent
// is told in words and in numbers when it may ask again.

import { afterEach, expect, test } from 'vitest';
import { exitOf } from '../../../main/cli/exits.ts';
import { ending } from '../../../main/cli/voice.ts';
import { readBrokerHome } from '../../../main/broker/open-home.ts';
import { type RunningBroker, startBroker } from '../../../main/broker/start-broker.ts';
import { openIdentity } from '../../../main/guard/state/identity.ts';
import { systemClock, systemTimers } from '../../../main/link/system-ports.ts';
import { systemRandom } from '../../../main/trust/digest.ts';
import { invariant } from '../../../shared/result.ts';
import { utf8 } from '../../../shared/bytes.ts';
import type { GuardWorld } from '../../kit/guard-world.ts';
import { heldRun } from '../../kit/held-run.ts';
import { holding } from '../../kit/test-policies.ts';
import { pinTestPolicies, soloHome } from '../app/solo-home.ts';

const HOUR = 3_600_000;
let broker: RunningBroker | undefined;
afterEach(async () => {
  await broker?.stop();
  broker = undefined;
});

test('the second question of a budget of one is not asked, not run, and says when it may be', async () => {
  using home = await soloHome(systemClock);
  const settings = utf8('{"version":1,"questions":{"perHour":1}}');
  await pinTestPolicies(home, systemClock, undefined, holding('medium'), settings);
  const identity = openIdentity(home, systemRandom);
  const files = readBrokerHome(home.root);
  invariant(identity.ok && files.ok, 'a first run made both');
  const started = await startBroker({
    ...files.value,
    listen: { host: '127.0.0.1', port: 0 },
    clock: systemClock,
    timers: systemTimers,
    random: systemRandom,
    alarm: () => {},
  });
  invariant(started.ok, 'the broker starts');
  broker = started.value;
  const world = { home, identity: identity.value } as unknown as GuardWorld;
  const first = await heldRun(world, { told: [] }, { ttlMs: 1_000 });
  expect(first.end).toMatchObject({ how: 'expired' });
  const before = Date.now();
  const second = await heldRun(world, { told: [] }, { ttlMs: 1_000 });
  invariant(second.end.how === 'tooOften', `it was ${second.end.how}`);
  const { retryAfterMs, notBefore, guidance } = second.end;
  expect(second.ran).toBe(0);
  expect(retryAfterMs).toBeGreaterThan(HOUR - 60_000);
  expect(retryAfterMs).toBeLessThanOrEqual(HOUR);
  expect(Date.parse(notBefore) - before).toBeGreaterThan(HOUR - 60_000);
  expect(guidance).toContain(`Do not ask again before ${notBefore}`);
  expect(second.accounted).toEqual([]);
  expect(second.events.map(({ what }) => what)).not.toContain('held');
  expect(exitOf(second.end)).toBe(75);
  expect(ending(second.end, 'a'.repeat(64))).toContain(`do not ask again before ${notBefore}`);
});
