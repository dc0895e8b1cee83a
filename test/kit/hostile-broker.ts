// A broker that logs in as a broker should, because it holds the keyring's broker and log keys, and then does whatever
// its strategy says. It takes the guard's receipts and endings, so that a test can read what the guard owed the log.

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { toB64, utf8 } from '../../shared/bytes.ts';
import { invariant } from '../../shared/result.ts';
import type {
  AnyClientMessage,
  AnyServerMessage,
  ServerMessageOf,
} from '../../shared/protocol/messages.ts';
import type { Decision } from '../../shared/statement/decision.ts';
import type { Ending, Receipt } from '../../shared/statement/followups.ts';
import type { Request } from '../../shared/statement/request.ts';
import { decodeStatement, payloadTypeOf } from '../../shared/statement/statement.ts';
import { RENDERER, renderView, viewText } from '../../shared/statement/view/render.ts';
import { readPrivate } from '../../main/state/atomic-file.ts';
import { writeEndpoint } from '../../main/state/endpoint.ts';
import type { Home } from '../../main/state/home.ts';
import { sha256Hex } from '../../main/trust/digest.ts';
import type { KeyPair } from '../../main/trust/ed25519.ts';
import { parseEnvelope } from '../../main/trust/envelope.ts';
import { type FakeBroker, type FakePeer, startFakeBroker } from './fake-broker.ts';
import {
  BROKER_ORIGIN,
  decisionOf,
  type GuardWorld,
  type Person,
  sealDecision,
} from './guard-world.ts';
import type { Entry, TestLog } from './test-log.ts';

/** What the broker and, through it, the reviewers' apps know of a request. */
export type Shown = {
  readonly request: Request;
  readonly digest: string;
  readonly view: { readonly renderer: string; readonly sha256: string };
};

export type Scene = Shown & {
  readonly world: GuardWorld;
  readonly log: TestLog;
  readonly peer: FakePeer;
  readonly requestIndex: number;
  /** 1 the first time; a guard that has come back asks again. */
  readonly visit: number;
};

type GrantedBody = ServerMessageOf<'granted'>['body'];
export type Strategy = {
  readonly onRequest: (scene: Scene) => void;
  /** What it says of grants; it takes their uses into its log too. None without it. */
  readonly granted?: (world: GuardWorld, visit: number) => Partial<GrantedBody>;
  /** False: the request is never acknowledged. */
  readonly acknowledges?: boolean;
  /** undefined: refused. 'silence': no answer ever. Without it, what is true of its log. */
  readonly prove?: (
    first: number,
    second: number,
    world: GuardWorld,
  ) => readonly string[] | 'silence' | undefined;
};

export type Told =
  | ({ readonly type: 'receipt' } & Pick<Receipt, 'state' | 'code' | 'request'>)
  | ({ readonly type: 'ending' } & Pick<Ending, 'how' | 'request'>);

export type HostileBroker = FakeBroker & {
  /** Receipts and endings that came, in order. */
  readonly told: readonly Told[];
};

export async function startHostileBroker(
  world: GuardWorld,
  strategy: Strategy,
): Promise<HostileBroker> {
  const told: Told[] = [];
  const placed = new Map<string, number>();
  /** By message: a request said again is the same one, and a changed command is another. */
  const shownBy = new Map<string, Shown & { readonly requestIndex: number }>();
  let visit = 0;
  const onMessage = (peer: FakePeer, message: AnyClientMessage): void => {
    const say = (answer: AnyServerMessage): void => peer.say(answer);
    if (message.t === 'prove') {
      const { first, second } = message.body;
      const proof = proofOf(strategy.prove ?? honestProof, first, second, world);
      if (proof === 'silence') return;
      if (proof) say({ t: 'proof', ref: message.id, body: { first, second, proof: [...proof] } });
      else say({ t: 'refused', ref: message.id, body: { code: 'internal' } });
      return;
    }
    if (message.t === 'request') {
      const shown = shownBy.get(message.id) ?? readRequest(world, message.body.envelope);
      shownBy.set(message.id, shown);
      visit += 1;
      if (strategy.acknowledges !== false)
        say({ t: 'ack', ref: message.id, body: { index: shown.requestIndex } });
      strategy.onRequest({ ...shown, world, log: world.log, peer, visit });
      return;
    }
    if (message.t === 'grants') {
      const said = strategy.granted?.(world, visit);
      const body = { grants: [], ends: [], note: world.log.note(), ...said };
      say({ t: 'granted', ref: message.id, body });
      return;
    }
    if (message.t === 'auto' && strategy.granted) {
      const index = placed.get(message.id) ?? world.log.append(utf8(message.body.envelope));
      placed.set(message.id, index);
      say({ t: 'ack', ref: message.id, body: { index } });
      return;
    }
    if (message.t === 'include') {
      const { index } = message.body;
      const body = { index, proof: world.log.inclusion(index), note: world.log.note() };
      say({ t: 'included', ref: message.id, body });
      return;
    }
    if (message.t === 'receipt' || message.t === 'ending') {
      const before = placed.get(message.id);
      const bytes = utf8(message.body.envelope);
      // Said again, it is the same leaf.
      if (before === undefined) told.push(readTold(bytes));
      const index = before ?? world.log.append(bytes);
      placed.set(message.id, index);
      say({ t: 'ack', ref: message.id, body: { index } });
      return;
    }
    say({ t: 'ack', ref: message.id, body: {} });
  };
  const broker = await startFakeBroker({
    origin: BROKER_ORIGIN,
    keyId: world.keys.broker.keyId,
    signer: world.keys.broker,
    client: world.keys.guardSession,
    onMessage,
  });
  const written = writeEndpoint(world.home, broker.endpoint);
  invariant(written.ok, 'the endpoint is written');
  return { ...broker, told };
}

