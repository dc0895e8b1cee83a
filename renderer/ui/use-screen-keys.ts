// The keys of a screen that one only looks at: back to the desk, to the history, and which keys there are.

import { useEffect } from 'react';
import { useDesk } from '../store/context.ts';
import { isTyping } from './is-typing.ts';

export function useScreenKeys(): void {
  const { view } = useDesk();
  useEffect(() => {
    const down = (event: KeyboardEvent): void => {
      if (isTyping(event)) return;
      if (event.key === 'Escape') view.setState({ screen: 'desk' });
      if (event.key === 'h') view.setState({ screen: 'history' });
      if (event.key === '?') view.setState({ help: true });
    };
    document.addEventListener('keydown', down);
    return () => document.removeEventListener('keydown', down);
  }, [view]);
}
