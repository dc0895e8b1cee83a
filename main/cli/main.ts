// Which command was meant. Each is loaded when it is asked for, so that `run` starts without the app or its database.

import type { Machine } from '../hosts/processes/machine.ts';
import { EXITS } from './exits.ts';
import { USAGE } from './voice.ts';

/** The exit status. */
export async function main(
  words: readonly string[],
  self: NodeJS.Process,
  machine: Machine,
): Promise<number> {
  const [command, ...rest] = words;
  switch (command) {
    case 'run':
      return (await import('./run.ts')).runCommand(rest, self, machine.version);
    case 'log':
      return (await import('./log.ts')).logCommand(rest, machine);
    case 'evidence':
      return (await import('./evidence.ts')).evidenceCommand(rest, machine);
    case 'verify':
      return (await import('./verify.ts')).verifyCommand(rest, machine.terminal);
    case 'policy':
      return (await import('./policy.ts')).policyCommand(rest, machine);
    case 'review':
      return (await import('./review.ts')).reviewCommand(machine);
    case 'erase':
      return (await import('./erase.ts')).eraseCommand(rest, machine);
    case 'start':
      return (await import('./start.ts')).startCommand(machine);
    case 'keyring':
      return (await import('./keyring/command.ts')).keyringCommand(rest, machine);
    case 'join':
      return (await import('./join/command.ts')).joinCommand(rest, machine);
    case 'guard':
      return (await import('./join/command.ts')).guardCommand(rest, machine);
    case 'rota':
      return (await import('./rota.ts')).rotaCommand(rest, machine);
    case 'broker':
      return (await import('./broker.ts')).brokerCommand(rest);
    case 'help':
    case '--help':
    case '-h':
      self.stdout.write(USAGE);
      return 0;
    case 'version':
    case '--version':
      self.stdout.write(`${machine.version}\n`);
      return 0;
    default:
      self.stderr.write(
        `countersign: ${command === undefined ? 'no command' : `no command ${JSON.stringify(command)}`}\n${USAGE}`,
      );
      return EXITS.usage;
  }
}
