// The kernel's bytes against Node's words, with made bytes and with a real process that gets bytes Node cannot hold.

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { checkArgv } from '../../../../main/guard/exec/argv.ts';

const line = (...words: string[]): Uint8Array =>
  Buffer.concat(words.map((word) => Buffer.from(`${word}\0`, 'latin1')));
const check = (given: string[], cmdline?: Uint8Array, throughNpm = false) => {
  const result = checkArgv(given, { cmdline, throughNpm });
  return result.ok ? result.value : result.code;
};
const latin = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');

test('the tail after -- is compared by count, whatever stands before it', () => {
  expect(check(['a', ''], line('node', '--flag', 'cli.js', 'run', '--', 'a', ''))).toBe('checked');
  expect(check([], line('node'))).toBe('checked');
  expect(check(['Grüße', 'x y'], line('n', '--', latin('Grüße'), 'x y'))).toBe('checked');
});

test('bytes that are not UTF-8 are lost', () => {
  expect(check(['caf\ufffd'], line('node', '--', 'caf\xe9'))).toBe('argvLost');
  expect(check(['\ufffd'], line('node', '--', latin('\ufffd')))).toBe('checked');
});

test('words that differ, or are fewer than given, are lost', () => {
  expect(check(['a'], line('node', '--', 'b'))).toBe('argvLost');
  expect(check(['a', 'b'], line('a'))).toBe('argvLost');
});

test('without /proc it is unchecked; through npm a replacement character is doubt enough', () => {
  expect(check(['a'])).toBe('unchecked');
  expect(check(['\ufffd'], line('node', '--', latin('\ufffd')), true)).toBe('argvLost');
});

describe.runIf(process.platform === 'linux')('a real process', () => {
  const module = fileURLToPath(new URL('../../../../main/guard/exec/argv.ts', import.meta.url));
  const program = `
    const { checkArgv, kernelCmdline } = await import(${JSON.stringify(module)});
    const given = process.argv.slice(process.argv.indexOf('--') + 1);
    const result = checkArgv(given, { cmdline: kernelCmdline(), throughNpm: false });
    console.log(result.ok ? result.value : result.code);`;
  // printf makes the bytes: Node could not pass them itself.
  const run = (octal: string): string => {
    const words = `"$(printf '${octal}')" "two words" "" "$(printf 'a\\nb')"`;
    const text = 'exec "$0" --no-warnings --input-type=module -e "$1" run -- ';
    const out = spawnSync('sh', ['-c', text + words, process.execPath, program], {
      encoding: 'utf8',
    });
    return out.stdout.trim() || out.stderr;
  };

  test('with clean words is checked', () => expect(run('gr\\303\\274n')).toBe('checked'));
  test('with a lone Latin-1 byte is lost', () => expect(run('caf\\351')).toBe('argvLost'));
  test('with an overlong encoding is lost', () => expect(run('\\300\\257')).toBe('argvLost'));
});
