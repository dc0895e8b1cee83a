// R14: the app is killed while it signs and syncs: its process, its store's process, or both at once, at any moment from
// the start on. Whatever is left opens without damage, numbers of a key name one decision each, what was signed is signed
// whole, what was acknowledged is there, and the copy is still of the true log.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { toHex } from '../../shared/bytes.ts';
import { decodeStatement } from '../../shared/statement/statement.ts';
import type { StoredDecision } from '../../main/app/ports.ts';
import { openReplica } from '../../main/app/replica.ts';
import { openAppStore } from '../../main/app/store/open.ts';
import { sha256Hex } from '../../main/trust/digest.ts';
import { exportPkcs8, generateKeyPair, publicKeyOf } from '../../main/trust/ed25519.ts';
import { parseEnvelope, verifyEnvelope } from '../../main/trust/envelope.ts';
import { scratchFolder } from '../unit/state/scratch.ts';
import { logThrough, vkeyText } from './app-log.ts';
import { countOf, limitOf, report } from './counts.ts';

const CHILD = fileURLToPath(new URL('app-child.ts', import.meta.url));
const ENTRY = join(import.meta.dirname, '../../main/store.ts');
/** A copy that has become long is left behind: opening it would take most of a life. */
const LIVES_OF_A_COPY = 50;

const log = generateKeyPair();
const key = generateKeyPair();

type Victim = 'app' | 'store' | 'both';
const VICTIMS: readonly Victim[] = ['app', 'store', 'both'];

/** What one life of the app had said before it ended. */
type Life = { sent: [seq: number, sha: string][]; held: number; noted: number; trouble: string[] };

async function live(path: string, victim: Victim, life: number): Promise<Life> {
  const argv = [CHILD, ENTRY, path, toHex(exportPkcs8(log)), toHex(exportPkcs8(key))];
  const child = spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  let lines = 0;
  // One life in six ends during its start, the others after a number of steps that differs each time.
  const steps = life % 6 === 5 ? 1 : 2 + ((life * 13) % 80);
  child.stdout?.on('data', (part: Buffer) => {
    text += part.toString('utf8');
    const before = lines;
    lines = text.split('\n').length - 1;
    if (before < steps && lines >= steps) kill(child, victim, text);
  });
  await once(child, 'close');
  return lifeOf(text.slice(0, text.lastIndexOf('\n')).split('\n'));
}

function kill(app: ChildProcess, victim: Victim, text: string): void {
  const store = Number(/^store (\d+)$/m.exec(text)?.[1]);
  if (victim !== 'store') app.kill('SIGKILL');
  if (victim === 'app') return;
  try {
    process.kill(store, 'SIGKILL');
  } catch {
    // It went with its parent's channel, a moment before.
  }
}

function lifeOf(lines: readonly string[]): Life {
  const life: Life = { sent: [], held: 0, noted: 0, trouble: [] };
  for (const line of lines) {
    const [word = '', first = '', second = ''] = line.split(' ');
    if (word === 'sent') life.sent.push([Number(first), second]);
    if (word === 'held') life.held = Number(first);
    if (word === 'noted') life.noted = Number(first);
    if (word === 'trouble') life.trouble.push(line);
  }
  return life;
}

/** The row's envelope is one that the key signed whole, under the row's own number. */
function isWhole(row: StoredDecision): boolean {
  const envelope = parseEnvelope(row.envelope, 64 * 1024);
  if (!envelope.ok || !verifyEnvelope(envelope.value, publicKeyOf(key))) return false;
  const says = decodeStatement('decision', envelope.value.payload);
  return (
    says.ok &&
    says.value.reviewer.seq === row.seq &&
    sha256Hex(envelope.value.payload) === row.sha256
  );
}

type Found = { reused: number; half: number; lost: number; trouble: string[] };

/** Everything that reached the step after `putDecision`, over all lives: a number has one decision. */
function count(sent: Map<number, string>, seq: number, sha: string, found: Found): void {
  if ((sent.get(seq) ?? sha) !== sha) found.reused += 1;
  sent.set(seq, sha);
}

/** Opens what is left as the next start does, and compares it with what had been said. */
async function judge(path: string, life: Life, sent: Map<number, string>, found: Found) {
  const opened = openAppStore(path, Date.now());
  if (!opened.ok) throw new Error(opened.detail);
  const { store, mended } = opened.value;
  if (mended !== undefined) found.trouble.push(mended);
  for (const [seq, sha] of life.sent) count(sent, seq, sha, found);
  for (const row of await store.unsettledDecisions()) {
    if (!isWhole(row)) found.half += 1;
    count(sent, row.seq, row.sha256, found);
  }
  const next = await store.nextDecision(key.keyId);
  if (sent.has(next.seq)) found.reused += 1;
  const replica = await openReplica({
    store,
    vkey: vkeyText(log),
    now: Date.now,
    alarm: (code, detail) => found.trouble.push(`${code}: ${detail}`),
  });
  const truth = logThrough(replica.size(), log);
  await replica.judge(truth.note());
  if (replica.size() < life.held || (replica.checkpoint()?.size ?? 0) < life.noted) found.lost += 1;
  found.trouble.push(...life.trouble);
  await store.close();
}

test(`R14: ${countOf('R14')} kills of the app: no number twice, no half signature, nothing lost`, {
  timeout: limitOf('R14', 3000),
}, async () => {
  const found: Found = { reused: 0, half: 0, lost: 0, trouble: [] };
  let signed = 0;
  let scratch = scratchFolder();
  let sent = new Map<number, string>();
  for (let life = 0; life < countOf('R14'); life += 1) {
    if (life > 0 && life % LIVES_OF_A_COPY === 0) {
      signed += sent.size;
      scratch[Symbol.dispose]();
      scratch = scratchFolder();
      sent = new Map();
    }
    const path = join(scratch.path, 'replica.db');
    const victim = VICTIMS[life % VICTIMS.length] ?? 'both';
    await judge(path, await live(path, victim, life), sent, found);
  }
  scratch[Symbol.dispose]();
  signed += sent.size;
  report(
    'R14',
    `${countOf('R14')} kills, ${signed} decisions, ${found.reused} numbers reused, ` +
      `${found.half} half signatures, ${found.lost} acked lost, ${found.trouble.length} alarms`,
  );
  expect(found).toEqual({ reused: 0, half: 0, lost: 0, trouble: [] });
  expect(signed).toBeGreaterThan(countOf('R14'));
});
