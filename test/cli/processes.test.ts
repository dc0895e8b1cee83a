// What happens when a process goes: the run that waits, the broker, the app; and one app for each home, two homes two brokers.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AppHome, SECRET, type Started, whyNoBuild } from '../kit/app-home.ts';
import { enterReviewer, type Reviewer } from '../kit/reviewer.ts';

const unbuilt = whyNoBuild();

/** A home that was set up once, to be copied. */
const made = new AppHome();
beforeAll(async () => {
  if (unbuilt !== undefined) return;
  await made.start();
  await made.stop();
});
afterAll(() => made[Symbol.asyncDispose]());

const held = (home: AppHome, reason: string, words: readonly string[]): Started =>
  home.run(['run', '--reason', reason, '--', ...words]);

async function endings(home: AppHome): Promise<string[]> {
  const { stdout } = await home.run(['log', '--json', '--limit', '500']).ended;
  const rows = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { type: string; says: string });
  return rows.filter((row) => row.type === 'ending').map((row) => row.says);
}

const urlOf = (home: AppHome): string =>
  (JSON.parse(readFileSync(join(home.state, 'endpoint.json'), 'utf8')) as { url: string }).url;

const one = <T>(all: readonly T[]): T => {
  const [only, ...more] = all;
  if (only === undefined || more.length > 0)
    throw new Error(`${all.length} where one was expected`);
  return only;
};

describe.skipIf(unbuilt !== undefined)('a run that waits', () => {
  const home = new AppHome();
  let reviewer: Reviewer | undefined;
  const there = (): Reviewer => {
    if (reviewer === undefined) throw new Error('the reviewer has entered');
    return reviewer;
  };
  beforeAll(async () => {
    await home.start();
    reviewer = await enterReviewer(home.state, SECRET);
  });
  afterAll(async () => {
    reviewer?.close();
    await home[Symbol.asyncDispose]();
  });

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('ends by %s as a shell expects, withdrawn in the log', async (signal, code) => {
    const run = held(home, signal, ['touch', 'ran.txt']);
    const { digest } = await there().waitFor(signal);
    run.child.kill(signal);
    const ended = await run.ended;
    // A shell shows a death by signal as 128 and its number.
    expect([ended.code ?? code, ended.signal]).toEqual([code, signal]);
    expect(ended.stderr).toMatch(/\ncountersign: withdrawn \(request [0-9a-f]{12}\)\n$/);
    await there().until(({ requests }) =>
      requests.some((row) => row.digest === digest && row.how === 'withdrawn'),
    );
    expect(await there().decide(digest, 'approve')).toBe('ended');
    expect((await endings(home)).at(-1)).toBe('ended: withdrawn');
    expect((await home.sh('ls ran.txt').ended).code).not.toBe(0);
  });

  test('that is killed shows as gone at once, and cannot be approved', async () => {
    const run = held(home, 'kill me', ['true']);
    const { digest } = await there().waitFor('kill me');
    run.child.kill('SIGKILL');
    await there().until(({ requests }) =>
      requests.some((row) => row.digest === digest && row.approveOff === 'agentGone'),
    );
    expect(await there().decide(digest, 'approve')).toBe('agentGone');
  });
});

describe.skipIf(unbuilt !== undefined)('a run that waits, and one of ours goes:', () => {
  test('it outlives its broker: killed and started again, the approval still comes, and it runs once', async () => {
    await using home = new AppHome(made.state);
    await home.start();
    using reviewer = await enterReviewer(home.state, SECRET);
    const run = held(home, 'broker dies', ['sh', '-c', 'echo once >> ran.txt; cat ran.txt']);
    const { digest } = await reviewer.waitFor('broker dies');
    const broker = one(home.processes('broker.js'));
    process.kill(broker, 'SIGKILL');
    await run.says(/broker not reached, trying again/);
    await run.says(/broker reached/);
    expect(one(home.processes('broker.js'))).not.toBe(broker);
    await reviewer.until(
      ({ requests, link }) => link.state === 'online' && requests[0]?.approveOff === undefined,
    );
    expect(await reviewer.decide(digest, 'approve')).toBe('decided');
    expect(await run.ended).toMatchObject({ code: 0, stdout: 'once\n' });
    expect((await home.run(['log', 'verify']).ended).code).toBe(0);
  });

  test.each(['SIGTERM', 'SIGKILL'] as const)(
    'it outlives the app, ended by %s and started again: it is still on the desk, and is approved there',
    async (signal) => {
      await using home = new AppHome(made.state);
      await home.start();
      const before = await enterReviewer(home.state, SECRET);
      const run = held(home, 'app ends', ['echo', 'after']);
      await before.waitFor('app ends');
      await home.stop(signal);
      await home.start();
      using reviewer = await enterReviewer(home.state, SECRET);
      const { digest } = await reviewer.waitFor('app ends');
      expect(await reviewer.decide(digest, 'approve')).toBe('decided');
      expect(await run.ended).toMatchObject({ code: 0, stdout: 'after\n' });
      expect((await home.run(['log', 'verify']).ended).code).toBe(0);
    },
  );
});

