// R14 and R18 of the fault matrix for the app's own store: its real process killed while it appends and while it stores a
// decision (the app around it: app-kill.test.ts), its file restored from a day before. Whatever happens, one number of a
// key never names two decisions.

import { copyFileSync, openSync, readdirSync, rmSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openStoreProcess, type StoreProcess } from '../../main/app/store/client.ts';
import type { Store, StoredDecision, StoredLeaf } from '../../main/app/ports.ts';
import { childEnvironment } from '../../main/hosts/processes/environment.ts';
import { sha256, sha256Hex, systemRandom } from '../../main/trust/digest.ts';
import { Frontier } from '../../main/trust/frontier.ts';
import { scratchFolder } from '../unit/state/scratch.ts';
import { countOf, limitOf, report } from './counts.ts';

const ENTRY = join(import.meta.dirname, '../../main/store.ts');
const KEY = '7'.repeat(64);
const KILLS = countOf('R14');
const RESTORES = countOf('R18');

async function started(path: string): Promise<StoreProcess> {
  const opened = await openStoreProcess({ entry: ENTRY, path, env: childEnvironment(process.env) });
  if (!opened.ok) throw new Error(opened.detail);
  return opened.value;
}

/** Everything that reached the step after `putDecision`: signed, stored, about to be sent. */
type Envelopes = Map<number, string>;

async function decide(store: Store, sent: Envelopes): Promise<void> {
  const { seq } = await store.nextDecision(KEY);
  const sha = sha256Hex(systemRandom(16));
  const decision: StoredDecision = {
    sha256: sha,
    keyId: KEY,
    seq,
    request: '0'.repeat(64),
    envelope: systemRandom(300),
    messageId: sha.slice(0, 32),
    state: 'sending',
    code: undefined,
  };
  await store.putDecision(decision);
  use(sent, seq, sha);
}

function use(sent: Envelopes, seq: number, sha: string): void {
  expect([seq, sent.get(seq) ?? sha]).toEqual([seq, sha]);
  sent.set(seq, sha);
}

/** What a start sends again counts as sent, too. */
async function resend(store: Store, sent: Envelopes): Promise<void> {
  for (const { seq, sha256: sha } of await store.unsettledDecisions()) use(sent, seq, sha);
}

function leafAt(index: number): StoredLeaf {
  const request = index.toString(16).padStart(64, '0');
  return {
    index,
    leaf: new Uint8Array(500).fill(index % 251),
    payload: new Uint8Array(700).fill(index % 13),
    type: 'request',
    request,
    at: undefined,
    mark: {
      what: 'request',
      at: 1_780_000_000_000 + index,
      title: `run job${index}x`,
      kind: 'exec',
      target: 'job',
      agent: `agent-${index % 3}`,
      person: 'maya',
      guard: 'guard-1',
      host: 'build-7',
      tier: 'low',
      words: {
        action: `job job${index}x`,
        reason: 'nightly',
        who: `agent-${index % 3} maya build-7`,
      },
    },
  };
}

async function appendNext(store: Store, frontier: Frontier): Promise<void> {
  const leaf = leafAt(frontier.size);
  const after = Frontier.restore(frontier.state());
  if (!after.ok) throw new Error('frontier');
  after.value.append(sha256(leaf.leaf));
  await store.append([leaf], after.value.state());
  frontier.append(sha256(leaf.leaf));
}

