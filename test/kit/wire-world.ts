// What a broker's tests stand on: an organisation with real keys and a signed keyring, statements by its members, time
// that is moved by hand, and a real broker on a real socket over a state folder of its own.

import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fromUtf8, toB64, toHex, utf8 } from '../../shared/bytes.ts';
import { invariant } from '../../shared/result.ts';
import type { Action } from '../../shared/statement/action.ts';
import { type Decision, NO_DECISION } from '../../shared/statement/decision.ts';
import type { Ending, Notice, Receipt } from '../../shared/statement/followups.ts';
import type { Keyring } from '../../shared/statement/keyring.ts';
import type { Request } from '../../shared/statement/request.ts';
import {
  encodeStatement,
  payloadTypeOf,
  type Statement,
  type StatementType,
} from '../../shared/statement/statement.ts';
import type { Clock, Timers } from '../../main/broker/ports.ts';
import {
  type BrokerOptions,
  type RunningBroker,
  startBroker,
} from '../../main/broker/start-broker.ts';
import { factsUnder } from '../../main/policy/facts.ts';
import { holdEverything, type Policy } from '../../main/policy/policy.ts';
import { sha256Hex, systemRandom } from '../../main/trust/digest.ts';
import { generateKeyPair, type KeyPair, publicKeyOf } from '../../main/trust/ed25519.ts';
import { seal } from '../../main/trust/envelope.ts';
import { formatVkey, NOTE_TYPE, type Vkey, vkeyOf } from '../../main/trust/vkey.ts';
import { keepTestPolicies, PINNED, TEST_POLICIES } from './test-policies.ts';

export const ORIGIN = 'log.test/1';
export const START = Date.UTC(2026, 10, 22, 9, 0, 0);

