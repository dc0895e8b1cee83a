// Believable history for the log-browse bench: agents of different zeal, programs with their arguments, reasons in which
// some words are in every tenth request and most in very few, decisions by people of different speed. Seeded.

import { randomFillSync } from 'node:crypto';
import { requestMark } from '../../main/app/history-mark.ts';
import type { LeafMark, StoredLeaf } from '../../main/app/ports.ts';
import { sha256Hex } from '../../main/trust/digest.ts';
import { utf8 } from '../../shared/bytes.ts';
import type { Request } from '../../shared/statement/request.ts';
import { EXEC, HTTP, MCP, requestOf, TOOL } from '../unit/statement/view-samples.ts';

type RequestMark = Extract<LeafMark, { what: 'request' }>;
/** What PostgreSQL gets of it: the same row and the same words. */
export type PeerRow = {
  readonly idx: number;
  readonly digest: string;
  readonly mark: RequestMark;
  readonly decision: Extract<LeafMark, { what: 'decision' }> | undefined;
};

export const AGENTS = Array.from({ length: 12 }, (_, i) => `agent-${i}`);
export const PEOPLE = ['ada', 'ben', 'chi', 'dee', 'eli', 'fay', 'gus', 'hal', 'ivy', 'jon'];
export const REVIEWERS = ['maya', 'noor', 'omar', 'pia', 'quin', 'rosa', 'sven', 'tess'];
const PROGRAMS = [
  'pg_dump',
  'kubectl',
  'terraform',
  'psql',
  'rsync',
  'systemctl',
  'ansible',
  'helm',
];
const TOOLS = ['delete_folder', 'send_mail', 'merge_branch', 'rotate_key', 'refund', 'drop_table'];
export const COMMON = ['customers', 'deploy', 'cleanup', 'nightly', 'backup'];
const SYLLABLES = ['ba', 'ko', 'ri', 'ten', 'lu', 'mar', 'so', 'vi', 'den', 'pa', 'quo', 'zel'];
/** Each is in very few requests. */
export const RARE = Array.from({ length: 20_000 }, (_, i) => nameOf(i));
export const PHRASES = [
  'asked by support',
  'before the audit',
  'after the incident',
  'as agreed with',
];
export const STEP_MS = 120_000;
export const FIRST_MS = Date.parse('2024-01-01T00:00:00.000Z');

function nameOf(i: number): string {
  const at = (n: number): string => SYLLABLES[n % 12] ?? '';
  return `${at(i)}${at(Math.floor(i / 12))}${at(Math.floor(i / 144))}${at(Math.floor(i / 1728))}x`;
}

/** Mulberry32. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export const pick = <T>(from: readonly T[], random: () => number): T => {
  const one = from[Math.floor(random() * from.length)];
  if (one === undefined) throw new Error('nothing to pick from');
  return one;
};
/** The first ones far more often. */
const zipf = <T>(from: readonly T[], random: () => number): T => pick(from, () => random() ** 2.5);

export const runId = (index: number): string => `run${(index * 7919 + 13).toString(16)}q`;

function actionOf(index: number, random: () => number): Request['action'] {
  const rare = pick(RARE, random);
  const kind = random();
  if (kind < 0.6) {
    const program = zipf(PROGRAMS, random);
    const path = `/usr/bin/${program}`;
    const { script: _, ...exec } = EXEC;
    return {
      ...exec,
      argv: [program, '--target', `db-${Math.floor(random() * 40)}`, rare, `--id=${runId(index)}`],
      executable: { ...EXEC.executable, path },
      env: [],
      inputs: [],
    };
  }
  const raw = `{"name":"${rare}","id":"${runId(index)}"}`;
  if (kind < 0.85) return { ...MCP, tool: zipf(TOOLS, random), argumentsRaw: raw };
  if (kind < 0.95) return { ...TOOL, inputRaw: raw };
  return { ...HTTP, path: `/v1/${rare}/${runId(index)}`, query: '' };
}

function requestAt(index: number, random: () => number): Request {
  const words = [pick(RARE, random), pick(RARE, random)];
  if (random() < 0.1) words.push(COMMON[0] ?? '');
  if (random() < 0.3) words.push(zipf(COMMON.slice(1), random));
  if (random() < 0.2) words.push(pick(PHRASES, random));
  const at = FIRST_MS + (index / 2) * STEP_MS + Math.floor(random() * 60_000);
  const { checks: _, ...base } = requestOf(actionOf(index, random));
  return {
    ...base,
    checks: [],
    agent: {
      id: zipf(AGENTS, random),
      session: `s${index % 997}`,
      onBehalfOf: pick(PEOPLE, random),
      authn: 'token',
    },
    guard: { ...base.guard, id: `guard-${index % 17}`, host: `build-${Math.floor(random() * 40)}` },
    policy: { ...base.policy, tier: zipf(['medium', 'low', 'high', 'critical'] as const, random) },
    reason: words.join(' '),
    narrative: '',
    createdAt: new Date(at).toISOString(),
  };
}

/** Two entries a request, as the figures of the reference were taken: the request, then its decision or its ending. */
export function* entriesOf(
  count: number,
  seed: number,
): Generator<{ readonly leaves: readonly StoredLeaf[]; readonly row: PeerRow }> {
  const random = seeded(seed);
  for (let index = 0; index + 1 < count; index += 2) {
    const request = requestAt(index, random);
    const payload = utf8(JSON.stringify(request));
    const digest = sha256Hex(payload);
    const mark = requestMark(request);
    const at = request.createdAt;
    const took = Math.floor(5000 * 1.6 ** (random() * 14));
    const decision: PeerRow['decision'] =
      random() < 0.1
        ? undefined
        : {
            what: 'decision',
            verdict: random() < 0.08 ? 'deny' : 'approve',
            reviewer: zipf(REVIEWERS, random),
            at: mark.at + took,
            keyId: digest,
            seq: 1,
            sha256: digest,
          };
    const later: LeafMark = decision ?? { what: 'ending', how: 'expiredUnseen', guard: undefined };
    const type = decision ? ('decision' as const) : ('ending' as const);
    yield {
      leaves: [
        { index, leaf: someLeaf(), payload, type: 'request', request: digest, at, mark },
        {
          index: index + 1,
          leaf: someLeaf(),
          payload: someBytes(300),
          type,
          request: digest,
          at,
          mark: later,
        },
      ],
      row: { idx: index, digest, mark, decision },
    };
  }
}

const someLeaf = (): Uint8Array => someBytes(280);
const someBytes = (length: number): Uint8Array => randomFillSync(new Uint8Array(length));
