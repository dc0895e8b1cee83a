// Computes the facts of every command of the public corpora and counts what they say. For GTFOBins a line counts as found
// where the capability of its listed function is in the set; how much of that comes from the tables alone, and how much
// from what something opaque names, is counted apart. `node test/bench/corpora-facts.ts` prints the shares.

import { existsSync, readFileSync } from 'node:fs';
import { type Capability, isCapability } from '../../main/policy/facts/capability.ts';
import { factsOf } from '../../main/policy/facts.ts';
import type { ExecAction } from '../../shared/statement/action.ts';
import { rawOfText } from '../../shared/statement/text.ts';

const FOLDER = new URL('../../../shared/corpora/', import.meta.url);

export type Line = { readonly program: string; readonly listed: string; readonly command: string };

/** GTFOBins' functions in our words: all of them must be found. Whoever inherits another program's functions runs it. */
export const MEANS: Readonly<Record<string, readonly Capability[]>> = {
  shell: ['execute'],
  command: ['execute'],
  inherit: ['execute'],
  'library-load': ['execute'],
  'reverse-shell': ['execute', 'network'],
  'bind-shell': ['execute', 'network'],
  'file-read': ['read'],
  'file-write': ['write'],
  upload: ['upload'],
  download: ['download'],
};
/** Any of these: a setuid bit, an owner, or a system file that is replaced. */
const ESCALATION: readonly Capability[] = ['permission', 'privilege', 'write'];

/** The lines of GTFOBins or tldr, or undefined where the file is not there. */
export function linesOf(corpus: 'gtfobins' | 'tldr'): Line[] | undefined {
  const file = new URL(`${corpus}.json`, FOLDER);
  if (!existsSync(file)) return undefined;
  // The corpus's README names these members.
  const entries = JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>[];
  return entries.map((entry) => ({
    program: entry['program'] ?? entry['page'] ?? '',
    listed: entry['capability'] ?? '',
    command: entry['command'] ?? '',
  }));
}

/** The command as an agent would have a shell run it. */
export function shellAction(command: string): ExecAction {
  return {
    kind: 'exec',
    argv: ['sh', '-c', rawOfText(command)],
    cwd: '/home/me/project',
    executable: {
      path: '/usr/bin/dash',
      sha256: '5a'.repeat(32),
      size: 1,
      mode: '0755',
      uid: 0,
      gid: 0,
    },
    env: [],
    stdin: { from: 'nothing' },
    inputs: [],
    uid: 1000,
    gid: 1000,
    umask: '0022',
    runs: 'descriptor',
  };
}

export type Found = {
  readonly capabilities: readonly Capability[];
  readonly parts: readonly string[];
};

export function foundIn(command: string): Found {
  const facts = factsOf(shellAction(command));
  const words = (name: string): string[] => [facts[name] ?? []].flat().map(String);
  return { capabilities: words('capabilities').filter(isCapability), parts: words('unknownParts') };
}

/** Whether what the line is listed for was found. */
export function isFound(line: Line, found: Found): boolean {
  if (line.listed === 'privilege-escalation')
    return ESCALATION.some((word) => found.capabilities.includes(word));
  return (MEANS[line.listed] ?? ['unknown']).every((word) => found.capabilities.includes(word));
}

export type Shares = {
  readonly lines: number;
  readonly found: number;
  /** Found, and no program without a row and no opaque code had a part in it. */
  readonly understood: number;
  /** Not found, and not called unknown either: what policy would have taken for harmless. */
  readonly silent: readonly Line[];
  readonly missed: readonly Line[];
  readonly byListed: Readonly<Record<string, readonly [found: number, lines: number]>>;
};

export function shares(lines: readonly Line[]): Shares {
  let understood = 0;
  const missed: Line[] = [];
  const silent: Line[] = [];
  const byListed: Record<string, [number, number]> = {};
  for (const line of lines) {
    const found = foundIn(line.command);
    const sums = (byListed[line.listed] ??= [0, 0]);
    sums[1]++;
    if (isFound(line, found)) {
      sums[0]++;
      if (!found.parts.some((part) => part === 'program' || part === 'code')) understood++;
    } else {
      missed.push(line);
      if (!found.capabilities.includes('unknown')) silent.push(line);
    }
  }
  const found = lines.length - missed.length;
  return { lines: lines.length, found, understood, silent, missed, byListed };
}

function printGtfobins(lines: readonly Line[]): void {
  const sums = shares(lines);
  const share = (n: number): string => `${n} (${((100 * n) / lines.length).toFixed(1)} %)`;
  console.log(`gtfobins: ${lines.length} lines, capability found in ${share(sums.found)}`);
  console.log(`  of these without opaque code or unknown programs: ${share(sums.understood)}`);
  console.log(`  not found and not called unknown either: ${share(sums.silent.length)}`);
  for (const [name, [found, all]] of Object.entries(sums.byListed))
    console.log(`  ${name}: ${found} of ${all}`);
  if (process.argv.includes('--missed'))
    for (const { listed, command } of sums.missed)
      console.log(
        `  - ${listed}: ${command.replaceAll('\n', ' ⏎ ').slice(0, 120)} ${foundIn(command).capabilities.join()}`,
      );
}

/** tldr's placeholders as a person would fill them: the long name of an option, a word for a path. */
const filled = (command: string): string =>
  command.replace(/\[(-\w)\|(--[\w-]+)\]/g, '$2').replace(/\[?<([\w /.-]+)>\]?/g, '$1');

function printTldr(lines: readonly Line[]): void {
  const parts = new Map<string, number>();
  const words = new Map<string, number>();
  let reads = 0;
  for (const line of lines) {
    const found = foundIn(filled(line.command));
    for (const part of found.parts) parts.set(part, (parts.get(part) ?? 0) + 1);
    for (const word of found.capabilities) words.set(word, (words.get(word) ?? 0) + 1);
    if (found.capabilities.join() === 'read') reads++;
  }
  const share = (n: number): string => `${((100 * n) / lines.length).toFixed(1)} %`;
  const list = (sums: ReadonlyMap<string, number>): string =>
    [...sums]
      .sort((a, b) => b[1] - a[1])
      .map(([name, n]) => `${name} ${share(n)}`)
      .join(', ');
  console.log(`tldr: ${lines.length} lines, only reading ${share(reads)}`);
  console.log(`  capabilities: ${list(words)}`);
  console.log(`  not understood: ${list(parts)}`);
}

if (import.meta.main) {
  const gtfobins = linesOf('gtfobins');
  if (gtfobins) printGtfobins(gtfobins);
  else console.log(`gtfobins: no ${FOLDER.pathname}gtfobins.json`);
  const tldr = linesOf('tldr');
  if (tldr) printTldr(tldr);
  else console.log(`tldr: no ${FOLDER.pathname}tldr.json`);
}
