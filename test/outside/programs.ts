// The outside programs, where they are. What is missing is said in one loud line and its tests are skipped.

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Where Debian's golang-golang-x-mod-dev puts its sources. */
const GOCODE = '/usr/share/gocode';
const CHECKER = join(import.meta.dirname, 'go/main.go');

export type Ran = {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
};

export function run(
  program: string,
  args: readonly string[],
  options: {
    readonly input?: string;
    readonly env?: NodeJS.ProcessEnv;
    readonly cwd?: string;
  } = {},
): Ran {
  const ran = spawnSync(program, [...args], {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    ...options,
  });
  return { code: ran.status, stdout: ran.stdout ?? '', stderr: ran.stderr ?? '' };
}

const starts = (program: string, args: readonly string[]): boolean => run(program, args).code === 0;

/** True where both stock programs are there. */
export function haveOpenssl(): boolean {
  const there = starts('openssl', ['version']) && starts('sha256sum', ['--version']);
  if (!there)
    console.warn(
      'SKIP: openssl or sha256sum is not installed, so no outside program checks the signatures',
    );
  return there;
}

/** The built checker, or undefined after one line that says what is missing. */
export function buildGoChecker(folder: string): string | undefined {
  if (!starts('go', ['version'])) {
    console.warn(
      'SKIP: go is not installed (Debian: apt install golang-go), so no outside program checks the log',
    );
    return undefined;
  }
  if (!existsSync(join(GOCODE, 'src/golang.org/x/mod/sumdb/tlog'))) {
    console.warn(
      'SKIP: golang.org/x/mod is not installed (Debian: apt install golang-golang-x-mod-dev), so no outside program checks the log',
    );
    return undefined;
  }
  const out = join(folder, 'checker');
  const env = {
    ...process.env,
    GO111MODULE: 'off',
    GOPATH: GOCODE,
    GOFLAGS: '',
    GOTOOLCHAIN: 'local',
    GOCACHE: join(folder, 'cache'),
  };
  const built = run('go', ['build', '-o', out, CHECKER], { env });
  // It is all there and does not build: that is a failure, not a reason to skip.
  if (built.code !== 0) throw new Error(`the Go checker does not build:\n${built.stderr}`);
  return out;
}
