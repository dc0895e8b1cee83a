// The renderer's warnings: a closed list, because a reviewer signs their names (decision.view.flags).
// Sets of them travel as bits; they come out in the order of the list.

export const VIEW_FLAGS = [
  /** Bytes that are not UTF-8. */
  'notUtf8',
  /** A control character other than newline and tab; in a critical row those two as well. */
  'control',
  /** A character that changes the direction of the text around it. */
  'bidi',
  /** A character that has no ink of its own: zero width, odd space, tag, variation selector, blank. */
  'invisible',
  /** A code point without a meaning in the renderer's Unicode version, or for private use. */
  'unassigned',
  /** A combining mark where it could hide or fake another character. */
  'combining',
  /** More spaces in a row than an indent needs. */
  'spaceRun',
  /** The value has characters that this renderer writes itself. */
  'ownMarks',
  /** Letters that are written from right to left. */
  'rightToLeft',
  /** A path, host, program, tool or name that is not plain ASCII. */
  'nonAsciiCritical',
  /** One word with letters of several scripts. */
  'mixedScript',
  /** A word or sign that looks like ASCII and is not. */
  'lookalike',
  /** A value over several lines. */
  'multiline',
  /** A value over 4 KiB. */
  'longValue',
  /** A program text stands in the arguments: `sh -c`, `python -c`, `node -e`. */
  'shellInline',
  /** What comes on standard input is not part of the approval. */
  'liveStdin',
  /** Only the text of the call is bound: a runtime acts on it later. */
  'textOnly',
  /** A host name in punycode. */
  'punycodeHost',
  /** More must-see text than one person can be asked to read: it can only be denied. */
  'tooMuch',
] as const;
export type ViewFlag = (typeof VIEW_FLAGS)[number];

/** The bit of one flag. */
export const bit = (flag: ViewFlag): number => 1 << VIEW_FLAGS.indexOf(flag);

export const flagsOf = (bits: number): readonly ViewFlag[] =>
  VIEW_FLAGS.filter((flag) => (bits & bit(flag)) !== 0);
