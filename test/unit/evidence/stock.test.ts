// VERIFY.md, as an auditor follows it: every command in it, pasted into a shell in the unpacked folder, holds; and each that
// should notice a change does.

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

const sh = (block: string, cwd: string) =>
  spawnSync('sh', ['-eu', '-c', block], { cwd, encoding: 'utf8' });

test('VERIFY.md has its six blocks of commands', () => expect(blocks).toHaveLength(6));

describe.skipIf(!haveOpenssl())('stock programs', () => {
  test.each(blocks.map((block, i) => [i + 1, block] as const))('hold in block %i', (i, block) => {
    const ran = sh(block, join(folder, 'good'));
    expect([ran.status, ran.stderr]).toEqual([0, '']);
    if (i === 2) expect(ran.stdout.match(/Signature Verified Successfully/g)).toHaveLength(4);
  });

  const decision = `decisions/${log.digests['denial']}`;
  const change = (bytes: Buffer): Buffer => {
    const last = bytes.length - 3;
    bytes[last] = (bytes[last] ?? 0) ^ 1;
    return bytes;
  };
  test.each([
    [1, 'checkpoint.txt'],
    [2, `${decision}/sig.bin`],
    [2, `${decision}/pae.bin`],
    [3, `${decision}/pae.bin`],
    [5, 'entries/000000000002-notice/payload.json'],
    [6, `views/${log.digests['plain']}.txt`],
  ])('fail in block %i where %s has changed', (i, name) => {
    const other = join(folder, 'changed');
    rmSync(other, { recursive: true, force: true });
    cpSync(join(folder, 'good'), other, { recursive: true });
    writeFileSync(join(other, name), change(readFileSync(join(other, name))));
    expect(sh(blocks[i - 1] ?? 'true', other).status).not.toBe(0);
  });

  test('fail in block 4 where the key is another', () => {
    const other = join(folder, 'changed');
    rmSync(other, { recursive: true, force: true });
    cpSync(join(folder, 'good'), other, { recursive: true });
    const key = spawnSync('openssl', ['genpkey', '-algorithm', 'ed25519'], {
      encoding: 'utf8',
    }).stdout;
    const pub = spawnSync('openssl', ['pkey', '-pubout'], { input: key, encoding: 'utf8' }).stdout;
    writeFileSync(join(other, decision, 'key.pem'), pub);
    expect(sh(blocks[3] ?? 'true', other).status).not.toBe(0);
  });
});

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
