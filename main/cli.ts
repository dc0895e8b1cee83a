// Entry of the command line.

import { thisMachine } from './hosts/processes/machine.ts';
import { outliveReaders } from './cli/closed-pipe.ts';
import { main } from './cli/main.ts';

const exitOf = outliveReaders(process);
process.exitCode = exitOf(
  await main(process.argv.slice(2), process, thisMachine(import.meta.dirname)),
);
