// On a real pseudo-terminal (util-linux script): the child has the guard's own terminal, and Ctrl-C is the child's.

import { spawn, spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { GUARD, type Yard, yard } from './kit.ts';

let place: Yard;
beforeAll(async () => {
  place = await yard();
});
afterAll(() => place.remove());

const quote = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`;

/** Types `keys` once `after` has been printed. */
async function onTerminal(argv: readonly string[], after: string, keys: string) {
  const guard = [
    process.execPath,
    '--no-warnings',
    '--input-type=module',
    '-e',
    GUARD,
    '--',
    ...argv,
  ];
  const child = spawn('script', ['-qec', `exec ${guard.map(quote).join(' ')}`, '/dev/null'], {
    env: { ...process.env, SCRATCH: place.scratch },
  });
  let out = '';
  let typed = false;
  for await (const chunk of child.stdout) {
    out += String(chunk);
    if (!typed && out.includes(after)) {
      child.stdin.write(keys);
      typed = true;
    }
  }
  const code = child.exitCode ?? (await new Promise<number>((done) => child.on('exit', done)));
  return { out, code };
}

describe.runIf(spawnSync('script', ['--version']).status === 0)('on a terminal', () => {
  test('the child reads and writes it', async () => {
    const argv = ['sh', '-c', 'test -t 0 && test -t 1 && echo ask; read word; echo "got $word"'];
    const { out, code } = await onTerminal(argv, 'ask', 'hello\r');
    expect(out).toContain('refused: undefined stdin: terminal');
    expect(out).toContain('got hello');
    expect(code).toBe(0);
  });

  test('Ctrl-C ends the child; the guard outlives it and then ends by the same signal', async () => {
    const { out, code } = await onTerminal(
      ['sh', '-c', 'echo ready; exec sleep 30'],
      'ready',
      '\x03',
    );
    expect(out).toContain('outcome: {"signal":"SIGINT"}');
    expect(code).toBe(130);
  });

  test('a child that takes Ctrl-C for itself goes on, and so does the guard', async () => {
    const argv = ['sh', '-c', 'trap "echo kept; exit 5" INT; echo ready; read x'];
    const { out, code } = await onTerminal(argv, 'ready', '\x03');
    expect(out).toContain('kept');
    expect(out).toContain('outcome: {"code":5}');
    expect(code).toBe(5);
  });
});
