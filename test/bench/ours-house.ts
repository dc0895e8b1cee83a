// A real broker in a process of its own, over a fresh state folder, with one reviewer and one guard that it knows. What the
// clients of the bench need of it is plain JSON, because they are processes of their own too.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { toB64 } from '../../shared/bytes.ts';
import { holdEverything } from '../../main/policy/policy.ts';
import { exportPkcs8, type KeyPair } from '../../main/trust/ed25519.ts';
import type { Keyring } from '../../shared/statement/keyring.ts';
import { makeOrg, type Org } from '../kit/wire-world.ts';

const ROOT = join(import.meta.dirname, '../..');
const DAY = 24 * 3600 * 1000;

export type OursConfig = {
  readonly url: string;
  /** Whom to believe about its certificate, where it has one. */
  readonly ca?: string;
  readonly origin: string;
  readonly brokerKeyId: string;
  readonly vkey: string;
  readonly keyring: string;
  readonly roots: readonly { readonly keyId: string; readonly spki: string }[];
  /** Base64 of PKCS #8. */
  readonly keys: {
    readonly guard: string;
    readonly guardSession: string;
    readonly decision: string;
    readonly reviewerSession: string;
  };
};

export type OursHome = { readonly root: string; readonly org: Org };

/** The files that `main/broker.ts` starts on; `change` has the last word on the keyring. */
export function makeHome(
  root: string,
  change: (keyring: Keyring) => Keyring = (same) => same,
): OursHome {
  const now = Date.now();
  const org = makeOrg((keyring) =>
    change({
      ...keyring,
      issuedAt: new Date(now - 1000).toISOString(),
      expires: new Date(now + 90 * DAY).toISOString(),
      policies: [{ sha256: holdEverything().sha256, name: 'hold-everything' }],
    }),
  );
  const broker = join(root, 'broker');
  for (const part of ['broker', 'guard', 'app']) {
    mkdirSync(join(root, part), { recursive: true, mode: 0o700 });
  }
  chmodSync(root, 0o700);
  const put = (name: string, contents: string | Uint8Array): void =>
    writeFileSync(join(broker, name), contents, { mode: 0o600 });
  const pem = ({ privateKey }: KeyPair) => privateKey.export({ format: 'pem', type: 'pkcs8' });
  put('session.pem', pem(org.broker.session));
  put('log.pem', pem(org.broker.log));
  put('keyring.json', org.envelope);
  const { org: name, roots, threshold, log } = org.keyring;
  put('pin.json', JSON.stringify({ v: 1, org: name, log, roots, threshold }));
  return { root, org };
}

export type RunningOurs = {
  readonly process: ChildProcess;
  readonly pid: number;
  readonly config: OursConfig;
  readonly stop: () => Promise<void>;
};

/** `nodeFlags`: a profile, for example. `tls`: a folder with `ca.pem`, and a certificate of it for this machine. */
export async function startOurs(
  { root, org }: OursHome,
  port: number,
  nodeFlags: readonly string[] = [],
  tls?: string,
): Promise<RunningOurs> {
  const limits = join(import.meta.dirname, 'ours-limits.ts');
  const words = ['--home', root, '--host', '127.0.0.1', '--port', String(port)];
  if (tls !== undefined)
    words.push('--tls-cert', join(tls, 'broker-tls.pem'), '--tls-key', join(tls, 'broker-tls.key'));
  const child = spawn(
    process.execPath,
    [...nodeFlags, '--import', limits, join(ROOT, 'main/broker.ts'), ...words],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  process.once('exit', () => child.kill('SIGKILL'));
  const [line] = (await once(child.stdout ?? child, 'data')) as [Buffer];
  const { listening } = JSON.parse(line.toString('utf8')) as { listening: string };
  const secret = (pair: KeyPair): string => toB64(exportPkcs8(pair));
  return {
    process: child,
    pid: child.pid ?? 0,
    config: {
      url: listening,
      ...(tls === undefined ? {} : { ca: readFileSync(join(tls, 'ca.pem'), 'utf8') }),
      origin: org.keyring.log.origin,
      brokerKeyId: org.broker.session.keyId,
      vkey: org.keyring.log.vkey,
      keyring: toB64(org.envelope),
      roots: org.keyring.roots,
      keys: {
        guard: secret(org.guard.guard),
        guardSession: secret(org.guard.session),
        decision: secret(org.alice.decision),
        reviewerSession: secret(org.alice.session),
      },
    },
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
  };
}
