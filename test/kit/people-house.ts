// The broker's own intake over a real log, with people in groups, two machines of one person, and a clock that jumps. No
// sockets and no timers: what is judged is said one by one, and what came of it is the answer that its sender got.

import { EventEmitter } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { WebSocket } from 'ws';
import type { EffectMessage } from '../../main/broker/bench.ts';
import { planEnding } from '../../main/broker/broker-ending.ts';
import { Intake } from '../../main/broker/intake.ts';
import { draftOf } from '../../main/broker/open-statement.ts';
import { Peer } from '../../main/broker/peer.ts';
import { loadStanding, type Standing } from '../../main/broker/standing.ts';
import { Appender } from '../../main/ledger/append.ts';
import { openDatabase } from '../../main/ledger/database.ts';
import { Ledger } from '../../main/ledger/ledger.ts';
import { openShelf } from '../../main/policy/cedar/shelf.ts';
import type { Policy } from '../../main/policy/policy.ts';
import { sha256Hex } from '../../main/trust/digest.ts';
import { generateKeyPair, type KeyPair } from '../../main/trust/ed25519.ts';
import { parseEnvelope } from '../../main/trust/envelope.ts';
import { Frontier } from '../../main/trust/frontier.ts';
import { findKey } from '../../main/trust/keyring.ts';
import { toB64 } from '../../shared/bytes.ts';
import { invariant } from '../../shared/result.ts';
import type { Keyring } from '../../shared/statement/keyring.ts';
import { holding } from './test-policies.ts';
import { messageId } from './wire-client.ts';
import { HandTime, makeOrg, nextKeyring, type Org, START } from './wire-world.ts';

/** A wall clock that can be set to anything. */
export class LooseTime extends HandTime {
  wall = 0;
  override readonly now = (): number => START + this.wall;
}

export const HOST = 'guard-1.host';
export const TIERS = ['medium', 'high'] as const;
export const NEEDS = [
  '1 of dba',
  '2 of dba',
  '1 of dba and 1 of security',
  '2 of anyone',
  '1 of dba and 2 of anyone',
] as const;
export const POLICIES: readonly Policy[] = TIERS.flatMap((tier) =>
  NEEDS.map((needs) => holding(tier, needs)),
);

/** Opening a policy takes longer than a history: they are opened once for all houses. */
const SHELF = openShelf((sha256) => POLICIES.find((one) => one.sha256 === sha256)?.bytes);

export type Device = {
  readonly id: string;
  readonly device: string;
  readonly groups: readonly string[];
  readonly session: KeyPair;
  decision: KeyPair;
  /** The key before this one: ended, and perhaps stolen. */
  ended: KeyPair | undefined;
};

const GROUPS: Readonly<Record<string, readonly string[]>> = {
  ann: ['dba'],
  bea: ['security'],
  carl: ['dba', 'security'],
  dora: [],
};
const device = (id: string, name: string): Device => ({
  id,
  device: name,
  groups: GROUPS[id] ?? [],
  session: generateKeyPair(),
  decision: generateKeyPair(),
  ended: undefined,
});

export type PeopleHouse = {
  readonly org: Org;
  readonly time: LooseTime;
  readonly ledger: Ledger;
  readonly devices: readonly Device[];
  readonly standing: () => Standing;
  /** What its sender is told: accepted or not. Nothing is judged before `flush`. */
  readonly say: (from: Device | 'guard', t: EffectMessage['t'], envelope: string) => () => boolean;
  readonly endByBroker: (request: string, late: boolean) => void;
  readonly flush: () => void;
  /** Memory is built again from what the disk has. */
  readonly restart: () => void;
  /** The device gets a new key, and its old one ends here. */
  readonly replaceKey: (one: Device) => void;
  readonly close: () => void;
};

