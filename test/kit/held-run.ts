// The real `run`, up to its last step: a measured command, a state folder, a socket, and a count of how often it ran.

import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import { type RunEnd, type RunEvent, type RunPorts, runHeld } from '../../main/guard/run.ts';
import { releaseWorld } from '../../main/guard/exec/world.ts';
import { systemClock, systemTimers } from '../../main/link/system-ports.ts';
import { systemRandom } from '../../main/trust/digest.ts';
import { type Command, type GuardWorld, markerCommand } from './guard-world.ts';
import { owedBy, type Told } from './hostile-broker.ts';

export type HeldRun = {
  readonly end: RunEnd;
  /** How often the command ran. */
  readonly ran: number;
  /** What the guard told the log, or still owes it. */
  readonly accounted: readonly Told[];
  readonly events: readonly RunEvent[];
};

export type HeldOptions = {
  readonly ttlMs?: number;
  readonly reachMs?: number;
  readonly on?: (event: RunEvent, self: EventEmitter) => void;
  /** After the first measurement, before the request. */
  readonly before?: (command: Command) => void;
  /** At each measurement: the first to ask, the second to act. */
  readonly onMeasure?: () => void;
  readonly ports?: Partial<RunPorts>;
  readonly agent?: string;
};

export async function heldRun(
  world: GuardWorld,
  broker: { readonly told: readonly Told[] },
  options: HeldOptions = {},
): Promise<HeldRun> {
  const command = await markerCommand(world.home, options.onMeasure);
  options.before?.(command);
  const events: RunEvent[] = [];
  const self = new EventEmitter();
  try {
    const end = await runHeld(
      command.world,
      {
        agent: {
          id: options.agent ?? 'claude',
          session: 's1',
          onBehalfOf: 'carol',
          authn: 'declared',
        },
        mode: 'run',
        reason: 'nightly export',
        narrative: '',
        trigger: '',
        ttlMs: options.ttlMs ?? 20_000,
      },
      {
        home: world.home,
        identity: world.identity,
        clock: systemClock,
        timers: systemTimers,
        random: systemRandom,
        version: 'test',
        tell: (event) => {
          events.push(event);
          options.on?.(event, self);
        },
        start: { self: process, terminal: false, stdout: 1, stderr: 2 },
        // An emitter is what of a process is used here: nobody signals the test's own.
        self: self as unknown as RunPorts['self'],
        reachMs: options.reachMs ?? 10_000,
        ...options.ports,
      },
    );
    const accounted = [...broker.told, ...owedBy(world.home)];
    return { end, ran: timesRun(command), accounted, events };
  } finally {
    await releaseWorld(command.world);
    command.close();
  }
}

const timesRun = ({ ran, marker }: Command): number =>
  ran() ? readFileSync(marker, 'utf8').length : 0;
