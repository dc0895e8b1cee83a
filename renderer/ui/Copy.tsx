// A line to be typed somewhere else, with a button that copies it.

import type { ReactNode } from 'react';
import { SHELL } from '../words/shell.ts';
import { Button } from './Button.tsx';
import css from './Copy.module.css';
import { useCopy } from './use-copy.ts';

export function Copy({ line }: { line: string }): ReactNode {
  const { place, came, copy } = useCopy<HTMLElement>(line);
  return (
    <span className={css['copy']}>
      <code ref={place}>{wordsOf(line)}</code>
      <Button look="link" label={`${SHELL.copy}: ${line}`} onPress={() => void copy()}>
        {came === undefined ? SHELL.copy : SHELL[came]}
      </Button>
    </span>
  );
}

/** A word stays whole: its line ends at a space and never inside of `--`. */
const wordsOf = (line: string): readonly ReactNode[] =>
  Array.from(line.matchAll(/\s+|\S+/g), ({ 0: word, index }) =>
    word.trim() === '' ? word : <span key={index}>{word}</span>,
  );