/** A log that does not have those leaves has no proof. */
function proofOf(
  prove: NonNullable<Strategy['prove']>,
  ...[first, second, world]: Parameters<NonNullable<Strategy['prove']>>
): ReturnType<NonNullable<Strategy['prove']>> {
  try {
    return prove(first, second, world);
  } catch {
    return undefined;
  }
}

const honestProof = (
  first: number,
  second: number,
  { log }: GuardWorld,
): readonly string[] | undefined =>
  first > 0 && second <= log.size ? log.consistency(first, second) : undefined;

function readRequest(world: GuardWorld, text: string): Shown & { readonly requestIndex: number } {
  const bytes = utf8(text);
  const envelope = parseEnvelope(bytes, 64 * 1024);
  invariant(envelope.ok, 'a guard sends envelopes');
  return { ...shownOf(envelope.value.payload), requestIndex: world.log.append(bytes) };
}

export function shownOf(payload: Uint8Array): Shown {
  const request = decodeStatement('request', payload);
  const view = renderView(payload, new Map());
  invariant(request.ok && view.ok, 'a request can be shown');
  return {
    request: request.value,
    digest: sha256Hex(payload),
    view: { renderer: RENDERER, sha256: sha256Hex(utf8(viewText(view.value))) },
  };
}

function readTold(bytes: Uint8Array): Told {
  const envelope = parseEnvelope(bytes, 64 * 1024);
  invariant(envelope.ok, 'a guard sends envelopes');
  if (envelope.value.payloadType === payloadTypeOf('ending')) {
    const ending = decodeStatement('ending', envelope.value.payload);
    invariant(ending.ok, 'an ending is one');
    return { type: 'ending', how: ending.value.how, request: ending.value.request };
  }
  const receipt = decodeStatement('receipt', envelope.value.payload);
  invariant(receipt.ok, 'a receipt is one');
  const { state, code, request } = receipt.value;
  return { type: 'receipt', state, code, request };
}

/** What the guard still owes, from its folder. */
export function owedBy(home: Pick<Home, 'guard'>): Told[] {
  const folder = join(home.guard, 'queue');
  try {
    return readdirSync(folder)
      .filter((name) => name !== 'refused')
      .sort()
      .map((name) => {
        const bytes = readPrivate(join(folder, name), 64 * 1024);
        invariant(bytes.ok, 'what is owed can be read');
        return readTold(bytes.value);
      });
  } catch {
    return [];
  }
}

export type Signing = {
  readonly who?: Person;
  readonly signer?: KeyPair;
  readonly change?: (decision: Decision) => Decision;
};

/** A decision by a person about what their app showed; `change` is what a broker talked them or their app into. */
export function signDecision(scene: Scene, { who, signer, change }: Signing = {}): Uint8Array {
  const { world } = scene;
  const by = who ?? world.keys.alice;
  const honest = decisionOf(scene, { who: by, world, now: Date.now() });
  return sealDecision(change?.(honest) ?? honest, signer ?? by.decision);
}

/** The decision in the log, and what an honest broker would send about it. */
export function logged(scene: Scene, envelope: Uint8Array): Entry {
  const index = scene.log.append(envelope);
  scene.log.pad(2, 'after');
  return scene.log.entry(scene.digest, envelope, index, scene.requestIndex);
}

export const sayEntry = (scene: Scene, entry: Entry): void =>
  scene.peer.say({ t: 'entry', body: entry });

/** All that an honest broker does with an approval. */
export const passOn = (scene: Scene, signing: Signing = {}): void =>
  sayEntry(scene, logged(scene, signDecision(scene, signing)));

export const noteB64 = (log: TestLog, size?: number): string => toB64(utf8(log.note(size)));
