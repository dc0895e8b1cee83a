// A word of shell text as its program will get it, as far as that can be known: quoting removed, home folders written
// `~`, patterns marked, and every expansion that depends on something else not known.

import type { Word as ShellWord, WordPart } from 'unbash';
import { type Word, literal } from './word.ts';

export function shellWord(word: ShellWord): Word {
  if (word.parts === undefined) return literal(word.value);
  let known = true;
  let pattern = false;
  let text = '';
  const add = (part: WordPart): void => {
    switch (part.type) {
      case 'Literal':
      case 'SingleQuoted':
      case 'AnsiCQuoted':
        text += part.value;
        return;
      case 'DoubleQuoted':
      case 'LocaleString':
        for (const child of part.parts) add(child);
        return;
      case 'Glob':
      case 'ExtendedGlob':
      case 'BraceExpansion':
        pattern = true;
        text += part.type === 'Glob' ? part.text : '*';
        return;
      default:
        if (/^\$(HOME|\{HOME\})$/.test(part.text) && text === '') text += '~';
        else if (/^\$(PWD|\{PWD\})$/.test(part.text) && text === '') text += '.';
        else {
          known = false;
          text += '$';
        }
    }
  };
  for (const part of word.parts) add(part);
  return { text, known, pattern };
}
