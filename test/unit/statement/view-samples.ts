// Requests for the view's tests: one sample of each kind of action, and a seeded maker of random ones.

import type { Cj } from '../../../shared/statement/cj1.ts';
import type { Request } from '../../../shared/statement/request.ts';
import { type Raw, rawOf, rawOfText } from '../../../shared/statement/text.ts';

const digest = (n: number): string => n.toString(16).padStart(2, '0').repeat(32);

type Of<K extends Request['action']['kind']> = Extract<Request['action'], { kind: K }>;

export const MEASURED = {
  path: '/usr/bin/node' as Raw,
  sha256: digest(1),
  size: 101_000_000,
  mode: '0755',
  uid: 0,
  gid: 0,
};

export const EXEC: Of<'exec'> = {
  kind: 'exec',
  argv: ['node', 'export.js', 'customers'],
  cwd: '/srv/export',
  executable: MEASURED,
  script: { ...MEASURED, path: '/srv/export/export.js', sha256: digest(2), size: 812, uid: 1000 },
  interpreterArgs: ['--no-warnings'],
  env: [
    { name: 'PATH', value: '/usr/bin:/bin' },
    { name: 'EXPORT_TABLE', value: 'customers' },
    { name: 'DB_PASSWORD', secret: digest(3) },
  ],
  stdin: { from: 'bound', sha256: digest(4), size: 12 },
  inputs: [{ ...MEASURED, path: '/srv/export/columns.txt', sha256: digest(5), size: 90 }],
  uid: 1000,
  gid: 1000,
  umask: '0022',
  runs: 'path',
};
export const MCP: Of<'mcp'> = {
  kind: 'mcp',
  server: 'files',
  tool: 'delete_folder',
  definitionSha256: digest(6),
  argumentsRaw: '{"path":"/srv/old","n":1.0}',
};
export const HTTP: Of<'http'> = {
  kind: 'http',
  method: 'DELETE',
  scheme: 'https',
  host: 'api.example.com',
  port: 443,
  path: '/v1/users/7',
  query: 'force=1',
  headers: [{ name: 'content-type', value: 'application/json' }],
};
export const TOOL: Of<'tool'> = {
  kind: 'tool',
  runtime: 'codex',
  tool: 'shell',
  inputRaw: '{"command":["ls"]}',
  cwd: '/srv',
};

export const requestOf = (action: Request['action'], changes: Partial<Request> = {}): Request => ({
  requestId: '0f'.repeat(16),
  nonce: digest(7),
  org: 'acme',
  log: 'log.acme.example/main',
  guard: { id: 'guard-1', keyId: digest(8), host: 'build-7', mode: 'run' },
  agent: { id: 'claude-code', session: 'sess 41', onBehalfOf: 'maya', authn: 'account' },
  action,
  facts: { program: 'node', argc: 3, writes: false, tables: ['customers'] },
  evaluatedAt: '2026-11-22T09:29:59.000Z',
  policy: {
    sha256: digest(9),
    rules: ['hold-exports'],
    tier: 'medium',
    needs: [{ group: 'oncall', count: 1 }],
  },
  checks: [{ name: 'dry run', outcome: 'passed', why: '812 rows, no errors' }],
  reason: 'nightly export',
  narrative: rawOfText(
    "The export failed last night, so I'm running it again.\nNothing is deleted.",
  ),
  trigger: 'ticket OPS-112',
  attachments: [],
  parent: digest(10),
  createdAt: '2026-11-22T09:30:00.000Z',
  ttlMs: 300_000,
  ...changes,
});

/** The sample names a parent, so that every member has a row; where somebody looks for it, there must be one. */
export const unchanged = ({ parent: _, ...request }: Request): Request => request;

