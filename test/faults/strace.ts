// A program under strace: its system calls on the main thread, in order, with the bytes that it wrote. A machine without
// strace, or whose kernel does not let it trace, says so in one sentence, and the tests that need it are skipped.

import { spawnSync } from 'node:child_process';
import { openSync, closeSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export type Call = {
  readonly name: string;
  /** As strace prints them, strings in hex. */
  readonly args: string;
  /** Negative where it failed. */
  readonly result: number;
};

/** undefined: it can trace. */
export function whyNoStrace(): string | undefined {
  const tried = spawnSync('strace', ['-e', 'trace=none', 'true'], { encoding: 'utf8' });
  if (tried.error) return 'strace is not installed';
  return tried.status === 0 ? undefined : `strace may not trace here: ${tried.stderr.trim()}`;
}

export type Traced = {
  readonly calls: readonly Call[];
  readonly stdout: string;
  readonly signal: NodeJS.Signals | null;
  readonly status: number | null;
};

/** Runs this Node with `argv` under strace with `flags`; everything that it needs lies in `folder`. */
export function traced(argv: readonly string[], folder: string, flags: readonly string[]): Traced {
  const out = join(folder, 'trace');
  const said = join(folder, 'said');
  // A file, not a pipe: what was said before a kill is there.
  const fd = openSync(said, 'w');
  const ran = spawnSync('strace', ['-o', out, '-xx', ...flags, process.execPath, ...argv], {
    stdio: ['ignore', fd, 'pipe'],
    encoding: 'utf8',
  });
  closeSync(fd);
  if (ran.error) throw ran.error;
  return {
    calls: callsIn(readFileSync(out, 'latin1')),
    stdout: readFileSync(said, 'utf8'),
    signal: ran.signal,
    status: ran.status,
  };
}

const CALL = /^(\w+)\((.*)\)\s+= (-?\d+|\?)/;

function callsIn(text: string): readonly Call[] {
  return text.split('\n').flatMap((line) => {
    const found = CALL.exec(line);
    if (found === null) return [];
    const [, name = '', args = '', result = ''] = found;
    return [{ name, args, result: result === '?' ? -1 : Number(result) }];
  });
}

/** The bytes of the first string among the arguments. */
export function bytesOf({ args }: Call): Buffer {
  const text = /"((?:\\x[0-9a-f]{2})*)"/.exec(args)?.[1] ?? '';
  return Buffer.from(text.replaceAll('\\x', ''), 'hex');
}

export const fdOf = ({ args }: Call): number => Number(/^\d+/.exec(args)?.[0] ?? -1);
