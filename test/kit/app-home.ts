// The built program as a person runs it: a state folder of its own, the app as a real process over it, and the launcher's
// commands as real processes. It ends only what it started, by pid, and throws where a process of its own outlives it.

import { type ChildProcess, spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const ROOT = join(import.meta.dirname, '../..');
const NODE = join(ROOT, 'node_modules/.bin/node');
export const LAUNCHER = join(ROOT, 'build/launcher/countersign');
export const SECRET = 'correct horse battery';
const ENDS_MS = 10_000;

/** The pinned Node and the build are there; else the sentence to say. */
export const whyNoBuild = (): string | undefined =>
  existsSync(NODE) && existsSync(join(ROOT, 'out/main/browser.js'))
    ? undefined
    : 'not built: npm run build';

export type Ended = {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
};
export type Started = {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Resolves once stdout and stderr together match; rejects when it ends without. */
  readonly says: (pattern: RegExp) => Promise<void>;
  readonly printed: () => Ended['stdout'];
};
type Options = {
  readonly env?: NodeJS.ProcessEnv;
  readonly input?: string | Buffer;
  readonly cwd?: string;
};

export class AppHome {
  readonly folder = mkdtempSync(join(tmpdir(), 'countersign-cli-'));
  readonly state = join(this.folder, 'state');
  readonly #started = new Set<ChildProcess>();
  #app: Started | undefined;

  /** `from`: a state folder whose app has been stopped, copied. */
  constructor(from?: string) {
    if (from !== undefined) cpSync(from, this.state, { recursive: true });
    writeFileSync(join(this.folder, 'passphrase'), `${SECRET}\n`, { mode: 0o600 });
  }

  env(): NodeJS.ProcessEnv {
    const { PATH = '', HOME = '', USER = 'someone' } = process.env;
    return {
      PATH: `${join(ROOT, 'build/launcher')}:${PATH}`,
      HOME,
      USER,
      LANG: 'C.UTF-8',
      TMPDIR: tmpdir(),
      COUNTERSIGN_HOME: this.state,
    };
  }

  /** The app, until it lets a surface in. */
  async start(): Promise<Started> {
    const address = join(this.folder, 'address');
    this.#app = this.spawn(NODE, [join(ROOT, 'out/main/browser.js')], {
      env: {
        ...this.env(),
        COUNTERSIGN_PASSPHRASE_FILE: join(this.folder, 'passphrase'),
        COUNTERSIGN_ADDRESS_FILE: address,
        COUNTERSIGN_NO_OPEN: '1',
      },
    });
    await this.#app.says(/State: {4}/);
    return this.#app;
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<Ended> {
    const app = this.#app;
    if (app === undefined) throw new Error('no app was started');
    this.#app = undefined;
    app.child.kill(signal);
    return app.ended;
  }

  /** `countersign WORDS`, by the launcher. */
  run(words: readonly string[], options: Options = {}): Started {
    return this.spawn(LAUNCHER, words, options);
  }

  /** A line of sh in the scratch folder, with the launcher on its PATH. */
  sh(line: string, options: Options = {}): Started {
    return this.spawn('/bin/sh', ['-c', line], { cwd: this.folder, ...options });
  }

  spawn(program: string, words: readonly string[], { env, input, cwd }: Options = {}): Started {
    const child = spawn(program, words, {
      env: { ...this.env(), ...env },
      cwd: cwd ?? this.folder,
      stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    });
    this.#started.add(child);
    child.stdin?.on('error', () => {});
    child.stdin?.end(input);
    return followed(child);
  }

  /** Every process that works for this state folder: its path stands in their arguments. */
  processes(named = ''): readonly number[] {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
      .filter((pid) => {
        const line = cmdline(pid);
        return line.includes(this.state) && line.includes(named);
      })
      .map(Number);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#app) await this.stop();
    for (const child of this.#started)
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
    const left = await gone(() => this.processes());
    for (const pid of left) process.kill(pid, 'SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
    if (left.length > 0) throw new Error(`processes outlived their app: ${left.join(', ')}`);
  }
}

function cmdline(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    // It has ended meanwhile.
    return '';
  }
}

/** What is still there after a while. */
async function gone(left: () => readonly number[]): Promise<readonly number[]> {
  const until = Date.now() + ENDS_MS;
  while (left().length > 0 && Date.now() < until)
    await new Promise((resolve) => setTimeout(resolve, 50));
  return left();
}

function followed(child: ChildProcess): Started {
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  const checks = new Set<() => void>();
  const text = (parts: readonly Buffer[]): string => Buffer.concat(parts).toString('utf8');
  const printed = (): string => `${text(out)}\n${text(err)}`;
  const hear = (parts: Buffer[]) => (chunk: Buffer) => {
    parts.push(chunk);
    for (const check of checks) check();
  };
  child.stdout?.on('data', hear(out));
  child.stderr?.on('data', hear(err));
  const ended = new Promise<Ended>((resolve) => {
    child.once('close', (code, signal) =>
      resolve({ code, signal, stdout: text(out), stderr: text(err) }),
    );
  });
  const says = (pattern: RegExp): Promise<void> =>
    new Promise((resolve, reject) => {
      const check = (): void => {
        if (!pattern.test(printed())) return;
        checks.delete(check);
        resolve();
      };
      checks.add(check);
      void ended.then(() => {
        check();
        reject(new Error(`ended without ${pattern}: ${printed()}`));
      });
      check();
    });
  return { child, ended, says, printed };
}
