// The world that an exec action names, measured and held: program, script, arguments, folder, environment, stdin and
// inputs. Measured once to ask, and once more, completely, before acting; the second time every field of the action
// is compared with what was approved, and the descriptors that were hashed last are the ones that run.

import { constants } from 'node:fs';
import { type FileHandle, open, realpath, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fail, ok, type Result } from '../../../shared/result.ts';
import { ExecAction } from '../../../shared/statement/action.ts';
import { rawOfText } from '../../../shared/statement/text.ts';
import type { Ambient } from './ambient.ts';
import { type Capability, capabilityOf } from './capability.ts';
import {
  type ChildEnvironment,
  childEnvironment,
  environmentEntries,
  type Passes,
} from './environment.ts';
import { type Attached, longValue } from './long-value.ts';
import { errorCode, type Measured, measureFile } from './measure.ts';
import { measureProgram, type Program, programFiles } from './program.ts';
import { type HeldStdin, measureStdin, type StdinChoice } from './stdin.ts';

/** `notFound` ends in 127, `notExecutable` in 126, `usage` in 64, `keepsChanging` in 76. */
export type WorldCode = 'notFound' | 'notExecutable' | 'keepsChanging' | 'usage';

export type WorldSpec = {
  readonly argv: readonly string[];
  readonly passes: Passes;
  /** Files named by `--input`, relative to the working folder. */
  readonly inputs: readonly string[];
  readonly stdin: { readonly fd: number; readonly choice: StdinChoice };
  /** Run private copies, and refuse whatever can't be bound. */
  readonly strict: boolean;
  /** For HMACs of secrets: 32 bytes that never leave this guard. */
  readonly secretKey: Uint8Array;
  /** A folder of this guard alone (0700), on a file system that may execute. */
  readonly scratch: string;
  readonly platform: NodeJS.Platform;
  /** Read at each measurement. */
  readonly ambient: () => Ambient;
};

export type Folder = {
  readonly path: string;
  readonly handle: FileHandle | undefined;
  readonly id: string;
};

/** What one measurement holds open. */
export type Held = {
  readonly program: Program;
  readonly folder: Folder;
  readonly inputs: readonly Measured[];
  readonly environment: ChildEnvironment;
};

export type World = {
  readonly action: ExecAction;
  /** Values over 4 KiB by their digest. */
  readonly attachments: ReadonlyMap<string, Uint8Array>;
  readonly capability: Capability;
  readonly spec: WorldSpec;
  readonly stdin: HeldStdin;
  /** The latest measurement; only `remeasure` replaces it. */
  held: Held;
};

export type Stage = 'folder' | 'environment' | 'program' | 'inputs';
export type Trouble = {
  readonly ok: false;
  readonly code: WorldCode;
  readonly detail?: string;
  readonly stage: Stage;
};

/** `fail` details are for one stderr line. Nothing stays open on a failure. */
export async function measureWorld(spec: WorldSpec): Promise<Result<World, WorldCode>> {
  const ambient = spec.ambient();
  const seen = await observe(spec, ambient);
  if (!seen.ok) return fail(seen.code, seen.detail);
  const held = seen.value;
  const refusal = spec.strict ? strictRefusal(spec, held.program) : undefined;
  const { fd, choice } = spec.stdin;
  const { strict, scratch } = spec;
  const stdin = refusal
    ? fail('usage', refusal)
    : await measureStdin({ fd, choice, strict, scratch });
  if (!stdin.ok) {
    await closeHeld(held);
    return stdin;
  }
  const attachments: Attached = new Map();
  const action = ExecAction.safeParse(actionOf(spec, ambient, held, stdin.value, attachments));
  if (action.success) {
    const capability = capabilityOf(spec.platform);
    return ok({ action: action.data, attachments, capability, spec, stdin: stdin.value, held });
  }
  await closeHeld(held);
  await closeStdin(stdin.value);
  return fail('usage', `it does not fit in a request: ${action.error.issues[0]?.path.join('.')}`);
}

/**
 * The same world with other words: everything is measured anew, but standard input, which was read once and stays `world`'s to
 * release. The caller closes what the result holds.
 */
export async function measureChanged(
  world: World,
  argv: readonly string[],
): Promise<Result<World, WorldCode>> {
  const spec = { ...world.spec, argv };
  const ambient = spec.ambient();
  const seen = await observe(spec, ambient);
  if (!seen.ok) return fail(seen.code, seen.detail);
  const held = seen.value;
  const refusal = spec.strict ? strictRefusal(spec, held.program) : undefined;
  const attachments: Attached = new Map();
  const action = ExecAction.safeParse(actionOf(spec, ambient, held, world.stdin, attachments));
  if (refusal === undefined && action.success)
    return ok({ ...world, action: action.data, attachments, spec, held });
  await closeHeld(held);
  return fail('usage', refusal ?? 'it does not fit in a request');
}

