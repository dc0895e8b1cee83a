// VERIFY.md, as an auditor follows it: its blocks, pasted one after the other into one shell in the unpacked folder, find
// nothing wrong in a good bundle; and what somebody changed is named, also where the sums were made again.

import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { haveOpenssl } from '../../outside/programs.ts';
import { wholeLog } from './world.ts';

const folder = mkdtempSync(join(tmpdir(), 'countersign-stock-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const log = wholeLog();
const files = log.bundle();
const text = new TextDecoder().decode(files.get('VERIFY.md'));
const blocks = [...text.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block]) => block ?? '');

beforeAll(() => {
  for (const [name, bytes] of files) {
    mkdirSync(dirname(join(folder, 'good', name)), { recursive: true });
    writeFileSync(join(folder, 'good', name), bytes);
  }
});

/** As a person pastes them: one interactive shell for all, no `set -e`; what each block printed, and how it ended. */
function paste(cwd: string, shell: readonly string[] = ['sh']) {
  const [program = 'sh', ...words] = shell;
  const typed = blocks.map((block, i) => `${block}echo "end of block ${i + 1}: $?"\n`).join('');
  const ran = spawnSync(program, [...words, '-s'], { cwd, encoding: 'utf8', input: typed });
  const said = ran.stdout.split(/end of block \d+: /);
  return {
    errors: ran.stderr,
    blocks: blocks.map((_, i) => ({
      says: (said[i] ?? '').replace(/^\d+\n/, ''),
      status: Number.parseInt(said[i + 1] ?? '', 10),
    })),
  };
}

/** A copy of the good bundle with something else in it, and the sums made again, as a forger would. */
function changed(change: (folder: string) => void): string {
  const other = join(folder, 'changed');
  rmSync(other, { recursive: true, force: true });
  cpSync(join(folder, 'good'), other, { recursive: true });
  change(other);
  return other;
}
function sumAgain(cwd: string): void {
  const names = 'find . -type f | cut -c 3- | grep -v SHA256SUMS | sort';
  spawnSync('sh', ['-c', `${names} | xargs sha256sum > ../SUMS; mv ../SUMS SHA256SUMS`], { cwd });
}
const edit = (path: string, from: RegExp, to: string): void => {
  const before = readFileSync(path, 'latin1');
  const after = before.replace(from, to);
  expect(after).not.toBe(before);
  writeFileSync(path, after, 'latin1');
};

test('VERIFY.md has its seven blocks of commands', () => expect(blocks).toHaveLength(7));

