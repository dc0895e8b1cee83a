// What this window alone knows: which screen, which request, which dialog. Never a copy of main's state.

import { createStore, type StoreApi } from 'zustand/vanilla';
import type { HistoryFilters } from '../../shared/ipc/history.ts';

export type ScreenName = 'desk' | 'granted' | 'history' | 'settings';

/** What history is asked for: words and filters, as the contract has them. */
export type Query = { readonly text: string; readonly filters: HistoryFilters };
export const EVERYTHING: Query = { text: '', filters: {} };

export type View = {
  readonly screen: ScreenName;
  /** Digest of the request whose card is shown. */
  readonly selected: string | undefined;
  /** In a narrow window: the card covers the list once a person has opened it. */
  readonly opened: boolean;
  readonly filter: string;
  readonly help: boolean;
  /** Digest of the request whose story history shows. */
  readonly story: string | undefined;
  /** What history looks for, and how it is shown; kept while another screen is on. */
  readonly query: Query;
  readonly tab: 'requests' | 'charts' | 'entries';
  /** The three steps of a first run were put away. */
  readonly stepsHidden: boolean;
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
    query: EVERYTHING,
    tab: 'requests',
    stepsHidden: false,
    looking: false,
    said: '',
  }));