test(`${KILLS} times killed while appending and deciding: nothing acknowledged is lost, no number is used twice`, {
  timeout: limitOf('R14', 2000),
}, async () => {
  using scratch = scratchFolder();
  const path = join(scratch.path, 'replica.db');
  const sent: Envelopes = new Map();
  const frontier = new Frontier();
  for (let life = 0; life < KILLS; life += 1) {
    const { store, lost, pid, mended } = await started(path);
    expect(mended).toBeUndefined();
    const { frontier: held } = await store.load();
    expect(held.size - frontier.size).toBeGreaterThanOrEqual(0);
    expect(held.size - frontier.size).toBeLessThanOrEqual(1);
    while (frontier.size < held.size) frontier.append(sha256(leafAt(frontier.size).leaf));
    await resend(store, sent);
    const rows = await store.search({ filters: {}, limit: 1000 });
    expect(rows.rows.length).toBe(held.size);
    if (held.size > 0) {
      const found = await store.search({ filters: {}, text: `job${held.size - 1}x`, limit: 5 });
      expect(found.rows.map((row) => row.index)).toEqual([held.size - 1]);
    }
    // A little later in each life, so that the kill falls into different steps of both calls.
    const work = async (): Promise<never> => {
      for (;;) await Promise.all([appendNext(store, frontier), decide(store, sent)]);
    };
    const working = work().catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 3 + ((life * 7) % 40)));
    process.kill(pid ?? 0, 'SIGKILL');
    expect(await lost).toBe('the store has stopped unexpectedly');
    await working;
  }
  const { store } = await started(path);
  await resend(store, sent);
  expect(sent.size).toBeGreaterThan(KILLS);
  expect(frontier.size).toBeGreaterThan(KILLS);
  await store.close();
  report('R14', `store: ${KILLS} kills, ${sent.size} decisions, 0 numbers reused, 0 acked lost`);
});

test(
  `${RESTORES} times restored from before: each is noticed, and numbers go on`,
  async () => {
    using scratch = scratchFolder();
    const path = join(scratch.path, 'replica.db');
    const backup = join(scratch.path, 'yesterday.db');
    const sent: Envelopes = new Map();
    for (let round = 0; round < RESTORES; round += 1) {
      const day = await started(path);
      await decide(day.store, sent);
      await day.store.close();
      copyFileSync(path, backup);
      const next = await started(path);
      for (let n = 0; n < 2 + (round % 3); n += 1) await decide(next.store, sent);
      await next.store.close();
      copyFileSync(backup, path);
      const after = await started(path);
      expect([round, after.mended]).toEqual([round, expect.stringContaining('went backwards')]);
      expect((await after.store.load()).wentBackwards).toBe(after.mended);
      await decide(after.store, sent);
      await after.store.close();
    }
    expect([...sent.keys()].sort((a, b) => a - b)).toEqual([...sent.keys()]);
    report(
      'R18',
      `app: ${RESTORES} rollbacks, each noticed, ${sent.size} decisions, 0 numbers reused`,
    );
  },
  limitOf('R18', 10_000),
);

test('random damage anywhere in the file ends in the same rows, or in a new copy and one sentence', async () => {
  using scratch = scratchFolder();
  const path = join(scratch.path, 'replica.db');
  const sent: Envelopes = new Map();
  let mendings = 0;
  for (let round = 0; round < 20; round += 1) {
    const before = await started(path);
    if (before.mended !== undefined) mendings += 1;
    const frontier = new Frontier();
    const { frontier: held } = await before.store.load();
    while (frontier.size < held.size) frontier.append(sha256(leafAt(frontier.size).leaf));
    for (let n = 0; n < 10; n += 1) await appendNext(before.store, frontier);
    await decide(before.store, sent);
    await before.store.close();
    const fd = openSync(path, 'r+');
    const size = statSync(path).size;
    for (let hit = 0; hit < 3; hit += 1) {
      const at = (round * 7919 + hit * 104_729) % size;
      writeSync(fd, systemRandom(64), 0, 64, at);
    }
    const after = await openStoreProcess({
      entry: ENTRY,
      path,
      env: childEnvironment(process.env),
    });
    // A header of another program or version is refused, never read.
    if (!after.ok) {
      expect(after.detail).toMatch(/newer|older|not a Countersign store/);
      rmSync(path);
      continue;
    }
    const next = await after.value.store.nextDecision(KEY);
    expect(next.seq).toBeGreaterThan(Math.max(...sent.keys()));
    if (after.value.mended) mendings += 1;
    await after.value.store.close();
  }
  expect(mendings).toBeGreaterThan(5);
  expect(readdirSync(scratch.path).some((name) => name.includes('.broken-'))).toBe(true);
}, 120_000);