const shells: [string, readonly string[]][] = [
  ['sh', ['sh']],
  ['bash, interactive', ['bash', '--norc', '--noprofile', '-i']],
];
describe.skipIf(!haveOpenssl())('stock programs, pasted block by block', () => {
  test.each(shells)('find nothing wrong in a good bundle (%s)', (_, shell) => {
    const { blocks: ran } = paste(join(folder, 'good'), shell);
    expect(ran.map(({ says }) => says).join('')).toBe('everything fits\n');
    expect(ran.map(({ status }) => status)).toEqual(blocks.map(() => 0));
  });

  const { plain, denial } = log.digests;
  const request = 'entries/000000000001-request/payload.json';
  const keyring = 'entries/000000000000-keyring/payload.json';
  const { keyId } = log.keys.bob.decision;
  test.each<[string, number, string, (at: string) => void]>([
    ['a request', 5, request, (at) => edit(join(at, request), /"reason":"/, '"reason":"not ')],
    [
      'a notice',
      5,
      'entries/000000000002-notice/payload.json',
      (at) => edit(join(at, 'entries/000000000002-notice/payload.json'), /opened/, 'snoozed'),
    ],
    [
      'a view',
      6,
      `views/${plain}.txt`,
      (at) => edit(join(at, `views/${plain}.txt`), /node/, 'nice'),
    ],
    [
      'a key id in a keyring',
      5,
      keyring,
      (at) => edit(join(at, keyring), /"keyId":"./, '"keyId":"x'),
    ],
    [
      'the key of a decision in every keyring',
      4,
      `decisions/${denial}/key.pem (in no keyring)`,
      (at) => {
        for (const name of ['000000000000', '000000000011'])
          edit(
            join(at, `entries/${name}-keyring/payload.json`),
            new RegExp(keyId, 'g'),
            'f'.repeat(64),
          );
      },
    ],
    [
      'a signature',
      2,
      `decisions/${denial}/sig.bin`,
      (at) => flip(join(at, `decisions/${denial}/sig.bin`)),
    ],
    [
      'what was signed',
      2,
      `decisions/${denial}/sig.bin`,
      (at) => flip(join(at, `decisions/${denial}/pae.bin`)),
    ],
    [
      'the text of a decision',
      3,
      'entries/000000000009-decision/payload.json',
      (at) =>
        edit(join(at, 'entries/000000000009-decision/payload.json'), /not today/, 'not todaz'),
    ],
    [
      'a key',
      4,
      `decisions/${denial}/key.pem`,
      (at) => writeFileSync(join(at, `decisions/${denial}/key.pem`), otherKey()),
    ],
  ])('say WRONG where %s was changed and the sums made again', (_, i, file, change) => {
    const at = changed((other) => {
      change(other);
      sumAgain(other);
    });
    const { blocks: ran } = paste(at);
    expect(ran[0]).toEqual({ says: '', status: 0 });
    expect(ran[i - 1]?.says.split('\n')).toContain(`WRONG: ${file}`);
    expect(ran.at(-1)).toMatchObject({ says: expect.stringMatching(/^WRONG: [1-9]/), status: 1 });
  });

  test('say WRONG where a file was changed, added or taken away', () => {
    const head = changed((at) => flip(join(at, 'checkpoint.txt')));
    expect(paste(head).blocks[0]?.says).toContain('WRONG: SHA256SUMS\n');
    const more = changed((at) => writeFileSync(join(at, 'entries/more.json'), '{}'));
    expect(paste(more).blocks[0]?.says).toBe('WRONG: the number of files\n');
    const less = changed((at) => rmSync(join(at, 'checkpoint.txt')));
    expect(paste(less).blocks[0]?.says).toContain('WRONG: SHA256SUMS\n');
    expect(paste(less).blocks.at(-1)?.says).toMatch(/^WRONG: 2\n/);
  });

  test('give no verdict where the first block was left out', () => {
    const ran = spawnSync('sh', ['-s'], {
      cwd: join(folder, 'good'),
      encoding: 'utf8',
      input: blocks.at(-1) ?? '',
    });
    expect([ran.status, ran.stdout]).toEqual([1, 'WRONG: the first block was not run\n']);
  });
});

function flip(path: string): void {
  const bytes = readFileSync(path);
  const last = bytes.length - 3;
  bytes[last] = (bytes[last] ?? 0) ^ 1;
  writeFileSync(path, bytes);
}

function otherKey(): string {
  const key = spawnSync('openssl', ['genpkey', '-algorithm', 'ed25519'], { encoding: 'utf8' });
  const out = spawnSync('openssl', ['pkey', '-pubout'], { input: key.stdout, encoding: 'utf8' });
  return out.stdout;
}

describe.skipIf(spawnSync('unzip', ['-v']).status !== 0)('unzip', () => {
  test('takes the zip apart into the very files', async () => {
    const { zipOf } = await import('../../../main/evidence/zip.ts');
    writeFileSync(join(folder, 'good.zip'), zipOf(files));
    const ran = spawnSync(
      'unzip',
      ['-q', '-d', join(folder, 'unzipped'), join(folder, 'good.zip')],
      {
        encoding: 'utf8',
      },
    );
    expect([ran.status, ran.stderr]).toEqual([0, '']);
    for (const [name, bytes] of files)
      expect(new Uint8Array(readFileSync(join(folder, 'unzipped', name)))).toEqual(bytes);
  });
});
