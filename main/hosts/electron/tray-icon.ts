// The tray's four pictures, drawn here: a ring with a check (idle), a disc with the count cut out (pending), a broken ring
// with a bar (offline), a triangle with a mark (alarm). White on a dark ground, so that it shows on any panel; on macOS a
// template, whose alpha alone counts.

import type { TrayState } from './tray-menu.ts';

/** Signed distance from the shape's edge in units of the picture's side; negative is inside. */
type Shape = (x: number, y: number) => number;

const SAMPLES = 4;
const RIM = 0.07;
const DARK = 0x26;

/** `size` x `size` pixels, BGRA with premultiplied alpha: what Electron's bitmaps are on a little-endian machine. */
export function drawTrayIcon(
  state: TrayState,
  count: number,
  options: { readonly size: number; readonly template: boolean },
): Uint8Array {
  const { size, template } = options;
  const shape = shapeOf(state, count);
  const back = state === 'alarm' ? triangle : disc;
  const pixels = new Uint8Array(size * size * 4);
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column < size; column += 1) {
      const ink = coverage(shape, column, row, size, 0);
      const rim = template ? ink : coverage(back, column, row, size, RIM);
      const tone = template ? 0 : Math.round(255 * ink + DARK * Math.max(0, rim - ink));
      const alpha = Math.round(255 * Math.max(ink, rim));
      pixels.set([tone, tone, tone, alpha], (row * size + column) * 4);
    }
  }
  return pixels;
}

/** Share of a pixel within `reach` of the shape, 0 to 1. */
function coverage(shape: Shape, column: number, row: number, size: number, reach: number): number {
  let inside = 0;
  for (let i = 0; i < SAMPLES * SAMPLES; i += 1) {
    const x = (column + ((i % SAMPLES) + 0.5) / SAMPLES) / size;
    const y = (row + (Math.floor(i / SAMPLES) + 0.5) / SAMPLES) / size;
    if (shape(x, y) < reach) inside += 1;
  }
  return inside / (SAMPLES * SAMPLES);
}

function shapeOf(state: TrayState, count: number): Shape {
  switch (state) {
    case 'idle':
      return union(ring, stroke([0.34, 0.51], [0.46, 0.63]), stroke([0.46, 0.63], [0.67, 0.38]));
    case 'pending':
      return without(disc, digits(count));
    case 'offline':
      return union(without(ring, band), bar);
    case 'alarm':
      return without(triangle, union(stroke([0.5, 0.4], [0.5, 0.62]), dot));
  }
}

const union =
  (...shapes: readonly Shape[]): Shape =>
  (x, y) =>
    Math.min(...shapes.map((shape) => shape(x, y)));
const without =
  (shape: Shape, hole: Shape): Shape =>
  (x, y) =>
    Math.max(shape(x, y), -hole(x, y));

const circle =
  (cx: number, cy: number, radius: number): Shape =>
  (x, y) =>
    Math.hypot(x - cx, y - cy) - radius;
const disc = circle(0.5, 0.5, 0.42);
const ring: Shape = (x, y) => Math.abs(Math.hypot(x - 0.5, y - 0.5) - 0.36) - 0.055;
const dot = circle(0.5, 0.75, 0.06);

type Point = readonly [number, number];

function segment([ax, ay]: Point, [bx, by]: Point, half: number): Shape {
  const [dx, dy] = [bx - ax, by - ay];
  const length = dx * dx + dy * dy;
  return (x, y) => {
    const along = Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / length));
    return Math.hypot(x - ax - along * dx, y - ay - along * dy) - half;
  };
}
const stroke = (from: Point, to: Point): Shape => segment(from, to, 0.055);
/** A gap in the ring around the bar that crosses it. */
const band = segment([0.1, 0.9], [0.9, 0.1], 0.15);
const bar = segment([0.14, 0.86], [0.86, 0.14], 0.055);

/** Three half-planes: the largest of their distances. */
const triangle: Shape = (x, y) =>
  Math.max(y - 0.84, 0.88 * Math.abs(x - 0.5) - 0.48 * (y - 0.1)) - 0.02;

/** Three by five cells, a bit each, top row first. Above nine: a plus. */
const GLYPHS: Readonly<Record<string, string>> = {
  '1': '010110010010111',
  '2': '111001111100111',
  '3': '111001111001111',
  '4': '101101111001001',
  '5': '111100111001111',
  '6': '111100111101111',
  '7': '111001001010010',
  '8': '111101111101111',
  '9': '111101111001111',
  '+': '000010111010000',
};
const CELL = 0.1;

function digits(count: number): Shape {
  const glyph = GLYPHS[count > 9 ? '+' : String(count)] ?? '';
  const left = 0.5 - 1.5 * CELL;
  const top = 0.5 - 2.5 * CELL;
  return (x, y) => {
    const column = Math.floor((x - left) / CELL);
    const row = Math.floor((y - top) / CELL);
    const set = column >= 0 && column < 3 && row >= 0 && glyph[row * 3 + column] === '1';
    // Cells are cut whole: their edges lie on pixels at the sizes that are drawn.
    return set ? -1 : 1;
  };
}
