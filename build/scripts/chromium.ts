// Finds the Chromium that tests drive, and on a Debian where we are root installs Debian's when there is none.
// Nothing outside the tests uses this: the product never starts a browser as root and never turns its sandbox off.

import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { run } from './tool.ts';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const MAC = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';

/** The path of an executable Chromium: CHROME_PATH first, then the usual names on PATH. */
export function findChromium(env: NodeJS.ProcessEnv): string | undefined {
  const folders = (env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const named = folders.flatMap((folder) => NAMES.map((name) => join(folder, name)));
  const chosen = env['CHROME_PATH'];
  const candidates = chosen === undefined || chosen === '' ? [...named, MAC] : [chosen];
  return candidates.find(isExecutable);
}

/** Finds or installs one; `undefined` after one line that says what to install. */
export async function ensureChromium(): Promise<string | undefined> {
  const found = findChromium(process.env);
  if (found !== undefined) return found;
  // A path that was chosen and is wrong is a mistake to report, not a reason to install something.
  const chosen = (process.env['CHROME_PATH'] ?? '') !== '';
  if (!chosen && isDebian() && process.getuid?.() === 0) {
    process.stderr.write("countersign: no Chromium found, installing Debian's\n");
    const env = { DEBIAN_FRONTEND: 'noninteractive' };
    await run('apt-get', ['update', '-q'], { env, quiet: true });
    const packages = ['chromium', 'fonts-dejavu-core', 'fonts-liberation'];
    const install = ['install', '-q', '-y', '--no-install-recommends', ...packages];
    const ran = await run('apt-get', install, { env, quiet: true });
    if (ran.code !== 0) process.stderr.write(`${ran.output.slice(-2000)}\n`);
  }
  const now = findChromium(process.env);
  if (now === undefined) {
    process.stderr.write(
      'countersign: the ui suite needs Chromium: install it (Debian, Ubuntu: apt install chromium) or set CHROME_PATH\n',
    );
  }
  return now;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function isDebian(): boolean {
  return (
    existsSync('/etc/os-release') &&
    /^ID(_LIKE)?=.*debian/m.test(readFileSync('/etc/os-release', 'utf8'))
  );
}
