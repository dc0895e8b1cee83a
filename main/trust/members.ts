// Closed objects without a schema library: what a guard reads on its way to an action stays small. An
// unknown or a missing member refuses the whole object.

/** A JSON object, not an array. */
export function isObject(value: unknown): value is { readonly [name: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** True if the object has these members and no other. */
export function hasExactly(value: object, names: readonly string[]): boolean {
  return (
    Object.keys(value).length === names.length && names.every((name) => Object.hasOwn(value, name))
  );
}
