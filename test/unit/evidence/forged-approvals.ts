// Forgeries about approvals: who, how many, by which gesture, of what, when. Each is wrong in one thing. The table of the rest
// is in forged.test.ts, which runs both.

import type { Selection } from '../../../main/evidence/book.ts';
import type { Material } from '../../../main/evidence/make.ts';
import { HOST, type Person } from '../../kit/guard-world.ts';
import { EvidenceLog } from './world.ts';

/** Spoils an empty log; what it gives changes the bundle that is made of it. */
export type Forge = (
  log: EvidenceLog,
) => { selection?: Selection; changes?: Partial<Material> } | void;
export const strong = { presence: 'passphrase', reason: 'as agreed' } as const;
export const tier = (log: EvidenceLog, of: 'high' | 'critical', count = 1, group = 'anyone') => ({
  sha256: log.requestOf(log.ask()).policy.sha256,
  rules: ['hold-everything'],
  tier: of,
  needs: [{ group, count }],
});

export type Forgery = readonly [what: string, why: RegExp, forge: Forge];

export const APPROVALS: readonly Forgery[] = [
  [
    'an action that nobody approved',
    /approvals are missing: 1 of anyone/,
    (log) => log.run(log.ask(), []),
  ],
  [
    'an action that was denied',
    /it is a denial/,
    (log) => {
      const request = log.ask();
      log.run(request, [log.decide(request, log.keys.alice, { verdict: 'deny' })]);
    },
  ],
  [
    'an action that rests on the decision about another',
    /the decision is about another request/,
    (log) => {
      const other = log.ask();
      const request = log.ask();
      log.run(request, [log.decide(other, log.keys.alice)]);
    },
  ],
  [
    'one person twice where two are needed',
    /approvals are missing: 1 of anyone/,
    (log) => {
      const request = log.ask({ policy: tier(log, 'critical', 2) });
      const { alice } = log.keys;
      log.run(request, [log.decide(request, alice, strong), log.decide(request, alice, strong)]);
    },
  ],
  [
    'a person outside the group that was asked',
    /policy does not let this reviewer decide this request/,
    (log) => {
      const request = log.ask({ policy: tier(log, 'high', 1, 'dba') });
      log.run(request, [log.decide(request, log.keys.alice, { ...strong, presence: 'hold' })]);
    },
  ],
  [
    'somebody who approves their own action',
    /nobody approves their own action/,
    (log) => {
      const agent = { id: 'a', session: 's', onBehalfOf: 'alice', authn: 'account' } as const;
      const request = log.ask({ agent });
      log.run(request, [log.decide(request, log.keys.alice)]);
    },
  ],
  [
    'an approval on the guard’s own machine at tier high',
    /the approval came from the guard's own machine/,
    (log) => {
      const alice: Person = { ...log.keys.alice, device: HOST };
      log.nextKeyring({
        reviewers: log.keyring.reviewers.map((who) =>
          who.id === 'alice'
            ? { ...who, keys: who.keys.map((key) => ({ ...key, device: HOST })) }
            : who,
        ),
      });
      const request = log.ask({ policy: tier(log, 'high') });
      log.run(request, [log.decide(request, alice, { ...strong, presence: 'hold' })]);
    },
  ],
  [
    'a guard that says it is on another host',
    /not on the host that the keyring gives it/,
    (log) => {
      const { guard } = log.keys;
      log.ask({ guard: { id: 'guard-1', keyId: guard.keyId, host: 'elsewhere', mode: 'run' } });
    },
  ],
  [
    'a click where the tier takes more',
    /weaker gesture than its tier demands/,
    (log) => {
      const request = log.ask({ policy: tier(log, 'high') });
      log.run(request, [log.decide(request, log.keys.alice, { reason: 'fine' })]);
    },
  ],
  [
    'no reason where the tier wants one',
    /says why, and this one does not/,
    (log) => {
      const request = log.ask({ policy: tier(log, 'high') });
      log.run(request, [log.decide(request, log.keys.alice, { presence: 'hold' })]);
    },
  ],
  [
    'a channel that approves above low',
    /weaker gesture than its tier demands/,
    (log) => {
      const request = log.ask();
      const { channel } = log.keys;
      const by = { ...channel, device: channel.id };
      log.run(request, [log.decide(request, by)]);
    },
  ],
  [
    'a card that showed something else',
    /text that was on screen is not what the request says/,
    (log) => {
      const view = { renderer: 'countersign-view/1', sha256: '0'.repeat(64), flags: [] };
      log.decide(log.ask(), log.keys.alice, { view });
    },
  ],
  [
    'a decision under another policy',
    /made under another policy/,
    (log) => {
      const request = log.ask();
      const policy = { sha256: '1'.repeat(64), rules: ['hold-everything'] };
      log.run(request, [log.decide(request, log.keys.alice, { policy })]);
    },
  ],
  [
    'a decision by a keyring that never was',
    /names a keyring/,
    (log) => {
      const request = log.ask();
      const keyring = { version: 7, sha256: '1'.repeat(64) };
      log.run(request, [log.decide(request, log.keys.alice, { keyring })]);
    },
  ],
  [
    'a decision used after it expired',
    /came after its own expiry/,
    (log) => {
      const request = log.ask();
      const expiresAt = new Date(Date.parse(log.now) - 600_000).toISOString();
      log.run(request, [log.decide(request, log.keys.alice, { expiresAt })]);
    },
  ],
  [
    'a decision from before its request',
    /not in the order of request, decision and what followed/,
    (log) => {
      const first = log.ask();
      const decision = log.decide(first, log.keys.alice);
      // The same two entries the other way round, in a log of its own.
      const [request, decided] = log.entries.splice(-2);
      const other = new EvidenceLog(log.keys, () => log.keyring);
      for (const one of [decided, request]) if (one?.payload) other.put(one.leaf, one.payload);
      other.run(first, [decision]);
      return { changes: other.material() };
    },
  ],
  [
    'one approval that was used twice',
    /was used before: it counts once/,
    (log) => {
      const request = log.ask();
      const decisions = [log.decide(request, log.keys.alice)];
      log.run(request, decisions);
      log.receipt(request, decisions, 'consumed');
    },
  ],
  [
    'a broker that approves',
    /a broker can approve nothing/,
    (log) => {
      const request = log.ask();
      const decisions = [log.decide(request, log.keys.alice)];
      const who = { role: 'broker', id: 'broker', keyId: log.keys.log.keyId } as const;
      log.end(request, decisions, { who }, log.keys.log);
    },
  ],
];
