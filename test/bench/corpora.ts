// Renders every command of the public corpora as the request that a guard would make of it, and counts: what folds, what needs
// expanding before an approval, what fits a notification. `node test/bench/corpora.ts` prints the shares.

import { existsSync, readFileSync } from 'node:fs';
import { sameBytes } from '../../shared/bytes.ts';
import { type Cj, encodeCj } from '../../shared/statement/cj1.ts';
import type { Request } from '../../shared/statement/request.ts';
import { rawOfText } from '../../shared/statement/text.ts';
import { decodeView } from '../../shared/statement/view/decode.ts';
import type { ViewFlag } from '../../shared/statement/view/flags.ts';
import { FOLD, folds } from '../../shared/statement/view/fold.ts';
import { fitsNotification } from '../../shared/statement/view/headline.ts';
import { renderView, type View, viewText } from '../../shared/statement/view/render.ts';

const FOLDER = new URL('../../../shared/corpora/', import.meta.url);

/** Sizes of a notification to compare; which one a desktop really gives is for its adapter to know. */
export const NOTIFICATIONS = {
  '4 lines, 256 bytes': { maxLines: 4, maxBytes: 256 },
  '16 lines, 512 bytes': { maxLines: 16, maxBytes: 512 },
  '20 lines, 1024 bytes': { maxLines: 20, maxBytes: 1024 },
};

export type Corpus = 'gtfobins' | 'tldr';

/** The commands of a corpus, or undefined where its file is not there. */
export function commandsOf(corpus: Corpus): string[] | undefined {
  const file = new URL(`${corpus}.json`, FOLDER);
  if (!existsSync(file)) return undefined;
  // The corpus's README names these members.
  const entries = JSON.parse(readFileSync(file, 'utf8')) as { command: string }[];
  return entries.map((entry) => entry.command);
}

/** Words at spaces, as a caller without a shell would pass them; what needs a shell goes to `sh -c`. */
export function argvOf(command: string): string[] {
  return /[|&;<>()$`\\"'\n*?~#{}[\]]/.test(command) ? ['sh', '-c', command] : command.split(/ +/);
}

const DIGEST = '5a'.repeat(32);

export function requestFor(argv: readonly string[]): Request {
  const program = argv[0] === 'sh' ? '/usr/bin/sh' : `/usr/bin/${argv[0] ?? ''}`;
  return {
    requestId: '11'.repeat(16),
    nonce: DIGEST,
    org: 'solo',
    log: 'localhost/solo',
    guard: { id: 'guard', keyId: DIGEST, host: 'laptop', mode: 'run' },
    agent: { id: 'agent', session: 'one', onBehalfOf: 'me', authn: 'account' },
    action: {
      kind: 'exec',
      argv: argv.map(rawOfText),
      cwd: '/home/me/project',
      executable: {
        path: rawOfText(program),
        sha256: DIGEST,
        size: 1,
        mode: '0755',
        uid: 0,
        gid: 0,
      },
      env: [
        { name: 'PATH', value: '/usr/local/bin:/usr/bin:/bin' },
        { name: 'HOME', value: '/home/me' },
        { name: 'LANG', value: 'C.UTF-8' },
      ],
      stdin: { from: 'terminal' },
      inputs: [],
      uid: 1000,
      gid: 1000,
      umask: '0022',
      runs: 'descriptor',
    },
    facts: {},
    evaluatedAt: '2026-01-01T00:00:00.000Z',
    policy: { sha256: DIGEST, rules: [], tier: 'low', needs: [{ group: 'me', count: 1 }] },
    checks: [],
    reason: 'because',
    narrative: '',
    trigger: '',
    attachments: [],
    createdAt: '2026-01-01T00:00:00.000Z',
    ttlMs: 300_000,
  };
}

export type Tally = {
  commands: number;
  inverted: number;
  shell: number;
  folded: number;
  mustExpand: number;
  approvable: number;
  fits: Record<string, number>;
  flags: Partial<Record<ViewFlag, number>>;
  longestRowBytes: number;
  mustBytes: number[];
};

export function tally(commands: readonly string[]): Tally {
  const fits = Object.fromEntries(Object.keys(NOTIFICATIONS).map((name) => [name, 0]));
  const start = { commands: 0, inverted: 0, shell: 0, folded: 0, mustExpand: 0, approvable: 0 };
  const out: Tally = { ...start, fits, flags: {}, longestRowBytes: 0, mustBytes: [] };
  for (const command of commands) {
    const argv = argvOf(command);
    // A request is a CJ-1 value.
    const payload = encodeCj(requestFor(argv) as unknown as Cj);
    const view = renderView(payload, new Map());
    if (!view.ok) throw new Error(`${view.code}: ${command}`);
    out.commands++;
    if (argv[0] === 'sh') out.shell++;
    const back = decodeView(viewText(view.value));
    if (back.ok && sameBytes(back.value.payload, payload)) out.inverted++;
    count(out, view.value);
  }
  return out;
}

function count(out: Tally, view: View): void {
  if (view.rows.some((row) => folds(row))) out.folded++;
  if (view.rows.some((row) => row.must && folds(row))) out.mustExpand++;
  if (view.approvable) out.approvable++;
  for (const [name, limits] of Object.entries(NOTIFICATIONS))
    if (fitsNotification(view, limits)) out.fits[name] = (out.fits[name] ?? 0) + 1;
  for (const flag of view.flags) out.flags[flag] = (out.flags[flag] ?? 0) + 1;
  out.longestRowBytes = Math.max(out.longestRowBytes, ...view.rows.map((row) => row.bytes));
  out.mustBytes.push(view.mustBytes);
}

export function report(corpus: Corpus, sums: Tally): string {
  const share = (n: number): string => `${n} (${((100 * n) / sums.commands).toFixed(1)} %)`;
  const sizes = sums.mustBytes.toSorted((a, b) => a - b);
  const at = (part: number): number => sizes[Math.floor(part * (sizes.length - 1))] ?? 0;
  const flags = Object.entries(sums.flags).map(([flag, n]) => `${flag} ${share(n)}`);
  return [
    `${corpus}: ${sums.commands} commands, ${share(sums.inverted)} come back from their text, ${share(sums.shell)} as sh -c`,
    `  fold (over ${FOLD.lines} lines or ${FOLD.bytes} bytes): ${share(sums.folded)}; must be expanded: ${share(sums.mustExpand)}; approvable: ${share(sums.approvable)}`,
    ...Object.entries(sums.fits).map(([name, n]) => `  fit a notification of ${name}: ${share(n)}`),
    `  must-see bytes: median ${at(0.5)}, 99 % ${at(0.99)}, most ${at(1)}; longest value ${sums.longestRowBytes} bytes`,
    `  flags: ${flags.join(', ') || 'none'}`,
  ].join('\n');
}

if (import.meta.main)
  for (const corpus of ['gtfobins', 'tldr'] as const) {
    const commands = commandsOf(corpus);
    console.log(
      commands ? report(corpus, tally(commands)) : `${corpus}: no ${FOLDER.pathname}${corpus}.json`,
    );
  }
