// `node test/corpus/make.ts`: writes `fixtures/` anew from the samples, always the same bytes.

import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { corpusFiles, textOfFile } from './files.ts';

const folder = join(import.meta.dirname, 'fixtures');
rmSync(folder, { recursive: true, force: true });
const files = corpusFiles();
for (const [name, file] of files) {
  const path = join(folder, `${name}.json`);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, textOfFile(file));
}
process.stdout.write(`corpus: ${files.size} files\n`);
