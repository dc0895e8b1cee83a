// `npm run demo` as a whole: the built app, broker and command line in a fresh home, and a reviewer who decides over the
// instance socket as `countersign review` does. What is asserted is the world, read here and not by the demo's own eyes.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createPrivateKey, createPublicKey } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, onTestFinished, test } from 'vitest';
import { enterReview } from '../../main/hosts/instance/client.ts';
import { findInstance } from '../../main/hosts/instance/claim.ts';
import { instancePlace } from '../../main/hosts/instance/place.ts';
import { systemTimers } from '../../main/hosts/processes/machine.ts';
import { openCard } from '../../main/hosts/terminal/card.ts';
import { openHome } from '../../main/state/home.ts';
import { sha256Hex } from '../../main/trust/digest.ts';
import { utf8 } from '../../shared/bytes.ts';
import type { Bridge } from '../../shared/ipc/contract.ts';
import { scratchFolder } from '../unit/state/scratch.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const PASSPHRASE = 'correct horse battery';
const POLL = { timeout: 20_000, interval: 50 };

type World = { readonly path: string; readonly env: NodeJS.ProcessEnv };

function world(path: string): World {
  const pass = join(path, 'passphrase');
  writeFileSync(pass, `${PASSPHRASE}\n`, { mode: 0o600 });
  mkdirSync(join(path, 'tmp'));
  const env = {
    PATH: process.env['PATH'],
    HOME: path,
    TMPDIR: join(path, 'tmp'),
    COUNTERSIGN_HOME: join(path, 'home'),
    COUNTERSIGN_PASSPHRASE_FILE: pass,
    COUNTERSIGN_NO_OPEN: '1',
  };
  return { path, env };
}

/** Its standard input is empty: no person types here. */
function start(file: string, args: readonly string[], { env }: World) {
  const child = spawn(process.execPath, [join(ROOT, file), ...args], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      printed += chunk.toString('utf8');
    });
  }
  const ended = new Promise<number | null>((done) => child.once('close', done));
  onTestFinished(() => stopped(child, ended));
  return { child, ended, printed: () => printed };
}

const demo = (args: readonly string[], at: World) => start('build/demo/main.ts', args, at);

/** The code first, then everything it printed: what a failed test should show. */
const endOf = async (shown: ReturnType<typeof start>): Promise<string> =>
  `${await shown.ended}\n${shown.printed()}`;

/** An app that the demo started is stopped by the demo, hence no SIGKILL at first. */
async function stopped(child: ChildProcess, ended: Promise<unknown>): Promise<void> {
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await ended;
  clearTimeout(timer);
}

async function enter(at: World): Promise<Bridge> {
  const uid = process.getuid?.();
  const peer = async () => {
    if (!existsSync(join(at.path, 'home/guard/pin.json'))) return undefined;
    const home = openHome(join(at.path, 'home'), { uid, create: false });
    const place = home.ok && instancePlace(home.value, { platform: process.platform, uid });
    if (!place || !place.ok) return undefined;
    const found = await findInstance(place.value, { timers: systemTimers });
    return typeof found === 'object' ? found : undefined;
  };
  let found: Awaited<ReturnType<typeof peer>>;
  await expect.poll(async () => (found = await peer()), POLL).toBeDefined();
  if (found === undefined) throw new Error('no app');
  const entered = await enterReview(found, PASSPHRASE);
  if (!entered.ok) throw new Error(`not let in: ${entered.code}`);
  onTestFinished(entered.value.close);
  return entered.value.bridge;
}

/** The next open request whose card says `says`, read whole and decided; the app's own clock says when it was too soon. */
async function decide(bridge: Bridge, says: string, verdict: 'approve' | 'deny'): Promise<void> {
  const card = await cardThatSays(bridge, says);
  const { digest } = card.summary;
  await bridge.request.gesture({ digest, what: 'appeared' });
  await bridge.request.gesture({ digest, what: 'seenAll' });
  const viewSha256 = sha256Hex(utf8(card.text));
  const once = async () => {
    const made = await bridge.request.decide({ digest, verdict, viewSha256 });
    return made.ok ? 'decided' : made.code;
  };
  // A press that came too soon makes the next one wait 600 ms, hence no quicker.
  await expect.poll(once, { ...POLL, interval: 700 }).toBe('decided');
}

async function cardThatSays(bridge: Bridge, says: string) {
  let card: Awaited<ReturnType<typeof openCard>> | undefined;
  const look = async (): Promise<string> => {
    const { requests } = await bridge.app.snapshot({});
    const open = requests.find((one) => one.stage === 'open' && one.sending === undefined);
    card = open && (await openCard(bridge, open.digest));
    return card?.ok ? card.value.text : '';
  };
  await expect.poll(look, POLL).toContain(says);
  if (!card?.ok) throw new Error('no card');
  return card.value;
}

const scratchOf = (at: World): string => {
  const [name = ''] = readdirSync(join(at.path, 'tmp')).filter((one) =>
    one.startsWith('countersign-demo-'),
  );
  return join(at.path, 'tmp', name);
};

const commits = (scratch: string): string =>
  spawnSync('git', ['rev-list', '--count', 'main'], {
    cwd: join(scratch, 'remote/shop.git'),
    encoding: 'utf8',
  }).stdout.trim();

