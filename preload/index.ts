// The window's only door in Electron: one frozen object, `window.countersign`.

import { contextBridge, ipcRenderer } from 'electron';
import { makeBridge } from './bridge.ts';

contextBridge.exposeInMainWorld(
  'countersign',
  makeBridge({
    invoke: (channel, input) => ipcRenderer.invoke(channel, input),
    listen: (channel, listen) => {
      const told = (_event: unknown, payload: unknown): void => listen(payload);
      ipcRenderer.on(channel, told);
      return () => void ipcRenderer.off(channel, told);
    },
  }),
);
