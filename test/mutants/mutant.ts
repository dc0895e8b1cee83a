// What a seeded bug is: an exact text of the program and what it becomes, and the test file that must go red for it.
// A mistake that somebody could make or an attacker could wish for, never a syntax error.

export type Edit = {
  /** Must stand in the file exactly once. */
  readonly from: string;
  readonly to: string;
};

export type Mutant = {
  readonly id: string;
  readonly file: string;
  readonly edits: readonly Edit[];
  /** One of these suffices; a run of them on the unchanged program is green. */
  readonly red: readonly string[];
  readonly why: string;
};

/** A bug of one edit. */
export const mutant = (
  id: string,
  file: string,
  edit: readonly [from: string, to: string],
  red: string,
  why: string,
): Mutant => ({ id, file, edits: [{ from: edit[0], to: edit[1] }], red: [red], why });
