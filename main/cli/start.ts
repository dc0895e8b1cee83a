// `countersign start`: the reviewer's app; a second one brings the first forward. A join that the command line has left
// waiting is not overtaken: an app beside it would make an organisation of its own.

import { composeApp } from '../app/compose.ts';
import { JOIN_WAITS } from '../app/join.ts';
import { runBrowserHost } from '../hosts/browser/run.ts';
import type { Machine } from '../hosts/processes/machine.ts';
import { EXITS } from './exits.ts';
import { leftWaiting } from './join/waiting.ts';

export async function startCommand(machine: Machine): Promise<number> {
  if (!leftWaiting(machine)) return runBrowserHost(machine, composeApp);
  machine.terminal.errors.write(`countersign: ${JOIN_WAITS}\n`);
  return EXITS.notConfigured;
}
