// A guard's `run` as a process that ends itself with signal 9 at its n-th call to a port after the request was held. The
// ports are the only thing that differs: what is killed is the product. argv: the state folder, n. Without n it says how
// many such calls there are.

import { writeSync } from 'node:fs';
import { invariant } from '../../shared/result.ts';
import { openIdentity } from '../../main/guard/state/identity.ts';
import { systemClock, systemTimers } from '../../main/link/system-ports.ts';
import { openHome } from '../../main/state/home.ts';
import { systemRandom } from '../../main/trust/digest.ts';
import type { GuardWorld } from '../kit/guard-world.ts';
import { heldRun } from '../kit/held-run.ts';

const [, , root = '', point] = process.argv;
const home = openHome(root, { uid: process.getuid?.(), create: false });
invariant(home.ok, 'the folder is a home');
const identity = openIdentity(home.value, systemRandom);
invariant(identity.ok, 'the guard has an identity');

let held = false;
let calls = 0;
const step = (): void => {
  if (!held) return;
  calls += 1;
  if (String(calls) === point) process.kill(process.pid, 'SIGKILL');
};
const stepped =
  <A extends readonly unknown[], R>(call: (...args: A) => R) =>
  (...args: A): R => {
    step();
    return call(...args);
  };

const { end } = await heldRun(
  // A run takes nothing of a world but these two.
  { home: home.value, identity: identity.value } as GuardWorld,
  { told: [] },
  {
    onMeasure: step,
    on: (event) => {
      held ||= event.what === 'held';
      step();
    },
    ports: {
      clock: { now: stepped(systemClock.now), monotonic: stepped(systemClock.monotonic) },
      timers: { after: stepped(systemTimers.after) },
      start: {
        self: { ...signalSource(), umask: steppedMask },
        terminal: false,
        stdout: 2,
        stderr: 2,
      },
    },
  },
);
writeSync(1, `${end.how} ${calls}\n`);
process.exit(0);

function steppedMask(mask?: number | string): number {
  step();
  return mask === undefined ? process.umask() : process.umask(mask);
}

function signalSource() {
  return { on: stepped(process.on.bind(process)), off: stepped(process.off.bind(process)) };
}
