// `--strict`: program, script and declared inputs copied into a new folder of this account alone (0700), hashed as they were stored and
// compared with what was approved. Nobody holds the copies open for writing, so overwriting the originals in place,
// even between the last hash and the interpreter's read, changes nothing that runs.

import { chmod, mkdir, mkdtemp, open, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { RefusalCode } from '../../../shared/domain/refusals.ts';
import { fail, invariant, ok, type Result } from '../../../shared/result.ts';
import { hashHandle, type Measured, measureFile } from './measure.ts';
import type { Program } from './program.ts';

export type Copies = {
  readonly starts: Measured;
  /** The program's arguments; the words that name the script and the inputs name their copies. */
  readonly args: readonly string[];
  /** Closes and removes everything. */
  readonly remove: () => Promise<void>;
};

/** A declared input, and the word of the command that names it. */
export type NamedInput = { readonly word: string; readonly measured: Measured };

type Part = { readonly from: Measured; readonly mode: number; readonly code: RefusalCode };

export async function copyProgram(
  program: Program,
  inputs: readonly NamedInput[],
  scratch: string,
): Promise<Result<Copies, RefusalCode>> {
  const folder = await mkdtemp(join(scratch, 'run-'));
  const copies: Measured[] = [];
  const remove = async (): Promise<void> => {
    await Promise.all(copies.map((file) => file.handle.close()));
    await rm(folder, { recursive: true, force: true });
  };
  for (const [index, part] of partsOf(program, inputs).entries()) {
    const copy = await copyFile(part.from, join(folder, String(index)), part.mode);
    if (!copy) {
      await remove();
      return fail(part.code);
    }
    copies.push(copy);
  }
  const [starts, ...rest] = copies;
  invariant(starts, 'the program is the first part');
  return ok({ starts, args: argsOf(program, inputs, rest), remove });
}

const partsOf = (program: Program, inputs: readonly NamedInput[]): Part[] => [
  { from: program.starts, mode: 0o500, code: 'programChanged' },
  ...(program.script
    ? [{ from: program.script.measured, mode: 0o400, code: 'scriptChanged' } as const]
    : []),
  ...inputs.map((input) => ({ from: input.measured, mode: 0o400, code: 'inputChanged' }) as const),
];

function argsOf(program: Program, inputs: readonly NamedInput[], copies: readonly Measured[]) {
  const skip = program.script ? 1 : 0;
  return program.args.map((word, index) => {
    if (index === program.script?.at) return copies[0]?.path ?? word;
    const input = inputs.findIndex((each) => each.word === word);
    return input < 0 ? word : (copies[skip + input]?.path ?? word);
  });
}

/** undefined: what was stored is not what was approved. The name is kept: extensions have meanings. */
async function copyFile(
  from: Measured,
  folder: string,
  mode: number,
): Promise<Measured | undefined> {
  await mkdir(folder, { mode: 0o700 });
  const path = join(folder, basename(from.path));
  const writer = await open(path, 'wx', 0o600);
  try {
    await hashHandle(from.handle, async (chunk) => {
      await writer.writeFile(chunk);
    });
  } finally {
    await writer.close();
  }
  // Not by the mode of open(): the umask would take bits from it.
  await chmod(path, mode);
  const copy = await measureFile(path);
  if (!copy.ok) return undefined;
  if (copy.value.file.sha256 === from.file.sha256) return copy.value;
  await copy.value.handle.close();
  return undefined;
}
