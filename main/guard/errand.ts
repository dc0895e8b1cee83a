// A short connection for what is no request: what is owed to the log, a policy that this machine lacks. Nothing waits for
// it longer than it is told to, and a broker that is not there is not waited for.

import { utf8 } from '../../shared/bytes.ts';
import { type Link, openLink } from '../link/link.ts';
import { readEndpoint } from '../state/endpoint.ts';
import type { ForkEvidence } from '../../shared/statement/fork.ts';
import { type InLog } from './state/queue.ts';
import { openInLog } from './in-log.ts';
import type { RunPorts } from './run.ts';
import { openCheckpoints } from './state/checkpoints.ts';
import { keepFork } from './state/fork-file.ts';

export type ErrandPorts = Pick<
  RunPorts,
  'home' | 'identity' | 'clock' | 'timers' | 'random' | 'version'
>;

export type Errand = {
  readonly link: Link;
  readonly inLog: InLog;
  /** Ends when `act` does, when the time is over, or when there is no broker to talk to. */
  readonly within: (ms: number, act: (signal: AbortSignal) => Promise<void>) => Promise<void>;
  readonly stop: () => void;
};

export function openErrand(ports: ErrandPorts): Errand {
  const { home, identity, clock, timers } = ports;
  const { log } = identity.trust().keyring.keyring;
  const gone = new AbortController();
  const link = openLink({
    role: 'guard',
    sessionKey: identity.sessionKey,
    endpoint: async () => {
      const endpoint = readEndpoint(home);
      return endpoint.ok ? endpoint.value : undefined;
    },
    keyring: () => identity.trust().keyring,
    version: ports.version,
    clock,
    timers,
    random: ports.random,
    onMessage: () => {},
    onState: (state) => {
      if (state.kind === 'online')
        for (const text of state.session.keyrings) identity.offerKeyring(utf8(text));
      else if (state.kind !== 'connecting') gone.abort();
    },
  });
  const fork = (evidence: ForkEvidence): void => {
    keepFork(home, log.vkey, evidence);
    void link.send('fork', { evidence: JSON.stringify(evidence) });
  };
  const admit = openCheckpoints(home, log, { now: clock.now, fork });
  return {
    link,
    inLog: openInLog({ link, vkey: log.vkey, admit }),
    within: async (ms, act) => {
      const late = new AbortController();
      const cancel = timers.after(ms, () => late.abort());
      await act(AbortSignal.any([late.signal, gone.signal]));
      cancel();
    },
    stop: () => link.stop(),
  };
}
