// Eight words to be read aloud: large, in reading order, and one line for whoever copies or listens to them.

import { type ReactNode, useId } from 'react';
import { Button } from '../../ui/Button.tsx';
import { useCopy } from '../../ui/use-copy.ts';
import { WAITING } from '../../words/joining.ts';
import { SHELL } from '../../words/shell.ts';
import css from './joining.module.css';

type KeyWordsProps = { readonly title: string; readonly words: string };

export function KeyWords({ title, words }: KeyWordsProps): ReactNode {
  const id = useId();
  const { place, came, copy } = useCopy<HTMLParagraphElement>(words);
  return (
    <section className={css['key']} aria-labelledby={id}>
      <div className={css['head']}>
        <h2 id={id}>{title}</h2>
        <Button look="link" label={`${WAITING.copy}: ${title}`} onPress={() => void copy()}>
          {came === undefined ? SHELL.copy : SHELL[came]}
        </Button>
      </div>
      <p className={css['words']} ref={place}>
        {wordsOf(words)}
      </p>
    </section>
  );
}

/** By place: a word may stand twice. */
const wordsOf = (words: string): readonly ReactNode[] =>
  Array.from(words.matchAll(/\s+|\S+/g), ({ 0: word, index }) =>
    word.trim() === '' ? word : <span key={index}>{word}</span>,
  );
