// A program for awk. Only a part of the language is understood: patterns, fields, arithmetic, strings and print. Inside
// that part nothing can run, read or write anything; whatever is outside of it is code.

import { can, type Findings, mark, mayParse, unknown } from './findings.ts';
import { evidence } from './opaque.ts';

const TOKEN =
  /\s+|#[^\n]*|"(?:[^"\\\n]|\\.)*"|\d+(?:\.\d+)?|[A-Za-z_]\w*|\$|&&|\|\||[!=<>]=?|!?~|\+\+|--|[-+*/%^]=?|[?:;,(){}[\]]|\n/y;
const REGEX = /\/(?:[^/\\\n[]|\\.|\[(?:[^\]\\\n]|\\.)*\])*\//y;
const WORDS = new Set(
  'BEGIN END print printf if else while for do in next exit break continue delete return function func length substr index split sub gsub match sprintf tolower toupper int sqrt sin cos log exp rand srand NF NR FNR FS OFS ORS RS FILENAME SUBSEP RSTART RLENGTH CONVFMT OFMT gensub strftime systime'.split(
    ' ',
  ),
);

export function awkCode(found: Findings, code: string): void {
  if (mayParse(found, code.length) && harmless(code)) return;
  mark(found, 'inlineCode');
  can(found, 'execute');
  unknown(found, 'code');
  evidence(found, code);
}

function harmless(code: string): boolean {
  let at = 0;
  let operand = false;
  let printing = false;
  while (at < code.length) {
    const regex: string | undefined | false = !operand && match(REGEX, code, at);
    const token: string | undefined = regex || match(TOKEN, code, at);
    if (!token) return false;
    at += token.length;
    if (/^[\s#]/.test(token)) {
      if (token.includes('\n')) printing = false;
      continue;
    }
    if (/^[A-Za-z_]/.test(token) && !known(token, code, at)) return false;
    if (/^printf?$/.test(token)) printing = true;
    else if (/^[;{}]$/.test(token)) printing = false;
    // After print, `>` names a file.
    if (printing && token === '>') return false;
    operand = /^[\w$")\]/]/.test(token) && !/^(print|printf|return|in|else|do)$/.test(token);
    if (token === '$') operand = false;
  }
  return true;
}

/** A name followed by a parenthesis is called: only functions that compute may be. */
const known = (name: string, code: string, at: number): boolean => {
  if (/^(system|getline|close|fflush|eval|extension|load|include|namespace)$/.test(name))
    return false;
  return WORDS.has(name) || code[at] !== '(';
};

function match(pattern: RegExp, text: string, at: number): string | undefined {
  const here = new RegExp(pattern.source, 'y');
  here.lastIndex = at;
  return here.exec(text)?.[0];
}
