// Entry of the store's process: `store.js FILE [reader]`, forked by the app with a channel.

import { parentChannel, serveStore } from './app/store/child.ts';

const [path, use] = process.argv.slice(2);
if (path === undefined || process.send === undefined) {
  process.stderr.write('countersign: the store is started by the app\n');
  process.exitCode = 64;
} else {
  serveStore(path, parentChannel(), use === 'reader' ? 'reader' : 'keeper');
}
