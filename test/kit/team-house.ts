// A team with a real broker, a real guard that runs a real command, and reviewers who are nothing but keys: each sees what
// the wire shows them and signs what a test wants signed. What an honest app would never sign comes from here.

import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock, systemTimers } from '../../main/broker/ports.ts';
import { startBroker } from '../../main/broker/start-broker.ts';
import type { Policy } from '../../main/policy/policy.ts';
import { writeEndpoint } from '../../main/state/endpoint.ts';
import { sha256Hex, systemRandom } from '../../main/trust/digest.ts';
import type { KeyPair } from '../../main/trust/ed25519.ts';
import { fromB64, fromUtf8, utf8 } from '../../shared/bytes.ts';
import { invariant } from '../../shared/result.ts';
import { type Decision, NO_DECISION } from '../../shared/statement/decision.ts';
import type { Keyring } from '../../shared/statement/keyring.ts';
import type { Request } from '../../shared/statement/request.ts';
import { decodeStatement } from '../../shared/statement/statement.ts';
import { RENDERER, renderView, viewText } from '../../shared/statement/view/render.ts';
import {
  decisionOf,
  type GuardWorld,
  type Keys,
  LOG_ORIGIN,
  makeGuardWorld,
  type Person,
  sealDecision,
} from './guard-world.ts';
import { type HeldOptions, type HeldRun, heldRun } from './held-run.ts';
import { keepTestPolicies } from './test-policies.ts';
import { WireClient } from './wire-client.ts';

export type Seen = {
  readonly request: Request;
  readonly digest: string;
  readonly view: { readonly renderer: string; readonly sha256: string };
  /** A head that has it. */
  readonly note: string;
};

/** A reviewer's keys at the wire. */
export type Hand = {
  readonly who: Person;
  readonly client: WireClient;
  /** The newest request that this person is shown, once there is one after `but`. */
  readonly sees: (but?: string) => Promise<Seen>;
  /** Signs a decision, by this person's key unless another is given, and sends it: the index, or why not. */
  readonly signs: (
    seen: Seen,
    change?: Partial<Decision>,
    by?: KeyPair,
  ) => Promise<number | string>;
  /** The signed bytes of what was sent last. */
  readonly last: () => string;
};

export type TeamHouse = {
  readonly world: GuardWorld;
  readonly run: (options?: HeldOptions) => Promise<HeldRun>;
  readonly hand: (who: Person) => Promise<Hand>;
  readonly connect: () => WireClient;
  readonly folder: string;
  readonly stopBroker: () => Promise<void>;
  readonly stop: () => Promise<void>;
};

type Options = {
  /** In force; hold-everything without one. */
  readonly policy?: Policy;
  readonly keyring?: (keyring: Keyring, keys: Keys) => Keyring;
};

export async function openTeamHouse({ policy, keyring }: Options = {}): Promise<TeamHouse> {
  const world = makeGuardWorld({
    keyring: (plain, keys) => {
      const policies =
        policy === undefined ? plain.policies : [{ sha256: policy.sha256, name: 'test' }];
      const changed = { ...plain, policies };
      return keyring?.(changed, keys) ?? changed;
    },
  });
  const folder = mkdtempSync(join(tmpdir(), 'countersign-house-'));
  mkdirSync(join(folder, 'broker'), { mode: 0o700 });
  keepTestPolicies({ root: folder });
  const { org, roots, threshold, log } = world.keyring;
  const broker = await startBroker({
    home: { root: folder, broker: join(folder, 'broker') },
    keys: { session: world.keys.broker, log: world.keys.log },
    pin: { org, roots, threshold, log },
    keyring: world.envelope,
    listen: { host: '127.0.0.1', port: 0 },
    clock: systemClock,
    timers: systemTimers,
    random: systemRandom,
    alarm: () => {},
  });
  invariant(broker.ok, `the broker starts: ${broker.ok ? '' : broker.code}`);
  const { url } = broker.value;
  writeEndpoint(world.home, { url, origin: LOG_ORIGIN, brokerKeyId: world.keys.broker.keyId });
  const clients: WireClient[] = [];
  const connect = (): WireClient => {
    const client = new WireClient(url);
    clients.push(client);
    return client;
  };
  return {
    world,
    folder,
    connect,
    run: (options = {}) => heldRun(world, { told: [] }, options),
    hand: async (who) => {
      const client = connect();
      await client.login('reviewer', who.session);
      client.tell('follow', { cursor: 0 });
      return handOf(who, client, world);
    },
    stopBroker: () => broker.value.stop(),
    stop: async () => {
      for (const client of clients) client.close();
      await broker.value.stop();
      rmSync(folder, { recursive: true, force: true });
      world.remove();
    },
  };
}

function handOf(who: Person, client: WireClient, { keyring }: GuardWorld): Hand {
  const chains = new Map<string, { readonly seq: number; readonly prev: string }>();
  let last = '';
  return {
    who,
    client,
    last: () => last,
    sees: async (but) => {
      const newest = (): { index: number; payload: Uint8Array; request: Request } | undefined =>
        requestsIn(client)
          .slice(requestsIn(client).findIndex(({ payload }) => sha256Hex(payload) === but) + 1)
          .at(-1);
      await client.wait('leaves', () => newest() !== undefined);
      const found = newest();
      invariant(found, 'it was there a moment ago');
      const head = await client.wait('checkpoint', ({ body }) => sizeOf(body.note) > found.index);
      const view = renderView(found.payload, new Map());
      invariant(view.ok, 'the card renders');
      return {
        request: found.request,
        digest: sha256Hex(found.payload),
        view: { renderer: RENDERER, sha256: sha256Hex(utf8(viewText(view.value))) },
        note: head.body.note,
      };
    },
    signs: async (seen, change = {}, by = who.decision) => {
      const chain = chains.get(by.keyId) ?? { seq: 0, prev: NO_DECISION };
      const log = { note: () => seen.note } as GuardWorld['log'];
      const plain = decisionOf(seen, { who, world: { keyring, log }, now: Date.now() });
      const reviewer = { ...plain.reviewer, seq: chain.seq + 1, prev: chain.prev };
      const decision = { ...plain, reviewer, ...change };
      const envelope = sealDecision(decision, by);
      const { payload = '' } = JSON.parse(fromUtf8(envelope)) as { payload?: string };
      chains.set(by.keyId, {
        seq: chain.seq + 1,
        prev: sha256Hex(fromB64(payload) ?? new Uint8Array()),
      });
      last = fromUtf8(envelope);
      return client.ask('decision', { envelope: last });
    },
  };
}

function requestsIn(client: WireClient) {
  return [...client.leaves()].flatMap(([index, { payload: text }]) => {
    const payload = text === undefined ? undefined : fromB64(text);
    const read = payload && decodeStatement('request', payload);
    return payload && read?.ok ? [{ index, payload, request: read.value }] : [];
  });
}

const sizeOf = (note: string): number => Number(note.split('\n')[1]);
