// Puts a line on the clipboard. Where the system forbids that, the line is selected, for the person to copy it.

import { type RefObject, useRef, useState } from 'react';

type Copying<T> = {
  /** Where the line stands. */
  readonly place: RefObject<T | null>;
  readonly came: 'copied' | 'selected' | undefined;
  readonly copy: () => Promise<void>;
};

export function useCopy<T extends HTMLElement>(line: string): Copying<T> {
  const place = useRef<T>(null);
  const [came, setCame] = useState<'copied' | 'selected'>();
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(line);
      setCame('copied');
    } catch {
      if (place.current !== null) window.getSelection()?.selectAllChildren(place.current);
      setCame('selected');
    }
  };
  return { place, came, copy };
}
