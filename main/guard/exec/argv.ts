// The arguments as the kernel holds them, compared with what Node made of them. Node decodes argv as UTF-8 and puts
// U+FFFD for what is not: the person would approve, and the child would get, other bytes than were typed.

import { readFileSync } from 'node:fs';
import { textOf } from '../../../shared/bytes.ts';
import { fail, ok, type Result } from '../../../shared/result.ts';

export type ArgvSource = {
  /** Bytes of /proc/self/cmdline; undefined where there is no /proc. */
  readonly cmdline: Uint8Array | undefined;
  /** npm read the arguments before us and would have lost the same bytes. */
  readonly throughNpm: boolean;
};

/** undefined on systems without /proc. */
export function kernelCmdline(): Uint8Array | undefined {
  try {
    return readFileSync('/proc/self/cmdline');
  } catch {
    return undefined;
  }
}

/**
 * `given`: the words after `--`, as Node has them. Only that tail is compared, by count: what stands before it (the
 * runtime, its options, the script, our own options) differs with the launcher. `unchecked`: no kernel to ask.
 */
export function checkArgv(
  given: readonly string[],
  source: ArgvSource,
): Result<'checked' | 'unchecked', 'argvLost'> {
  if (source.throughNpm && given.some((word) => word.includes('\ufffd')))
    return fail('argvLost', 'npm may have lost bytes of an argument: call the launcher itself');
  if (source.cmdline === undefined) return ok('unchecked');
  const words = wordsOf(source.cmdline);
  const tail = words.slice(words.length - given.length);
  const same = words.length >= given.length && given.every((word, i) => textAt(tail, i) === word);
  return same
    ? ok('checked')
    : fail('argvLost', 'an argument is not UTF-8, and Node lost bytes of it');
}

const textAt = (words: readonly Uint8Array[], i: number): string | undefined => {
  const word = words[i];
  return word && textOf(word);
};

// Each word ends in NUL, the last one included (proc_pid_cmdline(5)).
function wordsOf(cmdline: Uint8Array): Uint8Array[] {
  const words: Uint8Array[] = [];
  let from = 0;
  for (let end = cmdline.indexOf(0); end >= 0; end = cmdline.indexOf(0, from)) {
    words.push(cmdline.subarray(from, end));
    from = end + 1;
  }
  return words;
}
