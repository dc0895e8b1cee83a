// The broker as a process: where its state is, one line on stdout once it listens, and how it ends: SIGTERM, SIGINT, or
// what ties it to the parent that bundled it. A second signal forces.

import { parseArgs } from 'node:util';
import { systemRandom } from '../trust/digest.ts';
import { readBrokerHome } from './open-home.ts';
import { systemClock, systemTimers } from './ports.ts';
import { type RunningBroker, startBroker } from './start-broker.ts';

/** Calls once when the parent asks for the end or has gone, however it went. */
export type ParentTie = (end: () => void) => void;

/** Exit codes: 64 usage, 78 not set up, 69 could not start. */
export async function runBroker(
  argv: readonly string[],
  parent: ParentTie = parentPipe,
): Promise<void> {
  const given = flags(argv);
  if (given === undefined) {
    stop('usage: broker --home DIR [--host HOST] [--port PORT] [--parent-pipe]', 64);
    return;
  }
  const files = readBrokerHome(given.home);
  if (!files.ok) {
    stop(files.detail ?? files.code, 78);
    return;
  }
  const started = await startBroker({
    ...files.value,
    listen: { host: given.host, port: given.port },
    clock: systemClock,
    timers: systemTimers,
    random: systemRandom,
    alarm: say,
  });
  if (!started.ok) {
    stop(`the broker can't start: ${started.detail ?? started.code}`, 69);
    return;
  }
  endWith(started.value, given.parentPipe ? parent : undefined);
  process.stdout.write(`${JSON.stringify({ listening: started.value.url })}\n`);
}

function endWith(broker: RunningBroker, parent: ParentTie | undefined): void {
  let asked = false;
  const end = (): void => {
    if (asked) process.exit(1);
    asked = true;
    void broker.stop().then(() => process.exit(0));
  };
  process.on('SIGTERM', end);
  // A Ctrl-C in the terminal may reach the whole group: it is for the parent, which stops its parts in order.
  process.on('SIGINT', parent === undefined ? end : () => {});
  parent?.(() => {
    if (!asked) end();
  });
}

/** The pipe closes with the parent, however that died. Its end and its error may both be told. */
const parentPipe: ParentTie = (end) => {
  process.stdin.once('close', end);
  process.stdin.once('error', () => process.stdin.destroy());
  process.stdin.resume();
};

function flags(argv: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        home: { type: 'string' },
        host: { type: 'string', default: '127.0.0.1' },
        port: { type: 'string', default: '0' },
        'parent-pipe': { type: 'boolean', default: false },
      },
    });
    const port = /^\d{1,5}$/.test(values.port) ? Number(values.port) : -1;
    if (values.home === undefined || port < 0 || port > 65_535) return undefined;
    return { home: values.home, host: values.host, port, parentPipe: values['parent-pipe'] };
  } catch {
    // parseArgs throws for a flag it does not know.
    return undefined;
  }
}

const say = (line: string): void => {
  process.stderr.write(`countersign broker: ${line}\n`);
};

function stop(line: string, code: number): void {
  say(line);
  process.exitCode = code;
}
