// The built app as its own process with a fresh home, and real `countersign run`s against it. Ends everything it started.

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';

const ROOT = resolve(import.meta.dirname, '../..');
const START_MS = 20_000;

export const PASSPHRASE = 'correct horse battery staple';

export type Run = {
  readonly pid: number;
  readonly stdout: () => string;
  readonly stderr: () => string;
  readonly kill: (signal: NodeJS.Signals) => void;
  /** Exit code, or the signal's name. */
  readonly ended: Promise<number | string>;
};

export class RealApp {
  readonly home: string;
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  readonly #addressFile: string;
  readonly #runs: ChildProcess[] = [];
  #app: ChildProcess | undefined;
  #said = '';

  constructor(setUp = true) {
    this.folder = mkdtempSync(join(tmpdir(), 'countersign-app-'));
    this.home = join(this.folder, 'state');
    this.#addressFile = join(this.folder, 'address');
    const passphrase = join(this.folder, 'passphrase');
    writeFileSync(passphrase, `${PASSPHRASE}\n`, { mode: 0o600 });
    this.env = {
      ...process.env,
      COUNTERSIGN_HOME: this.home,
      COUNTERSIGN_ADDRESS_FILE: this.#addressFile,
      COUNTERSIGN_NO_OPEN: '1',
      ...(setUp ? { COUNTERSIGN_PASSPHRASE_FILE: passphrase } : {}),
    };
  }

  get pid(): number {
    return this.#app?.pid ?? 0;
  }

  /** Everything the app has printed. */
  get said(): string {
    return this.#said;
  }

  /** Starts the app; gives an address that lets one page in, once, for a minute. */
  async start(): Promise<string> {
    rmSync(this.#addressFile, { force: true });
    const app = spawn(process.execPath, [join(ROOT, 'out/main/browser.js')], {
      env: this.env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#app = app;
    app.stdout.on('data', (bytes: Buffer) => (this.#said += String(bytes)));
    app.stderr.on('data', (bytes: Buffer) => (this.#said += String(bytes)));
    return waitFor('an address', START_MS, () => {
      if (app.exitCode !== null) throw new Error(`the app ended: ${this.#said}`);
      return readText(this.#addressFile)?.trim() || undefined;
    });
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    const app = this.#app;
    this.#app = undefined;
    if (app === undefined || app.exitCode !== null || app.signalCode !== null) return;
    const ended = new Promise((done) => app.once('exit', done));
    app.kill(signal);
    await ended;
  }

  /** The broker's process: the app's child that runs broker.js. */
  brokerPid(): number | undefined {
    const children = readText(`/proc/${this.pid}/task/${this.pid}/children`) ?? '';
    return children
      .split(' ')
      .filter((pid) => readText(`/proc/${pid}/cmdline`)?.includes('broker.js'))
      .map(Number)[0];
  }

  /** `countersign run` with these words, in the test's own folder. */
  run(...words: string[]): Run {
    const env = { ...this.env };
    delete env['COUNTERSIGN_PASSPHRASE_FILE'];
    const child = spawn(join(ROOT, 'build/launcher/countersign'), ['run', ...words], {
      env,
      cwd: this.folder,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#runs.push(child);
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (bytes: Buffer) => (stdout += String(bytes)));
    child.stderr.on('data', (bytes: Buffer) => (stderr += String(bytes)));
    const ended = new Promise<number | string>((done) => {
      child.once('exit', (code, signal) => done(code ?? signal ?? 'unknown'));
    });
    return {
      pid: child.pid ?? 0,
      stdout: () => stdout,
      stderr: () => stderr,
      kill: (signal) => void child.kill(signal),
      ended,
    };
  }

  /** stdout of another command, such as `log --json`. */
  async ask(...words: string[]): Promise<string> {
    const child = spawn(join(ROOT, 'build/launcher/countersign'), words, {
      env: this.env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let out = '';
    child.stdout.on('data', (bytes: Buffer) => (out += String(bytes)));
    child.stderr.on('data', (bytes: Buffer) => (out += String(bytes)));
    await new Promise((done) => child.once('close', done));
    return out;
  }

  async close(): Promise<void> {
    for (const run of this.#runs)
      if (run.exitCode === null && run.signalCode === null) run.kill('SIGKILL');
    await this.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Asks every 50 ms; throws after `ms`. */
export async function waitFor<T>(what: string, ms: number, ask: () => T | undefined): Promise<T> {
  for (const end = performance.now() + ms; performance.now() < end; await after(50)) {
    const found = ask();
    if (found !== undefined) return found;
  }
  throw new Error(`waited ${ms} ms for ${what}`);
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
