// Everything a broker may try that holds its own keys and the log's, and has heard every decision there ever was. None
// of it may let anything run: each says how the guard must end.

import { toB64, utf8 } from '../../shared/bytes.ts';
import type { RefusalCode } from '../../shared/domain/refusals.ts';
import { encodeStatement, payloadTypeOf } from '../../shared/statement/statement.ts';
import type { Keyring } from '../../shared/statement/keyring.ts';
import type { RunEnd } from '../../main/guard/run.ts';
import { generateKeyPair } from '../../main/trust/ed25519.ts';
import { encodeEnvelope, parseEnvelope, seal } from '../../main/trust/envelope.ts';
import type { GuardWorld, Keys, Person } from './guard-world.ts';
import { nextKeyring, sealDecision, decisionOf } from './guard-world.ts';
import {
  logged,
  noteB64,
  passOn,
  sayEntry,
  type Scene,
  shownOf,
  signDecision,
  type Signing,
  type Strategy,
} from './hostile-broker.ts';
import { TestLog } from './test-log.ts';

export type Attack = Strategy & {
  readonly name: string;
  readonly ends: Partial<RunEnd>;
  readonly keyring?: (keyring: Keyring, keys: Keys) => Keyring;
  readonly ttlMs?: number;
  readonly reachMs?: number;
};

const refusedAs = (code: RefusalCode): Partial<RunEnd> => ({ how: 'refused', code });
const wrongHash = toB64(new Uint8Array(32).fill(9));
const iso = (ms: number): string => new Date(ms).toISOString();
const swap = (text: string): string => (text.startsWith('0') ? '1' : '0') + text.slice(1);
const mallory: Person = {
  id: 'alice',
  device: 'alice.laptop',
  decision: generateKeyPair(),
  session: generateKeyPair(),
};

const changed =
  (change: Signing['change']): Strategy['onRequest'] =>
  (scene) =>
    passOn(scene, change ? { change } : {});

/** Signed by a key that is not alice's decision key, and says so. */
const signedBy =
  (
    key: (keys: Keys) => Person['decision'],
    as: { id: string; device: string },
  ): Strategy['onRequest'] =>
  (scene) => {
    const signer = key(scene.world.keys);
    const reviewer = { ...as, keyId: signer.keyId };
    passOn(scene, {
      signer,
      change: (d) => ({ ...d, reviewer: { ...d.reviewer, ...reviewer } }),
    });
  };

/** Alice's real approval of another request of this guard, long in the log. */
function otherApproval(scene: Scene): Uint8Array {
  const other = { ...scene.request, reason: 'harmless', nonce: swap(scene.request.nonce) };
  const { guard } = scene.world.keys;
  const payload = encodeStatement('request', other);
  scene.log.append(seal(payloadTypeOf('request'), payload, guard));
  const { world } = scene;
  const decision = decisionOf(shownOf(payload), { who: world.keys.alice, world, now: Date.now() });
  return sealDecision(decision, world.keys.alice.decision);
}

/** What alice's app would sign if the broker could show it this request with other words. */
function approvalOfChanged(scene: Scene): Uint8Array {
  const { action } = scene.request;
  if (action.kind !== 'exec') throw new Error('an exec action');
  const request = { ...scene.request, action: { ...action, argv: ['true'] } };
  const shown = shownOf(encodeStatement('request', request));
  return signDecision({ ...scene, ...shown });
}

/** The statement of its own log key about a request. */
function endsAs(scene: Scene, how: 'approved' | 'denied'): void {
  const { log } = scene.world.keys;
  const ending = {
    request: scene.digest,
    how,
    decisions: [],
    who: { role: 'broker' as const, id: 'broker', keyId: log.keyId },
    guidance: '',
    at: iso(Date.now()),
  };
  const envelope = seal(payloadTypeOf('ending'), encodeStatement('ending', ending), log);
  sayEntry(scene, logged(scene, envelope));
}

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

/** A next keyring in which mallory's key stands for alice, signed by whoever. */
function ownKeyring(world: GuardWorld, root: Person['decision']): string {
  const { decision: pair, device } = mallory;
  const key = { keyId: pair.keyId, spki: toB64(pair.spki), fromIndex: 0, device };
  const reviewers = world.keyring.reviewers.map((one) =>
    one.id === 'alice' ? { ...one, keys: [{ ...key, use: 'decision' as const }] } : one,
  );
  const roots = [{ keyId: root.keyId, spki: toB64(root.spki) }];
  const keys = { ...world.keys, root };
  const change = { reviewers, ...(root === world.keys.root ? {} : { roots }) };
  return new TextDecoder().decode(nextKeyring({ keyring: world.keyring, keys }, change));
}

