// Entry of the command line.

import { thisMachine } from './hosts/processes/machine.ts';
import { main } from './cli/main.ts';

process.exitCode = await main(process.argv.slice(2), process, thisMachine(import.meta.dirname));
