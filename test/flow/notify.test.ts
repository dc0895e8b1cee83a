// Real notifications: notify-send, a private D-Bus session and dunst under Xvfb; a real broker and real commands behind the
// app. What is pressed is pressed in dunst's own menu.

import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { composeApp, type ReviewerApp } from '../../main/app/compose.ts';
import { runBrowserHost } from '../../main/hosts/browser/run.ts';
import { linuxNotifier } from '../../main/hosts/linux/notifier.ts';
import { type Machine, systemClock, systemTimers } from '../../main/hosts/processes/machine.ts';
import { sha256Hex, systemRandom } from '../../main/trust/digest.ts';
import { fromB64, utf8 } from '../../shared/bytes.ts';
import type { Caller } from '../../shared/ipc/contract.ts';
import { renderView, viewText } from '../../shared/statement/view/render.ts';
import {
  type NotificationDesktop,
  notifySendsOf,
  openDesktop,
  until,
  whyNoDesktop,
} from '../kit/notification-desktop.ts';
import { openWorld } from '../unit/app/world.ts';
import { scratchFolder } from '../unit/state/scratch.ts';
import { EXEC } from '../unit/statement/view-samples.ts';

const ROOT = join(import.meta.dirname, '../..');
/** The command line from its sources: its entry would look for the build beside it. */
const CLI = `
import { main } from '${ROOT}/main/cli/main.ts';
import { thisMachine } from '${ROOT}/main/hosts/processes/machine.ts';
process.exitCode = await main(process.argv.slice(2), process, thisMachine('${ROOT}/out/main'));
`;
const WINDOW: Caller = { surface: 'window', caller: 'window-1' };
const why = await whyNoDesktop();
if (why !== undefined) process.stderr.write(`notify.test.ts is SKIPPED: ${why}\n`);
const suite = why === undefined ? describe : describe.skip;

let desktop: NotificationDesktop;
const stops: (() => Promise<void>)[] = [];

const shows = (count: number): Promise<void> =>
  until(`${count} on the screen`, async () => (await desktop.displayed()) === count);

/** The whole app in this process, its broker and store in theirs, in the private session. */
async function startApp() {
  const scratch = scratchFolder();
  const pages = join(scratch.path, 'pages');
  mkdirSync(pages);
  writeFileSync(join(pages, 'index.html'), '<p>page');
  const passphrase = join(scratch.path, 'passphrase');
  writeFileSync(passphrase, 'correct horse battery\n', { mode: 0o600 });
  const home = join(scratch.path, 'state');
  const [input, output, errors] = [new PassThrough(), new PassThrough(), new PassThrough()];
  let said = '';
  for (const stream of [output, errors])
    stream.on('data', (bytes: Buffer) => (said += String(bytes)));
  let stop = (): void => {};
  let app: ReviewerApp | undefined;
  const machine: Machine = {
    env: {
      ...desktop.env,
      COUNTERSIGN_HOME: home,
      COUNTERSIGN_PASSPHRASE_FILE: passphrase,
      COUNTERSIGN_NO_OPEN: '1',
    },
    platform: process.platform,
    uid: process.getuid?.(),
    homedir: scratch.path,
    hostName: 'build-7',
    account: 'maya',
    execPath: process.execPath,
    version: '9.9.9',
    files: {
      store: join(ROOT, 'main/store.ts'),
      broker: join(ROOT, 'main/broker.ts'),
      pages,
      launcher: '/opt/countersign',
    },
    terminal: { input, output, errors },
    clock: systemClock,
    timers: systemTimers,
    random: systemRandom,
    onStop: (ask) => {
      stop = ask;
      return () => {};
    },
    exit: () => {},
  };
  const ended = runBrowserHost(machine, (ports) => {
    app = composeApp(ports);
    return app;
  });
  stops.push(async () => {
    stop();
    await ended;
    scratch[Symbol.dispose]();
  });
  await until(`the app has started: ${said}`, () => said.includes('State:'));
  if (app === undefined) throw new Error(said);
  const marker = join(scratch.path, 'ran');
  const cli = join(scratch.path, 'cli.ts');
  writeFileSync(cli, CLI);
  const run = () => {
    const child = spawn(process.execPath, [cli, 'run', '--', '/usr/bin/touch', marker], {
      env: { PATH: process.env['PATH'], COUNTERSIGN_HOME: home },
      stdio: 'ignore',
    });
    return new Promise<number | null>((resolve) => child.once('exit', resolve));
  };
  return { app, run, ran: () => existsSync(marker), said: () => said, stop: () => stops.pop()?.() };
}

/** Approves as a window does, from the first look to the press. */
async function approveInWindow({ answers }: ReviewerApp): Promise<void> {
  const { requests } = await answers.app.snapshot({}, WINDOW);
  const digest = requests.find(({ stage }) => stage === 'open')?.digest ?? '';
  const opened = await answers.request.open({ digest }, WINDOW);
  if (!opened.ok) throw new Error(opened.code);
  const view = renderView(fromB64(opened.value.payload) ?? new Uint8Array(), new Map());
  if (!view.ok) throw new Error(view.code);
  for (const what of ['appeared', 'seenAll'] as const)
    await answers.request.gesture({ digest, what }, WINDOW);
  const viewSha256 = sha256Hex(utf8(viewText(view.value)));
  await until('the approval is meant', async () => {
    const made = await answers.request.decide({ digest, verdict: 'approve', viewSha256 }, WINDOW);
    if (made.ok) return true;
    if (made.code !== 'tooSoon') throw new Error(made.code);
    // Every press counts as a click, and a click must be alone for 600 ms.
    await new Promise((resolve) => setTimeout(resolve, 700));
    return false;
  });
}

