// Solo mode: one person, one machine, every key made on the spot. The guard's pin is written last and exclusively, so a
// first run that was cut off leaves nothing that a guard would trust; the next one starts over, or, where that pin alone
// was missing, writes it.

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { toB64 } from '../../shared/bytes.ts';
import { fail, invariant, ok, type Result } from '../../shared/result.ts';
import type { Keyring } from '../../shared/statement/keyring.ts';
import { encodeStatement, payloadTypeOf } from '../../shared/statement/statement.ts';
import { holdEverything } from '../policy/policy.ts';
import { writeAtomic } from '../state/atomic-file.ts';
import { errorCode } from '../state/errno.ts';
import type { Home } from '../state/home.ts';
import { waitingJoin } from '../state/joined.ts';
import { jsonBytes } from '../state/json-file.ts';
import { loadOrCreateKey } from '../state/key-file.ts';
import { type Pin, readPin, writePin } from '../state/pin.ts';
import type { RandomBytes } from '../trust/digest.ts';
import { generateKeyPair, type KeyPair, publicKeyOf } from '../trust/ed25519.ts';
import { seal } from '../trust/envelope.ts';
import type { TestOnly } from '../trust/passphrase.ts';
import { formatVkey, NOTE_TYPE, vkeyOf } from '../trust/vkey.ts';
import { JOIN_WAITS } from './join.ts';
import { sealedPath, sealToFile, sessionPath, witnessPath } from './keys.ts';
import type { Clock, Vault } from './ports.ts';
import { wrappedPath, wrapToFile } from './vault-keys.ts';

export const KEYRING_DAYS = 90;
const DAY_MS = 24 * 3600 * 1000;

export type SoloPerson = {
  readonly id: string;
  readonly name: string;
  /** Empty: none, where the keys go into the computer's key store. */
  readonly passphrase: string;
  /** Takes the keys; a passphrase beside it opens a second, sealed copy of them. */
  readonly vault?: Vault | undefined;
  /** This machine's name: the device of the reviewer and the host of the guard. */
  readonly hostName: string;
};

type Made = {
  readonly [use in
    | 'session'
    | 'witness'
    | 'brokerSession'
    | 'log'
    | 'guard'
    | 'guardSession']: KeyPair;
};

export async function makeSolo(
  home: Home,
  person: SoloPerson,
  ports: { readonly clock: Clock; readonly random: RandomBytes },
  cost: TestOnly = {},
): Promise<Result<void, 'done' | 'failed'>> {
  const taken = whyTaken(home);
  if (taken !== undefined) return taken;
  const files = makeFileKeys(home);
  if (!files.ok) return files;
  const root = generateKeyPair();
  const decision = generateKeyPair();
  const keyring = soloKeyring(person, files.value, root, decision, ports.clock.now());
  const envelope = seal(payloadTypeOf('keyring'), encodeStatement('keyring', keyring), root);
  const pin = jsonBytes(pinOf(keyring));
  // In this order, and none after one that failed: what the app's own pin stands for is all there.
  const writes = [
    () => dropOthers(home, person),
    ...keyWrites(home, person, { root, decision }, ports.random, cost),
    ...[home.app, home.broker, home.guard].map(
      (folder) => () => writeAtomic(join(folder, 'keyring.json'), envelope),
    ),
    () => writeAtomic(join(home.broker, 'pin.json'), pin),
    () => writeAtomic(join(home.app, 'pin.json'), pin),
    () => finishSolo(home, keyring),
  ];
  for (const write of writes) {
    const written = await write();
    if (!written.ok) return fail('failed', written.detail);
  }
  return ok(undefined);
}

function whyTaken(home: Home): Result<never, 'done' | 'failed'> | undefined {
  // A pin that is there and cannot be read is no first run either: nothing of it is replaced.
  const there = readPin(home);
  if (there.ok || there.code !== 'missing')
    return fail('done', 'this state folder has its keys already');
  // Somebody may have been told the words of a join: beside an organisation of its own nobody could let this machine in.
  const waits = waitingJoin(home, 'reviewer');
  if (!waits.ok) return fail('failed', waits.detail);
  return waits.value === undefined ? undefined : fail('failed', JOIN_WAITS);
}

function keyWrites(
  home: Home,
  { passphrase, vault }: SoloPerson,
  pairs: { readonly root: KeyPair; readonly decision: KeyPair },
  random: RandomBytes,
  cost: TestOnly,
): readonly (() => Promise<Result<void>>)[] {
  const uses = ['root', 'decision'] as const;
  invariant(vault !== undefined || passphrase !== '', 'something protects the keys');
  return [
    ...uses.flatMap((use) => (vault ? [() => wrapToFile(home, use, pairs[use], vault)] : [])),
    ...uses.flatMap((use) =>
      passphrase === '' ? [] : [() => sealToFile(home, use, pairs[use], passphrase, random, cost)],
    ),
  ];
}

