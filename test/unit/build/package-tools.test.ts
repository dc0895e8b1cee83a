import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { makeArchive, readArchiveOrder } from '../../../build/scripts/package-7za.ts';
import { controlOf, makeDeb, readDebOrder } from '../../../build/scripts/package-fpm.ts';
import { findProgram, toolsFor } from '../../../build/scripts/package-tools.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'countersign-tools-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const FPM = ['-s', 'dir', '--force', '-t', 'deb', '-d', 'libgtk-3-0', '-d', 'libnss3'];
const MORE = ['--deb-recommends', 'libappindicator3-1', '--deb-compression', 'gz'];
const NAMED = ['--architecture', 'amd64', '--name', 'countersign', '--version', '0.1.0'];
const WORDS = [
  '--description',
  'Short\n Long.\n',
  '--maintainer',
  'A <a@b>',
  '--url',
  'https://x/',
];

describe('the stand-in for fpm', () => {
  test('reads what the builder gives it', () => {
    const order = readDebOrder([...FPM, ...MORE, ...NAMED, ...WORDS, '/tree/=/opt/A']);
    expect(order.content).toEqual([['/tree/', '/opt/A']]);
    expect(controlOf(order, 12)).toBe(
      [
        'Package: countersign',
        'Version: 0.1.0',
        'Architecture: amd64',
        'Maintainer: A <a@b>',
        'Installed-Size: 12',
        'Depends: libgtk-3-0, libnss3',
        'Recommends: libappindicator3-1',
        'Homepage: https://x/',
        'Description: Short\n Long.\n .',
        '',
      ].join('\n'),
    );
  });

  test('refuses what it does not know', () => {
    expect(() => readDebOrder([...FPM, '--deb-systemd', 'x'])).toThrow('--deb-systemd');
    expect(() => readDebOrder(['-t', 'rpm'])).toThrow('only deb');
    expect(() => readDebOrder([...FPM, '/tree'])).toThrow('no place');
  });

  const dpkg = findProgram(['dpkg-deb'], process.env['PATH'] ?? '');
  test.skipIf(dpkg === undefined)(
    'makes a package that dpkg reads (skipped without dpkg-deb)',
    () => {
      mkdirSync(join(folder, 'tree'));
      writeFileSync(join(folder, 'tree/program'), '#!/bin/sh\n', { mode: 0o755 });
      writeFileSync(join(folder, 'x.desktop'), '[Desktop Entry]\n', { mode: 0o600 });
      writeFileSync(join(folder, 'after'), '#!/bin/sh\n');
      const output = join(folder, 'x.deb');
      const places = [
        `${folder}/tree/=/opt/A`,
        `${folder}/x.desktop=/usr/share/applications/x.desktop`,
      ];
      const files = ['--package', output, '--after-install', join(folder, 'after')];
      makeDeb(readDebOrder([...FPM, ...MORE, ...NAMED, ...WORDS, ...files, ...places]));
      const list = execFileSync('dpkg-deb', ['-c', output], { encoding: 'utf8' });
      expect(list).toMatch(/^-rwxr-xr-x root\/root .* \.\/opt\/A\/program$/m);
      expect(list).toMatch(/^-rw-r--r-- root\/root .* \.\/usr\/share\/applications\/x\.desktop$/m);
      expect(execFileSync('dpkg-deb', ['-I', output], { encoding: 'utf8' })).toContain('postinst');
    },
  );
});

describe('the stand-in for 7-Zip', () => {
  const ARGS = ['a', '-bd', '-mx=7', '-mtc=off', '-mm=Deflate', '-mcu', '-snl'];

  test('reads what the builder gives it', () => {
    expect(readArchiveOrder([...ARGS, '/o/x.zip', '.'])).toEqual({
      form: 'zip',
      output: '/o/x.zip',
      input: '.',
      level: 7,
    });
    expect(readArchiveOrder(['a', '-bd', '-mx=9', '/o/x.tar.gz', '/t/x.tar'])).toMatchObject({
      form: 'gzip',
      level: 9,
    });
  });

  test('refuses what it does not know', () => {
    expect(() => readArchiveOrder(['x', 'x.zip', '.'])).toThrow('not known');
    expect(() => readArchiveOrder([...ARGS, '-xr!secret', 'x.zip', '.'])).toThrow('not known');
    expect(() => readArchiveOrder([...ARGS, 'x.7z', '.'])).toThrow('neither');
  });

  test('packs a tar as gzip does', async () => {
    const input = join(folder, 'x.tar');
    writeFileSync(input, 'tar');
    await makeArchive({ form: 'gzip', output: `${input}.gz`, input, level: 1 });
    expect(gunzipSync(readFileSync(`${input}.gz`)).toString()).toBe('tar');
  });
});

describe('what a package needs', () => {
  const bare = { path: '/nowhere', platform: 'linux' } as const;

  test('is said in one sentence where it is not there', () => {
    for (const target of ['deb', 'zip', 'AppImage', 'dmg', 'nsis', 'snap']) {
      expect(toolsFor(target, bare)).toHaveProperty('missing');
    }
    expect(toolsFor('dir', bare)).toEqual({ env: {} });
  });

  test('is the machine’s own program before a stand-in', () => {
    for (const name of ['7za', 'fpm']) {
      writeFileSync(join(folder, name), '#!/bin/sh\n', { mode: 0o755 });
    }
    const machine = { path: folder, platform: 'linux' } as const;
    expect(toolsFor('zip', machine)).toEqual({
      env: { ELECTRON_BUILDER_7ZIP_PATH: join(folder, '7za') },
    });
    expect(toolsFor('deb', machine)).toEqual({ env: { USE_SYSTEM_FPM: 'true' } });
    expect(statSync(join(folder, 'fpm')).mode & 0o111).not.toBe(0);
  });
});
