// `utilityProcess` for real, with a stand-in for the broker and one for the store: this runtime's own Node is too old for
// the database, so what runs in them in the product does not run here.

import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'playwright/test';
import { build } from 'vite';
import { ROOT } from '../../build/scripts/tool.ts';
import type { utilityProcesses as UtilityProcesses } from '../../main/hosts/electron/utility-process.ts';
import { Place, type Running, startApp } from './kit/app.ts';
import { openSession, type Session } from './kit/session.ts';

let session: Session;
let folder: string;
test.beforeAll(async () => {
  session = await openSession({ tray: true });
  folder = mkdtempSync(join(tmpdir(), 'countersign-utility-'));
  // The program's own code of both ends, as one file each: the inspector's way in cannot load modules.
  const at = (path: string): string => join(ROOT, 'main/hosts', path);
  for (const [name, entry] of [
    ['parent', at('electron/utility-process.ts')],
    ['child', at('processes/parent-port.ts')],
  ] as const) {
    await build({
      configFile: false,
      logLevel: 'error',
      build: {
        outDir: folder,
        emptyOutDir: false,
        lib: { entry, formats: ['cjs'], fileName: () => `${name}.cjs` },
        rolldownOptions: { external: [/^node:/] },
      },
    });
  }
  writeFileSync(join(folder, 'stand-in.cjs'), STAND_IN);
});
test.afterAll(async () => {
  await session.close();
  rmSync(folder, { recursive: true, force: true });
});

const STAND_IN = `
const { parentPort, portChannel } = require('./child.cjs');
const [how] = process.argv.slice(2);
process.stdout.write('listening as ' + how + '\\n');
const channel = portChannel(parentPort(), process.exit);
if (how === 'refuses') {
  channel.send({ refused: 'io', sentence: "it can't be opened" });
  channel.exit(1);
} else {
  channel.onEnd(() => {
    require('node:fs').writeFileSync(__dirname + '/ended-' + how, '');
    channel.exit(0);
  });
  channel.onFrame(({ id, args }) => channel.send({ id, value: args[0].map((one) => one + 1) }));
  channel.send({ opened: true });
}
`;

type Heard = { readonly messages: unknown[]; readonly printed: string; readonly pid: number };

/** Starts the stand-in in the app's main process; what was heard of it until it has ended, or stays. */
const startIn = (app: Running, how: string, next: 'ask' | 'SIGKILL' | 'stay'): Promise<Heard> =>
  app.electron.evaluate(
    async ({ utilityProcess }, given) => {
      const { createRequire } = process.getBuiltinModule('node:module');
      const load = createRequire(`${given.folder}/x.cjs`);
      // The program's own module, bundled.
      const { utilityProcesses } = load('./parent.cjs') as {
        readonly utilityProcesses: typeof UtilityProcesses;
      };
      const start = utilityProcesses((...args) => utilityProcess.fork(...args), {});
      const messages: unknown[] = [];
      let printed = '';
      let pid = 0;
      await new Promise<void>((resolve) => {
        const onMessage = (message: unknown): void => {
          pid = child.pid() ?? 0;
          messages.push(
            message instanceof Object && 'value' in message ? String(message.value) : message,
          );
          if (messages.length === 1 && given.how !== 'refuses') {
            child.send({ id: 1, method: 'read', args: [new Uint8Array([1, 254])] });
          } else if (given.next === 'stay') resolve();
          else if (given.next === 'ask') child.ask();
          else child.kill(given.next);
        };
        const child = start(`${given.folder}/stand-in.cjs`, [given.how], {
          onMessage,
          onEnd: () => resolve(),
        });
        child.output?.on('data', (chunk: Buffer) => (printed += chunk.toString('utf8')));
        child.errors?.on('data', (chunk: Buffer) => (printed += chunk.toString('utf8')));
      });
      return { messages, printed, pid };
    },
    { folder, how, next },
  );

test('it prints, takes and gives bytes as bytes, and ends in order when it is asked', async () => {
  using place = new Place();
  await using app = await startApp(session, place);
  const heard = await startIn(app, 'asked', 'ask');
  expect(heard.printed).toBe('listening as asked\n');
  expect(heard.messages).toEqual([{ opened: true }, '2,255']);
  expect(existsSync(join(folder, 'ended-asked'))).toBe(true);
});

test('a refusal arrives before its process ends', async () => {
  using place = new Place();
  await using app = await startApp(session, place);
  const heard = await startIn(app, 'refuses', 'ask');
  expect(heard.messages).toEqual([{ refused: 'io', sentence: "it can't be opened" }]);
});

test('it can be killed, and does not outlive an app that was', async () => {
  using place = new Place();
  await using app = await startApp(session, place);
  await startIn(app, 'killed', 'SIGKILL');
  expect(existsSync(join(folder, 'ended-killed'))).toBe(false);
  const { pid } = await startIn(app, 'orphan', 'stay');
  expect(existsSync(`/proc/${pid}`)).toBe(true);
  await app.kill();
  await expect.poll(() => existsSync(`/proc/${pid}`)).toBe(false);
});
