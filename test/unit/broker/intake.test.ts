// A commit that fails, reached by a disk that is full: everyone is told to come back, nothing of the batch stays in
// memory, and the same messages go through once there is room.

import { EventEmitter } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { WebSocket } from 'ws';
import { type Committed, Intake } from '../../../main/broker/intake.ts';
import { draftOf } from '../../../main/broker/open-statement.ts';
import { Peer } from '../../../main/broker/peer.ts';
import { loadStanding, type Standing } from '../../../main/broker/standing.ts';
import { openShelf } from '../../../main/policy/cedar/shelf.ts';
import { Appender } from '../../../main/ledger/append.ts';
import { type Connections, openDatabase } from '../../../main/ledger/database.ts';
import { Ledger } from '../../../main/ledger/ledger.ts';
import { sha256Hex } from '../../../main/trust/digest.ts';
import { parseEnvelope } from '../../../main/trust/envelope.ts';
import { Frontier } from '../../../main/trust/frontier.ts';
import { findKey } from '../../../main/trust/keyring.ts';
import { messageId } from '../../kit/wire-client.ts';
import { HandTime, makeOrg, requestBy } from '../../kit/wire-world.ts';

const org = makeOrg();
const time = new HandTime();
let folder: string;
let connections: Connections;
let ledger: Ledger;
let standing: Standing;
let committed: Committed[];
let intake: Intake;
let said: { t: string; ref?: string; body: { code?: string; index?: number } }[];
let peer: Peer;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'countersign-intake-'));
  const opened = openDatabase(join(folder, 'log.sqlite'));
  if (!opened.ok) throw new Error(opened.code);
  connections = opened.value;
  ledger = new Ledger(connections, new Appender(connections.writer, new Frontier()), org.vkey);
  const keyring = parseEnvelope(org.envelope, 256 * 1024);
  if (!keyring.ok) throw new Error(keyring.code);
  const leaf = draftOf({ envelope: keyring.value, sha256: sha256Hex(keyring.value.payload) });
  ledger.append([{ leaf, keyring: { version: 1 } }]);
  const reload = (): void => {
    const loaded = loadStanding(ledger, org.keyring);
    if (!loaded.ok) throw new Error(loaded.code);
    standing = loaded.value;
  };
  reload();
  committed = [];
  intake = new Intake({
    ledger,
    logKey: org.broker.log,
    clock: time,
    standing: () => standing,
    policies: openShelf(() => undefined),
    reload,
    sessions: () => 9,
    committed: (all) => committed.push(...all),
    repeated: () => {},
  });
  peer = peerOf();
});
afterEach(() => {
  ledger.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A peer whose socket only remembers what was sent. */
function peerOf(): Peer {
  said = [];
  const socket = Object.assign(new EventEmitter(), {
    bufferedAmount: 0,
    send: (text: string) => said.push(JSON.parse(text)),
    close: () => {},
    terminate: () => {},
  });
  // Of a socket, Peer uses exactly the members above.
  const made = new Peer(socket as unknown as WebSocket, 'test', time, time);
  const hit = findKey(standing.held, org.guard.session.keyId);
  if (hit === undefined) throw new Error('no key');
  made.session = { ...hit, kind: 'guard' };
  return made;
}

test('a full disk is busy, leaves nothing behind, and passes', () => {
  // Larger than what may be left in the file's last pages.
  const action = {
    kind: 'tool' as const,
    runtime: 'shell',
    tool: 'export',
    inputRaw: 'x'.repeat(4000),
    cwd: 'x'.repeat(4000),
  };
  const more = { narrative: 'x'.repeat(4000), reason: 'x'.repeat(2000), trigger: 'x'.repeat(1000) };
  const asked = [0, 1, 2].map(() => ({
    id: messageId(),
    ...requestBy(org.guard, time, { action, ...more }),
  }));
  const take = (): void => {
    for (const { id, envelope } of asked)
      intake.take(peer, { t: 'request', id, body: { envelope } });
    intake.flush();
  };
  connections.writer.pragma('max_page_count = 1');
  // What is left of the file's pages is used up first, so that the batch itself meets the limit.
  while (ledger.append([filler(ledger.size)]).ok);
  const size = ledger.size;
  take();
  expect(said.map((one) => one.body.code)).toEqual(['busy', 'busy', 'busy']);
  expect(committed).toEqual([]);
  expect(standing.desk.size).toBe(0);
  expect(ledger.size).toBe(size);

  connections.writer.pragma('max_page_count = 1000000000');
  said.length = 0;
  take();
  expect(said.map((one) => [one.t, one.body.index])).toEqual([
    ['ack', size],
    ['ack', size + 1],
    ['ack', size + 2],
  ]);
  expect(standing.desk.size).toBe(3);
  said.length = 0;
  take();
  expect(said.map((one) => one.body.index)).toEqual([size, size + 1, size + 2]);
  expect(ledger.size).toBe(size + 3);
});

test('a batch is one turn: nothing is answered before the turn is over', async () => {
  const [one, two] = [requestBy(org.guard, time), requestBy(org.guard, time)];
  for (const { envelope } of [one, two]) {
    intake.take(peer, { t: 'request', id: messageId(), body: { envelope } });
  }
  expect(said).toEqual([]);
  await new Promise((resolve) => setImmediate(resolve));
  expect(said.map((answer) => answer.body.index)).toEqual([1, 2]);
  expect(committed).toHaveLength(2);
});

const filler = (n: number) => {
  const payload = new Uint8Array(3000).fill(n);
  return { leaf: { leaf: payload, payload, payloadSha256: sha256Hex(Uint8Array.of(n, n >> 8)) } };
};
