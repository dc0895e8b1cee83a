// Words to look for. The question is asked a moment after the last key, not at each one.

import { type ReactNode, type RefObject, useEffect, useState } from 'react';
import { useDesk, useView } from '../../store/context.ts';
import { HISTORY } from '../../words/history.ts';
import css from './history.module.css';

const REST_MS = 120;

export function SearchBox({ field }: { field: RefObject<HTMLInputElement | null> }): ReactNode {
  const { view } = useDesk();
  const asked = useView((state) => state.query.text);
  const [text, setText] = useState(asked);
  const [known, setKnown] = useState(asked);
  if (known !== asked) {
    // A saved view, or "clear all", has put other words here.
    setKnown(asked);
    setText(asked);
  }
  useEffect(() => {
    if (text === asked) return;
    const timer = setTimeout(() => {
      setKnown(text);
      // Words find requests: where only entries are shown, the list of requests comes up.
      view.setState(({ query, tab }) => ({
        query: { ...query, text },
        tab: tab === 'entries' ? 'requests' : tab,
      }));
    }, REST_MS);
    return () => clearTimeout(timer);
  }, [view, text, asked]);
  return (
    <input
      ref={field}
      type="search"
      className={css['search']}
      aria-label={HISTORY.search}
      aria-keyshortcuts="/"
      placeholder={HISTORY.searchHint}
      spellCheck={false}
      maxLength={500}
      value={text}
      onChange={(event) => setText(event.target.value)}
    />
  );
}
