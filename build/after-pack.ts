// What is done to the packed tree before it is signed: what is not ours is taken away, the fuses are flipped, and on macOS
// the exception for plain http that the builder always writes is removed.

import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AfterPackContext } from 'electron-builder';
import { type Flavour, fusesOf, type System, writeFuses } from './fuses.ts';
import { APP_NAME, PROGRAM } from './product.ts';

const SYSTEMS: Readonly<Record<string, System>> = { linux: 'linux', darwin: 'mac', win32: 'win' };

const STRANGERS = [
  'resources/app',
  'resources/app-update.yml',
  'browser_v8_context_snapshot.bin',
  '.prepared',
  // Of an Electron as npm unpacks it.
  'version',
  'resources/default_app.asar',
  'Electron.app/Contents/Resources/default_app.asar',
  // The test runtime's program under a second name.
  'countersign',
];

type Packed = Pick<AfterPackContext, 'appOutDir' | 'electronPlatformName'>;

/** The builder's `afterPack` for a flavour. */
export const afterPackWith =
  (flavour: Flavour) =>
  async (context: Packed): Promise<void> => {
    const system = systemOf(context.electronPlatformName);
    if (system === 'mac') dropArbitraryLoads(join(appOf(context.appOutDir), 'Contents'));
    const program = programIn(context.appOutDir, system);
    // An arm64 Mac starts nothing whose signature does not fit; where there is no codesign, the signing to come does it.
    const adHoc = system === 'mac' && process.platform === 'darwin';
    const missing = await writeFuses(program, fusesOf(flavour, system), adHoc);
    for (const name of missing) {
      process.stdout.write(`countersign: this Electron is too old to have the fuse ${name}\n`);
    }
  };

export function systemOf(platformName: string): System {
  const system = SYSTEMS[platformName];
  if (system === undefined) throw new Error(`no fuses are decided for ${platformName}`);
  return system;
}

/** The file or bundle that holds the fuses. */
export function programIn(appOutDir: string, system: System): string {
  if (system === 'mac') return appOf(appOutDir);
  return join(appOutDir, system === 'win' ? `${APP_NAME}.exe` : PROGRAM);
}

const appOf = (appOutDir: string): string => join(appOutDir, `${APP_NAME}.app`);

/** Before anything of ours is added: a prepared runtime carries an app, a snapshot of one and its own mark. */
export function dropStrangers(appOutDir: string): void {
  for (const name of STRANGERS) {
    rmSync(join(appOutDir, name), { recursive: true, force: true });
  }
}

/** In the app's own Info.plist and its children's: the builder writes `NSAllowsArbitraryLoads` after everything we can set. */
function dropArbitraryLoads(contents: string): void {
  const frameworks = join(contents, 'Frameworks');
  const children = existsSync(frameworks) ? readdirSync(frameworks) : [];
  const plists = [contents, ...children.map((name) => join(frameworks, name, 'Contents'))]
    .map((folder) => join(folder, 'Info.plist'))
    .filter((file) => existsSync(file));
  for (const file of plists) {
    writeFileSync(file, withoutArbitraryLoads(readFileSync(file, 'utf8')));
  }
}

/** Takes the key and its value out of a property list's text; throws when one is left that it does not understand. */
export function withoutArbitraryLoads(plist: string): string {
  const text = plist.replace(/\s*<key>NSAllowsArbitraryLoads<\/key>\s*<(true|false)\s*\/>/g, '');
  if (text.includes('NSAllowsArbitraryLoads')) {
    throw new Error('Info.plist allows arbitrary loads in a form that is not known');
  }
  return text;
}
