// `run` itself: SIGINT or SIGTERM between the approval and the start ends it as interrupted, the command does not run, and
// the log hears that the approval was used and refused.

import { expect, test } from 'vitest';
import { makeGuardWorld } from '../../kit/guard-world.ts';
import { heldRun } from '../../kit/held-run.ts';
import { passOn, startHostileBroker } from '../../kit/hostile-broker.ts';

test.each(['SIGINT', 'SIGTERM'] as const)('%s while copies are made: not run', async (signal) => {
  const world = makeGuardWorld();
  const broker = await startHostileBroker(world, { onRequest: (scene) => passOn(scene) });
  const run = await heldRun(world, broker, {
    on: (event, self) => event.what === 'approved' && self.emit(signal),
  });
  await broker.stop();
  world.remove();
  expect(run.end).toMatchObject({ how: 'interrupted', signal });
  expect(run.ran).toBe(0);
  const states = run.accounted.map((one) =>
    'state' in one ? `${one.state} ${one.code ?? ''}` : one.how,
  );
  expect(states).toEqual(['consumed ', 'approved', 'refused interrupted']);
});