suite('notifications on a real desktop', () => {
  beforeAll(async () => {
    desktop = await openDesktop();
  });
  afterEach(async () => {
    for (const stop of stops.splice(0)) await stop();
    const left = notifySendsOf(desktop.env, readdirSync('/proc'));
    if (left.length > 0) throw new Error(`notify-send outlived its test: ${left.join(', ')}`);
  });
  afterAll(() => desktop.close());

  test('Deny is pressed: the command never runs, and the log says how it was denied', async () => {
    const { app, run, ran } = await startApp();
    const ended = run();
    await shows(1);
    await desktop.press('Deny');
    expect(await ended).not.toBe(0);
    expect(ran()).toBe(false);
    await shows(0);
    const { requests } = await app.answers.app.snapshot({}, WINDOW);
    expect(requests).toMatchObject([
      { how: 'denied', decisions: [{ verdict: 'deny', presence: 'notification' }] },
    ]);
    const [past] = await desktop.past();
    expect(past?.title).toBe('Run touch - build-7');
    expect(past?.body.split('\n')[1]).toMatch(/^run touch .*ran$/);
    expect(past?.body).toMatch(/Medium, expires \d\d:\d\d:\d\d$/);
  });

  test('somebody else decides: it is taken down, and the command runs', async () => {
    const { app, run, ran } = await startApp();
    const ended = run();
    await shows(1);
    await approveInWindow(app);
    await shows(0);
    expect(await ended).toBe(0);
    expect(ran()).toBe(true);
  });

  test('Open is pressed: every surface is asked to show the request, and nothing is decided', async () => {
    const { app, run, ran } = await startApp();
    const raised: unknown[] = [];
    app.listen((event, payload) => {
      if (event === 'app.raised') raised.push(payload);
    });
    void run();
    await shows(1);
    await desktop.press('Open');
    await until('the app is raised', () => raised.length > 0);
    const { requests } = await app.answers.app.snapshot({}, WINDOW);
    expect(raised).toEqual([{ request: requests[0]?.digest }]);
    expect(requests[0]).toMatchObject({ stage: 'open', decisions: [] });
    expect(ran()).toBe(false);
  });

  test('the app stops: what stands is taken down with it', async () => {
    const { run, stop } = await startApp();
    void run();
    await shows(1);
    await stop();
    await shows(0);
  });

  test('a low request stands whole and is approved where it stands', async () => {
    const notifier = linuxNotifier({
      env: desktop.env,
      timers: systemTimers,
      journal: { note: () => {} },
    });
    await using world = await openWorld({ notifier });
    const { script: _script, interpreterArgs: _args, ...exec } = EXEC;
    const action = {
      ...exec,
      // What is not wholly understood is never low.
      argv: ['ls', 'customers'],
      executable: { ...exec.executable, path: '/usr/bin/ls' },
      env: [],
      inputs: [],
      stdin: { from: 'nothing' as const },
    };
    const digest = await world.ask('low', { action, attachments: [] });
    await shows(1);
    world.time.advance(600);
    await desktop.press('Approve');
    await world.until(() => world.row(digest)?.stage === 'decided');
    expect(world.decisions()).toMatchObject([{ verdict: 'approve', presence: 'notification' }]);
    const [past] = await desktop.past();
    expect(past?.body).toContain('Argument 1: "customers"');
    expect(past?.body).toContain('Tier: low');
    await notifier.close();
  });

  test('text is only text: markup is escaped, and a leading dash is no option', async () => {
    const notifier = linuxNotifier({
      env: desktop.env,
      timers: systemTimers,
      journal: { note: () => {} },
    });
    await notifier.look?.();
    const title = '--urgency=low <b>x</b>';
    const body = '-u <img src="x"> & $(touch /tmp/x) `id`';
    const about = { urgent: false, sound: false, actions: [] };
    notifier.show({ id: 'a', title, body, ...about });
    await shows(1);
    await notifier.close();
    await until('it is in the history', async () => (await desktop.past())[0]?.title[0] === '-');
    const [past] = await desktop.past();
    expect(past).toEqual({
      title: '--urgency=low (b)x(/b)',
      body: '-u &lt;img src="x"&gt; &amp; $(touch /tmp/x) `id`',
    });
  });

  test('withdrawn at any moment after it was shown leaves nothing standing', async () => {
    const notifier = linuxNotifier({
      env: desktop.env,
      timers: systemTimers,
      journal: { note: () => {} },
    });
    await notifier.look?.();
    const about = { body: 'x', urgent: true, sound: false, actions: ['open' as const] };
    for (let i = 0; i < 8; i++) {
      notifier.show({ id: `n-${i}`, title: `number ${i}`, ...about });
      // From before the process has begun to after the daemon has answered.
      await new Promise((resolve) => setTimeout(resolve, i * 4));
      notifier.withdraw(`n-${i}`);
    }
    await notifier.close();
    await shows(0);
  });

  test('the test notification says what works; without a daemon it says that, and reach too', async () => {
    const { app } = await startApp();
    const { attention } = app.answers;
    expect(await attention.test({}, WINDOW)).toMatchObject({
      ok: true,
      value: { os: 'linux', buttons: true, reach: { by: 'notification' } },
    });
    await desktop.press('Open');
    await until('the test was seen', async () => {
      const { testSeenAt } = await attention.diagnosis({}, WINDOW);
      return testSeenAt !== undefined;
    });
    await desktop.killDaemon();
    expect(await attention.test({}, WINDOW)).toMatchObject({ ok: false, code: 'noDaemon' });
    const { reach } = await app.answers.app.snapshot({}, WINDOW);
    expect(reach).toMatchObject({ by: 'nothing', notices: 'noDaemon' });
  });
});
