// A state folder that cannot be trusted, a broker that is not there or not ours, and a copy of the log that was changed.

import Database from 'better-sqlite3';
import { chmodSync, chownSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { generateKeyPair } from '../../main/trust/ed25519.ts';
import { AppHome, SECRET, whyNoBuild } from '../kit/app-home.ts';
import { startFakeBroker } from '../kit/fake-broker.ts';
import { enterReviewer } from '../kit/reviewer.ts';

const unbuilt = whyNoBuild();
const root = process.getuid?.() === 0;

describe.skipIf(unbuilt !== undefined)('a home that was set up, its app stopped', () => {
  const home = new AppHome();
  beforeAll(async () => {
    await home.start();
    using reviewer = await enterReviewer(home.state, SECRET);
    for (const verdict of ['approve', 'deny'] as const) {
      const run = home.run(['run', '--reason', verdict, '--', 'true']);
      const { digest } = await reviewer.waitFor(verdict);
      await reviewer.decide(digest, verdict);
      await run.ended;
    }
    await reviewer.until(
      ({ requests }) => requests.filter((one) => one.stage === 'ended').length === 2,
    );
    await home.stop();
  });
  afterAll(() => home[Symbol.asyncDispose]());

  /** A copy of it, to be spoiled. */
  const copied = (): AppHome => new AppHome(home.state);

  test.concurrent('nobody answers at the broker’s address: 75, and one line about what to do', async () => {
    await using copy = copied();
    const run = await copy.run(['run', '--', 'touch', 'ran.txt']).ended;
    expect([run.code, run.signal]).toEqual([75, null]);
    expect(run.stderr).toMatch(
      /broker not reached: is the app running\? start it with `npm start` \(request [0-9a-f]{12}\)\n$/,
    );
    expect(readdirSync(copy.folder)).not.toContain('ran.txt');
  });

  test.concurrent('a stranger on the port: 75, and it gets no request', async () => {
    await using copy = copied();
    const path = join(copy.state, 'endpoint.json');
    const endpoint = JSON.parse(readFileSync(path, 'utf8')) as {
      origin: string;
      brokerKeyId: string;
      url: string;
    };
    const stranger = await startFakeBroker({
      origin: endpoint.origin,
      keyId: endpoint.brokerKeyId,
      // Claims the broker's key and has another one; answers whatever login comes.
      signer: generateKeyPair(),
      client: generateKeyPair(),
      onLogin: (peer) => peer.hangUp(),
    });
    writeFileSync(
      path,
      JSON.stringify({
        ...endpoint,
        url: stranger.endpoint.url,
        brokerKeyId: generateKeyPair().keyId,
      }),
    );
    const run = await copy.run(['run', '--', 'true']).ended;
    await stranger.stop();
    expect(run.code).toBe(75);
    expect(run.stderr).toContain(
      'another program answers at the broker’s address: it gets nothing',
    );
    expect(stranger.messages).toEqual([]);
    expect(stranger.frames.filter((frame) => frame.includes('"request"'))).toEqual([]);
  });

  test.each([
    [
      'a folder that others may write',
      (path: string) => chmodSync(path, 0o770),
      /may be written by others/,
    ],
    [
      'a pin that others may read',
      (path: string) => chmodSync(join(path, 'guard/pin.json'), 0o644),
      /may be opened by others/,
    ],
    [
      'a guard key that others may read',
      (path: string) => chmodSync(join(path, 'guard/guard.pem'), 0o640),
      /may be opened by others/,
    ],
    [
      'a pin that is no pin',
      (path: string) => writeFileSync(join(path, 'guard/pin.json'), '{}'),
      /not configured: /,
    ],
  ] as const)('%s: 78', async (_, spoil, why) => {
    await using copy = copied();
    spoil(copy.state);
    const run = await copy.run(['run', '--', 'true']).ended;
    expect(run.stderr).toMatch(why);
    expect([run.code, run.stdout]).toEqual([78, '']);
  });

  test.skipIf(!root)('a folder of another owner: 78', async () => {
    await using copy = copied();
    chownSync(copy.state, 12345, 12345);
    const run = await copy.run(['run', '--', 'true']).ended;
    chownSync(copy.state, 0, 0);
    expect(run.stderr).toMatch(/belongs to another user \(uid 12345\)/);
    expect(run.code).toBe(78);
  });

  test('the log verifies without app or broker', async () => {
    const verified = await home.run(['log', 'verify', '--json']).ended;
    const report = JSON.parse(verified.stdout) as {
      problems: unknown[];
      leaves: number;
      signatures: number;
    };
    expect([verified.code, report.problems]).toEqual([0, []]);
    expect(report.signatures).toBe(report.leaves);
  });

  test('every single leaf with one bit flipped fails to verify', async () => {
    await using copy = copied();
    const path = join(copy.state, 'app/replica.db');
    const rows = await leavesIn(path);
    // One early, one in the middle, the last.
    for (const index of [0, Math.floor(rows / 2), rows - 1]) {
      flip(path, index, 'leaf');
      const verified = await copy.run(['log', 'verify']).ended;
      flip(path, index, 'leaf');
      expect(verified.code).toBe(1);
      expect(verified.stdout).toMatch(/\nPROBLEM at \d+: /);
      expect(verified.stderr).toMatch(/^countersign: log NOT verified: \d+ problems\n$/);
    }
    flip(path, 2, 'payload');
    expect((await copy.run(['log', 'verify']).ended).code).toBe(1);
    flip(path, 2, 'payload');
    expect((await copy.run(['log', 'verify']).ended).code).toBe(0);
  });

  test('a leaf that was taken out fails to verify', async () => {
    await using copy = copied();
    const path = join(copy.state, 'app/replica.db');
    const rows = await leavesIn(path);
    const db = new Database(path);
    db.pragma('foreign_keys = 0');
    db.prepare('DELETE FROM leaf WHERE idx = ?').run(rows - 1);
    db.close();
    expect((await copy.run(['log', 'verify']).ended).code).toBe(1);
  });
});

async function leavesIn(path: string): Promise<number> {
  const db = new Database(path);
  const count = Number(db.prepare('SELECT count(*) FROM leaf').pluck().get());
  db.close();
  return count;
}

/** Turns one bit over, and back again. */
function flip(path: string, index: number, column: 'leaf' | 'payload'): void {
  const db = new Database(path);
  // Both columns are BLOBs of a STRICT table.
  const bytes = db.prepare(`SELECT ${column} FROM leaf WHERE idx = ?`).pluck().get(index) as Buffer;
  bytes[20] = (bytes[20] ?? 0) ^ 1;
  db.prepare(`UPDATE leaf SET ${column} = ? WHERE idx = ?`).run(bytes, index);
  db.close();
}
