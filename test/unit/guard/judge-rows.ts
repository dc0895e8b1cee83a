// Steps 9 to 13: well-formed, authentic decisions about something else, by somebody who may not, too weakly or too late.

import { NOW, TTL_MS } from '../../kit/gate-stage.ts';
import { HOST } from '../../kit/guard-world.ts';
import { NOT_ALICE } from '../../kit/test-policies.ts';
import { asChannel, channelRow, iso, policyOf, type Refused, swap } from './row.ts';

export const JUDGE_ROWS: readonly Refused[] = [
  {
    code: 'otherRequest',
    why: 'one digit of the digest',
    decision: (d) => ({ ...d, request: swap(d.request) }),
  },
  {
    code: 'viewDiffers',
    why: 'another text',
    decision: (d) => ({ ...d, view: { ...d.view, sha256: swap(d.view.sha256) } }),
  },
  {
    code: 'viewDiffers',
    why: 'another renderer',
    decision: (d) => ({ ...d, view: { ...d.view, renderer: 'text/0' } }),
  },
  {
    code: 'policyDiffers',
    why: 'another policy',
    decision: (d) => ({ ...d, policy: { ...d.policy, sha256: swap(d.policy.sha256) } }),
  },
  {
    code: 'policyDiffers',
    why: 'other rules',
    decision: (d) => ({ ...d, policy: { ...d.policy, rules: ['allow-everything'] } }),
  },
  {
    code: 'keyringDiffers',
    why: 'another keyring of this version',
    decision: (d) => ({ ...d, keyring: { ...d.keyring, sha256: swap(d.keyring.sha256) } }),
  },
  {
    code: 'keyringDiffers',
    why: 'a version that was never seen',
    decision: (d) => ({ ...d, keyring: { ...d.keyring, version: 2 } }),
  },
  {
    code: 'keyringExpired',
    why: 'to the millisecond',
    keyring: (keyring) => ({ ...keyring, expires: iso(NOW) }),
  },
  {
    code: 'notAllowed',
    why: 'a group that the reviewer is not in',
    request: policyOf('medium', [{ group: 'ops', count: 1 }]),
  },
  {
    code: 'policyForbidsPerson',
    why: 'a rule about people',
    keyring: (keyring) => ({
      ...keyring,
      policies: [{ sha256: NOT_ALICE.sha256, name: 'not alice' }],
    }),
  },
  {
    code: 'ownAction',
    why: 'the person the agent works for',
    request: (r) => ({ ...r, agent: { ...r.agent, onBehalfOf: 'alice' } }),
  },
  {
    code: 'ownAction',
    why: 'the owner of the agent',
    keyring: (keyring) => ({ ...keyring, owners: [{ agent: 'claude', owner: 'alice' }] }),
  },
  ...(['high', 'critical'] as const).map(
    (tier): Refused => ({
      code: 'sameHost',
      why: `the machine of the guard, at ${tier}`,
      request: policyOf(tier),
      keyring: (keyring, keys) => ({
        ...keyring,
        reviewers: keyring.reviewers.map((one) => ({
          ...one,
          keys: one.keys.map((key) =>
            key.keyId === keys.alice.decision.keyId ? { ...key, device: HOST } : key,
          ),
        })),
      }),
      decision: (d) => ({
        ...d,
        presence: 'passphrase',
        reason: 'because',
        reviewer: { ...d.reviewer, device: HOST },
      }),
    }),
  ),
  ...(
    [
      ['medium', 'notification'],
      ['medium', 'channel'],
      ['high', 'click'],
      ['high', 'terminal'],
      ['critical', 'hold'],
      ['critical', 'typed'],
    ] as const
  ).map(
    ([tier, presence]): Refused => ({
      code: 'presenceTooWeak',
      why: `${presence} at ${tier}`,
      request: policyOf(tier),
      decision: (d) => ({ ...d, presence, reason: 'because' }),
    }),
  ),
  {
    code: 'presenceTooWeak',
    why: "a channel's key at medium that claims a click",
    ...channelRow,
    request: policyOf('medium'),
    decision: (d, stage) => ({ ...d, presence: 'click', reviewer: asChannel(d, stage) }),
  },
  {
    code: 'presenceTooWeak',
    why: "a channel's key at low that claims a click",
    ...channelRow,
    decision: (d, stage) => ({ ...d, presence: 'click', reviewer: asChannel(d, stage) }),
  },
  {
    code: 'presenceTooWeak',
    why: 'a channel that claims a security key at critical',
    ...channelRow,
    request: policyOf('critical'),
    decision: (d, stage) => ({
      ...d,
      presence: 'securityKey',
      reason: 'because',
      reviewer: asChannel(d, stage),
    }),
  },
  {
    code: 'presenceTooWeak',
    why: 'a channel as one of two people',
    ...channelRow,
    request: policyOf('low', [{ group: 'anyone', count: 2 }]),
  },
  {
    code: 'reasonMissing',
    why: 'none at high',
    request: policyOf('high'),
    decision: (d) => ({ ...d, presence: 'hold' }),
  },
  {
    code: 'reasonMissing',
    why: 'an empty one at critical',
    request: policyOf('critical'),
    decision: (d) => ({ ...d, presence: 'os', reason: '' }),
  },
  {
    code: 'issuedOutside',
    why: 'two minutes and a bit early',
    decision: (d) => ({ ...d, issuedAt: iso(NOW - 120_001) }),
  },
  {
    code: 'issuedOutside',
    why: 'two minutes and a bit late',
    decision: (d) => ({ ...d, issuedAt: iso(NOW + 120_001) }),
  },
  {
    code: 'decisionExpired',
    why: 'to the millisecond',
    decision: (d) => ({ ...d, expiresAt: iso(NOW) }),
  },
  {
    code: 'requestExpired',
    why: 'by the wall clock, as after a suspend',
    before: ({ clock }) => {
      clock.wall += TTL_MS;
    },
  },
  {
    code: 'requestExpired',
    why: 'by the monotonic clock, the wall clock set back',
    before: ({ clock }) => {
      clock.mono += TTL_MS;
    },
  },
];
