// Whoever reads what a command prints may go (`countersign log | head -1`), and that is no error: the command finishes its
// work in silence and exits as it would have, 0 where it worked. A line that could not be written for another reason is one.

import { errorCode } from '../state/errno.ts';
import { EXITS } from './exits.ts';

type Streams = Pick<NodeJS.Process, 'stdout' | 'stderr'>;

/**
 * From here on no write to the two ends the process. The result gives the exit status for a command that ended with
 * `status`: a result that a full disk has swallowed is not a success.
 */
export function outliveReaders({ stdout, stderr }: Streams): (status: number) => number {
  let lost: string | undefined;
  // Our own words alone: nobody is left to be told that they were lost.
  stderr.on('error', () => {});
  stdout.on('error', (error) => {
    // Later writes to it say that it is destroyed; the first error is why.
    lost ??= errorCode(error);
  });
  return (status) => {
    if (lost === undefined || lost === 'EPIPE') return status;
    stderr.write(`countersign: what it printed could not be written (${lost})\n`);
    return status === 0 ? EXITS.notWritten : status;
  };
}
