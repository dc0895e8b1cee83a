// R15: it happened, and the caller is told that it failed. For the app: any call of its store does its work and then
// throws; the app stops, starts again, and goes on. For the broker: the connection is cut before the answer; the client
// sends the same message again. The end is the same as without: every leaf, number and message once.

import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openLedger } from '../../main/ledger/ledger.ts';
import type { Store } from '../../main/app/ports.ts';
import { openReplica } from '../../main/app/replica.ts';
import { openAppStore } from '../../main/app/store/open.ts';
import { sha256Hex, systemRandom } from '../../main/trust/digest.ts';
import { generateKeyPair } from '../../main/trust/ed25519.ts';
import { sameBytes } from '../../shared/bytes.ts';
import { messageId, WireClient } from '../kit/wire-client.ts';
import { endingBy, makeOrg, openHouse, requestBy } from '../kit/wire-world.ts';
import { leafAt, logThrough, vkeyText } from './app-log.ts';
import { countOf, limitOf, quickFolder, report } from './counts.ts';
import { type Seeded, seeded } from './seeded.ts';

const KEY = '7'.repeat(64);
const log = generateKeyPair();
class ToldFailed extends Error {}

/** The store itself; now and then the caller does not hear that it worked. */
function deaf(store: Store, random: Seeded, told: () => void): Store {
  const calls = Object.entries(store).map(([name, call]) => [
    name,
    name === 'close'
      ? call
      : async (...args: readonly unknown[]) => {
          // Every member of the port but `close` takes arguments and promises a value.
          const value: unknown = await (call as (...given: readonly unknown[]) => unknown)(...args);
          if (random.below(4) > 0) return value;
          told();
          throw new ToldFailed(name);
        },
  ]);
  // The same members, each with the arguments and the value of the port's.
  return Object.fromEntries(calls) as Store;
}

/** One life of the app until a call fails: leaves and notes come, a decision is made, stored and settled. */
async function live(store: Store, signed: Map<number, string>, goal: number): Promise<void> {
  const alarms: string[] = [];
  const alarm = (code: string): void => void alarms.push(code);
  const replica = await openReplica({ store, vkey: vkeyText(log), alarm, now: Date.now });
  for (const { sha256 } of await store.unsettledDecisions())
    await store.settleDecision(sha256, 'logged', undefined);
  while (replica.size() < goal) {
    const truth = logThrough(replica.size(), log);
    const leaves = [leafAt(replica.size()), leafAt(replica.size() + 1)];
    for (const leaf of leaves) truth.append(leaf);
    await replica.take(leaves);
    await replica.judge(truth.note());
    const { seq } = await store.nextDecision(KEY);
    const sha = sha256Hex(systemRandom(16));
    const placed = { keyId: KEY, seq, request: '0'.repeat(64), envelope: systemRandom(99) };
    await store.putDecision({
      ...placed,
      sha256: sha,
      messageId: sha.slice(0, 32),
      state: 'sending',
      code: undefined,
    });
    expect(signed.has(seq)).toBe(false);
    signed.set(seq, sha);
    await store.settleDecision(sha, 'logged', undefined);
  }
  expect(alarms).toEqual([]);
}

test(`R15: ${countOf('R15')} calls of the app's store are said to have failed: the same copy, no number twice`, {
  timeout: limitOf('R15', 200),
}, async () => {
  using scratch = quickFolder();
  const path = join(scratch.path, 'replica.db');
  const random = seeded(15);
  const signed = new Map<number, string>();
  let told = 0;
  let goal = 0;
  while (told < countOf('R15')) {
    const opened = openAppStore(path, Date.now());
    if (!opened.ok) throw new Error(opened.detail);
    expect(opened.value.mended).toBeUndefined();
    const { store } = opened.value;
    goal += 6;
    try {
      await live(
        deaf(store, random, () => (told += 1)),
        signed,
        goal,
      );
    } catch (error) {
      if (!(error instanceof ToldFailed)) throw error;
    }
    await store.close();
  }
  const last = openAppStore(path, Date.now());
  if (!last.ok) throw new Error(last.detail);
  const { store } = last.value;
  const { frontier } = await store.load();
  const leaves = await store.read(0, frontier.size + 1);
  const same = leaves.every(({ index, leaf }, i) => i === index && sameBytes(leaf, leafAt(i).leaf));
  const alarm = (code: string): void => expect.fail(code);
  const replica = await openReplica({ store, vkey: vkeyText(log), alarm, now: Date.now });
  await replica.judge(logThrough(replica.size(), log).note());
  expect([leaves.length, same, replica.checkpoint()?.size]).toEqual([
    frontier.size,
    true,
    frontier.size,
  ]);
  await store.close();
  report(
    'R15',
    `app: ${told} calls said to have failed, ${leaves.length} leaves once each, 0 numbers reused`,
  );
  expect(leaves.length).toBeGreaterThan(20);
});

test(`R15: ${countOf('R15')} messages to the broker get no answer: sent again, each is in the log once`, {
  timeout: limitOf('R15', 200),
}, async () => {
  const org = makeOrg();
  const house = await openHouse(org);
  const random = seeded(16);
  const connect = async (): Promise<WireClient> => {
    const client = new WireClient(house.broker.url);
    await client.login('guard', org.guard.session);
    return client;
  };
  let client = await connect();
  let cut = 0;
  const said: string[] = [];
  while (cut < countOf('R15')) {
    house.time.advance(1000);
    const asked = requestBy(org.guard, house.time);
    const ended = endingBy(org.guard, house.time, asked.sha256);
    for (const [type, { envelope, sha256 }] of [
      ['request', asked],
      ['ending', ended],
    ] as const) {
      const id = messageId();
      said.push(sha256);
      while (random.coin()) {
        cut += 1;
        client.tell(type, { envelope }, id);
        // At once, or after the broker had a moment: the answer is lost on the way.
        if (random.coin()) await client.wait('ack', (one) => one.ref === id);
        client.close();
        await client.ended;
        client = await connect();
      }
      expect(await client.ask(type, { envelope }, id)).toBeTypeOf('number');
    }
  }
  client.close();
  await house.broker.stop();
  const opened = openLedger(house.logPath, org.vkey);
  if (!opened.ok) throw new Error(opened.detail);
  const stored = opened.value.query
    .leaves(1, opened.value.size)
    .map(({ payload }) => sha256Hex(payload ?? new Uint8Array(0)));
  opened.value.close();
  await house.clean();
  report('R15', `broker: ${cut} answers lost, ${stored.length} messages, each in the log once`);
  expect(stored).toEqual(said);
});
