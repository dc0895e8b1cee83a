// What a link's tests stand on: a real signed keyring, a clock and timers moved by hand, and a link whose states and
// messages can be waited for.

import { toB64 } from '../../../shared/bytes.ts';
import type { AnyServerMessage } from '../../../shared/protocol/messages.ts';
import type { Keyring } from '../../../shared/statement/keyring.ts';
import { encodeStatement } from '../../../shared/statement/statement.ts';
import type { Endpoint } from '../../../main/link/handshake.ts';
import { type Link, type LinkOptions, type LinkState, openLink } from '../../../main/link/link.ts';
import type { Clock, Timers } from '../../../main/link/ports.ts';
import { systemRandom } from '../../../main/trust/digest.ts';
import { generateKeyPair, type KeyPair, publicKeyOf } from '../../../main/trust/ed25519.ts';
import { seal } from '../../../main/trust/envelope.ts';
import { payloadTypeOf } from '../../../shared/statement/statement.ts';
import { type HeldKeyring, openFirstKeyring } from '../../../main/trust/keyring.ts';
import { formatVkey, NOTE_TYPE, vkeyOf } from '../../../main/trust/vkey.ts';
import { type FakeBroker, type FakeBrokerOptions, startFakeBroker } from '../../kit/fake-broker.ts';

export const ORIGIN = 'countersign.local/broker';

export type HandClock = Clock &
  Timers & {
    readonly advance: (ms: number) => void;
    /** How many timers are set. */
    readonly waiting: () => number;
  };

/** Time that stands still until it is moved; what falls due on the way runs in order. */
export function handClock(): HandClock {
  let at = 0;
  let due: { readonly when: number; readonly act: () => void }[] = [];
  return {
    now: () => Date.UTC(2026, 10, 22) + at,
    monotonic: () => at,
    after: (ms, act) => {
      const entry = { when: at + ms, act };
      due.push(entry);
      return () => {
        due = due.filter((other) => other !== entry);
      };
    },
    waiting: () => due.length,
    advance: (ms) => {
      const end = at + ms;
      for (;;) {
        const next = due.filter(({ when }) => when <= end).sort((a, b) => a.when - b.when)[0];
        if (next === undefined) break;
        due = due.filter((other) => other !== next);
        at = Math.max(at, next.when);
        next.act();
      }
      at = end;
    },
  };
}

export type World = {
  readonly broker: KeyPair;
  readonly client: KeyPair;
  readonly held: HeldKeyring;
};

/** `revoked`: the broker's session key has ended. */
export function makeWorld(change: { readonly revoked?: boolean } = {}): World {
  const [root, broker, log, client] = Array.from({ length: 4 }, generateKeyPair) as [
    KeyPair,
    KeyPair,
    KeyPair,
    KeyPair,
  ];
  return {
    broker,
    client,
    held: keyringOf({ root, broker, log, client }, change.revoked ?? false),
  };
}

function keyringOf(
  keys: Record<'root' | 'broker' | 'log' | 'client', KeyPair>,
  revoked: boolean,
): HeldKeyring {
  const entry = (pair: KeyPair) => ({ keyId: pair.keyId, spki: toB64(pair.spki), fromIndex: 0 });
  const { keyId, spki } = entry(keys.root);
  const keyring: Keyring = {
    org: 'solo',
    version: 1,
    solo: true,
    issuedAt: '2026-11-22T00:00:00.000Z',
    expires: '2027-11-22T00:00:00.000Z',
    threshold: 1,
    roots: [{ keyId, spki }],
    log: {
      origin: 'countersign.local/log',
      vkey: formatVkey(vkeyOf('countersign.local/log', NOTE_TYPE, publicKeyOf(keys.log))),
    },
    brokers: [
      {
        id: 'broker',
        keys: [
          { ...entry(keys.broker), use: 'session', ...(revoked ? { untilIndex: 9 } : {}) },
          { ...entry(keys.log), use: 'log' },
        ],
      },
    ],
    reviewers: [],
    guards: [
      {
        id: 'guard',
        host: 'host.example',
        agents: [],
        maxTier: 'critical',
        keys: [{ ...entry(keys.client), use: 'session' }],
      },
    ],
    channels: [],
    groups: [],
    owners: [],
    policies: [],
  };
  const bytes = seal(payloadTypeOf('keyring'), encodeStatement('keyring', keyring), keys.root);
  const held = openFirstKeyring(bytes, { org: 'solo', roots: [{ keyId, spki }], threshold: 1 });
  if (!held.ok) throw new Error(`the test's keyring: ${held.code} ${held.detail ?? ''}`);
  return held.value;
}

export const fakeBroker = (
  world: World,
  options: Partial<FakeBrokerOptions> = {},
): Promise<FakeBroker> =>
  startFakeBroker({
    origin: ORIGIN,
    keyId: world.broker.keyId,
    signer: world.broker,
    client: world.client,
    ...options,
  });

export type Watched = {
  readonly link: Link;
  readonly clock: HandClock;
  readonly states: readonly LinkState[];
  readonly messages: readonly AnyServerMessage[];
  /** Resolves when it holds; looked at after every state and message. */
  readonly until: (holds: () => boolean) => Promise<void>;
  /** The next state of this kind, counting those that came after the last one waited for. */
  readonly reach: <K extends LinkState['kind']>(kind: K) => Promise<LinkState & { kind: K }>;
};

/** A guard's link to the broker at `endpoint`. */
export function watchLink(
  world: World,
  endpoint: () => Endpoint | undefined,
  change: Partial<LinkOptions> = {},
): Watched {
  const clock = handClock();
  const states: LinkState[] = [];
  const messages: AnyServerMessage[] = [];
  let waited = 0;
  let wake = (): void => {};
  const link = openLink({
    role: 'guard',
    sessionKey: world.client,
    endpoint: async () => endpoint(),
    keyring: () => world.held,
    version: 'test',
    clock,
    timers: clock,
    random: systemRandom,
    onMessage: (message) => {
      messages.push(message);
      wake();
    },
    onState: (state) => {
      states.push(state);
      wake();
    },
    ...change,
  });
  const changed = (): Promise<void> =>
    new Promise((resolve) => {
      wake = resolve;
    });
  const until = async (holds: () => boolean): Promise<void> => {
    while (!holds()) await changed();
  };
  const reach = async <K extends LinkState['kind']>(kind: K): Promise<LinkState & { kind: K }> => {
    for (;;) {
      const index = states.findIndex((state, i) => i >= waited && state.kind === kind);
      if (index >= 0) {
        waited = index + 1;
        // `kind` was compared on the line that found it.
        return states[index] as LinkState & { kind: K };
      }
      await changed();
    }
  };
  return { link, clock, states, messages, until, reach };
}
