// Draws the icon at any size as RGBA rows, from distances: the same bytes on every machine, no browser and no library.

import type { Colour, Drawing, Point } from './source.ts';

/** `margin` is the empty share of each side: macOS wants about a tenth, the others none. */
export function drawIcon(drawing: Drawing, size: number, margin = 0): Uint8Array {
  const pixels = new Uint8Array(size * size * 4);
  const scale = (size * (1 - 2 * margin)) / drawing.side;
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column < size; column += 1) {
      const point = {
        x: (column + 0.5 - size * margin) / scale,
        y: (row + 0.5 - size * margin) / scale,
      };
      const square = cover(squareDistance(point, drawing) * scale);
      const line = cover((lineDistance(point, drawing.line) - drawing.width / 2) * scale);
      pixels.set(
        [...mix(drawing.fill, drawing.stroke, line), Math.round(square * 255)],
        (row * size + column) * 4,
      );
    }
  }
  return pixels;
}

/** How much of a pixel lies inside an edge at this signed distance, in pixels. */
const cover = (distance: number): number => Math.min(1, Math.max(0, 0.5 - distance));

const mix = (under: Colour, over: Colour, share: number): readonly number[] =>
  under.map((channel, at) => Math.round(channel + ((over[at] ?? 0) - channel) * share));

function squareDistance({ x, y }: Point, { side, radius }: Drawing): number {
  const half = side / 2;
  const across = Math.abs(x - half) - half + radius;
  const down = Math.abs(y - half) - half + radius;
  const outside = Math.hypot(Math.max(across, 0), Math.max(down, 0));
  return outside + Math.min(Math.max(across, down), 0) - radius;
}

function lineDistance(point: Point, line: readonly Point[]): number {
  const parts = line.slice(1).map((end, at) => partDistance(point, line[at] ?? end, end));
  return Math.min(...parts);
}

function partDistance(point: Point, from: Point, to: Point): number {
  const along = { x: to.x - from.x, y: to.y - from.y };
  const square = along.x ** 2 + along.y ** 2;
  const dot = (point.x - from.x) * along.x + (point.y - from.y) * along.y;
  const share = Math.min(1, Math.max(0, dot / square));
  return Math.hypot(point.x - from.x - share * along.x, point.y - from.y - share * along.y);
}
