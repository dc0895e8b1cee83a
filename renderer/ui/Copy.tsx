// A line to be typed somewhere else, with a button that copies it. Where the system forbids that, the line is selected.

import { type ReactNode, useRef, useState } from 'react';
import { SHELL } from '../words/shell.ts';
import { Button } from './Button.tsx';
import css from './Copy.module.css';

export function Copy({ line }: { line: string }): ReactNode {
  const code = useRef<HTMLElement>(null);
  const [came, setCame] = useState<'copied' | 'selected'>();
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(line);
      setCame('copied');
    } catch {
      if (code.current !== null) window.getSelection()?.selectAllChildren(code.current);
      setCame('selected');
    }
  };
  return (
    <span className={css['copy']}>
      <code ref={code}>{wordsOf(line)}</code>
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
