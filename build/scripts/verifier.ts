// The verifier as one file that needs nothing beside it: `verify.mjs`, for Node 20.12 and newer. zod and the curve are inside.

import { resolve } from 'node:path';
import { build, type Plugin } from 'vite';
import { ROOT } from './tool.ts';

/** The optional libsodium is left out: what stands alone looks for nothing beside itself, where it could be anybody's. */
const WITHOUT_SODIUM: Plugin = {
  name: 'without-sodium',
  enforce: 'pre',
  resolveId: (id) => (id === 'sodium-native' ? '\0without-sodium' : undefined),
  load: (id) => (id === '\0without-sodium' ? 'export default {};' : undefined),
};

/** Writes `verify.mjs` into the folder, and nothing else there changes. */
export async function buildVerifier(folder: string): Promise<void> {
  await build({
    configFile: false,
    root: ROOT,
    logLevel: 'error',
    plugins: [WITHOUT_SODIUM],
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
