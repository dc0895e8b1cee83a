import { execFileSync } from 'node:child_process';
import { fstatSync } from 'node:fs';
import { link, mkdir, open, symlink, utimes, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sha256Hex } from '../../../../main/trust/digest.ts';
import { measureFile, untouched } from '../../../../main/guard/exec/measure.ts';
import { MeasuredFile } from '../../../../shared/statement/action.ts';
import { utf8 } from '../../../../shared/bytes.ts';
import { got, type Yard, yard } from './kit.ts';

let place: Yard;
beforeAll(async () => {
  place = await yard();
});
afterAll(() => place.remove());

test('gives the real path, the digest, the size and who may do what', async () => {
  await writeFile(place.at('file'), 'abc', { mode: 0o640 });
  await symlink('file', place.at('alias'));
  const measured = got(await measureFile(place.at('alias')));
  expect(MeasuredFile.parse(measured.file)).toEqual({
    path: place.at('file'),
    sha256: sha256Hex(utf8('abc')),
    size: 3,
    mode: '0640',
    uid: process.getuid?.(),
    gid: process.getgid?.(),
  });
  const { dev, ino } = fstatSync(measured.handle.fd, { bigint: true });
  expect(measured.stamp).toMatchObject({ dev, ino });
  await measured.handle.close();
});

test('hashes files of every length around the chunk, without moving the offset', async () => {
  for (const size of [0, 1, 1048575, 1048576, 1048577, 3_000_000]) {
    const bytes = Buffer.alloc(size, 'x');
    await writeFile(place.at('sized'), bytes);
    const { file, handle } = got(await measureFile(place.at('sized')));
    expect(file).toMatchObject({ sha256: sha256Hex(bytes), size });
    expect((await handle.readFile()).length).toBe(size);
    await handle.close();
  }
});

test('refuses what is not a regular file, and never waits for a FIFO', async () => {
  await mkdir(place.at('folder'));
  execFileSync('mkfifo', [place.at('fifo')]);
  expect(await measureFile(place.at('folder'))).toMatchObject({ code: 'notRegular' });
  expect(await measureFile(place.at('fifo'))).toMatchObject({ code: 'notRegular' });
  expect(await measureFile('/dev/null')).toMatchObject({ code: 'notRegular' });
  expect(await measureFile(place.at('absent'))).toMatchObject({ code: 'notFound' });
  expect(await measureFile(place.at('file/x'))).toMatchObject({ code: 'notFound' });
});

test('a file that never holds still is refused', async () => {
  await writeFile(place.at('busy'), Buffer.alloc(16 * 1024 * 1024));
  const writer = await open(place.at('busy'), 'r+');
  const measuring = measureFile(place.at('busy'));
  // On the same event loop as the reading, so that neither can starve the other.
  const state = { done: false };
  const stopping = measuring.finally(() => {
    state.done = true;
  });
  while (!state.done) await writer.write('x', 0);
  expect(await stopping).toMatchObject({ code: 'keepsChanging' });
  await writer.close();
});

test('a file that gives more than its size says is refused', async () => {
  expect(await measureFile('/proc/self/stat')).toMatchObject({ code: 'keepsChanging' });
});

test.each([
  ['written in place', (path: string) => writeFile(path, 'XYZ', { flag: 'r+' })],
  ['linked once more', (path: string) => link(path, `${path}.link`)],
  ['given its old times back', (path: string) => utimes(path, 1, 1)],
])('a held file that was %s is not untouched', async (name, change) => {
  const path = place.at(name.replaceAll(' ', '-'));
  await writeFile(path, 'abc');
  await utimes(path, 1, 1);
  const measured = got(await measureFile(path));
  expect(untouched(measured)).toBe(true);
  await change(path);
  expect(untouched(measured)).toBe(false);
  await measured.handle.close();
});

test('tells a setuid program', async () => {
  await writeFile(place.at('suid'), 'x');
  execFileSync('chmod', ['4755', place.at('suid')]);
  const measured = got(await measureFile(place.at('suid')));
  expect(measured.changesIdentity).toBe(true);
  expect(measured.file.mode).toBe('4755');
  await measured.handle.close();
});
