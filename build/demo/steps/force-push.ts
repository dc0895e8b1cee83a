// A bare remote with five commits on main, and a clone whose main has been rewritten to three. The push is the action.

import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { devNull } from 'node:os';
import { join } from 'node:path';
import { fail, ok, type Result } from '../../../shared/result.ts';
import type { Prepared, Step } from '../step.ts';
import * as words from '../words.ts';

type Commit = { readonly by: string; readonly file: string; readonly says: string };

const HISTORY: readonly Commit[] = [
  { by: 'Ines Duarte', file: 'index.html', says: 'Start the shop' },
  { by: 'Ines Duarte', file: 'cart.js', says: 'Cart: add and remove' },
  { by: 'Tomasz Wilk', file: 'tax.js', says: 'Tax by country' },
  { by: 'Tomasz Wilk', file: 'refund.js', says: 'Refunds, with a test' },
  { by: 'Ines Duarte', file: 'consent.js', says: 'Ask for consent before the cookie' },
];
const REWRITTEN: Commit = { by: 'Demo Agent', file: 'shop.js', says: 'Shop, tidied' };
const KEPT = 2;

export const forcePush: Step = { id: 'force-push', ...words.push, prepare };

function prepare(scratch: string): Result<Prepared, 'skip'> {
  const remote = join(scratch, 'remote', 'shop.git');
  const clone = join(scratch, 'shop');
  mkdirSync(join(scratch, 'remote'));
  mkdirSync(clone);
  if (git(scratch, ['--version']).code !== 0) return fail('skip', words.noGit);
  const made = allOf([
    [scratch, ['init', '--quiet', '--bare', remote]],
    [remote, ['symbolic-ref', 'HEAD', 'refs/heads/main']],
    [clone, ['init', '--quiet']],
    [clone, ['symbolic-ref', 'HEAD', 'refs/heads/main']],
    [clone, ['remote', 'add', 'origin', remote]],
  ]);
  const written = made ?? HISTORY.map((one) => commit(clone, one)).find((one) => one !== undefined);
  const rewritten =
    written ??
    allOf([
      [clone, ['push', '--quiet', 'origin', 'main']],
      [clone, ['reset', '--quiet', '--hard', `HEAD~${HISTORY.length - KEPT}`]],
    ]) ??
    commit(clone, REWRITTEN);
  if (rewritten !== undefined) return fail('skip', words.oldGit(rewritten));
  const before = mainOf(remote);
  return ok({
    cwd: clone,
    argv: ['git', 'push', '--force', 'origin', 'main'],
    look: () => {
      const { sha, count } = mainOf(remote);
      return sha === before.sha
        ? { what: 'didNot', lines: words.push.not(sha.slice(0, 12), count) }
        : {
            what: 'happened',
            lines: words.push.done(before.sha.slice(0, 12), sha.slice(0, 12), count, before.count),
          };
    },
  });
}

function mainOf(remote: string): { readonly sha: string; readonly count: number } {
  return {
    sha: git(remote, ['rev-parse', 'refs/heads/main']).output,
    count: Number(git(remote, ['rev-list', '--count', 'refs/heads/main']).output),
  };
}

function commit(clone: string, { by, file, says }: Commit): string | undefined {
  writeFileSync(join(clone, file), `// ${says}\n`);
  const author = `${by} <${by.toLowerCase().replace(' ', '.')}@shop.example>`;
  return allOf([
    [clone, ['add', file]],
    [clone, ['commit', '--quiet', '--author', author, '-m', says]],
  ]);
}

type Call = readonly [folder: string, args: readonly string[]];

/** The first complaint, in one line. */
function allOf(calls: readonly Call[]): string | undefined {
  for (const [folder, args] of calls) {
    const ran = git(folder, args);
    if (ran.code !== 0) return ran.output.split('\n')[0] || `${args[0]} failed`;
  }
  return undefined;
}

/** Only for preparing and looking: the person's own settings, hooks and signing keys stay out of it. */
function git(folder: string, args: readonly string[]) {
  const ran = spawnSync('git', args, {
    cwd: folder,
    encoding: 'utf8',
    env: {
      PATH: process.env['PATH'],
      SystemRoot: process.env['SystemRoot'],
      HOME: folder,
      LC_ALL: 'C',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_GLOBAL: devNull,
      GIT_COMMITTER_NAME: 'Demo Agent',
      GIT_COMMITTER_EMAIL: 'agent@shop.example',
    },
  });
  const output = `${ran.stdout ?? ''}${ran.status === 0 ? '' : (ran.stderr ?? '')}`.trim();
  return { code: ran.status ?? 127, output };
}
