// The verifier as one file that needs nothing beside it: `verify.mjs`, for Node 20.12 and newer. zod and the curve are inside.

import { resolve } from 'node:path';
import { build } from 'vite';
import { ROOT } from './tool.ts';

/** Writes `verify.mjs` into the folder, and nothing else there changes. */
export async function buildVerifier(folder: string): Promise<void> {
  await build({
    configFile: false,
    root: ROOT,
    logLevel: 'error',
    ssr: { noExternal: true },
    build: {
      ssr: resolve(ROOT, 'main/verify.ts'),
      outDir: folder,
      emptyOutDir: false,
      target: 'node20',
      minify: false,
      rolldownOptions: {
        output: { format: 'es', entryFileNames: 'verify.mjs', codeSplitting: false },
      },
    },
  });
}
