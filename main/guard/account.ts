// What the guard tells the log about a request: how it ended and what then happened. Signed, queued on disk, then sent.

import type { Ending, EndingHow, Receipt } from '../../shared/statement/followups.ts';
import { encodeStatement, payloadTypeOf } from '../../shared/statement/statement.ts';
import type { Raw } from '../../shared/statement/text.ts';
import type { Clock } from '../link/ports.ts';
import { seal } from '../trust/envelope.ts';
import type { Asked } from './ask.ts';
import type { Identity } from './state/identity.ts';
import type { Queue } from './state/queue.ts';

export type Account = {
  /** False where it could not be written: the caller must not act on what it cannot account for. */
  readonly end: (how: EndingHow, decisions: readonly string[], guidance: Raw) => boolean;
  readonly receipt: (
    state: Receipt['state'],
    decisions: readonly string[],
    more?: Pick<Receipt, 'code' | 'exit'>,
  ) => boolean;
  /** A request of an earlier run that was released and of which nothing more was heard. False where it could not be written. */
  readonly unknown: (left: {
    readonly request: string;
    readonly decisions: readonly string[];
  }) => boolean;
};

export type AccountPorts = {
  readonly identity: Identity;
  readonly queue: Pick<Queue, 'put'>;
  readonly clock: Clock;
  /** The newest checkpoint this guard has verified, in base64; empty before its first. */
  readonly checkpoint: () => string;
};

export function openAccount(asked: Asked, ports: AccountPorts): Account {
  const { identity, queue, clock } = ports;
  const at = (): string => new Date(clock.now()).toISOString();
  const signer = { id: identity.id, keyId: identity.guardKey.keyId };
  const put = (
    request: string,
    state: Receipt['state'],
    decisions: readonly string[],
    more: Pick<Receipt, 'code' | 'exit'> = {},
  ): boolean => {
    const receipt: Receipt = {
      request,
      decisions: [...decisions],
      state,
      ...more,
      guard: signer,
      checkpoint: ports.checkpoint(),
      at: at(),
    };
    const payload = encodeStatement('receipt', receipt);
    return queue.put('receipt', seal(payloadTypeOf('receipt'), payload, identity.guardKey)).ok;
  };
  return {
    end: (how, decisions, guidance) => {
      const ending: Ending = {
        request: asked.digest,
        how,
        decisions: [...decisions],
        who: { role: 'guard', ...signer },
        guidance,
        at: at(),
      };
      const payload = encodeStatement('ending', ending);
      return queue.put('ending', seal(payloadTypeOf('ending'), payload, identity.guardKey)).ok;
    },
    receipt: (state, decisions, more = {}) => put(asked.digest, state, decisions, more),
    unknown: ({ request, decisions }) => put(request, 'unknown', decisions),
  };
}
