// Runtimes of other systems that only look like one: enough for electron-builder to pack our files into, so that the
// archive, the native file, the fuses and the property lists of a macOS and a Windows package can be looked at on any
// machine. Nothing in them can start.

import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { createPackage } from '@electron/asar';
import type { Runtime } from '../electron-builder.ts';
import { ELECTRON } from '../product.ts';
import { ROOT } from './tool.ts';

/** Electron's fuse wire: its marker, version 1, nine fuses, all off. */
const FUSES = Buffer.concat([
  Buffer.from('dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX'),
  Buffer.from([1, 9]),
  Buffer.from('0'.repeat(9)),
]);
const HELPERS = ['', ' (GPU)', ' (Plugin)', ' (Renderer)'].map((kind) => `Electron Helper${kind}`);
/** An unsigned Windows program that npm has already brought: the builder edits the resources of a real one. */
const PE = 'node_modules/electron-winstaller/vendor/Setup.exe';

export async function standIn(system: 'mac' | 'win'): Promise<Runtime> {
  const folder = resolve(ROOT, 'dist/.stand-in', system);
  rmSync(folder, { recursive: true, force: true });
  const put = (name: string, content: string | Buffer): void => {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  };
  put('LICENSE', 'a stand-in\n');
  put('LICENSES.chromium.html', 'a stand-in\n');
  put('version', ELECTRON);
  if (system === 'mac') putMac(put);
  else {
    put('electron.exe', Buffer.concat([readFileSync(resolve(ROOT, PE)), FUSES]));
    put('locales/en-US.pak', '');
  }
  await putDefaultApp(folder, system);
  return { version: ELECTRON, folder, label: `stand-in-${system}` };
}

function putMac(put: (name: string, content: string | Buffer) => void): void {
  const contents = 'Electron.app/Contents';
  put(`${contents}/Info.plist`, plist('Electron'));
  put(`${contents}/MacOS/Electron`, FUSES);
  put(`${contents}/Resources/en.lproj/x`, '');
  for (const name of HELPERS) {
    put(`${contents}/Frameworks/${name}.app/Contents/Info.plist`, plist(name));
    put(`${contents}/Frameworks/${name}.app/Contents/MacOS/${name}`, '');
  }
  const framework = `${contents}/Frameworks/Electron Framework.framework`;
  put(`${framework}/Electron Framework`, FUSES);
  put(`${framework}/Versions/A/Resources/en.lproj/x`, '');
}

const plist = (name: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?>
<plist version="1.0"><dict><key>CFBundleExecutable</key><string>${name}</string>
<key>CFBundleIdentifier</key><string>com.example.stand-in</string></dict></plist>
`;

/** The builder reads the archive that a fresh Electron has; an empty one will do, a false one will not. */
async function putDefaultApp(folder: string, system: 'mac' | 'win'): Promise<void> {
  const source = join(folder, 'default');
  mkdirSync(source);
  writeFileSync(join(source, 'package.json'), '{}');
  const resources = system === 'mac' ? 'Electron.app/Contents/Resources' : 'resources';
  mkdirSync(join(folder, resources), { recursive: true });
  await createPackage(source, join(folder, 'default.asar'));
  copyFileSync(join(folder, 'default.asar'), join(folder, resources, 'default_app.asar'));
  for (const name of [source, join(folder, 'default.asar')]) rmSync(name, { recursive: true });
}
