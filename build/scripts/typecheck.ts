// Compiles every folder on its own, because each has other globals: what `shared` may use is decided by its tsconfig alone.

import { runTool } from './tool.ts';

const FOLDERS = ['shared', 'main', 'preload', 'renderer', 'build', 'test', '.'];

/** "No inputs were found": a folder without sources yet is not an error. */
const NO_INPUTS = 'TS18003';

/** Returns 0 when all folders compile; prints what does not. */
export async function main(_args: readonly string[]): Promise<number> {
  let code = 0;
  for (const folder of FOLDERS) {
    const ran = await runTool('typescript', 'tsc', ['-p', folder, '--pretty', 'false'], {
      quiet: true,
      limitSeconds: 120,
    });
    if (ran.code === 0 || ran.output.includes(NO_INPUTS)) continue;
    code = 1;
    process.stderr.write(`types of ${folder}/\n${ran.output}`);
  }
  return code;
}
