// `countersign run` when a person proposes another command: what is printed, what runs, how it ends, and what the log and an
// auditor say of it afterwards.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AppHome, SECRET, whyNoBuild } from '../kit/app-home.ts';
import { enterReviewer, type Reviewer } from '../kit/reviewer.ts';

const unbuilt = whyNoBuild();

describe.skipIf(unbuilt !== undefined)('a run that is changed', { timeout: 60_000 }, () => {
  const home = new AppHome();
  let reviewer: Reviewer;
  let number = 0;
  beforeAll(async () => {
    await home.start();
    reviewer = await enterReviewer(home.state, SECRET);
  });
  afterAll(async () => {
    reviewer?.close();
    await home[Symbol.asyncDispose]();
  });

  /** Runs `echo one`, and proposes `argv` instead. */
  async function proposed(argv: readonly string[], ...options: string[]) {
    number += 1;
    const reason = `change ${number}`;
    const started = home.run(['run', '--reason', reason, ...options, '--', 'echo', 'one']);
    const { digest } = await reviewer.waitFor(reason);
    expect(await reviewer.propose(digest, argv)).toBe('decided');
    return { started, reason, digest };
  }

  test('says what was changed before it asks again, and runs that with its own exit code', async () => {
    const { started, reason, digest } = await proposed(['sh', '-c', 'echo two; exit 3']);
    const child = await reviewer.waitFor(reason);
    expect(child.parent).toBe(digest);
    // It stands there before anybody has approved anything.
    expect(started.printed()).toContain('+ Argument 0: “sh”');
    expect(await reviewer.decide(child.digest, 'approve')).toBe('decided');
    const ended = await started.ended;
    expect(ended.code).toBe(3);
    expect(ended.stdout).toBe('two\n');
    const name = reviewer.now().person?.name ?? '';
    const lines = ended.stderr.split('\n').filter((line) => line !== '');
    expect(lines.every((line) => line.startsWith('countersign: '))).toBe(true);
    const said = lines.map((line) => line.slice('countersign: '.length));
    const changed = said.findIndex((line) => line.includes('proposes another command'));
    expect(said[changed]).toBe(
      `denied by ${name}, who proposes another command; that is asked now (changes request ${digest.slice(0, 12)})`,
    );
    expect(said.slice(changed + 1, changed + 6)).toEqual([
      '- Argument 0: “echo”',
      '+ Argument 0: “sh”',
      '- Argument 1: “one”',
      '+ Argument 1: “-c”',
      '+ Argument 2: “echo two; exit 3”',
    ]);
    expect(said.at(-1)).toBe(`approved with changes by ${name}`);
    const log = await home.run(['log', '--limit', '30', '--json']).ended;
    expect(log.stdout).toContain('ended: approved with changes');
    expect(log.stdout).toContain('denied in a terminal, proposing something else');
    expect(log.stdout).toContain(`(changes request ${digest.slice(0, 12)})`);
  });

  test('--no-changes is denied with 77, and says what was proposed', async () => {
    const { started } = await proposed(['echo', 'two'], '--no-changes');
    const ended = await started.ended;
    expect([ended.code, ended.stdout]).toEqual([77, '']);
    expect(ended.stderr).toContain(
      'a change was proposed and not asked: this run takes no changes',
    );
    expect(ended.stderr).toContain('countersign: + Argument 1: “two”');
  });

  test('a program that is not there is not asked for: denied with 77', async () => {
    const { started } = await proposed(['no-such-program-here']);
    const ended = await started.ended;
    expect([ended.code, ended.stdout]).toEqual([77, '']);
    expect(ended.stderr).toContain('a change was proposed and not asked: ');
  });

  test('--json tells a change as an object of its own, before the ending', async () => {
    const { started, reason, digest } = await proposed(['echo', 'two'], '--json');
    const child = await reviewer.waitFor(reason);
    expect(await reviewer.decide(child.digest, 'approve')).toBe('decided');
    const ended = await started.ended;
    expect(ended.stdout).toBe('two\n');
    const [first, last] = ended.stderr
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(first).toMatchObject({
      how: 'changed',
      request: digest,
      lines: ['- Argument 1: “one”', '+ Argument 1: “two”'],
    });
    expect(last).toMatchObject({ how: 'ran', request: child.digest, exit: 0 });
  });

  test('an auditor finds the link, the difference and the denial in a bundle about it alone', async () => {
    const { started, reason, digest } = await proposed(['echo', 'two']);
    const child = await reviewer.waitFor(reason);
    expect(await reviewer.decide(child.digest, 'approve')).toBe('decided');
    expect((await started.ended).code).toBe(0);
    const out = join(home.folder, 'evidence');
    const made = await home.run([
      'evidence',
      '--from',
      '0',
      '--request',
      child.digest,
      '--out',
      out,
    ]).ended;
    expect([made.code, made.stderr]).toEqual([0, '']);
    const difference = readFileSync(join(out, 'changes', `${child.digest}.txt`), 'utf8');
    expect(difference).toContain(`changes ${digest}\n`);
    expect(difference).toContain('- Argument 1: “one”\n+ Argument 1: “two”\n');
    expect((await home.run(['verify', out]).ended).code).toBe(0);
  });
});
