// The keys of an open card: a approves (held, where the tier asks for a hold; never for critical), d denies,
// Space brings the next unread line into view.

import { useEffect, useRef } from 'react';
import type { Tier } from '../../../shared/domain/tier.ts';
import { isTyping } from '../../ui/is-typing.ts';

/** `detail`: 'down' or 'up'. Heard by the hold button. */
export const HOLD_KEY_EVENT = 'countersign:hold';

type CardKeys = {
  readonly tier: Tier;
  readonly off: boolean;
  readonly press: () => void;
  readonly deny: () => void;
  readonly showNext: () => void;
  /** Opens the editor of a change; it sends nothing. */
  readonly change: () => void;
};

export function useCardKeys(keys: CardKeys): void {
  const latest = useRef(keys);
  useEffect(() => {
    latest.current = keys;
  });
  useEffect(() => {
    const down = (event: KeyboardEvent): void => {
      if (!event.isTrusted || event.repeat || isTyping(event)) return;
      if (act(event, latest.current)) event.preventDefault();
    };
    const up = (event: KeyboardEvent): void => {
      if (event.key === 'a') hold('up');
    };
    document.addEventListener('keydown', down);
    document.addEventListener('keyup', up);
    return () => {
      document.removeEventListener('keydown', down);
      document.removeEventListener('keyup', up);
    };
  }, []);
}

function act(event: KeyboardEvent, keys: CardKeys): boolean {
  switch (event.key) {
    case 'a':
      if (keys.tier === 'high') hold('down');
      else if (keys.tier !== 'critical' && !keys.off) keys.press();
      return true;
    case 'd':
      keys.deny();
      return true;
    case 'c':
      keys.change();
      return true;
    case ' ':
      if (event.target instanceof HTMLElement && event.target.closest('button, summary, a'))
        return false;
      keys.showNext();
      return true;
    default:
      return false;
  }
}

const hold = (detail: 'down' | 'up'): void =>
  void document.dispatchEvent(new CustomEvent(HOLD_KEY_EVENT, { detail }));
