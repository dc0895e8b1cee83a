// One build for the product and the browser host. Entries are listed; one that does not exist yet is left out, not invented.

import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig, type UserConfig } from 'electron-vite';

const at = (path: string): string => resolve(import.meta.dirname, path);

const present = (entries: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(entries)
      .map(([name, path]) => [name, at(path)] as const)
      .filter(([, path]) => existsSync(path)),
  );

const mainEntries = present({
  index: 'main/index.ts',
  browser: 'main/browser.ts',
  broker: 'main/broker.ts',
  store: 'main/store.ts',
  cli: 'main/cli.ts',
});
const preloadEntries = present({ index: 'preload/index.ts' });
const pages = present({ index: 'renderer/index.html' });

const some = (entries: Readonly<Record<string, string>>): boolean =>
  Object.keys(entries).length > 0;

const config: UserConfig = {};

if (some(mainEntries)) {
  config.main = {
    build: {
      outDir: at('out/main'),
      // Natives stay outside, the optional one too; the rest is bundled, so that the command line starts from a few files.
      externalizeDeps: {
        exclude: ['zod', '@noble/curves', '@noble/hashes'],
        include: ['sodium-native'],
      },
      sourcemap: true,
      rolldownOptions: {
        input: mainEntries,
        output: {
          format: 'es',
          entryFileNames: '[name].js',
          chunkFileNames: 'chunks/[name]-[hash].js',
        },
      },
    },
  };
}

if (some(preloadEntries)) {
  config.preload = {
    build: {
      outDir: at('out/preload'),
      // A sandboxed preload can load neither modules nor siblings: one CommonJS file with all in it.
      externalizeDeps: false,
      isolatedEntries: true,
      rolldownOptions: {
        input: preloadEntries,
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  };
}

if (some(pages)) {
  config.renderer = {
    root: at('renderer'),
    plugins: [react()],
    build: {
      outDir: at('out/renderer'),
      emptyOutDir: true,
      minify: true,
      // Everything is served by our own origin: nothing is inlined as data: URLs, which the CSP refuses.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      rolldownOptions: { input: pages },
    },
  };
}

export default defineConfig(config);
