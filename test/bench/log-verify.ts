// log-verify: a whole stored log checked again (every payload against its leaf, every decision's signature, the root) by one
// and two threads, beside Go's tlog and crypto/ed25519 on the same entries; and log-verify-delta: only what is new.

import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { sameBytes, toB64, utf8 } from '../../shared/bytes.ts';
import { invariant } from '../../shared/result.ts';
import { type Ledger, openLedger } from '../../main/ledger/ledger.ts';
import { sha256Hex } from '../../main/trust/digest.ts';
import {
  generateKeyPair,
  type KeyPair,
  publicKeyOf,
  rawPublicKey,
  sign,
} from '../../main/trust/ed25519.ts';
import { payloadTypeOf } from '../../shared/statement/statement.ts';
import { leafOf } from '../../main/trust/leaf.ts';
import { nodeHash } from '../../main/trust/merkle.ts';
import { pae } from '../../main/trust/pae.ts';
import { NOTE_TYPE, vkeyOf } from '../../main/trust/vkey.ts';
import { onQuiet } from './busy.ts';
import type { Checked, Part } from './log-verify-worker.ts';
import type { Options, Say } from './options.ts';
import { at, round, type Verdict } from './verdict.ts';

/** A subtree of 65,536 leaves is one piece of work: its root is a node of the whole tree. */
const PIECE = 65_536;
const BATCH = 10_000;
const NEW = 1000;
const GOCODE = '/usr/share/gocode';

export async function benchVerify(
  { entries, rounds }: Options,
  verdict: Verdict,
  say: Say,
): Promise<void> {
  verdict.part(`log-verify: ${entries} entries, ${entries / 2} signatures`);
  const folder = mkdtempSync(join(tmpdir(), 'countersign-bench-'));
  const key = generateKeyPair();
  const path = join(folder, 'log.sqlite');
  const flat = join(folder, 'flat');
  const { root, size } = makeLog(path, flat, key, entries);
  const go = buildGo(folder, say);
  const times = Math.max(1, Math.min(3, rounds));
  const full: number[] = [];
  for (const threads of [1, 2]) {
    const [own, theirs, again]: [number[], number[], number[]] = [[], [], []];
    for (let n = 0; n < times; n += 1) {
      const { value, busy } = await onQuiet(async () => ({
        own: await checkAll(path, key, size, threads, root),
        theirs: go === undefined ? undefined : runGo(go, flat, key, threads, root),
        again: await checkAll(path, key, size, threads, root),
      }));
      verdict.seen(busy);
      own.push(value.own);
      again.push(value.again);
      if (value.theirs !== undefined) theirs.push(value.theirs);
    }
    full.push(at(own, 0.5));
    const beside = theirs.length > 0 ? `, Go ${round(at(theirs, 0.5))} s` : '';
    say(
      `  ${threads} threads: ${round(at(own, 0.5))} s${beside}, ${Math.round(size / at(own, 0.5))} entries/s`,
    );
    verdict.sameTwice(
      'ours twice',
      again.map((s, n) => s / (own[n] ?? Number.NaN)),
    );
    if (theirs.length > 0)
      verdict.ratio(
        `${threads} threads over Go`,
        own.map((s, n) => s / (theirs[n] ?? Number.NaN)),
        { most: 1.1 },
      );
  }
  verdict.part(`log-verify-delta: ${NEW} new entries`);
  const { value: ms, busy } = await onQuiet(() => checkNew({ path, spki: key.spki, size }));
  verdict.seen(busy);
  verdict.atMost('new entries', ms, 100, 'ms, a new thread included');
  verdict.atMost('of a full check by one thread', ms / 10 / (full[0] ?? 1), 1, '%');
  rmSync(folder, { recursive: true, force: true });
}

/** Requests and decisions in turns, of the sizes that the reference measured with. */
function makeLog(path: string, flat: string, key: KeyPair, entries: number) {
  const opened = openLedger(path, vkeyOf('log.bench/1', NOTE_TYPE, publicKeyOf(key)));
  invariant(opened.ok, 'a new log');
  const ledger = opened.value;
  const out = openSync(flat, 'w');
  while (ledger.size < entries)
    appendBatch(ledger, out, key, Math.min(BATCH, entries - ledger.size));
  closeSync(out);
  const made = { root: ledger.root(), size: ledger.size };
  ledger.close();
  return made;
}

