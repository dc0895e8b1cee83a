// Text of a request outside its card (titles, targets, refusals) for one line of a terminal: anything that could move the
// cursor, hide or reorder is written as \u{...}, and a long text says how much was left out. Cards have their own, exact text.

const PLAIN = /^[\p{L}\p{N}\p{P}\p{S} ]$/u;
const MAX = 160;

export function visible(text: string, max = MAX): string {
  const points = Array.from(text);
  const shown = points.slice(0, max).map((point) => (PLAIN.test(point) ? point : escaped(point)));
  const left = points.length - max;
  return left > 0 ? `${shown.join('')} (${left} more characters)` : shown.join('');
}

const escaped = (point: string): string => `\\u{${(point.codePointAt(0) ?? 0).toString(16)}}`;
