// The guard's one way to its broker, whatever it has to say there: keyrings that come at login are taken, a log that is
// shorter than what this guard has verified hears of it, and evidence of two histories is kept before it is passed on.

import { utf8 } from '../../shared/bytes.ts';
import type { AnyServerMessage } from '../../shared/protocol/messages.ts';
import type { ForkEvidence } from '../../shared/statement/fork.ts';
import { type Link, type LinkState, openLink } from '../link/link.ts';
import type { Clock, Timers } from '../link/ports.ts';
import { readEndpoint } from '../state/endpoint.ts';
import type { Home } from '../state/home.ts';
import { openCheckpoint } from '../trust/checkpoint.ts';
import type { RandomBytes } from '../trust/digest.ts';
import { parseVkey } from '../trust/vkey.ts';
import { openInLog } from './in-log.ts';
import { newestKept, openCheckpoints } from './state/checkpoints.ts';
import { keepFork } from './state/fork-file.ts';
import type { Identity } from './state/identity.ts';
import type { InLog } from './state/queue.ts';
import type { LogAnchor } from './verify/log.ts';

export type GuardLinkPorts = {
  readonly home: Home;
  readonly identity: Identity;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: RandomBytes;
  readonly version: string;
};

export type GuardLink = {
  readonly link: Link;
  readonly admit: LogAnchor['admit'];
  readonly inLog: InLog;
  /** Kept for every later run of this guard, and told to the broker. */
  readonly forked: (evidence: ForkEvidence) => void;
};

export function openGuardLink(
  ports: GuardLinkPorts,
  on: {
    readonly message: (message: AnyServerMessage) => void;
    readonly state: (state: LinkState) => void;
  },
): GuardLink {
  const { home, identity, clock, timers } = ports;
  const { log } = identity.trust().keyring.keyring;
  const forked = (evidence: ForkEvidence): void => {
    keepFork(home, log.vkey, evidence);
    void link.send('fork', { evidence: JSON.stringify(evidence) });
  };
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
    onMessage: on.message,
    onState: (state) => {
      if (state.kind === 'online') {
        for (const text of state.session.keyrings) identity.offerKeyring(utf8(text));
        tellAhead(home, log.vkey, state.session.checkpoint, link);
      }
      on.state(state);
    },
  });
  const admit = openCheckpoints(home, log, { now: clock.now, fork: forked });
  return { link, admit, inLog: openInLog({ link, vkey: log.vkey, admit }), forked };
}

/** A broker whose log is shorter than what this guard has verified must hear of it before it signs anything new. */
function tellAhead(home: Home, vkeyText: string, shown: string, link: Pick<Link, 'send'>): void {
  const kept = newestKept(home, vkeyText);
  const vkey = parseVkey(vkeyText);
  const head = vkey.ok ? openCheckpoint(shown, vkey.value) : undefined;
  if (kept !== undefined && head?.ok && head.value.size < kept.size)
    void link.send('ahead', { note: kept.note });
}
