// Dependencies are exact, explained, and complete in the lock file; every spec file belongs to a suite that runs it.

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { SUITES } from '../../build/scripts/suites.ts';
import { repositoryFiles } from './sources.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const names = z.record(z.string(), z.string()).default({});
const manifestShape = z.object({
  dependencies: names,
  devDependencies: names,
  optionalDependencies: names,
});
const lockShape = z.object({
  packages: z.record(
    z.string(),
    z.object({ resolved: z.string().optional(), optionalDependencies: names }),
  ),
});

const read = (path: string): string => readFileSync(resolve(ROOT, path), 'utf8');
const manifest = manifestShape.parse(JSON.parse(read('package.json')));
const lock = lockShape.parse(JSON.parse(read('package-lock.json')));
const all = {
  ...manifest.dependencies,
  ...manifest.devDependencies,
  ...manifest.optionalDependencies,
};

test('every version is exact', () => {
  const loose = Object.entries(all).filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version));
  expect(loose).toEqual([]);
});

test('build/README.md gives each dependency one line of reason', () => {
  const reasons = read('build/README.md');
  const silent = Object.keys(all).filter((name) => !reasons.includes(`| \`${name}\` |`));
  expect(silent).toEqual([]);
});

test('the lock file names no host', () => {
  const hosts = Object.entries(lock.packages).filter(([, entry]) =>
    /^[a-z+]+:/.test(entry.resolved ?? ''),
  );
  expect(hosts).toEqual([]);
});

// npm install drops a platform's binary that the registry did not have and reports success; npm ci then fails elsewhere.
test('the lock file has every platform package that its packages name', () => {
  const installed = Object.keys(lock.packages);
  const missing = Object.values(lock.packages)
    .flatMap((entry) => Object.keys(entry.optionalDependencies))
    .filter((name) => !installed.some((path) => path.endsWith(`node_modules/${name}`)));
  expect(missing).toEqual([]);
});

test('every spec file is in the folder of a suite', () => {
  const folders = SUITES.flatMap((suite) => suite.folders);
  const lost = repositoryFiles()
    .map(({ path }) => path)
    .filter((path) => /\.(test|spec)\.tsx?$/.test(path))
    .filter((path) => !folders.some((folder) => path.startsWith(`${folder}/`)));
  expect(lost).toEqual([]);
});
