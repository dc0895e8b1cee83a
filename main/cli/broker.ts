// `countersign broker`: the broker of a team, in this process.

import { runBroker } from '../broker/run-broker.ts';

/** The exit status, where it does not go on. */
export async function brokerCommand(words: readonly string[]): Promise<number> {
  await runBroker(words);
  return Number(process.exitCode ?? 0);
}
