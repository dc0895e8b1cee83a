// Starts what was approved, once, without a shell: by the descriptor that was hashed where the system can, in the
// held folder, with exactly the approved words, environment and mask, on the guard's own terminal. Nothing but
// descriptors 0 to 2 reaches the child: those that this process inherited beyond them are closed here for good.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as after } from 'node:timers/promises';
import type { RefusalCode } from '../../../shared/domain/refusals.ts';
import { fail, invariant, ok, type Result } from '../../../shared/result.ts';
import { currentUmask } from './ambient.ts';
import { fdPath } from './capability.ts';
import { closeInherited } from './inherited.ts';
import { lastLook, startFolder } from './last-look.ts';
import { errorCode, type Measured } from './measure.ts';
import type { Outcome } from './outcome.ts';
import { type Copies, copyProgram, type NamedInput } from './private-copy.ts';
import { holdSignals, type SignalSource } from './signals.ts';
import type { World } from './world.ts';

/** A refusal: the world moved after the second measurement. 126 and 127: the kernel would not start it. */
export type StartCode = RefusalCode | 'notFound' | 'notExecutable' | 'interrupted';

export type StartOptions = {
  readonly self: SignalSource & Pick<NodeJS.Process, 'umask'>;
  /** A terminal is among our descriptors 0 to 2, so that its keyboard reaches the child by itself. */
  readonly terminal: boolean;
  /** The guard's own descriptors for the child's 1 and 2. */
  readonly stdout: number;
  readonly stderr: number;
  /** True once a signal has come that the command was not there to get. */
  readonly interrupted?: () => boolean;
};

export type Started = {
  readonly pid: number;
  /** Resolves once, after the signals are ours again and private copies are gone. */
  readonly ended: Promise<Outcome>;
};

/** Call after `remeasure` found no change. The caller releases the world after `ended`. */
export async function start(
  world: World,
  options: StartOptions,
): Promise<Result<Started, StartCode>> {
  const { program } = world.held;
  const copies = world.spec.strict
    ? await copyProgram(program, namedInputs(world), world.spec.scratch)
    : undefined;
  if (copies && !copies.ok) return copies;
  const plan: Plan = copies?.value ?? { starts: program.starts, args: program.args };
  const remove = copies?.value.remove ?? (async () => {});
  if (options.interrupted?.()) {
    await remove();
    return fail('interrupted');
  }
  const post = signalPost();
  const release = holdSignals(options.self, options.terminal, post.pass);
  const launched = await launch(world, plan, options);
  if (!launched.ok) {
    release();
    await remove();
    return launched;
  }
  post.deliverTo(launched.value.child);
  const ended = launched.value.ended.then(async (outcome) => {
    release();
    await remove();
    return outcome;
  });
  return ok({ pid: launched.value.pid, ended });
}

const namedInputs = (world: World): NamedInput[] =>
  world.held.inputs.map((measured, i) => ({ word: world.spec.inputs[i] ?? '', measured }));

// A signal that comes while copies are made waits for its child.
function signalPost() {
  const early: NodeJS.Signals[] = [];
  const to: ChildProcess[] = [];
  return {
    pass(signal: NodeJS.Signals): void {
      if (to.length === 0) early.push(signal);
      for (const child of to) child.kill(signal);
    },
    deliverTo(child: ChildProcess): void {
      to.push(child);
      for (const signal of early) child.kill(signal);
    },
  };
}

type Plan = Pick<Copies, 'starts' | 'args'>;

type Launched = {
  readonly child: ChildProcess;
  readonly pid: number;
  readonly ended: Promise<Outcome>;
};

const BUSY_RETRIES = 5;

async function launch(
  world: World,
  plan: Plan,
  options: StartOptions,
): Promise<Result<Launched, StartCode>> {
  closeInherited();
  for (let attempt = 0; ; attempt++) {
    const launched = await spawnOnce(world, plan, options);
    if (typeof launched === 'object' && 'refusal' in launched) return fail(launched.refusal);
    if (typeof launched !== 'string') return ok(launched);
    // Somebody writes the program. For a copy it is a fork of ours that still holds the writer, for a moment.
    const busy = launched === 'ETXTBSY';
    if (busy && !world.spec.strict) return fail('programChanged');
    if (!busy || attempt === BUSY_RETRIES) {
      const code = launched === 'ENOENT' ? 'notFound' : 'notExecutable';
      return fail(code, `${plan.starts.path}: ${launched}`);
    }
    await after(5);
  }
}

/** A string is the code of execve's failure. Node throws some (E2BIG, ETXTBSY) and emits the others. */
async function spawnOnce(
  world: World,
  plan: Plan,
  options: StartOptions,
): Promise<Launched | { readonly refusal: RefusalCode } | string> {
  try {
    const child = lookAndSpawn(world, plan, options);
    if (typeof child === 'string') return { refusal: child };
    const ended = ending(child);
    // libuv has execve's answer before spawn() returns; Node tells it on the next tick.
    if (child.pid === undefined) await once(child, 'spawn');
    else child.on('error', () => {}); // A signal that could not be sent: the child has gone.
    invariant(child.pid !== undefined, 'a child that was started has a pid');
    return { child, pid: child.pid, ended };
  } catch (error) {
    const code = errorCode(error);
    if (code === undefined) throw error;
    return code;
  }
}

// Nothing that takes time stands between the look and the spawn: that time is the window.
function lookAndSpawn(world: World, plan: Plan, options: StartOptions): ChildProcess | RefusalCode {
  const { self } = options;
  const mask = Number.parseInt(world.action.umask, 8);
  const other = currentUmask(self) !== mask;
  const before = other ? self.umask(mask) : mask;
  const env = world.held.environment.childEnv;
  try {
    const refusal = lastLook(world);
    if (refusal) return refusal;
    return spawn(startPath(world, plan.starts), [...plan.args], {
      argv0: world.held.program.argv0,
      cwd: startFolder(world),
      // Node copies its own NODE_V8_COVERAGE into every child that has no such member.
      env: { ...env, NODE_V8_COVERAGE: env['NODE_V8_COVERAGE'] },
      stdio: [stdinOf(world), options.stdout, options.stderr],
      shell: false,
      detached: false,
    });
  } finally {
    if (other) self.umask(before);
  }
}

const startPath = (world: World, starts: Measured): string =>
  world.capability === 'descriptor' ? fdPath(starts.handle.fd) : starts.path;

function stdinOf(world: World): number | 'ignore' {
  const { feeds } = world.stdin;
  if (!feeds) return 'ignore';
  return 'copy' in feeds ? feeds.copy.fd : feeds.fd;
}

function ending(child: ChildProcess): Promise<Outcome> {
  return new Promise((settle) => {
    child.once('exit', (code, signal) => settle(signal ? { signal } : { code: code ?? 1 }));
  });
}
