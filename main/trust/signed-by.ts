// Whose key may sign what stands in a log. A decision by a session key is nobody's decision, wherever it is read: on the
// desk, in the history or in an auditor's hands.

import type { StatementType } from '../../shared/statement/statement.ts';
import type { KeyHit } from './keyring.ts';

/** Kind and use. What is not for a log has nobody, and a keyring has its roots. */
export const SIGNED_BY: {
  readonly [T in StatementType]: readonly (readonly [KeyHit['kind'], KeyHit['use']])[];
} = {
  request: [['guard', 'guard']],
  decision: [
    ['reviewer', 'decision'],
    ['channel', 'decision'],
  ],
  notice: [
    ['reviewer', 'session'],
    ['channel', 'session'],
  ],
  ending: [
    ['guard', 'guard'],
    ['broker', 'log'],
  ],
  receipt: [['guard', 'guard']],
  erasure: [['reviewer', 'decision']],
  escalation: [['broker', 'log']],
  grant: [['reviewer', 'decision']],
  grantEnd: [['reviewer', 'decision']],
  auto: [['guard', 'guard']],
  keyring: [],
  login: [],
  welcome: [],
};

export const maySign = (
  type: StatementType,
  { kind, use }: Pick<KeyHit, 'kind' | 'use'>,
): boolean => SIGNED_BY[type].some(([ofKind, ofUse]) => ofKind === kind && ofUse === use);
