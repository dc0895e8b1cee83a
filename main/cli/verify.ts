// `countersign verify BUNDLE`: evidence checked from its bytes alone. No state folder, broker or network is looked at, and the
// only trust is in the roots that are given; where none are, it says so. The same code is the one file `verify.mjs`.

import { readFileSync, statSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { fail, ok, type Result } from '../../shared/result.ts';
import { verifyFork } from '../evidence/fork-file.ts';
import { forkLines, reportLines } from '../evidence/report-text.ts';
import { type Roots, rootsOfFile, rootsOfText } from '../evidence/roots.ts';
import { verifyBundle } from '../evidence/verify.ts';
import { readZip } from '../evidence/zip.ts';
import { readBundle } from './read-bundle.ts';

type Streams = {
  readonly output: { readonly write: (text: string) => unknown };
  readonly errors: { readonly write: (text: string) => unknown };
};

const VERIFY_USAGE = `usage: verify BUNDLE [--roots FILE|DIGEST] [--json]
  BUNDLE  the zip or folder of countersign evidence, fork evidence, or an app's alarm.json
  --roots a keyring file or pin that you hold, or the digest of the root set that an administrator reads to you
  --json  the report as one JSON object
  exits with 0 only if nothing failed
`;
/** A keyring is far smaller. */
const MOST_ROOTS = 1024 * 1024;
/** sysexits.h, EX_USAGE. */
const WRONG_USE = 64;

/** The exit status: 0 verified, 1 not, 64 used wrongly. */
export function verifyCommand(words: readonly string[], { output, errors }: Streams): number {
  const complain = (line: string): number => {
    errors.write(`countersign: ${line}\n`);
    return WRONG_USE;
  };
  if (words[0] === '--help' || words[0] === '-h') {
    output.write(VERIFY_USAGE);
    return 0;
  }
  const asked = optionsOf(words);
  if (typeof asked === 'string') {
    errors.write(`countersign: ${asked}\n${VERIFY_USAGE}`);
    return WRONG_USE;
  }
  const roots = asked.roots === undefined ? ok(undefined) : readRoots(asked.roots);
  if (!roots.ok) return complain(`--roots ${asked.roots}: ${roots.detail}`);
  const print = (lines: readonly string[], report: { readonly verified: boolean }): number => {
    output.write(asked.json ? `${JSON.stringify(report)}\n` : `${lines.join('\n')}\n`);
    return report.verified ? 0 : 1;
  };
  const read = readBundle(asked.path);
  if (!read.ok) return complain(read.detail ?? read.code);
  if ('text' in read.value) {
    const fork = verifyFork(read.value.text, roots.value?.vkey);
    return fork.ok
      ? print(forkLines(fork.value), fork.value)
      : print([`NOT VERIFIED: ${fork.detail}`], { verified: false });
  }
  const files = 'zip' in read.value ? readZip(read.value.zip) : ok(read.value.files);
  if (!files.ok) return print([`NOT VERIFIED: ${files.detail}`], { verified: false });
  const report = verifyBundle(files.value, roots.value?.rootSet);
  return print(reportLines(report), report);
}

function optionsOf(words: readonly string[]) {
  try {
    const { values, positionals } = parseArgs({
      args: [...words],
      allowPositionals: true,
      options: { roots: { type: 'string' }, json: { type: 'boolean' } },
    });
    const [path, ...more] = positionals;
    if (path === undefined || more.length > 0) return 'one bundle is verified at a time';
    return { path, roots: values.roots, json: values.json ?? false };
  } catch (error) {
    return error instanceof Error ? error.message : 'not understood';
  }
}

/** A digest as it stands, else the file of that name. */
function readRoots(given: string): Result<Roots, 'roots'> {
  const written = rootsOfText(given);
  if (written !== undefined) return ok(written);
  const neither = 'neither the digest of a root set nor a file that can be read';
  try {
    const stats = statSync(given);
    if (!stats.isFile() || stats.size > MOST_ROOTS) return fail('roots', neither);
    return rootsOfFile(new Uint8Array(readFileSync(given)));
  } catch {
    return fail('roots', neither);
  }
}