const FORGERIES: readonly Attack[] = [
  {
    name: 'forges with a key of its own',
    ends: refusedAs('unknownKey'),
    onRequest: signedBy(() => mallory.decision, { id: 'alice', device: 'alice.laptop' }),
  },
  {
    name: 'forges with its session key',
    ends: refusedAs('wrongKeyUse'),
    onRequest: signedBy((keys) => keys.broker, { id: 'broker', device: 'broker' }),
  },
  {
    name: 'forges with the log key',
    ends: refusedAs('wrongKeyUse'),
    onRequest: signedBy((keys) => keys.log, { id: 'broker', device: 'broker' }),
  },
  {
    name: "forges with a reviewer's stolen session key",
    ends: refusedAs('wrongKeyUse'),
    onRequest: signedBy((keys) => keys.alice.session, { id: 'alice', device: 'alice.laptop' }),
  },
  {
    name: "puts alice's key id on its own signature",
    ends: refusedAs('badSignature'),
    onRequest: (scene) => {
      const parsed = parseEnvelope(signDecision(scene, { signer: mallory.decision }), 64 * 1024);
      if (!parsed.ok) throw new Error(parsed.code);
      const { keyId: keyid } = scene.world.keys.alice.decision;
      const signatures = parsed.value.signatures.map((one) => ({ ...one, keyid }));
      sayEntry(scene, logged(scene, encodeEnvelope({ ...parsed.value, signatures })));
    },
  },
  {
    name: "passes bob's decision off as alice's",
    ends: refusedAs('wrongSigner'),
    onRequest: (scene) => passOn(scene, { signer: scene.world.keys.bob.decision }),
  },
  {
    name: "turns alice's denial into an approval",
    ends: refusedAs('badSignature'),
    onRequest: (scene) => {
      const denial = signDecision(scene, { change: (d) => ({ ...d, verdict: 'deny' }) });
      const parsed = parseEnvelope(denial, 64 * 1024);
      if (!parsed.ok) throw new Error(parsed.code);
      const text = new TextDecoder().decode(parsed.value.payload);
      const payload = utf8(text.replace('"verdict":"deny"', '"verdict":"approve"'));
      sayEntry(scene, logged(scene, encodeEnvelope({ ...parsed.value, payload })));
    },
  },
  {
    name: 'lets a channel approve what only people may',
    ends: refusedAs('presenceTooWeak'),
    onRequest: (scene) =>
      passOn(scene, {
        who: scene.world.keys.channel,
        change: (d) => ({ ...d, reviewer: { ...d.reviewer, device: 'slack' } }),
      }),
  },
  {
    name: "says itself, with the log's key, that it was approved",
    ends: { how: 'ended', ending: 'approved' },
    onRequest: (scene) => endsAs(scene, 'approved'),
  },
  {
    name: 'sends a keyring of its own making, and a decision by it',
    ends: refusedAs('unknownKey'),
    onRequest: (scene) => {
      for (const root of [mallory.session, scene.world.keys.log]) {
        const envelope = ownKeyring(scene.world, root);
        scene.peer.say({ t: 'keyring', body: { envelope } });
      }
      signedBy(() => mallory.decision, { id: 'alice', device: 'alice.laptop' })(scene);
    },
  },
];

const SWAPS: readonly Attack[] = [
  {
    name: 'replays an approval of another request',
    ends: refusedAs('otherRequest'),
    onRequest: (scene) => sayEntry(scene, logged(scene, otherApproval(scene))),
  },
  {
    name: 'shows the reviewer other arguments',
    ends: refusedAs('otherRequest'),
    onRequest: (scene) => sayEntry(scene, logged(scene, approvalOfChanged(scene))),
  },
  {
    name: 'shows the reviewer another view',
    ends: refusedAs('viewDiffers'),
    onRequest: changed((d) => ({ ...d, view: { ...d.view, sha256: swap(d.view.sha256) } })),
  },
  {
    name: 'names another policy',
    ends: refusedAs('policyDiffers'),
    onRequest: changed((d) => ({ ...d, policy: { ...d.policy, sha256: swap(d.policy.sha256) } })),
  },
  {
    name: 'names another keyring',
    ends: refusedAs('keyringDiffers'),
    onRequest: changed((d) => ({
      ...d,
      keyring: { ...d.keyring, sha256: swap(d.keyring.sha256) },
    })),
  },
  {
    name: 'answers twice, approving and denying',
    ends: { how: 'denied', who: 'bob' },
    onRequest: (scene) => {
      passOn(scene);
      const { bob } = scene.world.keys;
      passOn(scene, { who: bob, change: (d) => ({ ...d, verdict: 'deny' }) });
    },
    // The approval's proof takes for ever; the denial needs none.
    prove: () => 'silence',
  },
  {
    name: 'answers twice, denying and approving',
    ends: { how: 'denied', who: 'alice' },
    onRequest: (scene) => {
      passOn(scene, { change: (d) => ({ ...d, verdict: 'deny' }) });
      passOn(scene, { who: scene.world.keys.bob });
    },
  },
];

const KEYS_AND_TIME: readonly Attack[] = [
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

const HISTORIES: readonly Attack[] = [
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

const SILENCES: readonly Attack[] = [
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

export const ATTACKS: readonly Attack[] = [
  ...FORGERIES,
  ...SWAPS,
  ...KEYS_AND_TIME,
  ...HISTORIES,
  ...SILENCES,
];
