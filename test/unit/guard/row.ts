// What a row of the gate's table is: a real decision by a real key, really in the log, in which exactly one thing is
// wrong; and the parts that several rows share.

import type { RefusalCode } from '../../../shared/domain/refusals.ts';
import type { Tier } from '../../../shared/domain/tier.ts';
import type { Decision } from '../../../shared/statement/decision.ts';
import type { Keyring } from '../../../shared/statement/keyring.ts';
import type { Need, Request } from '../../../shared/statement/request.ts';
import type { Row, Stage } from '../../kit/gate-stage.ts';
import type { Keys } from '../../kit/guard-world.ts';

export type Refused = Row & { readonly code: RefusalCode; readonly why: string };

export const iso = (ms: number): string => new Date(ms).toISOString();

export const swap = (text: string): string => (text.startsWith('0') ? '1' : '0') + text.slice(1);

export const policyOf =
  (tier: Tier, needs: readonly Need[] = [{ group: 'anyone', count: 1 }]) =>
  (request: Request): Request => ({
    ...request,
    policy: { ...request.policy, tier, needs: [...needs] },
  });

export const highRow: Row = {
  request: policyOf('high'),
  decision: (d) => ({ ...d, presence: 'hold', reason: 'it is the nightly export' }),
};

export const asChannel = (d: Decision, { world }: Stage): Decision['reviewer'] => ({
  ...d.reviewer,
  device: world.keys.channel.id,
});

export const channelRow: Row = {
  request: policyOf('low'),
  who: (keys) => keys.channel,
  // A channel has no machine of its own: the keyring calls it by its id.
  decision: (d, stage) => ({ ...d, presence: 'channel', reviewer: asChannel(d, stage) }),
};

export const reviewerKey =
  (change: { readonly fromIndex?: number; readonly untilIndex?: number }) =>
  (keyring: Keyring, keys: Keys): Keyring => ({
    ...keyring,
    reviewers: keyring.reviewers.map((one) => ({
      ...one,
      keys: one.keys.map((key) =>
        key.keyId === keys.alice.decision.keyId ? { ...key, ...change } : key,
      ),
    })),
  });
