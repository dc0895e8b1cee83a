// The broker as a process: where its state is, one line on stdout once it listens, and how it ends: SIGTERM, SIGINT, or
// what ties it to the parent that bundled it. A second signal forces. SIGHUP reads the certificate again.

import { fail, ok, type Result } from '../../shared/result.ts';
import { createPublic, publicBytes, readPublicBytes } from '../state/public-file.ts';
import { readPrivate } from '../state/atomic-file.ts';
import { fromUtf8, textOf } from '../../shared/bytes.ts';
import { systemRandom } from '../trust/digest.ts';
import { type BrokerFlags, BROKER_USAGE, parseBrokerFlags } from './flags.ts';
import { initBroker, installKeyring } from './init-broker.ts';
import { readBrokerHome } from './open-home.ts';
import { systemClock, systemTimers } from './ports.ts';
import { type Certificate, checkCertificate } from './server.ts';
import { type RunningBroker, startBroker } from './start-broker.ts';

/** Calls once when the parent asks for the end or has gone, however it went. */
export type ParentTie = (end: () => void) => void;

const MAX_PEM_BYTES = 128 * 1024;

/** Exit codes: 64 usage, 78 not set up, 69 could not start. */
export async function runBroker(
  argv: readonly string[],
  parent: ParentTie = parentPipe,
): Promise<void> {
  const parsed = parseBrokerFlags(argv);
  if (!parsed.ok) {
    stop(`${parsed.detail ?? parsed.code}; ${BROKER_USAGE}`, 64);
    return;
  }
  const given = parsed.value;
  if (given.init) {
    init(given);
    return;
  }
  // What can be wrong with the words is found before the keyring is written.
  const tls = readCertificate(given);
  if (!tls.ok) {
    stop(tls.detail ?? tls.code, 78);
    return;
  }
  const installed =
    given.keyring === undefined ? ok(undefined) : installKeyring(given.home, given.keyring);
  const files = installed.ok ? readBrokerHome(given.home) : installed;
  if (!files.ok) {
    stop(files.detail ?? files.code, 78);
    return;
  }
  const { plainNetwork, names } = given;
  const started = await startBroker({
    ...files.value,
    listen: given.listen,
    security: { tls: tls.value, plainNetwork, names },
    rota: given.rota,
    clock: systemClock,
    timers: systemTimers,
    random: systemRandom,
    alarm: say,
  });
  if (!started.ok) {
    stop(`the broker can't start: ${started.detail ?? started.code}`, 69);
    return;
  }
  endWith(started.value, given.parentPipe ? parent : undefined);
  if (tls.value !== undefined) renewWith(started.value, given);
  else if (plainNetwork) say('PLAIN NETWORK: no TLS, others on the network can read along');
  const { url, urls } = started.value;
  process.stdout.write(
    `${JSON.stringify({ listening: url, ...(urls.length > 1 ? { urls } : {}) })}\n`,
  );
}

function init({ home, id, out }: BrokerFlags): void {
  const made = initBroker(home, id);
  if (!made.ok) {
    stop(made.detail ?? made.code, 78);
    return;
  }
  const bytes = publicBytes(made.value);
  if (out === undefined) {
    process.stdout.write(fromUtf8(bytes));
    return;
  }
  const written = createPublic(out, bytes);
  if (written.ok) say(`keys made; their public parts are in ${out}`);
  else stop(written.detail ?? written.code, 78);
}

/** The key must be this user's alone; the certificate is public. */
function readCertificate({
  tlsCert,
  tlsKey,
}: Pick<BrokerFlags, 'tlsCert' | 'tlsKey'>): Result<Certificate | undefined, 'certificate'> {
  if (tlsCert === undefined || tlsKey === undefined) return ok(undefined);
  const cert = readPublicBytes(tlsCert);
  const key = readPrivate(tlsKey, MAX_PEM_BYTES);
  if (!cert.ok) return fail('certificate', cert.detail);
  if (!key.ok) return fail('certificate', key.detail);
  const tls = { cert: textOf(cert.value) ?? '', key: textOf(key.value) ?? '' };
  const sound = checkCertificate(tls);
  return sound.ok ? ok(tls) : sound;
}

function renewWith(broker: RunningBroker, given: BrokerFlags): void {
  process.on('SIGHUP', () => {
    const tls = readCertificate(given);
    const renewed = tls.ok && tls.value !== undefined ? broker.renew(tls.value) : tls;
    // One that is not sound changes nothing: the old one goes on.
    say(renewed.ok ? 'the certificate was read again' : (renewed.detail ?? renewed.code));
  });
}

function endWith(broker: RunningBroker, parent: ParentTie | undefined): void {
  let asked = false;
  const end = (): void => {
    if (asked) process.exit(1);
    asked = true;
    void broker.stop().then(() => process.exit(0));
  };
  process.on('SIGTERM', end);
  // A Ctrl-C in the terminal may reach the whole group: it is for the parent, which stops its parts in order.
  process.on('SIGINT', parent === undefined ? end : () => {});
  parent?.(() => {
    if (!asked) end();
  });
}

/** The pipe closes with the parent, however that died. Its end and its error may both be told. */
const parentPipe: ParentTie = (end) => {
  process.stdin.once('close', end);
  process.stdin.once('error', () => process.stdin.destroy());
  process.stdin.resume();
};

const say = (line: string): void => {
  process.stderr.write(`countersign broker: ${line}\n`);
};

function stop(line: string, code: number): void {
  say(line);
  process.exitCode = code;
}
