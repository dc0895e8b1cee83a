// One case of the corpus, and the text that it stands for.

export type Valid = { readonly why: string; readonly text: string };
export type Hostile = {
  readonly why: string;
  readonly code: string;
  readonly text: string;
  /** `@@` in the text stands for so many times `x`. */
  readonly grow?: number;
  /** Spaces follow, up to so many bytes. */
  readonly padTo?: number;
};
export type CorpusFile = {
  readonly what: string;
  /** Statements: the key of the valid ones, SubjectPublicKeyInfo in base64. */
  readonly spki?: string;
  readonly valid: readonly Valid[];
  readonly hostile: readonly Hostile[];
};

export function textOfCase({
  text,
  grow,
  padTo,
}: Pick<Hostile, 'text' | 'grow' | 'padTo'>): string {
  const whole = grow === undefined ? text : text.replace('@@', 'x'.repeat(grow));
  return padTo === undefined ? whole : whole.padEnd(padTo, ' ');
}

/** The text with one change; a change that changes nothing is a mistake of the corpus. */
export function changed(text: string, from: string | RegExp, to: string): string {
  const out = text.replace(from, () => to);
  if (out === text) throw new Error(`${String(from)} is not in ${text.slice(0, 200)}`);
  return out;
}
