// `countersign run`: parse, resolve the program, open the state, hold, run, end as the command ended.
// The program comes before the state: 127 is true whether or not this machine is configured.

import { readlinkSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';
import { join } from 'node:path';
import { mkdirSync } from 'node:fs';
import { isatty } from 'node:tty';
import { ambientOfProcess } from '../guard/exec/ambient.ts';
import { checkArgv, kernelCmdline } from '../guard/exec/argv.ts';
import { childEnvironment } from '../guard/exec/environment.ts';
import { throughNpm } from '../guard/exec/npm-traces.ts';
import { dieLike } from '../guard/exec/outcome.ts';
import { resolveProgram } from '../guard/exec/resolve.ts';
import { measureWorld, releaseWorld, searchPath, type World } from '../guard/exec/world.ts';
import { type RunEnd, type RunEvent, type RunPorts, runHeld } from '../guard/run.ts';
import { openIdentity } from '../guard/state/identity.ts';
import { systemClock, systemTimers } from '../link/system-ports.ts';
import { openHome, stateHome } from '../state/home.ts';
import { systemRandom } from '../trust/digest.ts';
import { rawOfText } from '../../shared/statement/text.ts';
import { EXITS, exitOf } from './exits.ts';
import { parseRun, type RunOptions } from './options.ts';
import { lineText } from '../../shared/statement/diff/lines.ts';
import { ending, progress, say, withoutSeconds } from './voice.ts';
import { whoAsks } from './who.ts';

export type RunResult = {
  readonly exit: number;
  readonly outcome?: Extract<RunEnd, { how: 'ran' | 'interrupted' }>;
};

const REACH_MS = 5_000;

export async function runCommand(
  words: readonly string[],
  self: NodeJS.Process,
  version: string,
): Promise<number> {
  const parsed = parseRun(words);
  if (!parsed.ok) return complain(self, EXITS.usage, say.usage(parsed.detail ?? parsed.code));
  const options = parsed.value;
  const early = checkProgram(options, self);
  if (early !== undefined) return early;

  const root = stateHome(self.env, self.platform, homedir());
  if (!root.ok) return complain(self, EXITS.notConfigured, say.broken(root.detail ?? root.code));
  const home = openHome(root.value, { uid: self.getuid?.(), create: false });
  if (!home.ok)
    return complain(
      self,
      EXITS.notConfigured,
      home.code === 'missing' ? say.noPin : say.broken(home.detail ?? home.code),
    );
  const identity = openIdentity(home.value, systemRandom);
  if (!identity.ok)
    return complain(
      self,
      EXITS.notConfigured,
      identity.code === 'noPin' ? say.noPin : say.broken(identity.detail ?? identity.code),
    );

  const scratch = join(home.value.guard, 'scratch');
  mkdirSync(scratch, { mode: 0o700, recursive: true });
  const world = await measureWorld({
    argv: options.argv,
    passes: { shown: options.env, secrets: options.secrets },
    inputs: options.inputs,
    stdin: { fd: 0, choice: options.stdin },
    strict: options.strict,
    secretKey: identity.value.secretKey,
    scratch,
    platform: self.platform,
    ambient: () => ambientOfProcess(self),
  });
  if (!world.ok) return worldFailed(self, world.code, world.detail ?? '');
  try {
    return await hold(world.value, options, self, {
      home: home.value,
      identity: identity.value,
      version,
    });
  } finally {
    await releaseWorld(world.value);
  }
}

/** What can be said without any state: lost bytes are 64, no such program 127, one that cannot be run 126. */
function checkProgram(options: RunOptions, self: NodeJS.Process): number | undefined {
  const argv = checkArgv(options.argv, {
    cmdline: kernelCmdline(),
    throughNpm: throughNpm(self.env),
  });
  if (!argv.ok) return complain(self, EXITS.usage, say.usage(argv.detail ?? argv.code));
  const passes = { shown: options.env, secrets: options.secrets };
  const environment = childEnvironment(self.env, passes, self.platform);
  if (!environment.ok)
    return complain(self, EXITS.usage, say.usage(environment.detail ?? environment.code));
  const name = options.argv[0] ?? '';
  const found = resolveProgram(name, {
    path: searchPath(environment.value, self.platform),
    cwd: self.cwd(),
    platform: self.platform,
  });
  if (found.ok) return undefined;
  return found.code === 'notFound'
    ? complain(self, EXITS.notFound, say.notFound(name))
    : complain(self, EXITS.notExecutable, say.notExecutable(name));
}

async function hold(
  world: World,
  options: RunOptions,
  self: NodeJS.Process,
  of: Pick<RunPorts, 'home' | 'identity' | 'version'>,
): Promise<number> {
  const agent = whoAsks(options, self.env, userInfo().username, terminalName(self));
  if (agent === undefined)
    return complain(self, EXITS.usage, say.usage('--agent and --session take one plain word each'));
  const talk = openTalk(self, options.json);
  const end = await runHeld(
    world,
    {
      agent,
      mode: 'run',
      reason: rawOfText(options.reason),
      narrative: '',
      trigger: '',
      ttlMs: options.ttlMs,
    },
    {
      ...of,
      clock: systemClock,
      timers: systemTimers,
      random: systemRandom,
      tell: talk.tell,
      start: { self, terminal: [0, 1, 2].some((fd) => isatty(fd)), stdout: 1, stderr: 2 },
      self,
      reachMs: REACH_MS,
      changes: options.changes,
    },
  );
  talk.end(end);
  if (end.how === 'ran' && 'signal' in end.outcome) await releaseAndDie(world, self, end.outcome);
  if (end.how === 'interrupted') await releaseAndDie(world, self, { signal: end.signal });
  return exitOf(end);
}

/** Whoever started us sees the signal itself, not a number. */
async function releaseAndDie(
  world: World,
  self: NodeJS.Process,
  outcome: { readonly signal: NodeJS.Signals },
) {
  await releaseWorld(world);
  dieLike(outcome, self);
}

/** Says each thing once: a broker that comes and goes, and who is being asked. */
function openTalk(self: NodeJS.Process, json: boolean) {
  let requestId = '';
  let digest = '';
  let last = '';
  let reached = false;
  /** Who is asked comes after that it is held, whichever is heard first. */
  let held = false;
  let asking: Parameters<RunPorts['tell']>[0] | undefined;
  const tell: RunPorts['tell'] = (event) => {
    if (event.what === 'asked') {
      ({ requestId, digest } = event);
      held = false;
      asking = undefined;
    }
    if (event.what === 'link' && event.state.kind === 'online' && !reached) {
      // Being there from the start is not news; coming back is.
      reached = true;
      return;
    }
    if (event.what === 'asking' && !held) {
      asking = event;
      return;
    }
    print(event);
    if (event.what !== 'held') return;
    held = true;
    if (asking) print(asking);
  };
  /** A fact of several lines names the program on each of them. */
  const write = (said: string): void => {
    for (const line of said.split('\n')) self.stderr.write(`countersign: ${line}\n`);
  };
  const print = (event: Parameters<RunPorts['tell']>[0]): void => {
    // Whoever reads JSON hears of a change too before anything else is asked in its place.
    if (json && event.what === 'changed')
      self.stderr.write(`${JSON.stringify({ how: 'changed', ...toldOf(event) })}\n`);
    const line = progress(event, digest);
    if (line === undefined || withoutSeconds(line) === last || json) return;
    last = withoutSeconds(line);
    write(line);
  };
  const end = (how: RunEnd): void => {
    if (json) {
      self.stderr.write(`${JSON.stringify(endingObject(how, requestId, digest))}\n`);
      return;
    }
    const line = ending(how, digest === '' ? undefined : digest);
    if (line !== undefined) write(line);
  };
  return { tell, end };
}

function endingObject(
  end: RunEnd & { readonly request?: unknown },
  requestId: string,
  request: string,
) {
  const { request: _, proposes: __, ...plain } = { proposes: undefined, ...end };
  return { ...plain, ...(requestId ? { requestId, request } : {}), exit: exitOf(end) };
}

const toldOf = ({ who, digest, lines }: Extract<RunEvent, { what: 'changed' }>) => ({
  who,
  request: digest,
  lines: lines.map(lineText),
});

function worldFailed(self: NodeJS.Process, code: string, detail: string): number {
  if (code === 'notFound') return complain(self, EXITS.notFound, detail || code);
  if (code === 'notExecutable') return complain(self, EXITS.notExecutable, detail || code);
  if (code === 'keepsChanging') return complain(self, EXITS.refused, detail || code);
  return complain(self, EXITS.usage, say.usage(detail));
}

function terminalName(self: NodeJS.Process): string {
  const fd = [0, 1, 2].find((one) => isatty(one));
  try {
    return fd === undefined ? `process ${self.ppid}` : readlinkSync(`/proc/self/fd/${fd}`);
  } catch {
    return `process ${self.ppid}`;
  }
}

export function complain(self: NodeJS.Process, exit: number, line: string): number {
  self.stderr.write(`countersign: ${line}\n`);
  return exit;
}
