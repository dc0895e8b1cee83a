// A private copy of the working tree in which a bug may live: sources copied, node_modules and the public vectors linked.
// The tree itself is only read.

import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import type { Edit, Mutant } from './mutant.ts';

const LEFT_OUT = new Set([
  'node_modules',
  '.git',
  'out',
  'dist',
  'test-results',
  '.toolchain',
  // Logs of the benches: gigabytes.
  '.cache',
]);

export type Copy = { readonly root: string; readonly remove: () => void };

export function makeCopy(tree: string): Copy {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-mutants-'));
  const root = join(folder, 'main');
  mkdirSync(root);
  cpSync(tree, root, {
    recursive: true,
    filter: (from) => !LEFT_OUT.has(relative(tree, from).split('/')[0] ?? ''),
  });
  symlinkSync(join(tree, 'node_modules'), join(root, 'node_modules'));
  const shared = join(tree, '../shared');
  if (existsSync(shared)) symlinkSync(shared, join(folder, 'shared'));
  return { root, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** The text with the edits, or which of them does not stand in it exactly once. */
export function edited(text: string, edits: readonly Edit[]): string | { readonly stale: string } {
  let out = text;
  for (const { from, to } of edits) {
    const parts = out.split(from);
    if (parts.length !== 2) return { stale: `${parts.length - 1} times: ${from}` };
    out = parts.join(to);
  }
  return out;
}

/** Puts the bug in; gives the way to take it out again. */
export function seed(root: string, { file, edits }: Mutant): () => void {
  const path = join(root, file);
  const before = readFileSync(path, 'utf8');
  const after = edited(before, edits);
  if (typeof after !== 'string') throw new Error(`${file}: ${after.stale}`);
  writeFileSync(path, after);
  return () => writeFileSync(path, before);
}
