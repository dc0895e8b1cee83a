// A policy file's text as rules with their places. Cedar itself gives positions only inside what it is handed, and names
// rules `policy0`; we need each rule's own text, where it begins, and its `@id`. In Cedar a `;` outside strings and
// comments ends a rule and stands nowhere else.

export type RuleText = {
  /** From the rule's first character to its `;`. */
  readonly text: string;
  /** In UTF-16 units from the start of the file. */
  readonly start: number;
};

/** Text after the last `;` that is neither space nor comment is a rule too: Cedar will say what is missing in it. */
export function splitRules(text: string): readonly RuleText[] {
  const rules: RuleText[] = [];
  let start: number | undefined;
  for (let at = 0; at < text.length; ) {
    const end = skip(text, at);
    const comment = text.startsWith('//', at);
    if (!comment && start === undefined && /\S/.test(text.slice(at, end))) start = at;
    if (start !== undefined && text[at] === ';') {
      rules.push({ text: text.slice(start, end), start });
      start = undefined;
    }
    at = end;
  }
  if (start !== undefined) rules.push({ text: text.slice(start), start });
  return rules;
}

/** The end of the comment, the string or the one character at `at`. */
function skip(text: string, at: number): number {
  if (text.startsWith('//', at)) {
    const end = text.indexOf('\n', at);
    return end < 0 ? text.length : end;
  }
  if (text[at] !== '"') return at + 1;
  let end = at + 1;
  while (end < text.length && text[end] !== '"') end += text[end] === '\\' ? 2 : 1;
  return Math.min(end + 1, text.length);
}

export type Place = {
  /** From 1. */
  readonly line: number;
  /** From 1, in characters (code points). */
  readonly column: number;
};

export function placeOf(text: string, at: number): Place {
  const before = text.slice(0, at);
  const lineStart = before.lastIndexOf('\n') + 1;
  return {
    line: before.split('\n').length,
    column: Array.from(before.slice(lineStart)).length + 1,
  };
}

/** Cedar counts UTF-8 bytes. */
export function unitsOf(text: string, bytes: number): number {
  let seen = 0;
  let at = 0;
  for (const character of text) {
    if (seen >= bytes) break;
    const point = character.codePointAt(0) ?? 0;
    seen += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    at += character.length;
  }
  return at;
}
