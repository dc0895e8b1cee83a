// A world of real files for the tests of the guard's exec folder.

import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { chmod, copyFile, mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Ambient } from '../../../../main/guard/exec/ambient.ts';
import { ambientOfProcess } from '../../../../main/guard/exec/ambient.ts';
import type { Outcome } from '../../../../main/guard/exec/outcome.ts';
import { start, type StartOptions } from '../../../../main/guard/exec/start.ts';
import type { World, WorldSpec } from '../../../../main/guard/exec/world.ts';

export const PATH = '/usr/local/bin:/usr/bin:/bin';

export type Yard = {
  readonly root: string;
  readonly work: string;
  readonly scratch: string;
  readonly at: (name: string) => string;
  /** Writes text, executable. */
  readonly script: (name: string, text: string) => Promise<string>;
  /** Copies a program of the system. */
  readonly binary: (name: string, from: string) => Promise<string>;
  readonly remove: () => void;
};

export async function yard(): Promise<Yard> {
  const root = mkdtempSync(join(tmpdir(), 'countersign-exec-'));
  const work = join(root, 'work');
  const scratch = join(root, 'scratch');
  await mkdir(work);
  await mkdir(scratch, { mode: 0o700 });
  const at = (name: string) => join(work, name);
  return {
    root,
    work,
    scratch,
    at,
    script: async (name, text) => {
      await writeFile(at(name), text);
      await chmod(at(name), 0o755);
      return at(name);
    },
    binary: async (name, from) => {
      await copyFile(from, at(name));
      await chmod(at(name), 0o755);
      return at(name);
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

/** What a test may move while a request waits. */
export type Surroundings = { -readonly [K in keyof Ambient]: Ambient[K] };

export const surroundings = (place: Yard, env: NodeJS.ProcessEnv = {}): Surroundings => ({
  ...ambientOfProcess(process),
  env: { PATH, HOME: place.root, ...env },
  cwd: place.work,
});

const devNull = (): number => openSync('/dev/null', 'r');

export const specOf = (
  place: Yard,
  argv: readonly string[],
  more: Partial<WorldSpec> & { readonly around?: Surroundings } = {},
): WorldSpec => {
  const { around = surroundings(place), ...rest } = more;
  return {
    argv,
    passes: { shown: [], secrets: [] },
    inputs: [],
    stdin: { fd: 0, choice: 'nothing' },
    strict: false,
    secretKey: new Uint8Array(32).fill(7),
    scratch: place.scratch,
    platform: process.platform,
    ambient: () => around,
    ...rest,
  };
};

export const startOptions = (more: Partial<StartOptions> = {}): StartOptions => ({
  self: process,
  terminal: false,
  stdout: 1,
  stderr: 2,
  ...more,
});

export type Ran = { readonly outcome: Outcome | string; readonly out: string };

/** Starts a measured world and waits; `outcome` is the code where it was refused. */
export async function runWorld(place: Yard, world: World): Promise<Ran> {
  const path = join(place.root, 'out');
  const fd = openSync(path, 'w');
  const none = devNull();
  try {
    const started = await start(world, startOptions({ stdout: fd, stderr: none }));
    const outcome = started.ok ? await started.value.ended : started.code;
    return { outcome, out: readFileSync(path, 'utf8') };
  } finally {
    closeSync(fd);
    closeSync(none);
  }
}

/** The value of an outcome that the test says is there. */
export function got<T>(
  result: { readonly ok: true; readonly value: T } | { readonly ok: false },
): T {
  if (!result.ok) throw new Error(`refused: ${JSON.stringify(result)}`);
  return result.value;
}

const here = (name: string): string =>
  JSON.stringify(fileURLToPath(new URL(`../../../../main/guard/exec/${name}.ts`, import.meta.url)));

/** A guard of a few lines for `node -e`: measure, measure again, start, end as the command ended. */
export const GUARD = `
  const { measureWorld, releaseWorld } = await import(${here('world')});
  const { remeasure } = await import(${here('remeasure')});
  const { start } = await import(${here('start')});
  const { ambientOfProcess } = await import(${here('ambient')});
  const { dieLike } = await import(${here('outcome')});
  const world = (await measureWorld({
    argv: process.argv.slice(1), passes: { shown: [], secrets: [] }, inputs: [],
    stdin: { fd: 0, choice: 'auto' }, strict: false, secretKey: new Uint8Array(32),
    scratch: process.env.SCRATCH, platform: process.platform, ambient: () => ambientOfProcess(process),
  })).value;
  console.log('refused: ' + (await remeasure(world, world.action)) + ' stdin: ' + world.action.stdin.from);
  const options = { self: process, terminal: true, stdout: 1, stderr: 2 };
  const started = await start(world, options);
  const outcome = await started.value.ended;
  await releaseWorld(world);
  console.log('outcome:', JSON.stringify(outcome));
  dieLike(outcome, process);`;
