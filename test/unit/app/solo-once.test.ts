// Two windows that press the button of the first run at once: one makes the keys, the other is told that it is done, and
// the passphrase of the first is the one that counts.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { composeApp } from '../../../main/app/compose.ts';
import { systemRandom } from '../../../main/trust/digest.ts';
import { handTime } from './hand-time.ts';
import { memoryStore } from './memory-store.ts';
import { COST, emptyHome, SECRET } from './solo-home.ts';

test('the first run happens once, however many ask for it', async () => {
  using home = emptyHome();
  const time = handTime();
  const app = composeApp({
    clock: time.clock,
    timers: time.timers,
    random: systemRandom,
    store: memoryStore(),
    broker: { start: async () => {}, stop: async () => {} },
    surface: { kind: 'browser', raise: () => {} },
    journal: { note: () => {} },
    home,
    version: '0.0.0',
    hostName: 'maya-laptop',
    account: 'maya',
    testOnly: COST,
  });
  await app.start();
  const setUp = (n: number) =>
    app.answers.setup.solo(
      { id: `person-${n}`, name: `Person ${n}`, passphrase: `${SECRET} ${n}` },
      { surface: 'window', caller: `window-${n}` },
    );
  const made = await Promise.all([setUp(1), setUp(2), setUp(3)]);
  expect(made.map((one) => (one.ok ? 'made' : one.code))).toEqual(['made', 'done', 'done']);
  const keyring = readFileSync(join(home.app, 'keyring.json'), 'utf8');
  for (const folder of [home.broker, home.guard])
    expect(readFileSync(join(folder, 'keyring.json'), 'utf8')).toBe(keyring);
  const caller = { surface: 'window', caller: 'window-1' } as const;
  expect(await app.answers.key.unlock({ passphrase: `${SECRET} 2` }, caller)).toMatchObject({
    ok: false,
  });
  expect(await app.answers.key.unlock({ passphrase: `${SECRET} 1` }, caller)).toMatchObject({
    ok: true,
  });
  await app.stop();
});
