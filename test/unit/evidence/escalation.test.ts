// Escalations in a bundle: signed by the log's key or by nobody, and no reason to count anybody's approval.

import { describe, expect, test } from 'vitest';
import { verifyBundle } from '../../../main/evidence/verify.ts';
import { rootSetOf } from '../../../main/trust/keyring.ts';
import type { KeyPair } from '../../../main/trust/ed25519.ts';
import type { Escalation } from '../../../shared/statement/escalation.ts';
import { EvidenceLog } from './world.ts';

const escalate = (
  log: EvidenceLog,
  request: string,
  by: KeyPair,
  change: Partial<Escalation> = {},
): void => {
  const who = { id: 'broker', keyId: by.keyId };
  const said: Escalation = {
    request,
    step: 1,
    asked: ['alice'],
    why: 'onCall',
    by: who,
    at: log.now,
    ...change,
  };
  log.say('escalation', said, by);
};

const verdict = (log: EvidenceLog) => verifyBundle(log.bundle(), rootSetOf(log.keyring));

describe('a bundle with escalations', () => {
  test('verifies, and counts them among its entries', () => {
    const log = new EvidenceLog();
    const request = log.ask();
    escalate(log, request, log.keys.log);
    escalate(log, request, log.keys.log, { step: 2, asked: ['bob'], why: 'unseen' });
    log.run(request, [log.decide(request, log.keys.alice)]);
    const report = verdict(log);
    expect(report.problems).toEqual([]);
    expect(report.verified).toBe(true);
    expect(report.about?.population.entries).toMatchObject({ escalation: 2 });
  });

  test('takes them along where it is about one request', () => {
    const log = new EvidenceLog();
    const request = log.ask();
    escalate(log, request, log.keys.log);
    const other = log.ask();
    escalate(log, other, log.keys.log);
    const bundle = log.bundle(
      { from: 0, to: log.size - 1, request },
      // The first keyring, and what is about it.
      { entries: log.entries.slice(0, 3) },
    );
    const report = verifyBundle(bundle, rootSetOf(log.keyring));
    expect(report.verified).toBe(true);
    expect(report.about?.population.entries).toMatchObject({ escalation: 1 });
  });

  test.each([
    ['the guard’s key', (log: EvidenceLog) => log.keys.guard, /may not sign a escalation/],
    [
      'the broker’s session key',
      (log: EvidenceLog) => log.keys.broker,
      /may not sign a escalation/,
    ],
    [
      'a reviewer’s decision key',
      (log: EvidenceLog) => log.keys.bob.decision,
      /may not sign a escalation/,
    ],
  ] as const)('fails where one is by %s', (_, keyOf, says) => {
    const log = new EvidenceLog();
    escalate(log, log.ask(), keyOf(log));
    expect(verdict(log).problems).toEqual([
      { where: 'entry 2', says: expect.stringMatching(says) },
    ]);
  });

  test('fails where one names another signer than its key', () => {
    const log = new EvidenceLog();
    const by = { id: 'other-broker', keyId: log.keys.log.keyId };
    escalate(log, log.ask(), log.keys.log, { by });
    expect(verdict(log).problems).toEqual([
      { where: 'entry 2', says: 'it names another signer than its key' },
    ]);
  });

  test('fails where it rests on one who was asked and may not approve', () => {
    const log = new EvidenceLog();
    const request = log.ask({
      policy: { ...log.requestOf(log.ask()).policy, needs: [{ group: 'ops', count: 1 }] },
    });
    escalate(log, request, log.keys.log, { asked: ['bob'] });
    log.run(request, [log.decide(request, log.keys.bob)]);
    expect(verdict(log).verified).toBe(false);
  });
});
