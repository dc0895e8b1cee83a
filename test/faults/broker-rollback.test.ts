// R18 for the broker: its log is restored from a backup, and it goes on from there. The app that had seen more stops
// approving at the first thing that does not agree, keeps both signed notes as evidence, and stays so over a restart; a
// guard that had seen more refuses. (The guard's own rollback and the app's are in files of their own.)

import { copyFileSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { openReplica } from '../../main/app/replica.ts';
import { openAppStore } from '../../main/app/store/open.ts';
import { openCheckpoints } from '../../main/guard/state/checkpoints.ts';
import { openCheckpoint } from '../../main/trust/checkpoint.ts';
import { formatVkey } from '../../main/trust/vkey.ts';
import { fromB64, utf8 } from '../../shared/bytes.ts';
import { messageId, WireClient } from '../kit/wire-client.ts';
import {
  endingBy,
  type House,
  makeOrg,
  openHouse,
  type Org,
  requestBy,
} from '../kit/wire-world.ts';
import { countOf, limitOf, report } from './counts.ts';
import { seeded } from './seeded.ts';

/** `count` requests, each ended, and the head over them signed. */
async function traffic(org: Org, house: House, count: number): Promise<void> {
  const client = new WireClient(house.broker.url);
  await client.login('guard', org.guard.session);
  for (let i = 0; i < count; i += 1) {
    house.time.advance(1000);
    const asked = requestBy(org.guard, house.time);
    await client.ask('request', { envelope: asked.envelope }, messageId());
    const { envelope } = endingBy(org.guard, house.time, asked.sha256);
    await client.ask('ending', { envelope }, messageId());
  }
  client.close();
  await client.ended;
}

/** What a reviewer's app does with the stream: its real copy, fed by a real connection. */
async function follow(org: Org, house: House, path: string) {
  const opened = openAppStore(path, Date.now());
  if (!opened.ok) throw new Error(opened.detail);
  const { store } = opened.value;
  const alarms: { code: string; notes: number }[] = [];
  const replica = await openReplica({
    store,
    vkey: formatVkey(org.vkey),
    alarm: (code, _, found) => void alarms.push({ code, notes: found?.notes.length ?? 0 }),
    now: Date.now,
  });
  const client = new WireClient(house.broker.url);
  await client.login('reviewer', org.alice.session);
  client.tell('follow', { cursor: replica.size() });
  const note = await client.wait('checkpoint');
  for (const [index, { leaf }] of [...client.leaves()].sort(([a], [b]) => a - b)) {
    if (index < replica.size()) continue;
    const stored = { index, leaf: utf8(leaf), payload: undefined, type: 'notice' as const };
    await replica.take([{ ...stored, request: undefined, at: undefined }]);
  }
  await replica.judge(note.body.note);
  client.close();
  await client.ended;
  const seen = replica.checkpoint();
  await store.close();
  return { alarms, note: note.body.note, seen: seen?.size ?? 0 };
}

/** The guard's own judgement of a head, with the broker's own answer to `prove`. */
async function admit(org: Org, house: House, guard: string, note: string): Promise<string> {
  const client = new WireClient(house.broker.url);
  await client.login('guard', org.guard.session);
  const head = openCheckpoint(note, org.vkey);
  if (!head.ok) throw new Error(head.detail);
  const found = { now: Date.now, fork: () => {} };
  const answer = await openCheckpoints(
    { guard },
    org.keyring.log,
    found,
  )(head.value, async (first, second) => {
    const id = client.tell('prove', { first, second });
    const fits = ({ ref }: { readonly ref?: string | undefined }): boolean => ref === id;
    const said = await Promise.race([client.wait('proof', fits), client.wait('refused', fits)]);
    if (said.t === 'refused') return undefined;
    return said.body.proof.map((hash) => fromB64(hash) ?? new Uint8Array(0));
  });
  client.close();
  await client.ended;
  return answer;
}

async function round(n: number) {
  const random = seeded(n);
  const org = makeOrg();
  const house = await openHouse(org);
  const guard = join(house.root, 'guard');
  mkdirSync(guard, { mode: 0o700 });
  const replica = join(house.root, 'replica.db');
  try {
    await traffic(org, house, 1 + random.below(4));
    await house.broker.stop();
    copyFileSync(house.logPath, `${house.logPath}.yesterday`);
    await house.restart();
    const lost = 1 + random.below(4);
    await traffic(org, house, lost);
    const before = await follow(org, house, replica);
    expect([n, before.alarms]).toEqual([n, []]);
    expect(await admit(org, house, guard, before.note)).toBe('admitted');

    await house.broker.stop();
    for (const end of ['', '-wal', '-shm']) rmSync(house.logPath + end, { force: true });
    // A whole folder of yesterday: with its mark the broker would know by itself (`head-mark.ts`).
    for (const name of readdirSync(dirname(house.logPath)))
      if (name.startsWith('checkpoint.')) rmSync(join(dirname(house.logPath), name));
    copyFileSync(`${house.logPath}.yesterday`, house.logPath);
    await house.restart();
    // Fewer, as many or more than were lost: the new log is shorter, as long or longer than the old one.
    await traffic(org, house, Math.max(1, lost + random.below(3) - 1));
    const after = await follow(org, house, replica);
    const judged = await admit(org, house, guard, after.note);
    return { alarms: after.alarms, judged };
  } finally {
    await house.clean();
  }
}

test(`R18: ${countOf('R18')} times a broker is restored from a backup: app and guard both stop`, {
  timeout: limitOf('R18', 5000),
}, async () => {
  let unseen = 0;
  for (let n = 0; n < countOf('R18'); n += 1) {
    const { alarms, judged } = await round(n);
    if (alarms.length === 0 || judged !== 'otherHistory') unseen += 1;
    expect([n, alarms[0]?.code, judged]).toEqual([n, 'otherHistory', 'otherHistory']);
    expect(alarms[0]?.notes).toBe(2);
  }
  report('R18', `broker: ${countOf('R18')} rollbacks, ${unseen} unseen by app or guard`);
  expect(unseen).toBe(0);
});