function ordersIn(scratch: string): unknown {
  const db = new Database(join(scratch, 'shop.db'), { readonly: true });
  const count = db.prepare('SELECT count(*) FROM orders').pluck().get();
  db.close();
  return count;
}

const publicKeyOf = (scratch: string): string =>
  createPublicKey(createPrivateKey(readFileSync(join(scratch, 'billing/service.pem'))))
    .export({ type: 'spki', format: 'der' })
    .toString('base64');

const registry = (scratch: string): { keys: { publicKey: string; state: string }[] } =>
  JSON.parse(readFileSync(join(scratch, 'billing/registry.json'), 'utf8'));

describe.runIf(process.platform !== 'win32')('the demo', () => {
  test('what is approved happens, what is denied does not, and both are in the log', async () => {
    using folder = scratchFolder();
    const at = world(folder.path);
    const shown = demo(['--keep'], at);
    const bridge = await enter(at);

    await decide(bridge, '--force', 'approve');
    await decide(bridge, 'customers.csv', 'deny');
    // Its proof from the log can come after the request itself.
    const verified = async () => (await cardThatSays(bridge, 'rotate-key')).verified;
    await expect.poll(verified, POLL).toBe(true);
    const scratch = scratchOf(at);
    const before = publicKeyOf(scratch);
    await decide(bridge, 'rotate-key', 'approve');
    await decide(bridge, 'DROP TABLE orders', 'deny');
    expect(await endOf(shown)).toMatch(/^0\n/);

    expect(statSync(scratch).mode & 0o777).toBe(0o700);
    expect(commits(scratch)).toBe('3');
    expect(readdirSync(join(scratch, 'outbox'))).toEqual([]);
    const { keys } = registry(scratch);
    const after = publicKeyOf(scratch);
    expect(after).not.toBe(before);
    expect(keys.map(({ publicKey, state }) => [publicKey, state])).toEqual([
      [before, 'revoked'],
      [after, 'active'],
    ]);
    expect(ordersIn(scratch)).toBe(1310);

    const said = shown.printed();
    expect(said.match(/ It (happened|did not happen)\./g)).toEqual([
      ' It happened.',
      ' It did not happen.',
      ' It happened.',
      ' It did not happen.',
    ]);
    expect(said).toMatch(/log verified: \d+ entries/);
    expect(said).toContain(`The scratch folder stays: ${scratch}`);
  });

  test('asks the app that runs already, and leaves it running', async () => {
    using folder = scratchFolder();
    const at = world(folder.path);
    const app = start('out/main/browser.js', [], at);
    const bridge = await enter(at);
    const shown = demo(['--only', 'export'], at);
    await decide(bridge, 'customers.csv', 'approve');
    expect(await endOf(shown)).toMatch(/^0\n/);
    expect(shown.printed()).toContain('240 customers');
    expect(shown.printed()).not.toContain('the demo starts one');
    expect(app.child.exitCode).toBe(null);
    expect(readdirSync(join(at.path, 'tmp'))).toEqual([]);
  });

  test('Ctrl-C withdraws what is held, stops its own app and leaves no scratch folder', async () => {
    using folder = scratchFolder();
    const at = world(folder.path);
    const shown = demo(['--only', '4'], at);
    const bridge = await enter(at);
    await cardThatSays(bridge, 'DROP TABLE orders');
    shown.child.kill('SIGINT');
    expect(await endOf(shown)).toMatch(/^130\n/);
    expect(shown.printed()).toContain('still there, with 1310 rows');
    expect(readdirSync(join(at.path, 'tmp'))).toEqual([]);
    const sockets = readdirSync(join(at.path, 'home/app')).filter((one) => one.endsWith('.sock'));
    expect(sockets).toEqual([]);
    // The demo stopped its app as soon as the broker had the ending: the next app brings it to this machine's log.
    start('out/main/browser.js', [], at);
    const { history } = await enter(at);
    const says = async () => (await history.page({ limit: 20 })).rows.map((row) => row.says).join();
    await expect.poll(says, POLL).toContain('withdrawn');
  });

  test('without git the push is skipped in one line and the rest is not', async () => {
    using folder = scratchFolder();
    const at = world(folder.path);
    mkdirSync(join(at.path, 'bin'));
    const poor = { ...at, env: { ...at.env, PATH: join(at.path, 'bin') } };
    const shown = demo(['--only', '1,4'], poor);
    const bridge = await enter(at);
    await decide(bridge, 'DROP TABLE orders', 'approve');
    expect(await endOf(shown)).toMatch(/^0\n/);
    expect(shown.printed()).toContain('skipped, git was not found');
    expect(shown.printed()).toContain('The orders table is gone');
  });
});

describe('what the demo can be told', () => {
  test('lists what there is and starts nothing', async () => {
    using folder = scratchFolder();
    const at = world(folder.path);
    const shown = demo(['--list'], at);
    expect(await shown.ended).toBe(0);
    expect(shown.printed().trimEnd().split('\n')).toHaveLength(4);
    expect(existsSync(join(at.path, 'home'))).toBe(false);
  });

  test.each([['--only', '5'], ['--only', 'nothing'], ['--what']])(
    'refuses %s %s as usage',
    async (...args) => {
      using folder = scratchFolder();
      const shown = demo(args, world(folder.path));
      expect(await shown.ended).toBe(64);
      expect(shown.printed()).toContain('usage: npm run demo');
    },
  );
});
