import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { utf8 } from '../../../shared/bytes.ts';
import {
  createExclusive,
  publishExclusive,
  readPrivate,
  writeAtomic,
} from '../../../main/state/atomic-file.ts';
import { scratchFolder } from './scratch.ts';

const posix = process.platform !== 'win32';

describe('writing whole', () => {
  test('replaces the contents, is 0600 and leaves nothing beside it', () => {
    using at = scratchFolder();
    const path = join(at.path, 'f');
    expect(writeAtomic(path, utf8('one')).ok).toBe(true);
    expect(writeAtomic(path, utf8('two')).ok).toBe(true);
    expect(readFileSync(path, 'utf8')).toBe('two');
    expect(readdirSync(at.path)).toEqual(['f']);
    if (posix) expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  test('steps over a torn temporary file and never reads it', () => {
    using at = scratchFolder();
    const path = join(at.path, 'f');
    writeAtomic(path, utf8('old'));
    writeFileSync(join(at.path, `.f.${process.pid}.0.tmp`), 'to');
    expect(readPrivate(path, 10)).toMatchObject({ value: utf8('old') });
    expect(writeAtomic(path, utf8('new')).ok).toBe(true);
    expect(readPrivate(path, 10)).toMatchObject({ value: utf8('new') });
    expect(readFileSync(join(at.path, `.f.${process.pid}.0.tmp`), 'utf8')).toBe('to');
  });

  test('says io, and leaves nothing, where the name is a folder', () => {
    using at = scratchFolder();
    mkdirSync(join(at.path, 'd', 'x'), { recursive: true });
    expect(writeAtomic(join(at.path, 'd'), utf8('x'))).toMatchObject({ code: 'io' });
    expect(writeAtomic(join(at.path, 'no', 'f'), utf8('x'))).toMatchObject({ code: 'io' });
    expect(readdirSync(at.path)).toEqual(['d']);
  });
});

describe('creating once', () => {
  test.each([
    ['createExclusive', createExclusive],
    ['publishExclusive', publishExclusive],
  ])('%s: the first is told created, the next exists, and the contents stay', (_name, create) => {
    using at = scratchFolder();
    const path = join(at.path, 'f');
    expect(create(path, utf8('one'))).toEqual({ ok: true, value: 'created' });
    expect(create(path, utf8('two'))).toMatchObject({ code: 'exists' });
    expect(readFileSync(path, 'utf8')).toBe('one');
    expect(readdirSync(at.path)).toEqual(['f']);
    expect(create(join(at.path, 'no', 'f'), utf8('x'))).toMatchObject({ code: 'io' });
  });

  test('a dangling link counts as taken: nothing is created through it', () => {
    using at = scratchFolder();
    symlinkSync(join(at.path, 'target'), join(at.path, 'f'));
    expect(createExclusive(join(at.path, 'f'), utf8('x'))).toMatchObject({ code: 'exists' });
    expect(readdirSync(at.path)).toEqual(['f']);
  });

  test('an empty claim of a crashed process still counts as taken', () => {
    using at = scratchFolder();
    writeFileSync(join(at.path, 'f'), '');
    expect(createExclusive(join(at.path, 'f'), utf8('x'))).toMatchObject({ code: 'exists' });
  });
});

describe('reading what is private', () => {
  test('gives the bytes up to the limit and not one more', () => {
    using at = scratchFolder();
    const path = join(at.path, 'f');
    writeAtomic(path, utf8('12345'));
    expect(readPrivate(path, 5)).toMatchObject({ value: utf8('12345') });
    expect(readPrivate(path, 4)).toMatchObject({ code: 'tooLarge' });
    writeAtomic(path, utf8(''));
    expect(readPrivate(path, 5)).toMatchObject({ value: utf8('') });
  });

  test('refuses what is not there', () => {
    using at = scratchFolder();
    expect(readPrivate(join(at.path, 'f'), 5)).toMatchObject({ code: 'missing' });
  });

  test.skipIf(!posix).each([0o640, 0o604, 0o620, 0o601])('refuses mode %o', (mode) => {
    using at = scratchFolder();
    const path = join(at.path, 'f');
    writeAtomic(path, utf8('x'));
    chmodSync(path, mode);
    expect(readPrivate(path, 5)).toMatchObject({ code: 'exposed' });
  });

  test.skipIf(!posix)('refuses another owner, a link, a folder and a pipe', () => {
    using at = scratchFolder();
    const path = join(at.path, 'f');
    writeAtomic(path, utf8('x'));
    expect(readPrivate(path, 5, (process.getuid?.() ?? 0) + 1)).toMatchObject({ code: 'exposed' });
    symlinkSync(path, join(at.path, 'link'));
    expect(readPrivate(join(at.path, 'link'), 5)).toMatchObject({ code: 'exposed' });
    expect(readPrivate(at.path, 5)).toMatchObject({ code: 'exposed' });
    execFileSync('mkfifo', ['-m', '600', join(at.path, 'pipe')]);
    expect(readPrivate(join(at.path, 'pipe'), 5)).toMatchObject({ code: 'exposed' });
  });
});
