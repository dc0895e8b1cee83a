// The one parser of counts written as text (tree sizes, indexes, times): ASCII decimal, no sign, no
// leading zero, at most 2^53-1. Anything else is refused; no count ever passes through Number() unchecked.

/** The count that `text` writes, or undefined. */
export function parseDecimal(text: string): number | undefined {
  if (!/^(?:0|[1-9][0-9]{0,15})$/.test(text)) return undefined;
  // BigInt, because Number() would round 2^53+1 to a safe-looking neighbour (security rule 3.4).
  const exact = BigInt(text);
  return exact <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(exact) : undefined;
}

/** True for a count that this program may hold in a number. */
export const isCount = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;
