// `node build/icons/make.ts`: writes every icon file the packages need beside this script, from the one drawing. The files
// are committed, because the builder reads them from disk; a test draws them again and compares.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { drawIcon } from './draw.ts';
import { icnsOf, icoOf, pngOf } from './files.ts';
import { readDrawing } from './source.ts';

const HERE = import.meta.dirname;
const SOURCE = resolve(HERE, '../../renderer/icon.svg');
const PNG_SIZES = [16, 24, 32, 48, 64, 128, 256, 512];
const MAC_MARGIN = 100 / 1024;

/** Every file by its name below this folder. */
export function iconFiles(): ReadonlyMap<string, Buffer> {
  const drawing = readDrawing(readFileSync(SOURCE, 'utf8'));
  const plain = (size: number): Buffer => pngOf(drawIcon(drawing, size), size);
  const mac = (size: number): Buffer => pngOf(drawIcon(drawing, size, MAC_MARGIN), size);
  return new Map([
    ...PNG_SIZES.map((size) => [`png/${size}x${size}.png`, plain(size)] as const),
    ['icon.icns', icnsOf(mac)],
    ['icon.ico', icoOf(plain)],
  ]);
}

if (import.meta.main) {
  for (const [name, bytes] of iconFiles()) {
    const file = join(HERE, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, bytes);
    process.stdout.write(`${name}: ${bytes.length} bytes\n`);
  }
}
