// `npm run start:test-electron`: the tray app on the prepared test runtime, and it says so. For looking at, not for use.

import { run } from './tool.ts';
import { buildIfStale } from './build.ts';
import { ensureTestElectron } from './test-electron.ts';

/** Passes `args` on and ends with the app's exit code; 78 when there is nothing to start. */
export async function main(args: readonly string[]): Promise<number> {
  const runtime = await ensureTestElectron();
  if ('missing' in runtime) return say(runtime.missing);
  if ((await buildIfStale()) !== 0) return 78;
  if (!isSet('DISPLAY') && !isSet('WAYLAND_DISPLAY')) return say('there is no screen here');
  process.stderr.write('countersign: this is the test runtime, out of support: not for real use\n');
  // Chromium's sandbox refuses root, and its set-uid part is not set up here either.
  const ran = await run(runtime.program, ['--no-sandbox', '--disable-gpu', ...args]);
  return ran.code;
}

const isSet = (name: string): boolean => (process.env[name] ?? '') !== '';

function say(sentence: string): number {
  process.stderr.write(`countersign: ${sentence}\n`);
  return 78;
}