/** Due timers run in order when time is moved. */
export class HandTime implements Clock, Timers {
  #at = 0;
  #due: { readonly when: number; readonly run: () => void }[] = [];
  readonly now = (): number => START + this.#at;
  readonly monotonic = (): number => this.#at;
  readonly after = (ms: number, run: () => void): (() => void) => {
    const one = { when: this.#at + ms, run };
    this.#due.push(one);
    return () => {
      this.#due = this.#due.filter((other) => other !== one);
    };
  };

  advance(ms: number): void {
    const end = this.#at + ms;
    for (;;) {
      const [next] = this.#due.filter((one) => one.when <= end).sort((a, b) => a.when - b.when);
      if (next === undefined) break;
      this.#due = this.#due.filter((one) => one !== next);
      this.#at = Math.max(this.#at, next.when);
      next.run();
    }
    this.#at = end;
  }

  iso(plusMs = 0): string {
    return new Date(this.now() + plusMs).toISOString();
  }
}

export type Person = {
  readonly id: string;
  readonly decision: KeyPair;
  readonly session: KeyPair;
  readonly witness: KeyPair;
  readonly device: string;
};
export type GuardKeys = { readonly id: string; readonly guard: KeyPair; readonly session: KeyPair };

export type Org = {
  readonly root: KeyPair;
  readonly broker: { readonly session: KeyPair; readonly log: KeyPair };
  readonly alice: Person;
  readonly bob: Person;
  readonly guard: GuardKeys;
  readonly other: GuardKeys;
  readonly vkey: Vkey;
  readonly keyring: Keyring;
  readonly envelope: Uint8Array;
};

const person = (id: string): Person => ({
  id,
  decision: generateKeyPair(),
  session: generateKeyPair(),
  witness: generateKeyPair(),
  device: `${id}-laptop`,
});
const guardKeys = (id: string): GuardKeys => ({
  id,
  guard: generateKeyPair(),
  session: generateKeyPair(),
});
const row = (pair: KeyPair) => ({ keyId: pair.keyId, spki: toB64(pair.spki), fromIndex: 0 });

/** A team of two reviewers, two guards and one broker; `change` has the last word on the keyring. */
export function makeOrg(change: (keyring: Keyring) => Keyring = (same) => same): Org {
  const root = generateKeyPair();
  const broker = { session: generateKeyPair(), log: generateKeyPair() };
  const [alice, bob] = [person('alice'), person('bob')];
  const [guard, other] = [guardKeys('guard-1'), guardKeys('guard-2')];
  const vkey = vkeyOf(ORIGIN, NOTE_TYPE, publicKeyOf(broker.log));
  const reviewer = (one: Person, groups: string[]): Keyring['reviewers'][number] => ({
    id: one.id,
    name: one.id,
    groups,
    keys: [
      { ...row(one.decision), use: 'decision', device: one.device },
      { ...row(one.session), use: 'session', device: one.device },
      { ...row(one.witness), use: 'witness', device: one.device },
    ],
  });
  const guardRow = (one: GuardKeys): Keyring['guards'][number] => ({
    id: one.id,
    host: `${one.id}.host`,
    agents: [],
    maxTier: 'high',
    keys: [
      { ...row(one.guard), use: 'guard' },
      { ...row(one.session), use: 'session' },
    ],
  });
  const keyring = change({
    org: 'org',
    version: 1,
    solo: false,
    // Tests of the witnesses ask for them; the others have nobody who would cosign.
    witnesses: { count: 0, withinMs: 300_000 },
    issuedAt: new Date(START).toISOString(),
    expires: new Date(START + 90 * 24 * 3600 * 1000).toISOString(),
    threshold: 1,
    roots: [{ keyId: root.keyId, spki: toB64(root.spki) }],
    log: { origin: ORIGIN, vkey: formatVkey(vkey) },
    brokers: [
      {
        id: 'broker',
        keys: [
          { ...row(broker.session), use: 'session' },
          { ...row(broker.log), use: 'log' },
        ],
      },
    ],
    reviewers: [reviewer(alice, ['ops']), reviewer(bob, ['sales'])],
    guards: [guardRow(guard), guardRow(other)],
    channels: [],
    groups: [{ id: 'ops', name: 'Operations' }],
    owners: [],
    policies: PINNED,
  });
  const envelope = seal(payloadTypeOf('keyring'), encodeStatement('keyring', keyring), root);
  return { root, broker, alice, bob, guard, other, vkey, keyring, envelope };
}

/** The next keyring, signed by the root. */
export function nextKeyring(org: Org, change: (keyring: Keyring) => Keyring): string {
  const prevSha256 = sha256Hex(encodeStatement('keyring', org.keyring));
  const keyring = change({ ...org.keyring, version: org.keyring.version + 1, prevSha256 });
  return fromUtf8(seal(payloadTypeOf('keyring'), encodeStatement('keyring', keyring), org.root));
}

export type Signed = { readonly envelope: string; readonly sha256: string };

export function signed<T extends StatementType>(
  type: T,
  value: Statement<T>,
  pair: KeyPair,
): Signed {
  const payload = encodeStatement(type, value);
  return {
    envelope: fromUtf8(seal(payloadTypeOf(type), payload, pair)),
    sha256: sha256Hex(payload),
  };
}

const random = (bytes: number): string => toHex(systemRandom(bytes));

const ACTION: Action = {
  kind: 'tool',
  runtime: 'shell',
  tool: 'export',
  inputRaw: 'customers',
  cwd: '/srv',
};

const namedIn = ({ policy }: Partial<Request>): Policy =>
  TEST_POLICIES.find(({ sha256 }) => sha256 === policy?.sha256) ?? holdEverything();

export function requestBy(
  { guard: pair, id }: GuardKeys,
  time: HandTime,
  change: Partial<Request> = {},
): Signed {
  const request: Request = {
    requestId: random(16),
    nonce: random(32),
    org: 'org',
    log: ORIGIN,
    guard: { id, keyId: pair.keyId, host: `${id}.host`, mode: 'run' },
    agent: { id: 'claude', session: 's1', onBehalfOf: 'carol', authn: 'declared' },
    action: ACTION,
    facts: factsUnder(namedIn(change), change.action ?? ACTION),
    evaluatedAt: time.iso(),
    policy: {
      sha256: holdEverything().sha256,
      rules: ['hold-everything'],
      tier: 'medium',
      needs: [{ group: 'anyone', count: 1 }],
    },
    checks: [],
    reason: 'nightly export',
    narrative: '',
    trigger: '',
    attachments: [],
    createdAt: time.iso(),
    ttlMs: 60_000,
    ...change,
  };
  return signed('request', request, pair);
}

export function decisionBy(
  who: Person,
  time: HandTime,
  request: string,
  change: Partial<Decision> & { readonly chain?: { seq: number; prev: string } } = {},
): Signed {
  const { chain = { seq: 1, prev: NO_DECISION }, ...rest } = change;
  const decision: Decision = {
    decisionId: random(16),
    verdict: 'approve',
    request,
    view: { renderer: 'text/1', sha256: '1'.repeat(64), flags: [] },
    policy: { sha256: '0'.repeat(64), rules: [] },
    reviewer: { id: who.id, keyId: who.decision.keyId, device: who.device, ...chain },
    keyring: { version: 1, sha256: '2'.repeat(64) },
    checkpoint: toB64(utf8('note')),
    use: { max: 1 },
    presence: 'click',
    issuedAt: time.iso(),
    expiresAt: time.iso(60_000),
    ...rest,
  };
  return signed('decision', decision, who.decision);
}

export function noticeBy(
  who: Person,
  time: HandTime,
  request: string,
  what: Notice['what'],
): Signed {
  const by = { id: who.id, keyId: who.session.keyId, device: who.device };
  return signed('notice', { request, what, by, at: time.iso() }, who.session);
}

export function endingBy(
  guard: GuardKeys,
  time: HandTime,
  request: string,
  change: Partial<Ending> = {},
): Signed {
  const ending: Ending = {
    request,
    how: 'withdrawn',
    decisions: [],
    who: { role: 'guard', id: guard.id, keyId: guard.guard.keyId },
    guidance: '',
    at: time.iso(),
    ...change,
  };
  return signed('ending', ending, guard.guard);
}

export function receiptBy(
  guard: GuardKeys,
  time: HandTime,
  request: string,
  state: Receipt['state'] = 'finished',
): Signed {
  const receipt: Receipt = {
    request,
    decisions: [],
    state,
    guard: { id: guard.id, keyId: guard.guard.keyId },
    checkpoint: toB64(utf8('note')),
    at: time.iso(),
  };
  return signed('receipt', receipt, guard.guard);
}

export type House = {
  readonly root: string;
  readonly logPath: string;
  readonly time: HandTime;
  readonly alarms: string[];
  broker: RunningBroker;
  /** Stops the broker and starts it again over the same files. */
  restart: () => Promise<void>;
  clean: () => Promise<void>;
};

export const optionsOf = (
  org: Org,
  root: string,
  time: HandTime,
  alarms: string[],
): BrokerOptions => ({
  home: { root, broker: join(root, 'broker') },
  keys: org.broker,
  pin: {
    org: org.keyring.org,
    roots: org.keyring.roots,
    threshold: org.keyring.threshold,
    log: org.keyring.log,
  },
  keyring: org.envelope,
  listen: { host: '127.0.0.1', port: 0 },
  clock: time,
  timers: time,
  random: systemRandom,
  alarm: (line) => alarms.push(line),
});

export async function openHouse(org: Org): Promise<House> {
  const root = mkdtempSync(join(tmpdir(), 'countersign-broker-'));
  mkdirSync(join(root, 'broker'), { mode: 0o700 });
  keepTestPolicies({ root });
  const time = new HandTime();
  const alarms: string[] = [];
  const start = async (): Promise<RunningBroker> => {
    const broker = await startBroker(optionsOf(org, root, time, alarms));
    invariant(broker.ok, `the broker starts: ${broker.ok ? '' : broker.code}`);
    return broker.value;
  };
  const house: House = {
    root,
    logPath: join(root, 'broker', 'log.sqlite'),
    time,
    alarms,
    broker: await start(),
    restart: async () => {
      await house.broker.stop();
      house.broker = await start();
    },
    clean: async () => {
      await house.broker.stop();
      rmSync(root, { recursive: true, force: true });
    },
  };
  return house;
}