function appendBatch(ledger: Ledger, out: number, key: KeyPair, count: number): void {
  const pieces: Uint8Array[] = [];
  const batch = Array.from({ length: count }, (_, n) => {
    const index = ledger.size + n;
    const type = index % 2 === 0 ? 'request' : 'decision';
    const payloadType = payloadTypeOf(type);
    const payload = utf8(
      JSON.stringify({ index, pad: 'p'.repeat(type === 'request' ? 600 : 140) }),
    );
    const signed = pae(payloadType, payload);
    // Requests carry a signature that is not verified here, as in the reference's data.
    const sig = type === 'decision' ? sign(key, signed) : new Uint8Array(64);
    const leaf = leafOf({ payloadType, payload, signatures: [{ keyid: key.keyId, sig }] });
    pieces.push(sized(leaf), sized(signed), sized(type === 'decision' ? sig : new Uint8Array()));
    return { leaf: { leaf, payload, payloadSha256: sha256Hex(payload) } };
  });
  invariant(ledger.append(batch).ok, 'there is room on the disk');
  writeSync(out, Buffer.concat(pieces));
}

function sized(bytes: Uint8Array): Uint8Array {
  const all = Buffer.alloc(4 + bytes.length);
  all.writeUInt32LE(bytes.length);
  all.set(bytes, 4);
  return all;
}

/** Seconds; throws where anything is not as it was made. */
async function checkAll(
  path: string,
  key: KeyPair,
  size: number,
  threads: number,
  root: Uint8Array,
): Promise<number> {
  const from = performance.now();
  const parts: Part[][] = Array.from({ length: threads }, () => []);
  const count = Math.ceil(size / PIECE);
  for (let n = 0; n < count; n += 1) {
    const part = { path, spki: key.spki, from: n * PIECE, to: Math.min((n + 1) * PIECE, size) };
    parts[Math.floor((n * threads) / count)]?.push(part);
  }
  const checked = (await inThreads(parts)).flat();
  invariant(
    checked.every(({ bad }) => bad === 0),
    'every entry is sound',
  );
  invariant(sameBytes(rootOf(checked.map((one) => one.root)), root), "the root is the log's");
  return (performance.now() - from) / 1000;
}

/** Milliseconds. What was verified before is a frontier: the new leaves alone are read and hashed. */
async function checkNew(log: { path: string; spki: Uint8Array; size: number }): Promise<number> {
  const from = performance.now();
  const [last] = await inThreads([[{ ...log, from: log.size - NEW, to: log.size }]]);
  invariant(last?.[0]?.bad === 0, 'the new entries are sound');
  return performance.now() - from;
}

/** RFC 6962 over roots of equal subtrees, the last of which may be smaller. */
function rootOf(roots: readonly Uint8Array[]): Uint8Array {
  const [first] = roots;
  invariant(first, 'a log has entries');
  if (roots.length === 1) return first;
  let split = 1;
  while (split * 2 < roots.length) split *= 2;
  return nodeHash(rootOf(roots.slice(0, split)), rootOf(roots.slice(split)));
}

const inThreads = (parts: readonly (readonly Part[])[]): Promise<readonly (readonly Checked[])[]> =>
  Promise.all(
    parts.map(
      (workerData) =>
        new Promise<readonly Checked[]>((resolve, reject) => {
          const worker = new Worker(join(import.meta.dirname, 'log-verify-worker.ts'), {
            workerData,
          });
          worker.once('message', resolve);
          worker.once('error', reject);
        }),
    ),
  );

function buildGo(folder: string, say: Say): string | undefined {
  const out = join(folder, 'verify');
  const env = {
    ...process.env,
    GO111MODULE: 'off',
    GOPATH: GOCODE,
    GOFLAGS: '',
    GOTOOLCHAIN: 'local',
    GOCACHE: join(folder, 'gocache'),
  };
  const built = spawnSync('go', ['build', '-o', out, join(import.meta.dirname, 'go/verify.go')], {
    env,
    encoding: 'utf8',
  });
  if (built.status === 0) return out;
  say(
    `  SKIPPED: Go's tlog: apt-get install golang-go golang-golang-x-mod-dev ${built.stderr ?? ''}`,
  );
  return undefined;
}

/** Seconds by Go's own clock, reading included, as ours are. */
function runGo(go: string, flat: string, key: KeyPair, procs: number, root: Uint8Array): number {
  const ran = spawnSync(go, [flat, toB64(rawPublicKey(key)), String(procs)], { encoding: 'utf8' });
  const [text, bad, seconds] = ran.stdout.trim().split(' ');
  invariant(
    text === toB64(root) && bad === '0',
    'Go finds the same root and every signature sound',
  );
  return Number(seconds);
}
