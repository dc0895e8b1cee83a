// What two lists have in common, in order, and what is only in one of them. Bounded: where the middle of both is too long to
// compare it is all gone and all new, which is true and only less helpful.

export type Step =
  | { readonly is: 'same'; readonly before: number; readonly after: number }
  | { readonly is: 'gone'; readonly before: number }
  | { readonly is: 'new'; readonly after: number };

/** Cells of the table; a quarter of a million bytes of it at most. */
const MAX_CELLS = 250_000;

/** Steps from `before` to `after`: what is gone stands before what is new in its place. */
export function stepsBetween(before: readonly string[], after: readonly string[]): Step[] {
  const shorter = Math.min(before.length, after.length);
  let head = 0;
  while (head < shorter && before[head] === after[head]) head += 1;
  let tail = 0;
  while (tail < shorter - head && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1;
  const ends = { before: before.length - tail, after: after.length - tail };
  return [
    ...Array.from({ length: head }, (_, i): Step => ({ is: 'same', before: i, after: i })),
    ...middle(before.slice(head, ends.before), after.slice(head, ends.after), head),
    ...Array.from(
      { length: tail },
      (_, i): Step => ({ is: 'same', before: ends.before + i, after: ends.after + i }),
    ),
  ];
}

function middle(before: readonly string[], after: readonly string[], from: number): Step[] {
  const gone = (i: number): Step => ({ is: 'gone', before: from + i });
  const fresh = (j: number): Step => ({ is: 'new', after: from + j });
  if (before.length * after.length > MAX_CELLS)
    return [...before.map((_, i) => gone(i)), ...after.map((_, j) => fresh(j))];
  const common = tableOf(before, after);
  const width = after.length + 1;
  const steps: Step[] = [];
  let [i, j] = [0, 0];
  while (i < before.length || j < after.length) {
    const down = i < before.length ? (common[(i + 1) * width + j] ?? 0) : -1;
    const right = j < after.length ? (common[i * width + j + 1] ?? 0) : -1;
    if (i < before.length && j < after.length && before[i] === after[j]) {
      steps.push({ is: 'same', before: from + i++, after: from + j++ });
    } else if (down >= right) steps.push(gone(i++));
    else steps.push(fresh(j++));
  }
  return steps;
}

/** At row i and column j: how many the rests from there on have in common. */
function tableOf(before: readonly string[], after: readonly string[]): Uint32Array {
  const width = after.length + 1;
  const table = new Uint32Array((before.length + 1) * width);
  for (let i = before.length - 1; i >= 0; i--)
    for (let j = after.length - 1; j >= 0; j--)
      table[i * width + j] =
        before[i] === after[j]
          ? (table[(i + 1) * width + j + 1] ?? 0) + 1
          : Math.max(table[(i + 1) * width + j] ?? 0, table[i * width + j + 1] ?? 0);
  return table;
}
