// Reads the packed tables of tables.ts: membership of a code point in sorted ranges, by halving.

/** First and last of each range, one after the other, ascending. */
export type Ranges = Int32Array;

/** `text` is a list of (gap since the last end, length - 1) in base 36. */
export function unpack(text: string): Ranges {
  const words = text.split(' ');
  const out = new Int32Array(words.length);
  let end = 0;
  words.forEach((word, i) => {
    end += Number.parseInt(word, 36);
    out[i] = end;
  });
  return out;
}

/** The number of the range that holds `point`, or -1. */
export function rangeOf(ranges: Ranges, point: number): number {
  let low = 0;
  let high = ranges.length / 2 - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    if (point < (ranges[2 * middle] ?? 0)) high = middle - 1;
    else if (point > (ranges[2 * middle + 1] ?? 0)) low = middle + 1;
    else return middle;
  }
  return -1;
}
