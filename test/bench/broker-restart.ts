// broker-restart: killed while requests come in, over a log that is already large. How long until the next start takes a
// request, and whether every answer that it gave before is still true: none lost, none twice.

import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { invariant } from '../../shared/result.ts';
import { openLedger } from '../../main/ledger/ledger.ts';
import { sha256Hex } from '../../main/trust/digest.ts';
import type { GuardKeys } from '../kit/wire-world.ts';
import { watchMachine } from './busy.ts';
import type { Options, Say } from './options.ts';
import { makeHome, type OursConfig, type OursHome, startOurs } from './ours-house.ts';
import { openAsking, RealTime } from './ours-request.ts';
import { openWire, type Wire } from './ours-wire.ts';
import type { Verdict } from './verdict.ts';

const PORT = 21_760;
const BATCH = 10_000;
/** Killed once so many were answered. */
const ANSWERED = 300;
const IN_FLIGHT = 20;

type Sent = {
  readonly id: string;
  readonly envelope: string;
  readonly sha256: string;
  index?: number;
};

export async function benchRestart(
  folder: string,
  { entries }: Options,
  verdict: Verdict,
  say: Say,
): Promise<void> {
  verdict.part(`broker-restart: killed under load, a log of ${entries} entries`);
  const root = join(folder, 'restart');
  mkdirSync(root);
  const home = makeHome(root);
  await (await startOurs(home, PORT)).stop();
  fill(home, entries);
  const { org } = home;
  const ask = openAsking(org.guard, new RealTime());
  const next = (): Sent => ({ id: randomBytes(16).toString('hex'), ...ask() });
  const killed = await startOurs(home, PORT);
  const sent = await loadAndKill(killed, org.guard, next);
  const watched = watchMachine();
  const from = performance.now();
  const again = await startOurs(home, PORT);
  const listening = performance.now() - from;
  const wire = await openAs(again.config, org.guard);
  const late = next();
  late.index = await send(wire, late);
  const accepted = performance.now() - from;
  verdict.seen(watched());
  say(
    `  listening after ${listening.toFixed(0)} ms, the first request accepted after ${accepted.toFixed(0)} ms`,
  );
  // A guard that had no answer asks again: the same message has the same effect.
  const moved: string[] = [];
  for (const one of sent) {
    const index = await send(wire, one);
    if (one.index !== undefined && index !== one.index) moved.push(one.sha256);
    one.index = index;
  }
  wire.close();
  await again.stop();
  const { lost, twice } = recount(home, [...sent, late], entries);
  say(
    `  ${sent.length} requests were under way: ${lost} lost, ${twice} twice, ${moved.length} answered differently`,
  );
  // Counts do not depend on a quiet machine.
  if (lost + twice + moved.length > 0) throw new Error('an answer that was given did not hold');
  verdict.atMost('first accepted request', accepted, 250, 'ms');
}

/** Leaves that nobody will ever open: a restart must not read them. */
function fill({ root, org }: OursHome, entries: number): void {
  const opened = openLedger(join(root, 'broker', 'log.sqlite'), org.vkey);
  invariant(opened.ok, 'a log that the broker has just made');
  const ledger = opened.value;
  while (ledger.size < entries) {
    const batch = Array.from({ length: Math.min(BATCH, entries - ledger.size) }, () => {
      const payload = new Uint8Array(randomBytes(500));
      const leaf = new Uint8Array(randomBytes(280));
      return { leaf: { leaf, payload, payloadSha256: sha256Hex(payload) } };
    });
    invariant(ledger.append(batch).ok, 'there is room on the disk');
  }
  invariant(ledger.seal(org.broker.log).ok, 'the log grew');
  ledger.close();
}

async function loadAndKill(
  broker: { readonly process: ChildProcess; readonly config: OursConfig },
  guard: GuardKeys,
  next: () => Sent,
): Promise<readonly Sent[]> {
  const sent: Sent[] = [];
  const gone = once(broker.process, 'exit');
  const wire = await openAs(broker.config, guard);
  let answered = 0;
  const lane = async (): Promise<void> => {
    for (;;) {
      const one = next();
      sent.push(one);
      const index = await Promise.race([send(wire, one), gone.then(() => undefined)]);
      if (index === undefined) return;
      one.index = index;
      answered += 1;
      if (answered === ANSWERED) broker.process.kill('SIGKILL');
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, lane));
  return sent;
}

const openAs = (config: OursConfig, guard: GuardKeys): Promise<Wire> =>
  openWire(
    config,
    'guard',
    guard.session,
    () => {},
    () => {},
  );

async function send(wire: Wire, { id, envelope }: Sent): Promise<number> {
  const answer = await wire.ask('request', { envelope }, id);
  invariant(answer.t === 'ack' && answer.body.index !== undefined, 'a request has a place');
  return answer.body.index;
}

/** The stored leaves themselves, beside what was answered. */
function recount({ root, org }: OursHome, sent: readonly Sent[], from: number) {
  const opened = openLedger(join(root, 'broker', 'log.sqlite'), org.vkey);
  invariant(opened.ok && opened.value.health.ok, 'the log agrees with itself');
  const ledger = opened.value;
  const places = new Map<string, number[]>();
  for (const { index, payload } of ledger.query.leaves(from, ledger.size)) {
    const digest = payload === undefined ? '' : sha256Hex(payload);
    places.set(digest, [...(places.get(digest) ?? []), index]);
  }
  ledger.close();
  return {
    lost: sent.filter((one) => !(places.get(one.sha256) ?? []).includes(one.index ?? -1)).length,
    twice: sent.filter((one) => (places.get(one.sha256) ?? []).length > 1).length,
  };
}
