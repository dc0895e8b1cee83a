// Asked once to stop, a command of ours ends by itself: no timer, socket or child of it is left to wait for.

import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { join } from 'node:path';
import { AppHome, type Started, whyNoBuild } from '../kit/app-home.ts';

const unbuilt = whyNoBuild();
const PATIENCE_MS = 15_000;

describe.skipIf(unbuilt !== undefined)('with the key open,', () => {
  const made = new AppHome();
  beforeAll(async () => {
    if (unbuilt !== undefined) return;
    await made.start();
    await made.stop();
  });
  afterAll(() => made[Symbol.asyncDispose]());

  const keyed = (home: AppHome): NodeJS.ProcessEnv => ({
    ...home.env(),
    COUNTERSIGN_PASSPHRASE_FILE: join(home.folder, 'passphrase'),
    COUNTERSIGN_NO_OPEN: '1',
  });
  /** Its exit code; 'stays' where it is still there after a long while. */
  const endOf = async ({ ended }: Started): Promise<number | null | 'stays'> => {
    const late = AbortSignal.timeout(PATIENCE_MS);
    const stays = once(late, 'abort').then(() => 'stays' as const);
    return Promise.race([ended.then(({ code }) => code), stays]);
  };

  test('`countersign start` ends by one SIGTERM', async () => {
    await using home = new AppHome(made.state);
    const start = home.run(['start'], { env: keyed(home) });
    await start.says(/State: {4}/);
    start.child.kill('SIGTERM');
    expect(await endOf(start)).toBe(0);
  });

  test('`countersign review` without an app ends by one SIGTERM', async () => {
    await using home = new AppHome(made.state);
    // An input that never ends and says nothing, as a person's terminal.
    const review = home.sh('mkfifo hold && exec countersign review 0<> hold', {
      env: keyed(home),
    });
    await review.says(/Nothing waits/);
    review.child.kill('SIGTERM');
    expect(await endOf(review)).toBe(0);
  });

  test('`countersign review` without an app ends by `quit`', async () => {
    await using home = new AppHome(made.state);
    const review = home.run(['review'], { env: keyed(home), input: 'list\nquit\n' });
    expect(await endOf(review)).toBe(0);
  });
});
