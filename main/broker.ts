// Entry: the broker, as its own process.

import { runBroker } from './broker/run-broker.ts';

await runBroker(process.argv.slice(2));
