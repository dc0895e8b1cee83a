import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { inflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { drawIcon } from '../../../build/icons/draw.ts';
import { iconFiles } from '../../../build/icons/make.ts';
import { readDrawing } from '../../../build/icons/source.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const SVG = readFileSync(join(ROOT, 'renderer/icon.svg'), 'utf8');

describe('the icons of the packages', () => {
  test('are those that the one drawing gives', () => {
    for (const [name, drawn] of iconFiles()) {
      const kept = readFileSync(join(ROOT, 'build/icons', name));
      // Another zlib may pack the same pixels into other bytes.
      expect({ name, images: pixelsIn(kept) }).toEqual({ name, images: pixelsIn(drawn) });
    }
  });

  test('have a clear corner, the square beside it and the line on top', () => {
    const size = 64;
    const pixels = drawIcon(readDrawing(SVG), size);
    const at = (x: number, y: number): readonly number[] => [
      ...pixels.subarray((y * size + x) * 4, (y * size + x) * 4 + 4),
    ];
    expect(at(0, 0)[3]).toBe(0);
    expect(at(32, 2)).toEqual([0x33, 0x41, 0x5c, 255]);
    expect(at(28, 44)).toEqual([255, 255, 255, 255]);
  });

  test('leave the margin that macOS wants', () => {
    const pixels = drawIcon(readDrawing(SVG), 64, 0.1);
    expect(pixels[(32 * 64 + 3) * 4 + 3]).toBe(0);
    expect(pixels[(32 * 64 + 9) * 4 + 3]).toBe(255);
  });

  test('are refused from a drawing that is not understood', () => {
    expect(() => readDrawing(SVG.replace('<rect', '<circle r="2"/><rect'))).toThrow('svg circle');
    expect(() => readDrawing(SVG.replace('l5 5', 'c5 5'))).toThrow('path');
    expect(() => readDrawing(SVG.replaceAll('stroke-linecap="round"', ''))).toThrow('round');
    expect(() => readDrawing(SVG.replace('#33415c', 'navy'))).toThrow('colour');
  });
});

/** Every PNG in the file, in order: its side and the digest of its unpacked rows. */
function pixelsIn(file: Buffer): readonly string[] {
  const found: string[] = [];
  for (let at = file.indexOf('IHDR'); at !== -1; at = file.indexOf('IHDR', at + 1)) {
    const data = file.indexOf('IDAT', at);
    const rows = inflateSync(file.subarray(data + 4, data + 4 + file.readUInt32BE(data - 4)));
    found.push(`${file.readUInt32BE(at + 4)} ${createHash('sha256').update(rows).digest('hex')}`);
  }
  return found;
}
