// What every screen is handed: the bridge and the two stores. There is no other way to reach them.

import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import type { StoreApi } from 'zustand/vanilla';
import type { Bridge } from '../../shared/ipc/contract.ts';
import { invariant } from '../../shared/result.ts';
import type { Mirror } from './mirror.ts';
import type { View } from './view.ts';

export type Desk = {
  readonly bridge: Bridge;
  readonly mirror: StoreApi<Mirror>;
  readonly view: StoreApi<View>;
};

export const WindowContext = createContext<Desk | undefined>(undefined);

export function useDesk(): Desk {
  const desk = useContext(WindowContext);
  invariant(desk, 'a screen outside the window');
  return desk;
}

export const useMirror = <T>(select: (mirror: Mirror) => T): T =>
  useStore(useDesk().mirror, select);

export const useView = <T>(select: (view: View) => T): T => useStore(useDesk().view, select);
