// Whether the window has room for one pane only. The same width as in desk.module.css.

import { useSyncExternalStore } from 'react';

const QUERY = '(max-width: 759px)';

function subscribe(changed: () => void): () => void {
  const query = window.matchMedia(QUERY);
  query.addEventListener('change', changed);
  return () => query.removeEventListener('change', changed);
}

export const useNarrow = (): boolean =>
  useSyncExternalStore(subscribe, () => window.matchMedia(QUERY).matches);