describe.skipIf(unbuilt !== undefined)('the app', () => {
  test('is one for each home: a second start prints and exits 0', async () => {
    await using home = new AppHome(made.state);
    await home.start();
    const brokers = home.processes('broker.js');
    const second = await home.run(['start'], { env: { COUNTERSIGN_NO_OPEN: '1' } }).ended;
    expect([second.code, second.stderr]).toEqual([0, '']);
    expect(second.stdout).toMatch(/^Countersign is running already/);
    // An address that lets somebody in is printed to a terminal only.
    expect(second.stdout).not.toMatch(/token|#/);
    expect(home.processes('broker.js')).toEqual(brokers);
  });

  test.each(['SIGINT', 'SIGTERM'] as const)(
    'stops at %s: broker and store end, and it exits 0',
    async (signal) => {
      await using home = new AppHome(made.state);
      await home.start();
      expect(home.processes('broker.js')).toHaveLength(1);
      expect(home.processes('store.js')).toHaveLength(1);
      const ended = await home.stop(signal);
      expect([ended.code, ended.stderr]).toEqual([0, '']);
      expect(home.processes()).toEqual([]);
    },
  );

  test('a second Ctrl-C forces, with 130, and the broker ends with it', async () => {
    await using home = new AppHome(made.state);
    const app = await home.start();
    app.child.kill('SIGINT');
    app.child.kill('SIGINT');
    const ended = await home.stop('SIGINT');
    // The first may have been quick enough.
    expect([0, 130]).toContain(ended.code);
  });

  test('two homes have two brokers, and neither hears of the other', async () => {
    await using a = new AppHome(made.state);
    await using b = new AppHome();
    await Promise.all([a.start(), b.start()]);
    expect(urlOf(a)).not.toBe(urlOf(b));
    using inA = await enterReviewer(a.state, SECRET);
    using inB = await enterReviewer(b.state, SECRET);
    const runs = [held(a, 'in a', ['echo', 'a']), held(b, 'in b', ['echo', 'b'])] as const;
    const [one, two] = await Promise.all([inA.waitFor('in a'), inB.waitFor('in b')]);
    expect([inA.now().requests.length, inB.now().requests.length]).toEqual([1, 1]);
    await Promise.all([inA.decide(one.digest, 'approve'), inB.decide(two.digest, 'deny')]);
    expect((await runs[0].ended).stdout).toBe('a\n');
    expect((await runs[1].ended).code).toBe(77);
  });

  test('a wrong passphrase lets no terminal in', async () => {
    await using home = new AppHome(made.state);
    await home.start();
    await expect(enterReviewer(home.state, 'not the passphrase')).rejects.toThrow(
      'wrongPassphrase',
    );
    const reviewed = await home.run(['review'], { input: 'not the passphrase\n' }).ended;
    expect(reviewed.code).toBe(77);
  });

  test('countersign review decides from a pipe, word by word', async () => {
    await using home = new AppHome(made.state);
    await home.start();
    const run = held(home, 'by hand', ['true']);
    await run.says(/held/);
    const reviewed = await home.run(['review'], { input: `${SECRET}\nnext\ndeny not now\nquit\n` })
      .ended;
    expect(reviewed.code).toBe(0);
    expect(await run.ended).toMatchObject({ code: 77 });
    expect(run.printed()).toMatch(/denied by \S+: not now \(request/);
  });
});
