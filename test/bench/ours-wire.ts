// One connection of the product's own link, for the bench's guard and reviewer: the real handshake and the real decoding, and
// calls that are matched by id without the link's bound of 64, because a bench is many programs in one.

import { randomBytes } from 'node:crypto';
import { fromB64 } from '../../shared/bytes.ts';
import { encodeMessage } from '../../shared/protocol/decode.ts';
import type { AnyClientMessage, AnyServerMessage } from '../../shared/protocol/messages.ts';
import { invariant } from '../../shared/result.ts';
import { Connection, type Session } from '../../main/link/connection.ts';
import type { Role } from '../../main/link/handshake.ts';
import { systemClock, systemTimers } from '../../main/link/system-ports.ts';
import { systemRandom } from '../../main/trust/digest.ts';
import { type KeyPair, keyPairFromPkcs8 } from '../../main/trust/ed25519.ts';
import { type HeldKeyring, openFirstKeyring } from '../../main/trust/keyring.ts';
import type { OursConfig } from './ours-house.ts';

export function keyOf(b64: string): KeyPair {
  const pair = keyPairFromPkcs8(bytesOf(b64));
  invariant(pair.ok, 'a key that was made for the bench');
  return pair.value;
}

export function bytesOf(b64: string): Uint8Array {
  const bytes = fromB64(b64);
  invariant(bytes, 'base64 that was made for the bench');
  return bytes;
}

export function heldOf({ keyring, roots }: OursConfig): HeldKeyring {
  const held = openFirstKeyring(bytesOf(keyring), { org: 'org', roots, threshold: 1 });
  invariant(held.ok, 'a keyring that was made for the bench');
  return held.value;
}

export type Wire = {
  readonly session: Session;
  /** Its answer; a refusal is thrown: it ends the run. */
  readonly ask: (t: AnyClientMessage['t'], body: unknown, id?: string) => Promise<AnyServerMessage>;
  readonly tell: (t: AnyClientMessage['t'], body: unknown) => void;
  readonly close: () => void;
};

export function openWire(
  config: OursConfig,
  role: Role,
  sessionKey: KeyPair,
  heard: (message: AnyServerMessage) => void,
  ended: (how: string) => void = (how) => {
    throw new Error(`the connection to the broker ended: ${how}`);
  },
): Promise<Wire> {
  const held = heldOf(config);
  const waiting = new Map<string, (answer: AnyServerMessage) => void>();
  let closing = false;
  return new Promise((resolve) => {
    const opened = Connection.open({
      endpoint: {
        url: config.url,
        ...(config.ca === undefined ? {} : { ca: config.ca }),
        origin: config.origin,
        brokerKeyId: config.brokerKeyId,
      },
      keyring: () => held,
      role,
      sessionKey,
      version: 'bench',
      clock: systemClock,
      timers: systemTimers,
      random: systemRandom,
      onOnline: (session) => resolve(wireOver(session)),
      onMessage: (message) => {
        const answers = message.ref === undefined ? undefined : waiting.get(message.ref);
        if (answers === undefined) heard(message);
        else {
          waiting.delete(message.ref ?? '');
          answers(message);
        }
        return 'taken';
      },
      onDrained: () => {},
      onEnd: (end) => {
        if (!closing) ended(JSON.stringify(end));
      },
    });
    invariant(opened.ok, 'a loopback address');
    const connection = opened.value;
    const write = (t: string, body: unknown, id: string): void => {
      // The pair of type and body is the caller's; the broker refuses any other.
      const wrote = connection.write(encodeMessage({ t, id, body } as AnyClientMessage));
      if (!wrote) ended('full');
    };
    const newId = (): string => randomBytes(16).toString('hex');
    const wireOver = (session: Session): Wire => ({
      session,
      ask: (t, body, id = newId()) =>
        new Promise((answered, refused) => {
          waiting.set(id, (answer) => {
            if (answer.t === 'refused') refused(new Error(`${t} refused: ${answer.body.code}`));
            else answered(answer);
          });
          write(t, body, id);
        }),
      tell: (t, body) => write(t, body, newId()),
      close: () => {
        closing = true;
        connection.end({ kind: 'offline', why: 'cut' });
      },
    });
  });
}
