// Expected outcomes are values with a code; exceptions are for a broken program only.

export type Ok<T> = { readonly ok: true; readonly value: T };
export type Failure<C extends string = string> = {
  readonly ok: false;
  readonly code: C;
  readonly detail?: string;
};
export type Result<T, C extends string = string> = Ok<T> | Failure<C>;

export const ok = <T>(value: T): Ok<T> => ({ ok: true, value });

export const fail = <C extends string>(code: C, detail?: string): Failure<C> =>
  detail === undefined ? { ok: false, code } : { ok: false, code, detail };

/** For the end of a switch over a union: a new member does not compile until it is handled. */
export function assertNever(value: never, what = 'value'): never {
  throw new Error(`unhandled ${what}: ${String(value)}`);
}

/** For what only a bug can break. Never for input. */
export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`invariant: ${message}`);
}
