// What this window alone knows: which screen, which request, which dialog. Never a copy of main's state.

import { createStore, type StoreApi } from 'zustand/vanilla';

export type View = {
  readonly screen: 'desk' | 'history';
  /** Digest of the request whose card is shown. */
  readonly selected: string | undefined;
  /** In a narrow window: the card covers the list once a person has opened it. */
  readonly opened: boolean;
  readonly filter: string;
  readonly help: boolean;
  /** Digest of the request whose story history shows. */
  readonly story: string | undefined;
  /** Looking at the desk while the key is locked. */
  readonly looking: boolean;
  /** Spoken by the polite live region. */
  readonly said: string;
};

export const createView = (): StoreApi<View> =>
  createStore<View>(() => ({
    screen: 'desk',
    selected: undefined,
    opened: false,
    filter: '',
    help: false,
    story: undefined,
    looking: false,
    said: '',
  }));