/** What a first run that was cut off left of the way that is not taken now: it holds keys that no keyring will name. */
function dropOthers(home: Home, { passphrase, vault }: SoloPerson): Result<void, 'io'> {
  const dropped = (['root', 'decision'] as const).flatMap((use) => [
    ...(vault === undefined ? [wrappedPath(home, use)] : []),
    ...(passphrase === '' ? [sealedPath(home, use)] : []),
  ]);
  for (const path of dropped) {
    try {
      rmSync(path, { force: true });
    } catch (error) {
      return fail('io', `${path}: ${errorCode(error)}`);
    }
  }
  return ok(undefined);
}

/** The last step of a first run, also where an earlier one was cut off just before it. */
export function finishSolo(home: Home, keyring: Keyring): Result<void, 'io'> {
  const pinned = writePin(home, pinOf(keyring));
  return pinned.ok || pinned.code === 'exists' ? ok(undefined) : fail('io', pinned.detail);
}

function makeFileKeys(home: Home): Result<Made, 'failed'> {
  const paths = {
    session: sessionPath(home),
    witness: witnessPath(home),
    brokerSession: join(home.broker, 'session.pem'),
    log: join(home.broker, 'log.pem'),
    guard: join(home.guard, 'guard.pem'),
    guardSession: join(home.guard, 'session.pem'),
  };
  const made: [string, KeyPair][] = [];
  for (const [use, path] of Object.entries(paths)) {
    const pair = loadOrCreateKey(path);
    if (!pair.ok) return fail('failed', pair.detail);
    made.push([use, pair.value]);
  }
  // Exactly the names of `paths`, in order.
  return ok(Object.fromEntries(made) as Made);
}

const fromStart = (pair: KeyPair) => ({ keyId: pair.keyId, spki: toB64(pair.spki), fromIndex: 0 });

function soloKeyring(
  person: SoloPerson,
  keys: Made,
  root: KeyPair,
  decision: KeyPair,
  now: number,
): Keyring {
  const { id, name, hostName } = person;
  const origin = `solo.${root.keyId.slice(0, 12)}/1`;
  const policy = holdEverything();
  return {
    org: `solo.${root.keyId.slice(0, 12)}`,
    version: 1,
    solo: true,
    issuedAt: new Date(now).toISOString(),
    expires: new Date(now + KEYRING_DAYS * DAY_MS).toISOString(),
    threshold: 1,
    roots: [{ keyId: root.keyId, spki: toB64(root.spki) }],
    log: { origin, vkey: formatVkey(vkeyOf(origin, NOTE_TYPE, publicKeyOf(keys.log))) },
    brokers: [
      {
        id: 'broker',
        keys: [
          { ...fromStart(keys.brokerSession), use: 'session' },
          { ...fromStart(keys.log), use: 'log' },
        ],
      },
    ],
    reviewers: [
      {
        id,
        name,
        groups: [],
        keys: [
          { ...fromStart(decision), use: 'decision', device: hostName },
          { ...fromStart(keys.session), use: 'session', device: hostName },
          { ...fromStart(keys.witness), use: 'witness', device: hostName },
        ],
      },
    ],
    guards: [
      {
        id: `guard@${hostName}`,
        host: hostName,
        agents: [],
        maxTier: 'critical',
        keys: [
          { ...fromStart(keys.guard), use: 'guard' },
          { ...fromStart(keys.guardSession), use: 'session' },
        ],
      },
    ],
    channels: [],
    groups: [],
    owners: [],
    policies: [{ sha256: policy.sha256, name: policy.name }],
  };
}

const pinOf = (keyring: Keyring): Pin => ({
  v: 1,
  org: keyring.org,
  log: keyring.log,
  roots: keyring.roots,
  threshold: keyring.threshold,
});

/** The next version with a new life of 90 days and nothing else changed. In a team only the roots can do this. */
export const renewSolo = (held: Held, root: KeyPair, now: number): Uint8Array =>
  nextSolo(held, root, now, {});

type Held = { readonly keyring: Keyring; readonly sha256: string };

/** The next version, with a new life and this changed; in force once the log has it. */
export function nextSolo(
  held: Held,
  root: KeyPair,
  now: number,
  change: Partial<Pick<Keyring, 'policies'>>,
): Uint8Array {
  const keyring: Keyring = {
    ...held.keyring,
    ...change,
    version: held.keyring.version + 1,
    prevSha256: held.sha256,
    issuedAt: new Date(now).toISOString(),
    expires: new Date(now + KEYRING_DAYS * DAY_MS).toISOString(),
  };
  return seal(payloadTypeOf('keyring'), encodeStatement('keyring', keyring), root);
}
