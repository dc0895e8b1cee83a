// Puts the broker together and runs it: log, standing, commits, streams, timers, socket. Everything that it needs
// from outside is handed in; what it returns can be stopped, and stopping answers everyone first.

import { join } from 'node:path';
import { textOf } from '../../shared/bytes.ts';
import { fail, invariant, ok, type Result } from '../../shared/result.ts';
import { type Ledger, openLedger } from '../ledger/ledger.ts';
import { writeEndpoint } from '../state/endpoint.ts';
import type { RandomBytes } from '../trust/digest.ts';
import { type KeyPair, publicKeyOf } from '../trust/ed25519.ts';
import { parseEnvelope } from '../trust/envelope.ts';
import { findKey, openFirstKeyring, type RootPin } from '../trust/keyring.ts';
import { ENVELOPE_LIMITS } from '../trust/limits.ts';
import { formatVkey, NOTE_TYPE, parseVkey, vkeyOf } from '../trust/vkey.ts';
import { Broker } from './broker.ts';
import { draftOf } from './open-statement.ts';
import type { Alarm, Clock, Timers } from './ports.ts';
import { type Listen, listen } from './server.ts';
import { loadStanding } from './standing.ts';

export type BrokerOptions = {
  /** The state folder: the log is in its `broker`, `endpoint.json` beside it. */
  readonly home: { readonly root: string; readonly broker: string };
  readonly keys: { readonly session: KeyPair; readonly log: KeyPair };
  readonly pin: RootPin & { readonly log: { readonly origin: string; readonly vkey: string } };
  /** Envelope of the first keyring: leaf 0 of a new log. */
  readonly keyring: Uint8Array;
  readonly listen: Listen;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: RandomBytes;
  readonly alarm: Alarm;
};

export type RunningBroker = {
  readonly url: string;
  readonly port: number;
  /** Answers and closes everyone; resolves once the log is closed. May be called twice. */
  readonly stop: () => Promise<void>;
};

/** `keys`: they are not the ones that pin and keyring name. Others: as the part that failed says. */
export type StartCode =
  | 'keys'
  | 'keyring'
  | 'corrupt'
  | 'unreadable'
  | 'notALog'
  | 'schema'
  | 'notDurable'
  | 'notLoopback'
  | 'taken'
  | 'io';

export async function startBroker(
  options: BrokerOptions,
): Promise<Result<RunningBroker, StartCode>> {
  const opened = openLog(options);
  if (!opened.ok) return opened;
  const ledger = opened.value;
  const built = build(options, ledger);
  if (!built.ok) {
    ledger.close();
    return built;
  }
  const broker = built.value;
  const listening = await listen(options.listen, (socket, address) =>
    broker.admit(socket, address),
  );
  if (!listening.ok) {
    broker.stop();
    ledger.close();
    return listening;
  }
  const { host, port, close } = listening.value;
  const url = `ws://${host === '::1' ? '[::1]' : host}:${port}`;
  const { origin } = options.pin.log;
  const written = writeEndpoint(options.home, {
    url,
    origin,
    brokerKeyId: options.keys.session.keyId,
  });
  let stopping: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    const closed = close();
    broker.stop();
    await closed;
    ledger.close();
  };
  const running = { url, port, stop: () => (stopping ??= stop()) };
  if (written.ok) return ok(running);
  await running.stop();
  return written;
}

/** The log's key must be the one that everyone has pinned: its signatures would be worth nothing. */
function openLog({ home, keys, pin }: BrokerOptions): Result<Ledger, StartCode> {
  const vkey = parseVkey(pin.log.vkey);
  const own = formatVkey(vkeyOf(pin.log.origin, NOTE_TYPE, publicKeyOf(keys.log)));
  if (!vkey.ok || own !== pin.log.vkey) return fail('keys', 'the log key is not the pinned one');
  return openLedger(join(home.broker, 'log.sqlite'), vkey.value);
}

function build(options: BrokerOptions, ledger: Ledger): Result<Broker, StartCode> {
  const { keys, pin, alarm } = options;
  if (ledger.size === 0) {
    const begun = begin(options, ledger);
    if (!begun.ok) return begun;
  }
  const standing = loadStanding(ledger, pin);
  if (!standing.ok) return standing;
  const session = findKey(standing.value.held, keys.session.keyId);
  const log = findKey(standing.value.held, keys.log.keyId);
  if (session?.kind !== 'broker' || session.use !== 'session') {
    return fail('keys', "the keyring does not name this broker's session key");
  }
  if (log?.kind !== 'broker' || log.use !== 'log') {
    return fail('keys', "the keyring does not name this broker's log key");
  }
  if (!ledger.health.ok)
    alarm(`the log does not agree with itself, so it is read-only: ${ledger.health.detail ?? ''}`);
  return ok(new Broker({ ...options, ledger, standing: standing.value, id: log.id }));
}

/** Leaf 0 is the first keyring. */
function begin({ keyring, pin }: BrokerOptions, ledger: Ledger): Result<void, StartCode> {
  const held = openFirstKeyring(keyring, pin);
  if (!held.ok) return fail('keyring', held.code);
  const envelope = parseEnvelope(keyring, ENVELOPE_LIMITS.keyring);
  invariant(envelope.ok && textOf(keyring) !== undefined, 'an open keyring is an envelope');
  const leaf = draftOf({ envelope: envelope.value, sha256: held.value.sha256 });
  const { version } = held.value.keyring;
  const appended = ledger.append([{ leaf, keyring: { version } }]);
  return appended.ok ? ok(undefined) : fail('io', appended.detail ?? appended.code);
}
