// Reads the one drawing, `renderer/icon.svg`: a rounded square and one stroked line. It knows exactly that much of SVG and
// refuses the rest, so a drawing that it would get wrong never becomes an icon.

export type Point = { readonly x: number; readonly y: number };

export type Drawing = {
  /** Side of the square view box; every length below is in its units. */
  readonly side: number;
  readonly radius: number;
  readonly fill: Colour;
  readonly line: readonly Point[];
  readonly stroke: Colour;
  readonly width: number;
};

export type Colour = readonly [red: number, green: number, blue: number];

/** Throws one sentence about what it does not know. */
export function readDrawing(svg: string): Drawing {
  const elements = [...svg.matchAll(/<([a-z]+)\s([^>]*?)\/?>/g)].map(
    ([, name = '', attributes = '']) => ({ name, attributes: attributesOf(attributes) }),
  );
  const names = elements.map(({ name }) => name).join(' ');
  if (names !== 'svg rect path') throw new Error(`the icon is drawn as "${names}"`);
  const [svgElement, rect, path] = elements.map(({ attributes }) => attributes);
  const side = number(svgElement, 'viewBox', /^0 0 (\d+) \1$/);
  const round = ['stroke-linecap', 'stroke-linejoin'].every((name) => path?.get(name) === 'round');
  if (!round || path?.get('fill') !== 'none' || number(rect, 'width') !== side) {
    throw new Error('the icon is not a full square with an unfilled round line');
  }
  return {
    side,
    radius: number(rect, 'rx'),
    fill: colour(rect?.get('fill')),
    line: pointsOf(path?.get('d') ?? ''),
    stroke: colour(path?.get('stroke')),
    width: number(path, 'stroke-width'),
  };
}

type Attributes = ReadonlyMap<string, string>;

const attributesOf = (text: string): Attributes =>
  new Map(
    [...text.matchAll(/([\w:-]+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value]),
  );

function number(attributes: Attributes | undefined, name: string, form = /^([\d.]+)$/): number {
  const value = form.exec(attributes?.get(name) ?? '')?.[1];
  if (value === undefined) throw new Error(`the icon has no usable ${name}`);
  return Number(value);
}

function colour(value = ''): Colour {
  const digits = /^#([\da-f]{3}|[\da-f]{6})$/i.exec(value)?.[1];
  if (digits === undefined) throw new Error(`the icon has the colour "${value}"`);
  const full = digits.length === 3 ? digits.replace(/./g, '$&$&') : digits;
  const channel = (at: number): number => Number.parseInt(full.slice(at, at + 2), 16);
  return [channel(0), channel(2), channel(4)];
}

/** `M` once, then relative `l` with any number of pairs. */
function pointsOf(d: string): readonly Point[] {
  const [, start = '', steps = ''] = /^M([\d.\s-]+)l([\d.\s-]+)$/.exec(d) ?? [];
  const [first] = pairsOf(start);
  if (first === undefined) throw new Error(`the icon has the path "${d}"`);
  const points = [first];
  for (const step of pairsOf(steps)) {
    const last = points.at(-1) ?? first;
    points.push({ x: last.x + step.x, y: last.y + step.y });
  }
  return points;
}

function pairsOf(text: string): readonly Point[] {
  const numbers = [...text.matchAll(/-?[\d.]+/g)].map(([value]) => Number(value));
  return numbers
    .map((x, at) => ({ x, y: numbers[at + 1] ?? Number.NaN }))
    .filter((_point, at) => at % 2 === 0);
}
