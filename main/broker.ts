// Entry: the broker, as its own process.

import { runBroker } from './broker/run-broker.ts';
import { onParentEnd, parentPort } from './hosts/processes/parent-port.ts';

const port = parentPort();
const argv = process.argv.slice(2);
if (port === undefined) await runBroker(argv);
else {
  await runBroker(argv, (end) => onParentEnd(port, end));
  // Its port keeps such a process: one that did not start ends here, once its sentence is out.
  if (process.exitCode !== undefined) process.stderr.write('', () => process.exit());
}