export function openPeopleHouse(): PeopleHouse {
  const devices = [
    device('ann', 'ann-laptop'),
    device('ann', 'ann-desktop'),
    device('bea', 'bea-laptop'),
    device('carl', HOST),
    device('carl', 'carl-laptop'),
    device('dora', 'dora-laptop'),
  ];
  const org = makeOrg((keyring) => ({
    ...keyring,
    reviewers: reviewersOf(devices),
    groups: [
      { id: 'dba', name: 'Databases' },
      { id: 'security', name: 'Security' },
    ],
    owners: [{ agent: 'claude', owner: 'bea' }],
    policies: POLICIES.map(({ sha256, name }) => ({ sha256, name })),
  }));
  const folder = mkdtempSync(join(tmpdir(), 'countersign-people-'));
  const opened = openDatabase(join(folder, 'log.sqlite'));
  invariant(opened.ok, 'a new log opens');
  const { writer } = opened.value;
  const ledger = new Ledger(opened.value, new Appender(writer, new Frontier()), org.vkey);
  const first = parseEnvelope(org.envelope, 256 * 1024);
  invariant(first.ok, 'the keyring is an envelope');
  const leaf = draftOf({ envelope: first.value, sha256: sha256Hex(first.value.payload) });
  ledger.append([{ leaf, keyring: { version: 1 } }]);

  const time = new LooseTime();
  let keyring: Keyring = org.keyring;
  let standing: Standing;
  const reload = (): void => {
    const loaded = loadStanding(ledger, org.keyring);
    invariant(loaded.ok, 'the log can be read back');
    standing = loaded.value;
  };
  reload();
  const intake = new Intake({
    ledger,
    logKey: org.broker.log,
    clock: time,
    standing: () => standing,
    policies: SHELF,
    reload,
    sessions: () => 9,
    committed: () => {},
    repeated: () => {},
  });
  const answers = new Map<string, string>();
  const peerOf = (session: KeyPair, kind: 'guard' | 'reviewer'): Peer => {
    const socket = Object.assign(new EventEmitter(), {
      bufferedAmount: 0,
      send: (text: string) => {
        const { t, ref } = JSON.parse(text) as { t: string; ref: string };
        answers.set(ref, t);
      },
      close: () => {},
      terminate: () => {},
    });
    // Of a socket, Peer uses exactly the members above.
    const peer = new Peer(socket as unknown as WebSocket, 'test', time, time);
    const hit = findKey(standing.held, session.keyId);
    invariant(hit, 'the keyring has this session');
    peer.session = { ...hit, kind };
    return peer;
  };
  const guard = peerOf(org.guard.session, 'guard');
  const peers = new Map(devices.map((one) => [one, peerOf(one.session, 'reviewer')]));
  const say: PeopleHouse['say'] = (from, t, envelope) => {
    const id = messageId();
    const peer = from === 'guard' ? guard : peers.get(from);
    invariant(peer, 'everybody is connected');
    intake.take(peer, { t, id, body: { envelope } } as EffectMessage);
    return () => answers.get(id) === 'ack';
  };
  return {
    org,
    time,
    ledger,
    devices,
    standing: () => standing,
    say,
    flush: () => intake.flush(),
    restart: reload,
    endByBroker: (request, late) =>
      intake.own((bench) =>
        planEnding(bench, request, late ? 'expired' : 'abandoned', {
          id: 'broker',
          logKey: org.broker.log,
        }),
      ),
    replaceKey: (one) => {
      intake.flush();
      one.ended = one.decision;
      one.decision = generateKeyPair();
      const reviewers = keyring.reviewers.map((who) =>
        who.id === one.id
          ? { ...who, keys: [...who.keys.map((key) => ended(key, one, ledger.size)), keyOf(one)] }
          : who,
      );
      const envelope = nextKeyring({ ...org, keyring }, (next) => {
        keyring = { ...next, reviewers };
        return keyring;
      });
      const taken = say(one, 'keyring', envelope);
      intake.flush();
      invariant(taken(), 'the next keyring is taken');
    },
    close: () => {
      ledger.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

type ReviewerKey = Keyring['reviewers'][number]['keys'][number];

const keyOf = (one: Device): ReviewerKey => ({
  keyId: one.decision.keyId,
  spki: toB64(one.decision.spki),
  fromIndex: 0,
  use: 'decision',
  device: one.device,
});

const ended = (key: ReviewerKey, { ended: old }: Device, untilIndex: number): ReviewerKey =>
  key.keyId === old?.keyId ? { ...key, untilIndex, why: 'lost' } : key;

const reviewersOf = (devices: readonly Device[]): Keyring['reviewers'] =>
  Object.keys(GROUPS).map((id) => ({
    id,
    name: id,
    groups: [...(GROUPS[id] ?? [])],
    keys: devices
      .filter((one) => one.id === id)
      .flatMap((one) => [
        keyOf(one),
        {
          ...keyOf(one),
          keyId: one.session.keyId,
          spki: toB64(one.session.spki),
          use: 'session' as const,
        },
      ]),
  }));
