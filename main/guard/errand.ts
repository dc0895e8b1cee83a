// A short connection for what is no request: what is owed to the log, a policy that this machine lacks. Nothing waits for
// it longer than it is told to, and a broker that is not there is not waited for.

import { utf8 } from '../../shared/bytes.ts';
import type { Link } from '../link/link.ts';
import { readFork } from '../trust/fork.ts';
import { type GuardLinkPorts, openGuardLink } from './guard-link.ts';
import type { InLog } from './state/queue.ts';
import type { LogAnchor } from './verify/log.ts';

export type Errand = {
  readonly link: Link;
  readonly inLog: InLog;
  readonly admit: LogAnchor['admit'];
  /** Ends when `act` does, when the time is over, or when there is no broker to talk to. */
  readonly within: (ms: number, act: (signal: AbortSignal) => Promise<void>) => Promise<void>;
  readonly stop: () => void;
};

export function openErrand(ports: GuardLinkPorts): Errand {
  const { identity, timers } = ports;
  const gone = new AbortController();
  const { link, inLog, admit, forked } = openGuardLink(ports, {
    message: (message) => {
      if (message.t === 'keyring') identity.offerKeyring(utf8(message.body.envelope));
      if (message.t !== 'fork') return;
      const fork = readFork(message.body.evidence, identity.trust().keyring.keyring.log.vkey);
      if (fork.ok) forked(fork.value);
    },
    state: ({ kind }) => {
      if (kind !== 'online' && kind !== 'connecting') gone.abort();
    },
  });
  return {
    link,
    inLog,
    admit,
    within: async (ms, act) => {
      const late = new AbortController();
      const cancel = timers.after(ms, () => late.abort());
      await act(AbortSignal.any([late.signal, gone.signal]));
      cancel();
    },
    stop: () => link.stop(),
  };
}
