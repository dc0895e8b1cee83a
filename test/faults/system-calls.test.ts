// R4: each call to the file system that the log makes while it opens, appends, signs, moves its WAL and closes, and that a
// guard makes to mark an approval as used, fails once with EIO, once with ENOSPC, and is once the last thing the process
// does. Afterwards the log opens and verifies, and nothing that was acknowledged is missing.

import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { sameBytes, toHex, utf8 } from '../../shared/bytes.ts';
import { consume } from '../../main/guard/state/consumed.ts';
import { openLedger } from '../../main/ledger/ledger.ts';
import { exportPkcs8 } from '../../main/trust/ed25519.ts';
import { Frontier } from '../../main/trust/frontier.ts';
import { leafHash } from '../../main/trust/merkle.ts';
import { entry, logKey, vkey } from '../unit/ledger/kit.ts';
import { scratchFolder } from '../unit/state/scratch.ts';
import { countOf, report } from './counts.ts';
import { traced, whyNoStrace } from './strace.ts';

const LOG_CHILD = fileURLToPath(new URL('log-child.ts', import.meta.url));
const CONSUME_CHILD = fileURLToPath(new URL('consume-child.ts', import.meta.url));
const FAULTS = ['error=EIO', 'error=ENOSPC', 'signal=SIGKILL'] as const;
type Fault = (typeof FAULTS)[number];
/** Calls that change or read a file. What only looks (stat, lseek) and locks (fcntl) is left out of the share alone. */
const CALLS =
  'openat,close,read,pread64,write,pwrite64,fdatasync,fsync,ftruncate,unlink,mkdir,fcntl,newfstatat,fstat,fchmod,lseek';
const missing = whyNoStrace();
const BATCHES = '6';

type Subject = {
  readonly name: string;
  /** A folder that is ready, the child's arguments, and the paths that count. */
  readonly begin: (folder: string) => { argv: readonly string[]; paths: readonly string[] };
  /** Undefined where all is well; else what is wrong. */
  readonly judge: (folder: string, said: readonly string[]) => string | undefined;
};

const log: Subject = {
  name: 'log',
  begin: (folder) => {
    const path = join(folder, 'log.sqlite');
    const argv = [LOG_CHILD, path, toHex(exportPkcs8(logKey)), BATCHES, 'full'];
    return { argv, paths: [folder, path, `${path}-wal`, `${path}-journal`, `${path}-shm`] };
  },
  judge: (folder, said) => {
    const opened = openLedger(join(folder, 'log.sqlite'), vkey);
    if (!opened.ok) return `does not open: ${opened.detail}`;
    const ledger = opened.value;
    try {
      const last = (word: string): number =>
        Math.max(
          -1,
          ...said
            .filter((line) => line.startsWith(word))
            .map((line) => Number(line.slice(word.length))),
        );
      if (!ledger.health.ok) return `unsound: ${ledger.health.detail}`;
      if (!ledger.query.quickCheck()) return 'quick_check';
      if (ledger.size <= last('ack ')) return 'an acknowledged leaf is missing';
      if ((ledger.head?.size ?? 0) < last('head ')) return 'a signed head is missing';
      const frontier = new Frontier();
      for (const { index, leaf } of ledger.query.leaves(0, ledger.size)) {
        if (!sameBytes(leaf, utf8(`leaf ${index}`))) return `leaf ${index} is another`;
        frontier.append(leafHash(leaf));
      }
      if (!sameBytes(frontier.root(), ledger.root())) return 'another root';
      return ledger.append([entry(String(ledger.size))]).ok ? undefined : 'takes nothing more';
    } finally {
      ledger.close();
    }
  },
};

const NONCE = 'a'.repeat(64);
const guard: Subject = {
  name: 'guard consume',
  begin: (folder) => {
    const consumed = join(folder, 'consumed');
    return {
      argv: [CONSUME_CHILD, folder, NONCE],
      paths: [consumed, join(consumed, NONCE)],
    };
  },
  // Whatever happened, what was said to be used is used.
  judge: (folder, said) => {
    const again = consume({ guard: folder }, NONCE, 'c'.repeat(64));
    return said.includes('used') && again?.code !== 'alreadyUsed' ? 'used twice' : undefined;
  },
};

function once(subject: Subject, more: readonly string[]) {
  using scratch = scratchFolder();
  const folder = join(scratch.path, 'state');
  mkdirSync(folder);
  const { argv, paths } = subject.begin(folder);
  const only = paths.flatMap((path) => ['-P', path]);
  const flags = ['-s', '64', ...only, '-e', `trace=${CALLS}`, ...more];
  const { calls, stdout } = traced(argv, scratch.path, flags);
  const wrong = subject.judge(folder, stdout.split('\n').slice(0, -1));
  rmSync(folder, { recursive: true });
  return { calls, wrong, stdout };
}

/** Each instance of each call, or every n-th of them. */
function instances(subject: Subject, every: number): readonly (readonly [string, number])[] {
  const { calls, wrong } = once(subject, []);
  expect(wrong).toBeUndefined();
  const counts = new Map<string, number>();
  for (const { name } of calls) counts.set(name, (counts.get(name) ?? 0) + 1);
  const all = [...counts].flatMap(([name, count]) =>
    Array.from({ length: count }, (_, i) => [name, i + 1] as const),
  );
  return all.filter((_, i) => i % every === 0);
}

describe.skipIf(missing !== undefined)('R4: no failed call loses or invents anything', () => {
  // The guard makes few calls: all of them, always.
  test.each([
    { subject: log, every: countOf('R4') },
    { subject: guard, every: 1 },
  ])('$subject.name, one of $every', { timeout: 1_200_000 }, ({ subject, every }) => {
    const wrong: string[] = [];
    const places = instances(subject, every);
    // A share takes one fault at each place, in turn.
    const faults = (i: number): readonly Fault[] =>
      every === 1 ? FAULTS : [FAULTS[i % FAULTS.length] ?? 'error=EIO'];
    let tried = 0;
    for (const [i, [name, when]] of places.entries())
      for (const fault of faults(i)) {
        tried += 1;
        const found = once(subject, ['-e', `inject=${name}:${fault}:when=${when}`]).wrong;
        if (found !== undefined) wrong.push(`${name} ${when} ${fault}: ${found}`);
      }
    report('R4', `${subject.name}: ${tried} failed calls, ${wrong.length} wrong`);
    expect(wrong).toEqual([]);
    expect(tried).toBeGreaterThan(5);
  });
});
