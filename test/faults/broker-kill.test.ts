// R1: a broker under load is killed with signal 9 at any moment. Its clients keep a list of what was acknowledged; after
// every start each of those is answered with the same place, what had no answer is sent again, and at the end the log
// holds everything once and verifies from its first leaf to its last.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { brokerFiles } from '../../main/broker/open-home.ts';
import { openLedger } from '../../main/ledger/ledger.ts';
import { writeAtomic } from '../../main/state/atomic-file.ts';
import { jsonBytes } from '../../main/state/json-file.ts';
import { loadOrCreateKey } from '../../main/state/key-file.ts';
import { Frontier } from '../../main/trust/frontier.ts';
import { leafHash } from '../../main/trust/merkle.ts';
import { sha256Hex } from '../../main/trust/digest.ts';
import { sameBytes } from '../../shared/bytes.ts';
import { messageId, WireClient } from '../kit/wire-client.ts';
import {
  endingBy,
  type GuardKeys,
  HandTime,
  makeOrg,
  type Org,
  requestBy,
} from '../kit/wire-world.ts';
import { scratchFolder } from '../unit/state/scratch.ts';
import { countOf, limitOf, report } from './counts.ts';

const ENTRY = fileURLToPath(new URL('../../main/broker.ts', import.meta.url));

/** Of each of the two guards. */
const AT_ONCE = 8;

/** A message on its way into the log: sent until it is acknowledged. */
type Sent = {
  readonly type: 'request' | 'ending';
  readonly envelope: string;
  readonly sha256: string;
  index: number | undefined;
};

function fill(root: string, org: Org): void {
  for (const part of ['broker', 'guard', 'app']) mkdirSync(join(root, part), { mode: 0o700 });
  const files = brokerFiles(join(root, 'broker'));
  loadOrCreateKey(files.session, () => org.broker.session);
  loadOrCreateKey(files.log, () => org.broker.log);
  const { org: name, roots, threshold, log } = org.keyring;
  writeAtomic(files.pin, jsonBytes({ v: 1, org: name, log, roots, threshold }));
  writeAtomic(files.keyring, org.envelope);
}

async function startBroker(root: string): Promise<{ child: ChildProcess; url: string }> {
  const argv = [ENTRY, '--home', root];
  const child = spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'inherit'] });
  if (child.stdout === null) throw new Error('no stdout');
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  return { child, url: (JSON.parse(line) as { listening: string }).listening };
}

/** One guard's side of the load: a request, and once it is in the log, its ending. */
class Load {
  readonly all = new Map<string, Sent>();
  /** Acknowledged twice, with two places. */
  moved = 0;
  acks = 0;
  readonly #guard: GuardKeys;
  readonly #time = new HandTime();

  constructor(guard: GuardKeys) {
    this.#guard = guard;
  }

  async connect(url: string): Promise<WireClient> {
    const client = new WireClient(url);
    await client.login('guard', this.#guard.session);
    return client;
  }

  /** `heard` after each answer. */
  start(client: WireClient, heard: () => void): void {
    client.socket.on('message', () => {
      this.#hear(client);
      heard();
    });
    const all = [...this.all];
    const open = all.filter(([, { index }]) => index === undefined);
    // What had no answer, and the newest of what had one.
    for (const [id, one] of new Map([...open, ...all.slice(-10)]))
      client.tell(one.type, { envelope: one.envelope }, id);
    for (let i = open.length; i < AT_ONCE; i += 1) this.#request(client);
  }

  #hear(client: WireClient): void {
    const last = client.heard.at(-1);
    const one = last?.ref === undefined ? undefined : this.all.get(last.ref);
    if (last?.t !== 'ack' || one === undefined || last.body.index === undefined) return;
    this.acks += 1;
    const known = one.index;
    one.index = last.body.index;
    if (known !== undefined) this.moved += known === one.index ? 0 : 1;
    else if (one.type === 'request') this.#end(client, one.sha256);
    else this.#request(client);
  }

  #end(client: WireClient, request: string): void {
    const at = new Date().toISOString();
    const { envelope, sha256 } = endingBy(this.#guard, this.#time, request, { at });
    this.#send(client, { type: 'ending', envelope, sha256, index: undefined });
  }

  #request(client: WireClient): void {
    const createdAt = new Date().toISOString();
    const { envelope, sha256 } = requestBy(this.#guard, this.#time, { createdAt });
    this.#send(client, { type: 'request', envelope, sha256, index: undefined });
  }

  #send(client: WireClient, one: Sent): void {
    const id = messageId();
    this.all.set(id, one);
    client.tell(one.type, { envelope: one.envelope }, id);
  }
}

/** Every leaf is hashed again; what was acknowledged is looked for at its place. */
function audit(org: Org, root: string, loads: readonly Load[]) {
  const opened = openLedger(join(root, 'broker', 'log.sqlite'), org.vkey);
  if (!opened.ok) throw new Error(opened.detail);
  const ledger = opened.value;
  const frontier = new Frontier();
  const places = new Map<string, number[]>();
  for (let from = 0; from < ledger.size; from += 1000)
    for (const { index, leaf, payload } of ledger.query.leaves(from, from + 1000)) {
      frontier.append(leafHash(leaf));
      const sha = sha256Hex(payload ?? new Uint8Array(0));
      places.set(sha, [...(places.get(sha) ?? []), index]);
    }
  const acked = loads
    .flatMap((load) => [...load.all.values()])
    .filter((one) => one.index !== undefined);
  const found = {
    lost: acked.filter((one) => !places.get(one.sha256)?.includes(one.index ?? -1)).length,
    twice: [...places.values()].filter((at) => at.length > 1).length,
    verifies:
      ledger.health.ok && ledger.query.quickCheck() && sameBytes(frontier.root(), ledger.root()),
  };
  ledger.close();
  return { ...found, acked: acked.length };
}

test(`R1: ${countOf('R1')} kills of a loaded broker lose nothing that was acknowledged`, {
  timeout: limitOf('R1', 3000),
}, async () => {
  const org = makeOrg();
  using scratch = scratchFolder();
  const root = scratch.path;
  fill(root, org);
  const loads = [new Load(org.guard), new Load(org.other)];
  const acks = (): number => loads.reduce((sum, load) => sum + load.acks, 0);
  for (let cycle = 0; cycle < countOf('R1'); cycle += 1) {
    const { child, url } = await startBroker(root);
    const ended = once(child, 'close');
    const goal = acks() + 1 + ((cycle * 37) % 60);
    const heard = (): void => {
      if (acks() >= goal) child.kill('SIGKILL');
    };
    const clients = await Promise.all(loads.map((load) => load.connect(url)));
    for (const [i, client] of clients.entries()) loads[i]?.start(client, heard);
    expect((await ended)[1]).toBe('SIGKILL');
    await Promise.all(clients.map((client) => client.ended));
  }
  const { acked, lost, twice, verifies } = audit(org, root, loads);
  const moved = loads.reduce((sum, load) => sum + load.moved, 0);
  report(
    'R1',
    `${countOf('R1')} cycles, ${acked} acked, ${lost} acked lost, ${twice + moved} duplicated`,
  );
  expect({ lost, twice, moved, verifies }).toEqual({ lost: 0, twice: 0, moved: 0, verifies: true });
  expect(acked).toBeGreaterThan(countOf('R1') * 5);
});
