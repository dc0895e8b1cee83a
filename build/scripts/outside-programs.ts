// What the outside suite needs: openssl, sha256sum, and Go with golang.org/x/mod. On a Debian where we are root they are
// installed, as for Chromium. Nothing is downloaded from anywhere else; without them the suite says what it skips.

import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { run } from './tool.ts';

const PROGRAMS = ['openssl', 'sha256sum', 'go'];
const GO_SOURCES = '/usr/share/gocode/src/golang.org/x/mod/sumdb/tlog';
const PACKAGES = ['openssl', 'coreutils', 'golang-go', 'golang-golang-x-mod-dev'];

/** Installs what is missing, where that can be done. The suite itself looks at what is there. */
export async function ensureOutsidePrograms(): Promise<void> {
  if (!lacksAny() || !isDebian() || process.getuid?.() !== 0) return;
  process.stderr.write("countersign: installing Debian's openssl and Go for the outside suite\n");
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  await run('apt-get', ['update', '-q'], { env, quiet: true });
  const install = ['install', '-q', '-y', '--no-install-recommends', ...PACKAGES];
  const ran = await run('apt-get', install, { env, quiet: true });
  if (ran.code !== 0) process.stderr.write(`${ran.output.slice(-2000)}\n`);
}

function lacksAny(): boolean {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const found = (name: string): boolean => folders.some((folder) => existsSync(join(folder, name)));
  return !PROGRAMS.every(found) || !existsSync(GO_SOURCES);
}

function isDebian(): boolean {
  return (
    existsSync('/etc/os-release') &&
    /^ID(_LIKE)?=.*debian/m.test(readFileSync('/etc/os-release', 'utf8'))
  );
}
