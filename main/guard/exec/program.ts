// From argv to what will be started: the executable that the kernel would load, the script it would read, and the
// exact words it would get. For `#!/usr/bin/env NAME` the executable is env, as the kernel has it, and NAME is found
// on the child's PATH and measured as well; where the line is just that, NAME is started itself, by descriptor.

import { resolve } from 'node:path';
import { fail, ok, type Result } from '../../../shared/result.ts';
import { type Measured, type MeasureCode, measureFile } from './measure.ts';
import { resolveProgram, type Where } from './resolve.ts';
import { type EnvName, envName, HEAD_BYTES, scriptArgument, scriptLine } from './script.ts';

export type ProgramCode = 'notFound' | 'notExecutable' | 'keepsChanging' | 'usage';

export type Script = {
  readonly measured: Measured;
  /** The path as the interpreter is given it. */
  readonly path: string;
  /** Its place in `args`. */
  readonly at: number;
};

export type Program = {
  readonly executable: Measured;
  readonly script: Script | undefined;
  /** The words of the `#!` line; undefined without one. */
  readonly lineArgs: readonly string[] | undefined;
  /** What env(1) will find; the last of the action's inputs. */
  readonly named: Measured | undefined;
  /** What is started: `executable`, or `named` where that is the same thing. */
  readonly starts: Measured;
  readonly argv0: string;
  readonly args: readonly string[];
  /** Everything that decides what runs is held: false where env(1) will look for itself. */
  readonly pinned: boolean;
};

/** `argv[0]` is resolved as `where` says. The caller closes every descriptor (`programFiles`). */
export async function measureProgram(
  argv: readonly string[],
  where: Where,
): Promise<Result<Program, ProgramCode>> {
  const name = argv[0] ?? '';
  const path = resolveProgram(name, where);
  if (!path.ok) return path;
  const main = await measured(path.value);
  if (!main.ok) return main;
  const line = await lineOf(main.value);
  if (!line.ok) return closing([main.value], line);
  // A name with a slash is passed to the interpreter as it was typed, so `$0` is what it always was.
  const given = name.includes('/') ? name : path.value;
  if (line.value) return ofLine(main.value, line.value, given, argv, where);
  const native = await loadable(main.value, where.platform);
  if (!native) {
    return closing([main.value], fail('notExecutable', `${path.value}: no program and no #! line`));
  }
  return ofArgument(main.value, argv, where.cwd);
}

async function ofArgument(
  executable: Measured,
  argv: readonly string[],
  cwd: string,
): Promise<Result<Program, ProgramCode>> {
  const argv0 = argv[0] ?? '';
  const plan = {
    executable,
    starts: executable,
    argv0,
    args: argv.slice(1),
    lineArgs: undefined,
    named: undefined,
    pinned: true,
  };
  const index = scriptArgument([argv0, executable.path], argv, cwd);
  const path = index === undefined ? undefined : argv[index];
  if (index === undefined || path === undefined) return ok({ ...plan, script: undefined });
  const script = await measured(resolve(cwd, path));
  if (!script.ok) return closing([executable], script);
  return ok({ ...plan, script: { measured: script.value, path, at: index - 1 } });
}

type Line = { readonly interpreter: string; readonly argument: string | undefined };

async function ofLine(
  script: Measured,
  line: Line,
  given: string,
  argv: readonly string[],
  where: Where,
): Promise<Result<Program, ProgramCode>> {
  // The kernel takes a relative interpreter from the working folder, and never searches PATH for it.
  const path = resolveProgram(resolve(where.cwd, line.interpreter), where);
  if (!path.ok) return closing([script], fail(path.code, `${script.path}: bad interpreter`));
  const executable = await measured(path.value);
  if (!executable.ok) return closing([script], executable);
  const inner = await lineOf(executable.value);
  if (!inner.ok || inner.value) {
    const detail = `${script.path}: its interpreter is itself a script`;
    return closing([script, executable.value], fail('notExecutable', detail));
  }
  const lineArgs = line.argument === undefined ? [] : [line.argument];
  const plan = {
    executable: executable.value,
    lineArgs,
    named: undefined,
    starts: executable.value,
    script: { measured: script, path: given, at: lineArgs.length },
    argv0: line.interpreter,
    args: [...lineArgs, given, ...argv.slice(1)],
    pinned: true,
  };
  const env = envName(line);
  if (env) return ofEnv(plan, env, where);
  return ok({ ...plan, pinned: !/(^|\/)env$/.test(line.interpreter) });
}

async function ofEnv(
  plan: Program & { readonly script: Script },
  env: EnvName,
  where: Where,
): Promise<Result<Program, ProgramCode>> {
  const path = resolveProgram(env.name, where);
  if (!path.ok) return closing(programFiles(plan), path);
  const named = await measured(path.value);
  if (!named.ok) return closing(programFiles(plan), named);
  const inner = await lineOf(named.value);
  const native = inner.ok && !inner.value && (await loadable(named.value, where.platform));
  if (!env.plain || !native) return ok({ ...plan, named: named.value, pinned: false });
  return ok({
    ...plan,
    named: named.value,
    starts: named.value,
    script: { ...plan.script, at: 0 },
    argv0: env.name,
    args: plan.args.slice(1),
  });
}

/** Every descriptor that a program holds. */
export const programFiles = (program: Program): Measured[] =>
  [program.executable, program.script?.measured, program.named].filter(
    (each) => each !== undefined,
  );

async function measured(path: string): Promise<Result<Measured, ProgramCode>> {
  const file = await measureFile(path);
  return file.ok ? file : fail(asProgram(file.code), file.detail);
}

const asProgram = (code: MeasureCode): ProgramCode =>
  code === 'notFound' || code === 'keepsChanging' ? code : 'notExecutable';

async function head(file: Measured): Promise<Uint8Array> {
  const buffer = Buffer.alloc(HEAD_BYTES);
  const { bytesRead } = await file.handle.read(buffer, 0, HEAD_BYTES, 0);
  return buffer.subarray(0, bytesRead);
}

const lineOf = async (file: Measured) => scriptLine(await head(file));

// execvp(3) gives a file that the kernel cannot load to /bin/sh. Nothing here starts a shell that nobody named, so on
// Linux only ELF is started (binfmt_misc formats are refused with it).
async function loadable(file: Measured, platform: NodeJS.Platform | undefined): Promise<boolean> {
  if (platform !== 'linux') return true;
  const bytes = await head(file);
  return bytes[0] === 0x7f && bytes[1] === 0x45 && bytes[2] === 0x4c && bytes[3] === 0x46;
}

async function closing<F>(files: readonly Measured[], failure: F): Promise<F> {
  await Promise.all(files.map((file) => file.handle.close()));
  return failure;
}
