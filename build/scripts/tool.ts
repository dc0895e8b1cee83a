// Runs an installed tool on this very Node, in a process group of its own, with a time limit after which the whole group
// is killed. Never goes through a shell or PATH: the versions in the lock file are the ones that run.

import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { createInterface } from 'node:readline';

export const ROOT = resolve(import.meta.dirname, '../..');

export type Ran = {
  readonly code: number;
  readonly output: string;
  readonly seconds: number;
  readonly timedOut: boolean;
};

export type RunOptions = {
  /** Collect what it prints instead of showing it. */
  readonly quiet?: boolean;
  /** Show it line by line, each behind this: for what runs beside something else. */
  readonly prefix?: string;
  readonly limitSeconds?: number;
  readonly env?: Readonly<Record<string, string>>;
};

/** The script file behind a package's command, as its own package.json names it. */
export function binOf(packageName: string, command: string): string {
  // Not every package exports its package.json, so it is read where npm put it.
  const manifest = resolve(ROOT, 'node_modules', packageName, 'package.json');
  const parsed: unknown = JSON.parse(readFileSync(manifest, 'utf8'));
  const bin = typeof parsed === 'object' && parsed !== null && 'bin' in parsed ? parsed.bin : {};
  const table = typeof bin === 'string' ? { [command]: bin } : bin;
  const found = Object.entries(table ?? {}).find(([name]) => name === command)?.[1];
  if (typeof found !== 'string') throw new Error(`${packageName} has no command ${command}`);
  return resolve(dirname(manifest), found);
}

/** Runs `program args` from the project's root and waits for it. A missing program is code 127. */
export function run(
  program: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<Ran> {
  const started = performance.now();
  const { prefix } = options;
  const stdio = options.quiet === true || prefix !== undefined ? 'pipe' : 'inherit';
  const child = spawn(program, args, {
    cwd: ROOT,
    env: { ...process.env, ...options.env },
    stdio: ['ignore', stdio, stdio],
    detached: process.platform !== 'win32',
  });
  const output = collected(child, prefix);

  // A person who stops the run stops all of it: the group of each child is told, and nothing further is started.
  const stop = (): void => {
    killGroup(child.pid, 'SIGTERM');
    setImmediate(() => process.exit(130));
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  let timedOut = false;
  const limit = setTimeout(
    () => {
      timedOut = true;
      killGroup(child.pid, 'SIGKILL');
    },
    (options.limitSeconds ?? 600) * 1000,
  );

  return new Promise((done) => {
    const end = (code: number): void => {
      clearTimeout(limit);
      process.off('SIGINT', stop);
      process.off('SIGTERM', stop);
      // What a suite left behind in its group must not outlive it.
      killGroup(child.pid, 'SIGKILL');
      done({ code, output: output(), seconds: (performance.now() - started) / 1000, timedOut });
    };
    child.once('error', () => end(127));
    child.once('exit', (code) => {
      // What it left behind would hold its output open.
      killGroup(child.pid, 'SIGKILL');
      if (stdio === 'inherit') end(code ?? 1);
    });
    child.once('close', (code) => (stdio === 'pipe' ? end(code ?? 1) : undefined));
  });
}

/** What it prints, or, with a prefix, nothing: that is shown at once. */
function collected(child: ChildProcess, prefix: string | undefined): () => string {
  const chunks: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    if (stream === null) continue;
    if (prefix === undefined) stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    else createInterface(stream).on('line', (line) => process.stdout.write(`${prefix}${line}\n`));
  }
  return () => Buffer.concat(chunks).toString('utf8');
}

/** Runs a package's command on this Node. */
export function runTool(
  packageName: string,
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<Ran> {
  return run(process.execPath, [binOf(packageName, command), ...args], options);
}

function killGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, signal);
  } catch {
    // Already gone, which is what was wanted.
  }
}