/** mulberry32: 32 random bits a call from a seed. */
export function dice(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

const NASTY = [
  '⟦',
  '⟧',
  '⏎',
  '⏎\n│ ',
  '\n',
  '\n│ ',
  '\r',
  '\t',
  '⇥',
  '·',
  '···',
  '│',
  '“',
  '”',
  '”\n',
  '”, “',

  '   ',
  '  ',
  '⟦U+202E⟧',
  '⟦x9F⟧',
  '⟦space×3⟧',
  'U+202E',
  '\u202e',
  '\u0301',
  'e\u0301',
  '\u{e0041}',

  '\ufeff',
  '\u200b',
  'а',
  'é',
  '漢',
  'א',
  '\u{1f600}',
  'Argument 1: ',
  ': ',
  'none',
  '\0',
  '\\',
  '"',
];

/** Text of what breaks escapers, among ordinary characters. */
export function nastyText(roll: (below: number) => number, max: number): string {
  let out = '';
  for (let n = roll(max + 1); n > 0; n--) {
    const kind = roll(8);
    if (kind < 3) out += NASTY[roll(NASTY.length)] ?? '';
    else if (kind < 6) out += String.fromCharCode(32 + roll(95));
    else if (kind < 7) out += String.fromCodePoint(roll(0xd800));
    else out += String.fromCodePoint(0xe000 + roll(0x110000 - 0xe000));
  }
  return out;
}

export function nastyBytes(roll: (below: number) => number, max: number): Uint8Array {
  if (roll(3) > 0) return new TextEncoder().encode(nastyText(roll, max));
  return Uint8Array.from({ length: roll(max + 1) }, () =>
    roll(3) > 0 ? 128 + roll(128) : roll(128),
  );
}

/** A random value of a request's shape, and its attachments by name: any bytes where bytes may stand. */
export function randomRequest(seed: number): { request: Cj; attachments: Map<string, Uint8Array> } {
  const roll = dice(seed);
  const attachments = new Map<string, Uint8Array>();
  const raw = (max = 12): Raw => rawOf(nastyBytes(roll, max));
  const long = (): Cj => {
    if (roll(12) > 0) return raw(20);
    const content = new Uint8Array(4097 + roll(50)).map(() => roll(256));
    const sha256 = digest(16 + roll(8));
    attachments.set(sha256, attachments.get(sha256) ?? content);
    return { attachment: sha256, size: attachments.get(sha256)?.length ?? 0 };
  };
  const some = <T>(max: number, make: () => T): T[] => Array.from({ length: roll(max + 1) }, make);
  const file = (): typeof MEASURED => ({ ...MEASURED, path: raw(), size: roll(1e9) });
  const clean = (): string => nastyText(roll, 9).normalize('NFC').replace(/\P{L}/gu, 'x') || 'x';
  const actions: (() => Cj)[] = [
    () => ({
      ...(EXEC as { [name: string]: Cj }),
      argv: [long(), ...some(6, long)],
      cwd: raw(),
      executable: file(),
      script: file(),
      interpreterArgs: some(1, raw),
      env: some(5, () =>
        roll(4) > 0 ? { name: raw(), value: long() } : { name: raw(), secret: digest(3) },
      ),
      inputs: some(3, file),
      stdin: roll(2) > 0 ? { from: 'live' } : { from: 'nothing' },
    }),
    () => ({ ...(MCP as { [name: string]: Cj }), argumentsRaw: long(), server: clean() }),
    () => ({
      ...(HTTP as { [name: string]: Cj }),
      path: long(),
      query: long(),
      host: clean(),
      headers: some(4, () => ({ name: clean(), value: raw() })),
    }),
    () => ({ ...(TOOL as { [name: string]: Cj }), inputRaw: long(), cwd: raw() }),
  ];
  const action = actions[roll(4)]?.() ?? {};
  if (roll(6) === 0) attachments.set(digest(40), nastyBytes(roll, 30));
  const request = {
    ...(requestOf(TOOL) as unknown as { [name: string]: Cj }),
    action,
    reason: raw(),
    narrative: raw(30),
    trigger: raw(),
    checks: some(3, () => ({ name: clean(), outcome: 'failed', why: raw() })),
    facts: { a: clean(), b: some(3, clean), c: roll(9), d: true },
    attachments: [...attachments].map(([sha256, content]) => ({
      sha256,
      size: content.length,
      mediaType: 'text/plain',
      name: raw(),
    })),
  };
  return { request, attachments };
}