/** Everything but stdin, which can be read only once. */
export async function observe(
  spec: WorldSpec,
  ambient: Ambient,
): Promise<{ readonly ok: true; readonly value: Held } | Trouble> {
  const folder = await openFolder(ambient.cwd, spec.platform);
  if (!folder.ok) return { ...folder, stage: 'folder' };
  const environment = childEnvironment(ambient.env, spec.passes, spec.platform);
  if (!environment.ok) return closing([folder.value], { ...environment, stage: 'environment' });
  const where = {
    path: searchPath(environment.value, spec.platform),
    cwd: folder.value.path,
    platform: spec.platform,
  };
  const program = await measureProgram(spec.argv, where);
  if (!program.ok) return closing([folder.value], { ...program, stage: 'program' });
  const inputs = await measureInputs(spec.inputs, folder.value.path);
  if (!inputs.ok) {
    return closing([folder.value, ...programFiles(program.value)], { ...inputs, stage: 'inputs' });
  }
  return ok({
    folder: folder.value,
    environment: environment.value,
    program: program.value,
    inputs: inputs.value,
  });
}

/** Pure: what was measured, in the action's form. */
export function actionOf(
  spec: WorldSpec,
  ambient: Ambient,
  held: Held,
  stdin: HeldStdin,
  attached: Attached,
): ExecAction {
  const { program } = held;
  const named = program.named ? [program.named.file] : [];
  return {
    kind: 'exec',
    argv: spec.argv.map((word) => longValue(word, attached)),
    cwd: rawOfText(held.folder.path),
    executable: program.executable.file,
    ...(program.script ? { script: program.script.measured.file } : {}),
    ...(program.lineArgs ? { interpreterArgs: program.lineArgs.map(rawOfText) } : {}),
    env: environmentEntries(held.environment, spec.secretKey, attached),
    stdin: stdin.shown,
    inputs: [...held.inputs.map((input) => input.file), ...named],
    uid: ambient.uid,
    gid: ambient.gid,
    umask: ambient.umask.toString(8).padStart(4, '0'),
    runs: spec.strict ? 'copy' : runsOf(spec.platform, program),
  };
}

// A script is read by its path, whatever runs its interpreter.
const runsOf = (platform: NodeJS.Platform, program: Program): ExecAction['runs'] =>
  capabilityOf(platform) === 'descriptor' && !program.script ? 'descriptor' : 'path';

function strictRefusal(spec: WorldSpec, program: Program): string | undefined {
  if (!program.pinned)
    return '--strict: env(1) would look for the program by itself; name it outright';
  if (program.starts.changesIdentity)
    return '--strict: a copy of a setuid program is another program';
  const loose = spec.inputs.find((word) => !program.args.includes(word));
  if (loose !== undefined) {
    return `--strict: --input ${loose} is not a word of the command, so no copy can be given to it`;
  }
  return undefined;
}

/** The folder is held open: renaming it, or putting another in its place, cannot move the child. */
async function openFolder(
  cwd: string,
  platform: NodeJS.Platform,
): Promise<Result<Folder, 'usage'>> {
  try {
    const path = await realpath(cwd);
    // Windows does not open folders as files.
    const handle =
      platform === 'win32'
        ? undefined
        : await open(path, constants.O_RDONLY | (constants.O_DIRECTORY ?? 0));
    const { dev, ino } = await (handle?.stat({ bigint: true }) ?? stat(path, { bigint: true }));
    return ok({ path, handle, id: `${dev}:${ino}` });
  } catch (error) {
    const code = errorCode(error);
    if (code === undefined) throw error;
    return fail('usage', `working folder ${cwd}: ${code}`);
  }
}

async function measureInputs(
  paths: readonly string[],
  cwd: string,
): Promise<Result<readonly Measured[], WorldCode>> {
  const inputs: Measured[] = [];
  for (const path of paths) {
    const input = await measureFile(resolve(cwd, path));
    if (!input.ok) {
      await Promise.all(inputs.map((each) => each.handle.close()));
      const code = input.code === 'keepsChanging' ? input.code : 'usage';
      return fail(code, `--input ${input.detail ?? path}`);
    }
    inputs.push(input.value);
  }
  return ok(inputs);
}

/** PATH as the child will have it; empty when it has none, so that only names with a slash are found. */
export function searchPath(environment: ChildEnvironment, platform: NodeJS.Platform): string {
  const entries = Object.entries(environment.childEnv);
  const isPath = (name: string) =>
    name === 'PATH' || (platform === 'win32' && name.toUpperCase() === 'PATH');
  return entries.find(([name]) => isPath(name))?.[1] ?? '';
}

type Closable = { readonly handle: FileHandle | undefined };

async function closing<F>(files: readonly Closable[], failure: F): Promise<F> {
  for (const file of files) await file.handle?.close();
  return failure;
}

export async function closeHeld(held: Held): Promise<void> {
  await closing([held.folder, ...programFiles(held.program), ...held.inputs], undefined);
}

async function closeStdin(stdin: HeldStdin): Promise<void> {
  if (stdin.feeds && 'copy' in stdin.feeds) await stdin.feeds.copy.close();
}

/** Closes every descriptor of the world. Once. */
export async function releaseWorld(world: World): Promise<void> {
  await closeHeld(world.held);
  await closeStdin(world.stdin);
}
