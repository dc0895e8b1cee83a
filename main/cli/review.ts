// `countersign review`: decide in this terminal, with the app that runs or with one of its own. As `start`, it overtakes no
// join that waits.

import { composeApp } from '../app/compose.ts';
import { JOIN_WAITS } from '../app/join.ts';
import type { Machine } from '../hosts/processes/machine.ts';
import { reviewInTerminal } from '../hosts/terminal/run.ts';
import { EXITS } from './exits.ts';
import { leftWaiting } from './join/waiting.ts';

export async function reviewCommand(machine: Machine): Promise<number> {
  if (!leftWaiting(machine)) return reviewInTerminal(machine, composeApp);
  machine.terminal.errors.write(`countersign: ${JOIN_WAITS}\n`);
  return EXITS.notConfigured;
}
