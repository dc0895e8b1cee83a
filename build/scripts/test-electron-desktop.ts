// What the app suite needs beside the code: the test runtime, a screen without a monitor, a bus of its own, and the two
// libraries that Electron loads. On a Debian where we are root they are installed, as for Chromium.

import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { ensureTestElectron } from './test-electron.ts';
import { run } from './tool.ts';

const PROGRAMS = ['Xvfb', 'dbus-daemon', 'gdbus'];
const LIBRARIES = [
  'libnotify.so.4',
  'libgtk-3.so.0',
  'libnss3.so',
  'libgbm.so.1',
  'libasound.so.2',
];
const PACKAGES = [
  'xvfb',
  'dbus',
  'libglib2.0-bin',
  'libnotify4',
  'libgtk-3-0',
  'libnss3',
  'libgbm1',
  'libasound2',
  'fonts-dejavu-core',
];

/** Undefined when all is there; else one sentence that says what is not. */
export async function ensureTestDesktop(): Promise<string | undefined> {
  const runtime = await ensureTestElectron();
  if ('missing' in runtime) return runtime.missing;
  if ((await lacking()).length > 0 && isDebian() && process.getuid?.() === 0) {
    process.stderr.write(
      "countersign: installing Debian's Xvfb, dbus and libraries for the app suite\n",
    );
    const env = { DEBIAN_FRONTEND: 'noninteractive' };
    await run('apt-get', ['update', '-q'], { env, quiet: true });
    const install = ['install', '-q', '-y', '--no-install-recommends', ...PACKAGES];
    const ran = await run('apt-get', install, { env, quiet: true });
    if (ran.code !== 0) process.stderr.write(`${ran.output.slice(-2000)}\n`);
  }
  const still = await lacking();
  if (still.length === 0) return undefined;
  return `it needs ${still.join(', ')} (Debian, Ubuntu: apt install ${PACKAGES.join(' ')})`;
}

async function lacking(): Promise<readonly string[]> {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const programs = PROGRAMS.filter(
    (name) => !folders.some((folder) => existsSync(join(folder, name))),
  );
  const ran = await run('/sbin/ldconfig', ['-p'], { quiet: true });
  // Where the list can't be had, the run itself will tell.
  const libraries = ran.code === 0 ? LIBRARIES.filter((name) => !ran.output.includes(name)) : [];
  return [...programs, ...libraries];
}

function isDebian(): boolean {
  return (
    existsSync('/etc/os-release') &&
    /^ID(_LIKE)?=.*debian/m.test(readFileSync('/etc/os-release', 'utf8'))
  );
}
