// A descriptor that a parent leaves open at a high number, in a real guard process, does not reach its child.

import { spawnSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { expect, test } from 'vitest';
import { GUARD, type Yard, yard } from './kit.ts';

const NODE = ['--no-warnings', '--input-type=module', '-e'];
const PLAIN = `
  const { spawnSync } = await import('node:child_process');
  spawnSync('readlink', ['/proc/self/fd/90'], { stdio: 'inherit' });`;

/** What `readlink /proc/self/fd/90` prints as the child of this program, whose own 90 is /dev/zero. */
function below(program: string, place: Yard): string {
  const fd = openSync('/dev/zero', 'r');
  // 3 to 89 stay closed: the gap at which Node stops looking.
  const stdio = ['ignore', 'pipe', 'inherit', ...Array<'ignore'>(87).fill('ignore'), fd] as const;
  const argv = [...NODE, program, '--', 'readlink', '/proc/self/fd/90'];
  const env = { ...process.env, SCRATCH: place.scratch };
  const out = spawnSync(process.execPath, argv, { stdio: [...stdio], encoding: 'utf8', env });
  closeSync(fd);
  return out.stdout;
}

test.runIf(process.platform === 'linux')('Node would pass it on; the guard does not', async () => {
  const place = await yard();
  expect(below(PLAIN, place)).toContain('/dev/zero');
  const guarded = below(GUARD, place);
  expect(guarded).toContain('outcome: {"code":1}');
  expect(guarded).not.toContain('/dev/zero');
  place.remove();
});
