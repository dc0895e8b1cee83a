// Puts the broker together and runs it: log, standing, commits, streams, timers, socket. Everything that it needs
// from outside is handed in; what it returns can be stopped, and stopping answers everyone first.

import { X509Certificate } from 'node:crypto';
import { join } from 'node:path';
import { textOf } from '../../shared/bytes.ts';
import { fail, invariant, ok, type Result } from '../../shared/result.ts';
import { type Ledger, openLedger } from '../ledger/ledger.ts';
import { type Endpoint, writeEndpoint } from '../state/endpoint.ts';
import { openPolicyFiles } from '../state/policy-files.ts';
import type { RandomBytes } from '../trust/digest.ts';
import { type KeyPair, publicKeyOf } from '../trust/ed25519.ts';
import { parseEnvelope } from '../trust/envelope.ts';
import { findKey, openFirstKeyring, type RootPin } from '../trust/keyring.ts';
import { ENVELOPE_LIMITS } from '../trust/limits.ts';
import { formatVkey, NOTE_TYPE, parseVkey, vkeyOf } from '../trust/vkey.ts';
import { Broker } from './broker.ts';
import { openHeadMark, whyBehind } from './head-mark.ts';
import { draftOf } from './open-statement.ts';
import { openPolicies } from './policies.ts';
import type { Alarm, Clock, Timers } from './ports.ts';
import {
  type Certificate,
  certificateNames,
  inUrl,
  type Listen,
  type Listening,
  listen,
  type Security,
} from './server.ts';
import { loadStanding } from './standing.ts';

export type BrokerOptions = {
  /** The state folder: the log is in its `broker`, `endpoint.json` beside it. */
  readonly home: { readonly root: string; readonly broker: string };
  readonly keys: { readonly session: KeyPair; readonly log: KeyPair };
  readonly pin: RootPin & { readonly log: { readonly origin: string; readonly vkey: string } };
  /** Envelope of the first keyring: leaf 0 of a new log. */
  readonly keyring: Uint8Array;
  /** One address, or several networks' at once. */
  readonly listen: Listen | readonly Listen[];
  readonly security?: Security;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: RandomBytes;
  readonly alarm: Alarm;
  /** The rota's file; absent: `rota.json` in the broker's folder, where there is one. */
  readonly rota?: string | undefined;
};

export type RunningBroker = {
  /** Of the first address. */
  readonly url: string;
  readonly port: number;
  /** One for each address, in the order asked for. */
  readonly urls: readonly string[];
  /** From now on new connections get this certificate. */
  readonly renew: (tls: Certificate) => Result<void, 'certificate'>;
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
  | 'certificate'
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
  const listening = await listenOnAll(options, broker);
  if (!listening.ok) {
    broker.stop();
    ledger.close();
    return listening;
  }
  const all = listening.value;
  const urls = all.map(({ host, port }) => urlOf(host, port, options.security));
  const [{ port }] = all;
  const [url = ''] = urls;
  const written = writeEndpoint(options.home, endpointOf(options, all));
  let stopping: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    const closed = Promise.all(all.map(({ close }) => close()));
    broker.stop();
    await closed;
    ledger.close();
  };
  const renew = (tls: Certificate): Result<void, 'certificate'> => {
    for (const one of all) {
      const renewed = one.renew(tls);
      if (!renewed.ok) return renewed;
    }
    return ok(undefined);
  };
  const running = { url, port, urls, renew, stop: () => (stopping ??= stop()) };
  if (written.ok) return ok(running);
  await running.stop();
  return written;
}

type AllListening = readonly [Listening, ...Listening[]];

/** All of the addresses or none. */
async function listenOnAll(
  { listen: wanted, security }: BrokerOptions,
  broker: Broker,
): Promise<Result<AllListening, StartCode>> {
  const all: Listening[] = [];
  for (const one of [wanted].flat()) {
    const listening = await listen(
      one,
      (socket, address) => broker.admit(socket, address),
      security,
    );
    if (!listening.ok) {
      await Promise.all(all.map(({ close }) => close()));
      return listening;
    }
    all.push(listening.value);
  }
  const [first, ...more] = all;
  invariant(first, 'a broker listens somewhere');
  return ok([first, ...more]);
}

const urlOf = (host: string, port: number, security: Security | undefined): string =>
  `${security?.tls === undefined ? 'ws' : 'wss'}://${inUrl(host)}:${port}`;

/** For clients of this machine: loopback where the broker is there, under a name that its certificate has. */
function endpointOf({ keys, pin, security }: BrokerOptions, all: AllListening): Endpoint {
  const near = all.find(({ host }) => isLoopbackHost(host)) ?? all[0];
  const names = security?.tls === undefined ? [] : certificateNames(security.tls);
  const name = [inUrl(near.host), ...names].find((one) => names.includes(one));
  const url = urlOf(near.host, near.port, security);
  const { origin } = pin.log;
  const ca = security?.tls && ownAuthority(security.tls.cert);
  return {
    url: name === undefined ? url : `wss://${name}:${near.port}`,
    origin,
    brokerKeyId: keys.session.keyId,
    ...(ca === undefined ? {} : { ca }),
    ...(security?.plainNetwork === true ? { plainNetwork: true } : {}),
  };
}

const isLoopbackHost = (host: string): boolean =>
  host === '127.0.0.1' || host === '::1' || host === 'localhost';

/** A certificate that vouches for itself is its own authority; any other's is the system's, or is given to who joins. */
function ownAuthority(cert: string): string | undefined {
  const certificate = new X509Certificate(cert);
  return certificate.issuer === certificate.subject ? certificate.toString() : undefined;
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
  const vkey = parseVkey(pin.log.vkey);
  const behind = vkey.ok ? whyBehind(options.home.broker, vkey.value, ledger) : undefined;
  if (behind !== undefined && ledger.health.ok) ledger.condemn(behind.says, behind.note);
  if (!ledger.health.ok)
    alarm(`the log does not agree with itself, so it is read-only: ${ledger.health.detail ?? ''}`);
  const headMark = openHeadMark(options.home.broker, options.timers);
  const policies = openPolicies(openPolicyFiles(options.home));
  return ok(
    new Broker({
      ...options,
      policies,
      ledger,
      standing: standing.value,
      id: log.id,
      headMark,
      folder: options.home.broker,
      rota: {
        path: options.rota ?? join(options.home.broker, 'rota.json'),
        wanted: options.rota !== undefined,
      },
    }),
  );
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
