// The verifier as one file: it imports nothing but Node's own modules, runs on Node 20, and says what the command says.

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildVerifier } from '../../../build/scripts/verifier.ts';
import { verifyCommand } from '../../../main/cli/verify.ts';
import { rootSetOf } from '../../../main/trust/keyring.ts';
import { type Files, zipOf } from '../../../main/evidence/zip.ts';
import { EvidenceLog, wholeLog } from './world.ts';

const folder = mkdtempSync(join(tmpdir(), 'countersign-evidence-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const version = (node: string): string =>
  spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout ?? '';
/** A Node 20 of this machine; undefined where there is none. */
const node20 = ['/usr/bin/node', '/usr/local/bin/node', 'node20'].find((one) =>
  version(one).startsWith('v20.'),
);
if (node20 === undefined)
  console.warn('no Node 20 on this machine: the verifier is not run by one');
const nodes: [string, string][] = [['this Node', process.execPath]];
if (node20 !== undefined) nodes.push(['Node 20', node20]);

const log = wholeLog();
const roots = rootSetOf(log.keyring);
const files = log.bundle();

function forged(): Files {
  const one = new EvidenceLog(log.keys, () => ({ ...log.keyring, version: 1 }));
  one.run(one.ask(), []);
  return one.bundle();
}

const bundles: Readonly<Record<string, Uint8Array>> = {
  'good.zip': zipOf(files),
  'forged.zip': zipOf(forged()),
  'changed.zip': zipOf(files).with(5000, 255 & ~(zipOf(files)[5000] ?? 0)),
  'nothing.zip': new Uint8Array(10),
};

beforeAll(async () => {
  for (const [name, bytes] of Object.entries(bundles)) writeFileSync(join(folder, name), bytes);
  for (const [name, bytes] of files) {
    mkdirSync(dirname(join(folder, 'good', name)), { recursive: true });
    writeFileSync(join(folder, 'good', name), bytes);
  }
  mkdirSync(join(folder, 'built'));
  await buildVerifier(join(folder, 'built'));
}, 60_000);

const verifier = join(folder, 'built/verify.mjs');

function here(words: readonly string[]) {
  let stdout = '';
  let stderr = '';
  const status = verifyCommand(words, {
    output: { write: (text) => (stdout += text) },
    errors: { write: (text) => (stderr += text) },
  });
  return { status, stdout, stderr };
}

test('it is one file and loads nothing but Node’s own modules', () => {
  expect(readdirSync(join(folder, 'built'))).toEqual(['verify.mjs']);
  const source = readFileSync(verifier, 'utf8');
  const loaded = [
    ...source.matchAll(/^import .*? from "([^"]+)"|\bimport\("([^"]+)"\)|\brequire\("([^"]+)"\)/gm),
  ];
  const names = new Set(loaded.map(([, one, two, three]) => one ?? two ?? three));
  expect(names).toEqual(new Set(['node:crypto', 'node:fs', 'node:path', 'node:util']));
});

describe.each(nodes)('%s', (_, node) => {
  test.each([
    ['good.zip', 0],
    ['good', 0],
    ['forged.zip', 1],
    ['changed.zip', 1],
    ['nothing.zip', 1],
    ['not-there.zip', 64],
  ])(
    'has the command’s verdict of %s, word for word',
    (name, status) => {
      for (const more of [['--roots', roots], ['--roots', roots, '--json'], []]) {
        const words = [join(folder, name), ...more];
        const ran = spawnSync(node, [verifier, ...words], { encoding: 'utf8', cwd: '/', env: {} });
        expect({ status: ran.status, stdout: ran.stdout, stderr: ran.stderr }).toEqual(here(words));
        expect(ran.status).toBe(status);
      }
    },
    60_000,
  );
});
