// Fifty runs at once that share one guard key, all approved by scripted reviewers: each runs exactly once.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { AppHome, SECRET, whyNoBuild } from '../kit/app-home.ts';
import { enterReviewer } from '../kit/reviewer.ts';

const MANY = 50;
const REVIEWERS = 5;

describe.skipIf(whyNoBuild() !== undefined)('fifty runs at once', () => {
  test('each ran exactly once, and the log verifies', { timeout: 120_000 }, async () => {
    await using home = new AppHome();
    await home.start();
    const reviewers = await Promise.all(
      Array.from({ length: REVIEWERS }, () => enterReviewer(home.state, SECRET)),
    );
    const runs = Array.from({ length: MANY }, (_, n) =>
      home.run(['run', '--reason', `run ${n}`, '--', 'sh', '-c', 'echo $0 >> ran.txt', `${n}`]),
    );
    const decided = await Promise.all(
      reviewers.map(async (reviewer, mine) => {
        const codes: string[] = [];
        for (let n = mine; n < MANY; n += REVIEWERS) {
          const { digest } = await reviewer.waitFor(`run ${n}`);
          codes.push(await reviewer.decide(digest, 'approve'));
        }
        return codes;
      }),
    );
    const ended = await Promise.all(runs.map((run) => run.ended));
    for (const reviewer of reviewers) reviewer.close();
    expect(decided.flat()).toEqual(Array.from({ length: MANY }, () => 'decided'));
    const bad = ended.filter((one) => one.code !== 0);
    expect(bad).toEqual([]);
    const ran = readFileSync(join(home.folder, 'ran.txt'), 'utf8').trim().split('\n').map(Number);
    expect(ran.toSorted((a, b) => a - b)).toEqual(Array.from({ length: MANY }, (_, n) => n));
    const verified = await home.run(['log', 'verify']).ended;
    expect([verified.stderr, verified.code]).toEqual(['', 0]);
    expect(verified.stdout).toMatch(/\nlog verified: /);
  });
});
