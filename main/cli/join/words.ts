// What the two joins say.

import { keyWords } from '../../../shared/domain/key-words.ts';
import type { JoinCode, JoinState } from '../../link/join.ts';
import type { OpenedJoin } from '../../link/join-statement.ts';
import { WIRE_CODES } from '../../../shared/protocol/codes.ts';

export const says = {
  usage:
    'join wss://HOST:PORT#INVITATION [--id ID] [--name NAME] [--device NAME] [--ca FILE] [--plain-network], or join --out FILE [--org NAME], or join --give-up',
  guardUsage:
    'guard join wss://HOST:PORT#INVITATION --name ID [--host NAME] [--agents A,B] [--ca FILE] [--plain-network], or guard join --name ID --out FILE [--org NAME]',
  noAddress: 'say where the broker is (an invitation), or --out FILE',
  left: 'nothing was made',
  givenUp: 'given up: the keys that were made for it are gone',
  noneWaits: 'no join waits here',
  whoAsks: ({ join, id }: OpenedJoin): readonly string[] => [
    join.kind === 'reviewer'
      ? `asks to join as person ${join.id} (${join.name}) on ${join.device}`
      : `asks to join as guard ${join.id} on ${join.host}`,
    `words: ${keyWords(id)}`,
    `id: ${id.slice(0, 12)}`,
  ],
  written: (path: string): string =>
    `written: ${path}; an administrator compares the words and adds it to the keyring`,
  state: (state: JoinState): string | undefined => {
    switch (state.kind) {
      case 'connecting':
        return undefined;
      case 'waiting':
        return `waiting: read the words to an administrator${state.exposed ? ' (PLAIN NETWORK: others can read along)' : ''}`;
      case 'offline':
        return `broker not reached (${state.why}), trying again`;
    }
  },
  compareRoots: (org: string, words: string): string =>
    `organisation ${org}, its roots together: ${words}`,
  doTheyAgree: 'does an administrator read the same words from `keyring show`? yes or no: ',
  notCompared: 'not joined: without an invitation somebody has to compare the words of the roots',
  exposed: 'PLAIN NETWORK: no TLS to the broker, others on the network can read along',
  joined: (org: string, version: number): string => `joined ${org} (keyring version ${version})`,
  notJoined: (code: JoinCode): string => {
    if (code === 'stopped') return 'not joined yet: the next try says the same words';
    if (code === 'badEndpoint')
      return 'plain ws goes to this machine alone: use wss, or --plain-network if others may read along';
    if (code === 'stranger')
      return 'no broker answers there, or nobody vouches for its certificate (--ca FILE)';
    return `not joined: ${WIRE_CODES[code].says}`;
  },
} as const;
