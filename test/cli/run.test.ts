// `countersign` as a shell sees it, by readable scripts: one app, one reviewer, real commands.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AppHome, ROOT, SECRET, whyNoBuild } from '../kit/app-home.ts';
import { enterReviewer, type Reviewer } from '../kit/reviewer.ts';
import { filled, patternOf, readScripts, type Script, settledLines } from './script.ts';

const unbuilt = whyNoBuild();

async function play(home: AppHome, script: Script, reviewer: Reviewer | undefined, n: number) {
  const reason = `script ${n}`;
  const words = {
    '{reason}': reason,
    '{root}': ROOT,
    '<name>': reviewer?.now().person?.name ?? 'nobody',
  };
  const started = home.sh(filled(script.line, words));
  if (reviewer && script.verdict) {
    const { digest } = await reviewer.waitFor(reason);
    if (script.first) expect((await home.sh(script.first).ended).code).toBe(0);
    expect(await reviewer.decide(digest, script.verdict, script.why)).toBe('decided');
  }
  const ended = await started.ended;
  expect(settledLines(ended.stderr)).toMatch(patternOf(script.err, words));
  expect(ended.stdout).toMatch(patternOf(script.out, words));
  expect([ended.code, ended.signal]).toEqual([script.exit, null]);
}

describe.skipIf(unbuilt !== undefined)('without an app', () => {
  const home = new AppHome();
  afterAll(() => home[Symbol.asyncDispose]());

  test.each(readScripts('usage').map((one) => [one.name, one] as const))('%s', (_, script) =>
    play(home, script, undefined, 0),
  );
});

describe.skipIf(unbuilt !== undefined)('with an app and a reviewer', () => {
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

  test.each(readScripts('run').map((one, n) => [one.name, one, n] as const))('%s', (_, script, n) =>
    play(home, script, reviewer, n),
  );

  test('a secret’s value is in no file of the state', () => {
    const found = readdirSync(home.state, { recursive: true, encoding: 'utf8' }).filter((name) => {
      try {
        return readFileSync(join(home.state, name)).includes('hunter2');
      } catch {
        // A folder, or a socket.
        return false;
      }
    });
    expect(found).toEqual([]);
  });

  test('the log tells all of it and verifies', async () => {
    const listed = await home.run(['log', '--limit', '500', '--json']).ended;
    expect(listed.code).toBe(0);
    const rows = listed.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string; says: string });
    const count = (type: string, says: RegExp): number =>
      rows.filter((row) => row.type === type && says.test(row.says)).length;
    const scripts = readScripts('run');
    const denied = scripts.filter((one) => one.verdict === 'deny').length;
    expect(count('request', /^shell for /)).toBe(scripts.length);
    expect(count('decision', /^denied in a terminal/)).toBe(denied);
    expect(count('ending', /^ended: denied/)).toBe(denied);
    expect(count('receipt', /^refused (script|input)Changed/)).toBe(2);
    const verified = await home.run(['log', 'verify']).ended;
    expect(verified.stdout).toMatch(/^\d+ entries hashed again, root [0-9a-f]{64}\n/);
    expect(verified.stdout).toMatch(
      /\nsolo: no separation of duties, no second witness\nlog verified: \d+ entries, \d+ signatures\n$/,
    );
    expect([verified.code, verified.stderr]).toEqual([0, '']);
  });
});
