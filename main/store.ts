// Entry of the store's process: `store.js FILE [reader]`, started by the app with a channel or a port.

import { parentChannel, serveStore } from './app/store/child.ts';
import { parentPort, portChannel } from './hosts/processes/parent-port.ts';

const [path, use] = process.argv.slice(2);
const port = parentPort();
if (path === undefined || (port === undefined && process.send === undefined)) {
  process.stderr.write('countersign: the store is started by the app\n');
  process.exitCode = 64;
} else {
  const channel = port === undefined ? parentChannel() : portChannel(port, process.exit);
  serveStore(path, channel, use === 'reader' ? 'reader' : 'keeper');
}
