// The licences of other people's code that a package carries: bundled into `out`, or packed as it is. Written as one text
// that goes beside the archive; a package without a licence file stops the build.

import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { ROOT } from './tool.ts';

/** What runs in the window is in devDependencies, because the builder would pack it a second time. */
const IN_THE_WINDOW = ['react', 'react-dom', 'zustand'];

type Manifest = {
  readonly version?: string;
  readonly license?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
};

/** Every package whose code is in the product, by name, with all that each needs. */
export function shippedPackages(root: string): readonly string[] {
  const open = [...Object.keys(manifest(root).dependencies ?? {}), ...IN_THE_WINDOW];
  const found = new Set<string>();
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (found.has(name)) continue;
    found.add(name);
    open.push(...Object.keys(manifest(folderOf(root, name)).dependencies ?? {}));
  }
  return [...found].toSorted();
}

export function licencesText(root: string): string {
  const texts = shippedPackages(root).map((name) => {
    const folder = folderOf(root, name);
    const { version, license } = manifest(folder);
    return `${name} ${version} (${license})\n\n${licenceOf(name, folder, license).trim()}\n`;
  });
  return texts.join(`\n${'-'.repeat(80)}\n\n`);
}

/** Its own file, else the text of the licence that it names, where that text is the same for everybody. */
function licenceOf(name: string, folder: string, license: string | undefined): string {
  const file = readdirSync(folder).find((one) => /^licen[cs]e(\.(md|txt))?$/i.test(one));
  if (file !== undefined) return readFileSync(join(folder, file), 'utf8');
  const standard = resolve(ROOT, 'build/licences', `${license}.txt`);
  if (license === undefined || !existsSync(standard))
    throw new Error(`${name} has no licence file`);
  return readFileSync(standard, 'utf8');
}

export function writeLicences(): void {
  const file = resolve(ROOT, 'dist/third-party-licences.txt');
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, licencesText(ROOT));
}

const folderOf = (root: string, name: string): string => {
  const folder = resolve(root, 'node_modules', name);
  if (!existsSync(folder)) throw new Error(`${name} is not installed`);
  return folder;
};

const manifest = (folder: string): Manifest =>
  // Written by npm's own packages; what is used of it is checked where it is used.
  JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
