// Takes out of a line what should not stand on a lock screen, in a screen share or in an OS's history of notifications.
// By shape and by what the request shows of the environment: a guess in the safe direction, and never the card's business.

import { textOf } from '../../../shared/bytes.ts';
import type { Action } from '../../../shared/statement/action.ts';
import { bytesOfRaw } from '../../../shared/statement/text.ts';
import { asciiText } from './ascii.ts';

export const HIDDEN = '(hidden)';

/** Every command names these all day, and they are nobody's secret. */
const PLAIN_NAMES = new Set(['HOME', 'PWD', 'USER', 'LOGNAME', 'SHELL', 'LANG', 'TERM', 'TZ']);
const MIN_VALUE = 4;
/** `production`, `true`, `8080`: a reviewer needs the word, and it hides nothing. */
const PLAIN_VALUE = /^(?:[a-z]{1,15}|[0-9]{1,5})$/;
/** How headline.ts ends what it cut: the rest of a value may be beyond it. */
const CUT = '...';

const SECRET_WORD =
  '(?:pass(?:word|wd|phrase|code)?|pwd|secret|token|credentials?|api[-_]?key|access[-_]?key|private[-_]?key|client[-_]?secret|auth(?:orization)?|bearer|cookie|session(?:[-_]?id)?|signature|sig)';
/** A quoted word whole, else up to the next space. */
const VALUE = `(?:"[^"]*"?|'[^']*'?|[^\\s"'&;]+)`;

const SHAPES: readonly (readonly [RegExp, string])[] = [
  // scheme://user:password@host
  [/([a-z][a-z0-9+.-]*:\/\/)[^\s/@"']+@/gi, `$1${HIDDEN}@`],
  // Authorization: Bearer xyz, -H "Cookie: a=b": to the end, whatever follows.
  [/((?:authorization|cookie|x-[a-z-]*(?:key|token|secret|auth)[a-z-]*)\s*:).*/gi, `$1 ${HIDDEN}`],
  [/\b(bearer|basic)\s+[^\s"']+/gi, `$1 ${HIDDEN}`],
  // --password=x, DB_PASSWORD=x, token: x, "apiKey":"x"
  [
    new RegExp(`([A-Za-z0-9_.-]*${SECRET_WORD}[A-Za-z0-9_.-]*["']?\\s*[=:]\\s*)${VALUE}`, 'gi'),
    `$1${HIDDEN}`,
  ],
  // --password x, -p x is left to the next rule
  [new RegExp(`(--?[A-Za-z0-9_-]*${SECRET_WORD}[A-Za-z0-9_-]*\\s+)${VALUE}`, 'gi'), `$1${HIDDEN}`],
  // mysql -psecret, curl -u user:password
  [/(^|\s)(-p)(?=[^\s-])(?!ort\b|roject\b|ath\b)\S*[^a-z\s]\S*/g, `$1$2${HIDDEN}`],
  [/(\s-u\s+)[^\s:]+:\S+/g, `$1${HIDDEN}`],
  // Keys that tell what they are.
  [
    /\b(?:gh[pousr]_|github_pat_|glpat-|sk[-_]|pk[-_]|rk[-_]|xox[abprs]-|AKIA|ASIA|AIza|ya29\.|eyJ|npm_|pypi-|hf_|dop_v1_|SG\.)[A-Za-z0-9._~+/=-]{6,}/g,
    HIDDEN,
  ],
  [/-----BEGIN.*/g, HIDDEN],
];

/** 24 characters and more that mix cases and digits, or 32 of hex: nobody reads those for their meaning. */
const LOOKS_MADE = /[A-Za-z0-9+_=-]{24,}/g;

export function redact(text: string, action: Action): string {
  let out = text;
  for (const value of shownValues(action)) out = withoutCut(out.replaceAll(value, HIDDEN), value);
  for (const [shape, by] of SHAPES) out = out.replace(shape, by);
  return out.replace(LOOKS_MADE, (word) => (looksMade(word) ? HIDDEN : word));
}

/** A value that the cut left the beginning of. */
function withoutCut(text: string, value: string): string {
  for (let length = value.length - 1; length >= MIN_VALUE; length--) {
    const begun = `${value.slice(0, length)}${CUT}`;
    if (text.includes(begun)) return text.replaceAll(begun, `${HIDDEN}${CUT}`);
  }
  return text;
}

function looksMade(word: string): boolean {
  if (/^[0-9a-f]{32,}$/i.test(word)) return true;
  return /[a-z]/.test(word) && /[A-Z]/.test(word) && /[0-9]/.test(word);
}

/** Longest first, so that a value inside another leaves no rest of it. */
function shownValues(action: Action): readonly string[] {
  if (action.kind !== 'exec') return [];
  return action.env
    .flatMap((entry) => {
      if (!('value' in entry) || PLAIN_NAMES.has(textIn(entry.name) ?? '')) return [];
      if (typeof entry.value === 'object' && 'attachment' in entry.value) return [];
      const value = textIn(entry.value);
      if (value === undefined || value.length < MIN_VALUE || PLAIN_VALUE.test(value)) return [];
      // As it is and as a title shows it.
      return [value, asciiText(value)];
    })
    .sort((a, b) => b.length - a.length);
}

const textIn = (raw: Parameters<typeof bytesOfRaw>[0]): string | undefined =>
  textOf(bytesOfRaw(raw));
