// The production build, and whether it is still the build of these sources: a digest of every input is kept beside the
// output. Content, not times: a checkout, a copy or a deleted file cannot make a stale build look fresh.

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { ROOT, runTool } from './tool.ts';
import { buildVerifier } from './verifier.ts';

const INPUTS = ['shared', 'main', 'preload', 'renderer'];
const CONFIGS = [
  'package.json',
  'package-lock.json',
  'electron.vite.config.ts',
  'tsconfig.base.json',
  'build/scripts/verifier.ts',
];
const STAMP = resolve(ROOT, 'out/.inputs');

/** SHA-256 over the names and bytes of everything the build reads, as hex. */
function inputsDigest(): string {
  const files = INPUTS.filter((folder) => existsSync(resolve(ROOT, folder))).flatMap((folder) =>
    readdirSync(resolve(ROOT, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.name.endsWith('.md'))
      .map((entry) => relative(ROOT, join(entry.parentPath, entry.name))),
  );
  const hash = createHash('sha256');
  for (const file of [...files, ...CONFIGS].toSorted()) {
    const bytes = readFileSync(resolve(ROOT, file));
    hash.update(`${file}\0${bytes.length}\0`).update(bytes);
  }
  return hash.digest('hex');
}

/** Builds when an input changed since the last good build. Says one line, shows the tool's output only when it fails. */
export async function buildIfStale(): Promise<number> {
  const digest = inputsDigest();
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === digest) return 0;
  process.stderr.write('countersign: building...\n');
  return build(digest);
}

async function build(digest: string): Promise<number> {
  rmSync(resolve(ROOT, 'out'), { recursive: true, force: true });
  const ran = await runTool('electron-vite', 'electron-vite', ['build'], {
    quiet: true,
    limitSeconds: 180,
  });
  if (ran.code !== 0) {
    process.stderr.write(`${ran.output}\ncountersign: the build failed\n`);
    return 1;
  }
  mkdirSync(resolve(ROOT, 'out'), { recursive: true });
  await buildVerifier(resolve(ROOT, 'out'));
  writeFileSync(STAMP, digest);
  return 0;
}

/** `npm run build`: always builds. */
export async function main(_args: readonly string[]): Promise<number> {
  return build(inputsDigest());
}
