// `countersign start`: the reviewer's app; a second one brings the first forward.

import { composeApp } from '../app/compose.ts';
import { runBrowserHost } from '../hosts/browser/run.ts';
import type { Machine } from '../hosts/processes/machine.ts';

export const startCommand = (machine: Machine): Promise<number> =>
  runBrowserHost(machine, composeApp);
