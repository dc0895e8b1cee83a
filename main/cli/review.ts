// `countersign review`: decide in this terminal, with the app that runs or with one of its own.

import { composeApp } from '../app/compose.ts';
import type { Machine } from '../hosts/processes/machine.ts';
import { reviewInTerminal } from '../hosts/terminal/run.ts';

export const reviewCommand = (machine: Machine): Promise<number> =>
  reviewInTerminal(machine, composeApp);
