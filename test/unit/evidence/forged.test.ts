// Logs that somebody has forged, each wrong in one thing and consistent in everything else: signed with real keys, under a
// real head, every derived file made anew. Each must fail, and say why.

import { describe, expect, test } from 'vitest';
import { rootSetOf } from '../../../main/trust/keyring.ts';
import { verifyBundle } from '../../../main/evidence/verify.ts';
import { generateKeyPair, sign } from '../../../main/trust/ed25519.ts';
import { leafOf } from '../../../main/trust/leaf.ts';
import { pae } from '../../../main/trust/pae.ts';
import { payloadTypeOf } from '../../../shared/statement/statement.ts';
import { forkOfSameSize } from '../../../main/trust/fork.ts';
import { makeCheckpoint } from '../../../main/trust/checkpoint.ts';
import { toB64, utf8 } from '../../../shared/bytes.ts';
import { LOG_ORIGIN } from '../../kit/guard-world.ts';
import { APPROVALS, type Forgery, strong, tier } from './forged-approvals.ts';
import { EvidenceLog } from './world.ts';

const FORGERIES: readonly Forgery[] = [
  ...APPROVALS,
  [
    'a key that no keyring names',
    /no keyring here names the key/,
    (log) => void log.decide(log.ask(), log.keys.alice, {}, generateKeyPair()),
  ],
  [
    'an action that ran long after the request’s time',
    /entry 3: it rests on entry 2: .*request/,
    (log) => {
      const request = log.ask({ ttlMs: 1000 });
      const later = new Date(Date.parse(log.now) + 600_000).toISOString();
      const decision = log.decide(request, log.keys.alice, { expiresAt: later });
      log.receipt(request, [decision], 'consumed', { at: later });
    },
  ],
  [
    'an approval after the keyring had expired',
    /the keyring has expired/,
    (log) => {
      log.nextKeyring({ expires: new Date(Date.parse(log.now) - 600_000).toISOString() });
      const request = log.ask();
      log.run(request, [log.decide(request, log.keys.alice)]);
    },
  ],
  [
    'a request with two signatures',
    /entry 1: it has not exactly one signature/,
    (log) => {
      const asked = new EvidenceLog(log.keys, () => log.keyring);
      asked.ask();
      const payload = asked.entries[1]?.payload ?? utf8('');
      const payloadType = payloadTypeOf('request');
      const signatures = [log.keys.guard, log.keys.broker].map((pair) => ({
        keyid: pair.keyId,
        sig: sign(pair, pae(payloadType, payload)),
      }));
      log.put(leafOf({ payloadType, payload, signatures }), payload);
    },
  ],
  [
    'a signature by another key under the guard’s key id',
    /entry 1: its signature does not fit/,
    (log) => {
      const asked = new EvidenceLog(log.keys, () => log.keyring);
      asked.ask();
      const payload = asked.entries[1]?.payload ?? utf8('');
      const payloadType = payloadTypeOf('request');
      const sig = sign(generateKeyPair(), pae(payloadType, payload));
      const signatures = [{ keyid: log.keys.guard.keyId, sig }];
      log.put(leafOf({ payloadType, payload, signatures }), payload);
    },
  ],
  [
    'a statement of the log’s login, which no log has',
    /does not belong into a log/,
    (log) =>
      void log.say(
        'login',
        {
          brokerOrigin: LOG_ORIGIN,
          brokerKeyId: '1'.repeat(64),
          serverNonce: '2'.repeat(64),
          clientNonce: '3'.repeat(64),
          role: 'guard',
          keyId: log.keys.guard.keyId,
          tlsExporter: 'none',
          clientVersion: '0.1.0',
          issuedAt: log.now,
        },
        log.keys.guard,
      ),
  ],
  [
    'a decision by a session key',
    /may not sign a decision/,
    (log) => void log.decide(log.ask(), log.keys.alice, {}, log.keys.alice.session),
  ],
  [
    'a decision in another person’s name',
    /names another signer than its key/,
    (log) => {
      const { alice, bob } = log.keys;
      log.decide(log.ask(), { ...alice, decision: bob.decision });
    },
  ],
  [
    'a decision by a key that was revoked before',
    /its key ended at entry 1/,
    (log) => {
      const request = log.ask();
      log.run(request, [log.decide(request, log.keys.alice)]);
      revoke(log, 1);
    },
  ],
  [
    'a decision by a person whom a keyring has dropped',
    /its key ended at entry 1/,
    (log) => {
      log.nextKeyring({ reviewers: log.keyring.reviewers.slice(1) });
      log.decide(log.ask(), log.keys.alice);
    },
  ],
  [
    'an erasure by somebody who may not',
    /its signer may not erase/,
    (log) => {
      const request = log.ask();
      log.end(request, [], { how: 'withdrawn' });
      log.erase(request, [request], log.keys.alice);
    },
  ],
  [
    'a receipt by another guard than asked',
    /another signer|another guard/,
    (log) => {
      const request = log.ask();
      const decisions = [log.decide(request, log.keys.alice)];
      log.receipt(request, decisions, 'consumed', {
        guard: { id: 'guard-2', keyId: log.keys.guard.keyId },
      });
    },
  ],
  [
    'a request of another organisation',
    /another organisation or log/,
    (log) => void log.ask({ org: 'rivals' }),
  ],
  [
    'a keyring that its roots did not sign',
    /entry 1: keyringThreshold/,
    (log) => log.nextKeyring({ solo: true }, generateKeyPair()),
  ],
  [
    'a keyring that leaves a version out',
    /entry 1: keyringVersion/,
    (log) => log.nextKeyring({ version: 3 }),
  ],
  [
    'a decision that carries a head of another history',
    /of another history than this log/,
    (log) => {
      const request = log.ask();
      const head = makeCheckpoint(LOG_ORIGIN, 2, new Uint8Array(32).fill(7), log.keys.log);
      log.decide(request, log.keys.alice, { checkpoint: toB64(utf8(head)) });
    },
  ],
  [
    'a decision that carries a head that the log did not sign',
    /not signed by the log/,
    (log) => {
      const head = makeCheckpoint(LOG_ORIGIN, 1, new Uint8Array(32), log.keys.broker);
      log.decide(log.ask(), log.keys.alice, { checkpoint: toB64(utf8(head)) });
    },
  ],
  [
    'an entry left out of the range',
    /inside the range and left out/,
    (log) => {
      log.ask();
      log.ask();
      return { changes: { entries: log.entries.filter(({ index }) => index !== 1) } };
    },
  ],
  [
    'a keyring left out of the range',
    /inside the range and left out/,
    (log) => {
      log.ask();
      revoke(log, 1);
      log.ask();
      return { changes: { entries: log.entries.filter(({ index }) => index !== 2) } };
    },
  ],
  [
    'an entry that nobody asked for',
    /nothing here refers to it/,
    (log) => {
      log.ask();
      log.ask();
      return { selection: { from: 2, to: 2 } };
    },
  ],
  [
    'the decision of an approval left out',
    /the decision it rests on is not here/,
    (log) => {
      const request = log.ask();
      log.run(request, [log.decide(request, log.keys.alice)]);
      return {
        selection: { from: 3, to: 6 },
        changes: { entries: log.entries.filter(({ index }) => index !== 2) },
      };
    },
  ],
  [
    'a head by another key',
    /not signed by the log’s key/,
    (log) => {
      log.ask();
      const note = log.note().replace(/\n\n[\s\S]*/, '\n\n');
      const forged = makeCheckpoint(LOG_ORIGIN, log.size, new Uint8Array(32), generateKeyPair());
      return { changes: { note: forged.length > note.length ? forged : note } };
    },
  ],
  [
    'a log that is convicted of two histories',
    /ITS KEY HAS SIGNED TWO HISTORIES/,
    (log) => {
      log.ask();
      const other = makeCheckpoint(LOG_ORIGIN, log.size, new Uint8Array(32).fill(1), log.keys.log);
      const fork = forkOfSameSize(log.keyring.log, log.note(), other, log.now);
      return { changes: { fork: utf8(JSON.stringify(fork)) } };
    },
  ],
  [
    'a policy under another’s digest',
    /policy [0-9a-f]{64}: it has another digest/,
    (log) => {
      const policies = new Map([[log.requestOf(log.ask()).policy.sha256, utf8('permit(...);')]]);
      return { changes: { policies } };
    },
  ],
];

