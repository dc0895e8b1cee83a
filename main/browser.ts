// Entry of the app with its window on a loopback page: what `npm start` runs.

import { composeApp } from './app/compose.ts';
import { runBrowserHost } from './hosts/browser/run.ts';
import { thisMachine } from './hosts/processes/machine.ts';

process.exit(await runBrowserHost(thisMachine(import.meta.dirname), composeApp));
