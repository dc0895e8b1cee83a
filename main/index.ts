// Entry of the app in Electron: the product's window, tray and notifications. Nothing is awaited here, because Electron
// becomes ready only after its entry has ended.

import { composeApp } from './app/compose.ts';
import { startElectronHost } from './hosts/electron/run.ts';
import { thisMachine } from './hosts/processes/machine.ts';

startElectronHost(thisMachine(import.meta.dirname), composeApp);
