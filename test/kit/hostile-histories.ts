// Real decisions by keys that no longer count, or too late; logs that show one thing to one and another to the next; and
// a broker that says nothing, or nothing that can be read.

import { payloadTypeOf, encodeStatement } from '../../shared/statement/statement.ts';
import type { Keyring } from '../../shared/statement/keyring.ts';
import { seal } from '../../main/trust/envelope.ts';
import type { GuardWorld, Keys, Person } from './guard-world.ts';
import { type Attack, changed, iso, refusedAs, wrongHash } from './hostile-attack.ts';
import { logged, noteB64, passOn, sayEntry, type Scene, signDecision } from './hostile-broker.ts';
import { TestLog } from './test-log.ts';

function chatDenialBy(scene: Scene, key: Person['decision']): void {
  const by = { id: 'broker', keyId: key.keyId, device: 'broker' };
  const notice = { request: scene.digest, what: 'chatDenied' as const, by, at: iso(Date.now()) };
  const envelope = seal(payloadTypeOf('notice'), encodeStatement('notice', notice), key);
  sayEntry(scene, logged(scene, envelope));
}

const withReviewerKey =
  (change: { readonly untilIndex: number }) =>
  (keyring: Keyring, keys: Keys): Keyring => ({
    ...keyring,
    reviewers: keyring.reviewers.map((one) => ({
      ...one,
      keys: one.keys.map((key) =>
        key.keyId === keys.alice.decision.keyId ? { ...key, ...change } : key,
      ),
    })),
  });

export const KEYS_AND_TIME: readonly Attack[] = [
  {
    name: 'claims an early place for a key that is revoked',
    ends: refusedAs('notInLog'),
    keyring: withReviewerKey({ untilIndex: 10 }),
    onRequest: (scene) => {
      scene.log.pad(10, 'later');
      const entry = logged(scene, signDecision(scene));
      sayEntry(scene, { ...entry, index: 9 });
    },
  },
  {
    name: 'uses a key that is revoked',
    ends: refusedAs('keyNotValid'),
    keyring: withReviewerKey({ untilIndex: 6 }),
    onRequest: (scene) => passOn(scene),
  },
  {
    name: 'lives on an expired keyring',
    ends: refusedAs('keyringExpired'),
    keyring: (keyring) => ({ ...keyring, expires: iso(Date.now() - 1) }),
    onRequest: (scene) => passOn(scene),
  },
  {
    name: 'brings a decision of an hour ago',
    ends: refusedAs('issuedOutside'),
    onRequest: changed((d) => ({ ...d, issuedAt: iso(Date.now() - 3_600_000) })),
  },
  {
    name: 'brings a decision after its expiry',
    ends: refusedAs('decisionExpired'),
    onRequest: changed((d) => ({ ...d, expiresAt: iso(Date.now() - 1) })),
  },
  {
    name: 'lets a person approve what runs for them',
    ends: refusedAs('ownAction'),
    keyring: (keyring) => ({ ...keyring, owners: [{ agent: 'claude', owner: 'alice' }] }),
    onRequest: (scene) => passOn(scene),
  },
];

export const HISTORIES: readonly Attack[] = [
  {
    name: 'invents a proof',
    ends: refusedAs('notInLog'),
    onRequest: (scene) => {
      const entry = logged(scene, signDecision(scene));
      sayEntry(scene, { ...entry, proof: entry.proof.map(() => wrongHash) });
    },
  },
  {
    name: 'claims another place',
    ends: refusedAs('notInLog'),
    onRequest: (scene) => {
      const entry = logged(scene, signDecision(scene));
      sayEntry(scene, { ...entry, index: entry.index + 1 });
    },
  },
  {
    name: 'never logs the request',
    ends: refusedAs('requestNotInLog'),
    onRequest: (scene) => {
      const log = scene.log.fork(scene.requestIndex).pad(1, 'in its place');
      const checkpoint = noteB64(scene.log, scene.requestIndex);
      const envelope = signDecision(scene, { change: (d) => ({ ...d, checkpoint }) });
      const index = log.append(envelope);
      sayEntry(scene, log.entry(scene.digest, envelope, index, scene.requestIndex));
      others.set(scene.world, log);
    },
    prove: (first, second, world) => others.get(world)?.consistency(first, second),
  },
  {
    name: 'never logs the decision',
    ends: refusedAs('notInLog'),
    onRequest: (scene) => {
      const envelope = signDecision(scene);
      scene.log.pad(3, 'in its place');
      const index = scene.requestIndex + 1;
      sayEntry(scene, scene.log.entry(scene.digest, envelope, index, scene.requestIndex));
    },
  },
  {
    name: 'signs the head of another log',
    ends: refusedAs('badCheckpoint'),
    onRequest: (scene) => {
      const entry = logged(scene, signDecision(scene));
      const other = new TestLog('log.test/other', scene.world.keys.log).pad(scene.log.size);
      sayEntry(scene, { ...entry, note: other.note() });
    },
  },
  {
    name: 'signs the head with its session key',
    ends: refusedAs('badCheckpoint'),
    onRequest: (scene) => {
      const entry = logged(scene, signDecision(scene));
      const other = new TestLog(scene.log.origin, scene.world.keys.broker).pad(scene.log.size);
      sayEntry(scene, { ...entry, note: other.note() });
    },
  },
  {
    name: 'shows the reviewer one history and the guard another',
    ends: refusedAs('otherHistory'),
    onRequest: (scene) => {
      const seen = scene.log.fork(3).pad(6, 'for the reviewer only');
      passOn(scene, { change: (d) => ({ ...d, checkpoint: noteB64(seen) }) });
    },
  },
  {
    name: 'proves nothing about a larger tree',
    ends: refusedAs('otherHistory'),
    onRequest: (scene) => passOn(scene),
    prove: () => [],
  },
  {
    name: 'invents a proof of consistency',
    ends: refusedAs('otherHistory'),
    onRequest: (scene) => passOn(scene),
    prove: () => [wrongHash, wrongHash, wrongHash],
  },
  {
    name: 'goes back to a smaller tree',
    ends: refusedAs('notInLog'),
    onRequest: (scene) => {
      const entry = logged(scene, signDecision(scene));
      sayEntry(scene, { ...entry, note: scene.log.note(scene.requestIndex + 1) });
    },
  },
];

/** The histories that a strategy keeps beside its log. */
const others = new WeakMap<GuardWorld, TestLog>();

export const SILENCES: readonly Attack[] = [
  {
    name: 'says nothing after it has taken the request',
    ends: { how: 'expired', seen: false },
    ttlMs: 1_000,
    onRequest: () => {},
  },
  {
    name: 'does not even take the request',
    ends: { how: 'unreachable', code: 'noBroker' },
    reachMs: 500,
    acknowledges: false,
    onRequest: () => {},
  },
  {
    name: 'sends frames over the limit, each time',
    ends: { how: 'expired' },
    ttlMs: 1_500,
    onRequest: ({ peer }) => peer.raw('x'.repeat(300 * 1024)),
  },
  {
    name: 'sends what is no message, each time',
    ends: { how: 'expired' },
    ttlMs: 1_500,
    onRequest: ({ peer }) => peer.raw('{"t":"approved"}'),
  },
  {
    name: 'denies in the name of a chat, with the log key and its own',
    ends: { how: 'expired', seen: false },
    ttlMs: 1_000,
    onRequest: (scene) => {
      chatDenialBy(scene, scene.world.keys.log);
      chatDenialBy(scene, scene.world.keys.broker);
    },
  },
];
