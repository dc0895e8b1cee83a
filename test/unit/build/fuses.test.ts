import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FuseV1Options } from '@electron/fuses';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fusesOf, readFuses, writeFuses } from '../../../build/fuses.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'countersign-fuses-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A program that is nothing but a fuse wire, all off: Electron's marker, version 1, a length, that many states. */
function wire(length: number): string {
  const file = join(folder, `wire-${length}`);
  const marker = Buffer.from('dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX');
  writeFileSync(
    file,
    Buffer.concat([marker, Buffer.from([1, length]), Buffer.from('0'.repeat(length))]),
  );
  return file;
}

describe('the fuses', () => {
  test('are the decided ones, each of them', () => {
    const names = Object.keys(FuseV1Options).filter((name) => !/^\d+$/.test(name));
    expect(Object.keys(fusesOf('release', 'mac')).toSorted()).toEqual(names.toSorted());
    expect(fusesOf('release', 'mac')).toEqual({
      RunAsNode: false,
      EnableNodeOptionsEnvironmentVariable: false,
      EnableNodeCliInspectArguments: false,
      EnableCookieEncryption: true,
      EnableEmbeddedAsarIntegrityValidation: true,
      OnlyLoadAppFromAsar: true,
      LoadBrowserProcessSpecificV8Snapshot: false,
      GrantFileProtocolExtraPrivileges: false,
      WasmTrapHandlers: true,
    });
  });

  test('differ on Linux by the integrity check that it does not have', () => {
    expect(fusesOf('release', 'win')).toEqual(fusesOf('release', 'mac'));
    expect(fusesOf('release', 'linux')).toEqual({
      ...fusesOf('release', 'mac'),
      EnableEmbeddedAsarIntegrityValidation: false,
    });
  });

  test('of the test flavour differ by the inspector alone', () => {
    expect(fusesOf('test', 'linux')).toEqual({
      ...fusesOf('release', 'linux'),
      EnableNodeCliInspectArguments: true,
    });
  });

  test('are read back as they were written', async () => {
    const program = wire(9);
    expect(await writeFuses(program, fusesOf('release', 'mac'), false)).toEqual([]);
    expect(Object.fromEntries(await readFuses(program))).toEqual(fusesOf('release', 'mac'));
  });

  test('that an older Electron lacks are named', async () => {
    const program = wire(8);
    expect(await writeFuses(program, fusesOf('test', 'linux'), false)).toEqual([
      'WasmTrapHandlers',
    ]);
    expect((await readFuses(program)).get('EnableNodeCliInspectArguments')).toBe(true);
  });

  test('that nobody has decided stop the build', async () => {
    await expect(writeFuses(wire(10), fusesOf('release', 'win'), false)).rejects.toThrow(
      'strictlyRequireAllFuses',
    );
  });
});
