// `npm start`: build what is stale, then become the app: in the official Electron where there is one, else on a page of
// this machine. On POSIX the page's process takes this one's place, so terminal, signals and exit code are its own.

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { buildIfStale } from './build.ts';
import {
  electronIn,
  FAILED_FILE,
  failureFile,
  NOT_FETCHED,
  type Where,
  whereToShow,
} from './start-where.ts';
import { ROOT, run } from './tool.ts';

const APP = resolve(ROOT, 'out/main/browser.js');
const WINDOW = resolve(ROOT, 'out/main/index.js');
const MODULES = resolve(ROOT, 'node_modules');
const FAILED = failureFile(resolve(ROOT, FAILED_FILE));
const FETCH_SECONDS = 20;
/** An Electron that the system refuses to run ends by a signal of its own, and at once. */
const CRASHES: readonly (NodeJS.Signals | null)[] = ['SIGTRAP', 'SIGABRT', 'SIGILL', 'SIGSEGV'];
const CRASH_MS = 10_000;

/** Passes `args` to the app and ends with its exit code; 78 when there is nothing to start. */
export async function main(args: readonly string[]): Promise<number> {
  const built = await buildIfStale();
  if (built !== 0) return 78;
  if (!existsSync(APP)) {
    process.stderr.write('countersign: the build made no out/main/browser.js\n');
    return 78;
  }
  const where = await settled();
  if (where.show !== 'electron') return page(args, where.why);
  // What would make a Node of it is nobody's wish here.
  const { ELECTRON_RUN_AS_NODE: _, ...env } = process.env;
  const ended = await asChild([where.program, ROOT, ...args], env);
  if (!ended.crashed) return ended.code;
  return page(args, 'Electron does not start here');
}

type Settled = Exclude<Where, { show: 'fetch' }>;

/** Where to show it, once what can be fetched has been. */
async function settled(): Promise<Settled> {
  const installed = existsSync(WINDOW) ? electronIn(MODULES) : undefined;
  if (installed === undefined) return { show: 'page', why: undefined };
  const { version, program } = installed;
  const { env, platform } = process;
  const uid = process.getuid?.();
  const where = whereToShow({ env, platform, uid, program, failedBefore: FAILED.has(version) });
  if (where.show !== 'fetch') return where;
  process.stderr.write(
    `countersign: fetching Electron ${version}, once, ${FETCH_SECONDS} s at most\n`,
  );
  const fetched = await fetchElectron(resolve(MODULES, 'electron/install.js'), FETCH_SECONDS);
  const now = fetched ? electronIn(MODULES)?.program : undefined;
  if (now !== undefined) return { show: 'electron', program: now };
  FAILED.put(version);
  return { show: 'page', why: NOT_FETCHED };
}

/** Runs the package's own download. It is killed, with whatever it started, when the time is up. */
export async function fetchElectron(script: string, limitSeconds: number): Promise<boolean> {
  const ran = await run(process.execPath, [script], { quiet: true, limitSeconds });
  return ran.code === 0 && !ran.timedOut;
}

async function page(args: readonly string[], why: string | undefined): Promise<number> {
  if (why !== undefined) {
    process.stderr.write(`countersign: ${why}: the app is shown on a page of this machine\n`);
  }
  const argv = [process.execPath, APP, ...args];
  if (process.platform !== 'win32') {
    // execve is announced as experimental; a person who starts the app has no use for that line.
    process.emitWarning = () => {};
    process.execve?.(process.execPath, argv, process.env);
  }
  return (await asChild(argv, process.env)).code;
}

type Ended = { readonly code: number; readonly crashed: boolean };

function asChild(argv: readonly string[], env: NodeJS.ProcessEnv): Promise<Ended> {
  const [program = process.execPath, ...rest] = argv;
  const started = performance.now();
  const child = spawn(program, rest, { stdio: 'inherit', env });
  // The terminal sends Ctrl-C to the whole group: the app handles it, this process only waits.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  process.on('SIGHUP', () => child.kill('SIGHUP'));
  return new Promise((done) => {
    child.once('error', () => done({ code: 126, crashed: true }));
    child.once('exit', (code, signal) => {
      const early = performance.now() - started < CRASH_MS;
      done({ code: code ?? 130, crashed: early && CRASHES.includes(signal) });
    });
  });
}
