// Whoever reads what a command prints goes before it is done: no stack trace, the work is finished, and the exit status is
// the command's own. A guard whose words nobody reads still runs what was approved and brings its receipt.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AppHome, SECRET, type Started, whyNoBuild } from '../kit/app-home.ts';
import { enterReviewer, type Reviewer } from '../kit/reviewer.ts';

const unbuilt = whyNoBuild();

describe.skipIf(unbuilt !== undefined)('a command whose reader has gone', () => {
  const home = new AppHome();
  let reviewer: Reviewer | undefined;
  beforeAll(async () => {
    await home.start();
    reviewer = await enterReviewer(home.state, SECRET);
  });
  afterAll(async () => {
    reviewer?.close();
    await home[Symbol.asyncDispose]();
  });

  /** The reading end is closed before the program has begun. */
  const unread = (started: Started, stream: 'stdout' | 'stderr'): Started['ended'] => {
    started.child[stream]?.destroy();
    return started.ended;
  };

  test.each([
    ['help', 0],
    ['version', 0],
    ['log', 0],
    ['log verify', 0],
    ['keyring show', 0],
    ['policy starter', 0],
    ['evidence --out evidence.zip', 0],
  ])('%s ends in silence with %i', async (line, code) => {
    const ended = await unread(home.run(line.split(' ')), 'stdout');
    expect([ended.code, ended.signal, ended.stderr]).toEqual([code, null, '']);
  });

  test('has done its work all the same', () => {
    expect(existsSync(join(home.folder, 'evidence.zip'))).toBe(true);
  });

  test('what went wrong is still said in the exit status', async () => {
    const none = await unread(home.run(['log', '--what']), 'stderr');
    expect(none.code).toBe(64);
  });

  test.skipIf(!existsSync('/dev/full'))('a full disk is no reader that has gone', async () => {
    const ended = await home.sh('countersign log > /dev/full').ended;
    expect([ended.code, ended.stderr]).toEqual([
      74,
      'countersign: what it printed could not be written (ENOSPC)\n',
    ]);
  });

  test('a guard runs what was approved and its receipt is in the log', async () => {
    const started = home.run(['run', '--reason', 'unread', '--', 'touch', 'ran.txt']);
    const ended = unread(started, 'stderr');
    const { digest } = (await reviewer?.waitFor('unread')) ?? { digest: '' };
    expect(await reviewer?.decide(digest, 'approve')).toBe('decided');
    expect((await ended).code).toBe(0);
    expect(existsSync(join(home.folder, 'ran.txt'))).toBe(true);
    const listed = await home.run(['log', '--json', '--limit', '500']).ended;
    const rows = listed.stdout
      .trim()
      .split('\n')
      .map((row) => JSON.parse(row) as { type: string; request?: string; says: string });
    const receipts = rows.filter((row) => row.type === 'receipt' && row.request === digest);
    expect(receipts.at(-1)?.says).toMatch(/^finished 0/);
  });
});
