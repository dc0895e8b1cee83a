// Decisions, keyrings and endings that a broker makes itself, and real ones that it passes off as something else.

import { toB64, utf8 } from '../../shared/bytes.ts';
import { encodeStatement, payloadTypeOf } from '../../shared/statement/statement.ts';
import { generateKeyPair } from '../../main/trust/ed25519.ts';
import { encodeEnvelope, parseEnvelope, seal } from '../../main/trust/envelope.ts';
import {
  decisionOf,
  type GuardWorld,
  type Keys,
  nextKeyring,
  type Person,
  sealDecision,
} from './guard-world.ts';
import { type Attack, changed, iso, refusedAs, swap } from './hostile-attack.ts';
import {
  logged,
  passOn,
  sayEntry,
  type Scene,
  shownOf,
  signDecision,
  type Strategy,
} from './hostile-broker.ts';

const mallory: Person = {
  id: 'alice',
  device: 'alice.laptop',
  decision: generateKeyPair(),
  session: generateKeyPair(),
  witness: generateKeyPair(),
};

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

export const FORGERIES: readonly Attack[] = [
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

export const SWAPS: readonly Attack[] = [
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
