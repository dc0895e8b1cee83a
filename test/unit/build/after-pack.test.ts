import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  afterPackWith,
  dropStrangers,
  programIn,
  systemOf,
  withoutArbitraryLoads,
} from '../../../build/after-pack.ts';
import { readFuses } from '../../../build/fuses.ts';

const PLIST = `<dict>
  <key>NSAppTransportSecurity</key>
  <dict>
    <key>NSAllowsArbitraryLoads</key>
    <true/>
    <key>NSAllowsLocalNetworking</key>
    <true/>
  </dict>
</dict>`;
const WIRE = Buffer.concat([
  Buffer.from('dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX'),
  Buffer.from([1, 9]),
  Buffer.from('000000000'),
]);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'countersign-packed-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function put(name: string, content: string | Buffer): string {
  const file = join(folder, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  return file;
}

describe('plain http on macOS', () => {
  test('is not allowed any more, and nothing else is changed', () => {
    const text = withoutArbitraryLoads(PLIST);
    expect(text).not.toContain('NSAllowsArbitraryLoads');
    expect(text).toContain('<key>NSAllowsLocalNetworking</key>\n    <true/>');
    expect(withoutArbitraryLoads(text)).toBe(text);
  });

  test('that is allowed in another way stops the build', () => {
    const other = PLIST.replace('Loads</key>', 'LoadsInWebContent</key>');
    expect(() => withoutArbitraryLoads(other)).toThrow('not known');
  });
});

describe('after packing', () => {
  test('a Mac’s bundle and its children lose the exception and get the fuses', async () => {
    const app = 'Countersign.app/Contents';
    const child = `${app}/Frameworks/Countersign Helper.app/Contents/Info.plist`;
    const plists = [put(`${app}/Info.plist`, PLIST), put(child, PLIST)];
    put(`${app}/Frameworks/Electron Framework.framework/Electron Framework`, WIRE);
    await afterPackWith('release')({ appOutDir: folder, electronPlatformName: 'darwin' });
    for (const file of plists) expect(readFileSync(file, 'utf8')).not.toContain('ArbitraryLoads');
    const fuses = await readFuses(programIn(folder, 'mac'));
    expect(fuses.get('EnableEmbeddedAsarIntegrityValidation')).toBe(true);
    expect(fuses.get('EnableNodeCliInspectArguments')).toBe(false);
  });

  test('a Windows program gets the fuses', async () => {
    put('Countersign.exe', WIRE);
    await afterPackWith('test')({ appOutDir: folder, electronPlatformName: 'win32' });
    const fuses = await readFuses(programIn(folder, 'win'));
    expect(fuses.get('OnlyLoadAppFromAsar')).toBe(true);
    expect(fuses.get('EnableNodeCliInspectArguments')).toBe(true);
  });

  test('a system without decided fuses is refused', () => {
    expect(() => systemOf('mas')).toThrow('no fuses are decided for mas');
  });

  test('a link to another app goes, and what it points to stays', () => {
    const kept = put('elsewhere/package.json', '{}');
    put('tree/resources/app.asar', '');
    put('tree/browser_v8_context_snapshot.bin', '');
    symlinkSync(dirname(kept), join(folder, 'tree/resources/app'));
    dropStrangers(join(folder, 'tree'));
    expect(existsSync(join(folder, 'tree/resources/app'))).toBe(false);
    expect(existsSync(join(folder, 'tree/browser_v8_context_snapshot.bin'))).toBe(false);
    expect(existsSync(join(folder, 'tree/resources/app.asar'))).toBe(true);
    expect(existsSync(kept)).toBe(true);
  });
});