function revoke(log: EvidenceLog, untilIndex: number): void {
  log.nextKeyring({
    reviewers: log.keyring.reviewers.map((who) =>
      who.id === 'alice' ? { ...who, keys: who.keys.map((key) => ({ ...key, untilIndex })) } : who,
    ),
  });
}

describe('refuses', () => {
  test.each(FORGERIES)('%s', (_, why, forge) => {
    const log = new EvidenceLog();
    const { selection, changes } = forge(log) ?? {};
    const report = verifyBundle(log.bundle(selection, changes), rootSetOf(log.keyring));
    expect(report.verified).toBe(false);
    const said = report.problems.map(({ where, says }) => `${where}: ${says}`);
    expect(said.join('\n')).toMatch(why);
    // One thing is wrong; what follows from it may be said too, and nothing about files.
    expect(
      said.filter((one) => /\.(json|md|txt|bin)|SHA256/.test(one) && !one.includes('fork.json')),
    ).toEqual([]);
  });

  test('nothing of the same log without the forgery', () => {
    const log = new EvidenceLog();
    const request = log.ask({ policy: tier(log, 'critical', 2) });
    const { alice, bob } = log.keys;
    log.run(request, [log.decide(request, alice, strong), log.decide(request, bob, strong)]);
    expect(verifyBundle(log.bundle(), rootSetOf(log.keyring)).problems).toEqual([]);
  });
});
