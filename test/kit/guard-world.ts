// What the guard's tests stand on: a state folder with a pin, keys and a keyring that its roots have signed, people who
// sign real decisions, and a real command whose only effect is a file that must or must not be there.

import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  realpathSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toB64, toHex, utf8 } from '../../shared/bytes.ts';
import { invariant } from '../../shared/result.ts';
import { type Decision, NO_DECISION } from '../../shared/statement/decision.ts';
import type { Keyring } from '../../shared/statement/keyring.ts';
import { encodeStatement, payloadTypeOf } from '../../shared/statement/statement.ts';
import { ambientOfProcess } from '../../main/guard/exec/ambient.ts';
import { measureWorld, type World } from '../../main/guard/exec/world.ts';
import type { Asked } from '../../main/guard/ask.ts';
import { type Identity, openIdentity } from '../../main/guard/state/identity.ts';
import { holdEverything } from '../../main/policy/policy.ts';
import { writeAtomic } from '../../main/state/atomic-file.ts';
import { type Home, openHome } from '../../main/state/home.ts';
import { loadOrCreateKey } from '../../main/state/key-file.ts';
import { writePin } from '../../main/state/pin.ts';
import { sha256Hex, systemRandom } from '../../main/trust/digest.ts';
import { generateKeyPair, type KeyPair, publicKeyOf } from '../../main/trust/ed25519.ts';
import { seal } from '../../main/trust/envelope.ts';
import { formatVkey, NOTE_TYPE, vkeyOf } from '../../main/trust/vkey.ts';
import { keepTestPolicies } from './test-policies.ts';
import { TestLog } from './test-log.ts';

export const LOG_ORIGIN = 'log.test/guard';
export const BROKER_ORIGIN = 'broker.test/guard';
export const HOST = 'guard.host';
const DAY_MS = 24 * 3600 * 1000;

export type Person = {
  readonly id: string;
  readonly device: string;
  readonly decision: KeyPair;
  readonly session: KeyPair;
  readonly witness: KeyPair;
};

export type Keys = {
  readonly root: KeyPair;
  readonly broker: KeyPair;
  readonly log: KeyPair;
  readonly guard: KeyPair;
  readonly guardSession: KeyPair;
  readonly alice: Person;
  readonly bob: Person;
  /** A chat channel that may decide. */
  readonly channel: Person;
};

export type GuardWorld = {
  readonly keys: Keys;
  readonly home: Home;
  readonly keyring: Keyring;
  /** The signed bytes of the keyring. */
  readonly envelope: Uint8Array;
  readonly identity: Identity;
  readonly log: TestLog;
  readonly remove: () => void;
};

export type WorldOptions = {
  readonly now?: number;
  readonly keyring?: (keyring: Keyring, keys: Keys) => Keyring;
};

export const person = (id: string): Person => ({
  id,
  device: `${id}.laptop`,
  decision: generateKeyPair(),
  session: generateKeyPair(),
  witness: generateKeyPair(),
});

export const makeKeys = (): Keys => ({
  root: generateKeyPair(),
  broker: generateKeyPair(),
  log: generateKeyPair(),
  guard: generateKeyPair(),
  guardSession: generateKeyPair(),
  alice: person('alice'),
  bob: person('bob'),
  channel: person('slack'),
});

const row = (pair: KeyPair) => ({ keyId: pair.keyId, spki: toB64(pair.spki), fromIndex: 0 });

export const reviewer = (who: Person): Keyring['reviewers'][number] => ({
  id: who.id,
  name: who.id,
  groups: [],
  keys: [
    { ...row(who.decision), use: 'decision', device: who.device },
    { ...row(who.session), use: 'session', device: who.device },
    { ...row(who.witness), use: 'witness', device: who.device },
  ],
});

/** A team of alice and bob, one guard, one broker, one channel; policy holds everything. */
export function keyringOf(keys: Keys, now: number): Keyring {
  return {
    org: 'org',
    version: 1,
    solo: false,
    // Tests of the witnesses ask for them; the others have nobody who would cosign.
    witnesses: { count: 0, withinMs: 300_000 },
    issuedAt: new Date(now - DAY_MS).toISOString(),
    expires: new Date(now + 89 * DAY_MS).toISOString(),
    threshold: 1,
    roots: [{ keyId: keys.root.keyId, spki: toB64(keys.root.spki) }],
    log: {
      origin: LOG_ORIGIN,
      vkey: formatVkey(vkeyOf(LOG_ORIGIN, NOTE_TYPE, publicKeyOf(keys.log))),
    },
    brokers: [
      {
        id: 'broker',
        keys: [
          { ...row(keys.broker), use: 'session' },
          { ...row(keys.log), use: 'log' },
        ],
      },
    ],
    reviewers: [reviewer(keys.alice), reviewer(keys.bob)],
    guards: [
      {
        id: 'guard-1',
        host: HOST,
        agents: [],
        maxTier: 'critical',
        keys: [
          { ...row(keys.guard), use: 'guard' },
          { ...row(keys.guardSession), use: 'session' },
        ],
      },
    ],
    channels: [
      {
        id: keys.channel.id,
        kind: 'chat',
        keys: [
          { ...row(keys.channel.decision), use: 'decision' },
          { ...row(keys.channel.session), use: 'session' },
        ],
      },
    ],
    groups: [],
    owners: [],
    policies: [{ sha256: holdEverything().sha256, name: 'hold-everything' }],
  };
}

export const signKeyring = (keyring: Keyring, root: KeyPair): Uint8Array =>
  seal(payloadTypeOf('keyring'), encodeStatement('keyring', keyring), root);

/** The next version, signed by the root of both. */
export function nextKeyring(
  { keyring, keys }: Pick<GuardWorld, 'keyring' | 'keys'>,
  change: Partial<Keyring>,
): Uint8Array {
  const prevSha256 = sha256Hex(encodeStatement('keyring', keyring));
  const version = keyring.version + 1;
  return signKeyring({ ...keyring, version, prevSha256, ...change }, keys.root);
}

/** An empty state folder of this user. */
export function emptyHome(): Home {
  const root = mkdtempSync(join(realpathSync(tmpdir()), 'countersign-guard-'));
  const home = openHome(root, { uid: process.getuid?.(), create: true });
  invariant(home.ok, 'a new folder is a home');
  return home.value;
}

/** Pin, keyring and keys, as the first start leaves them. */
export function settle(home: Home, keys: Keys, keyring: Keyring, envelope: Uint8Array): void {
  const { org, log, roots, threshold } = keyring;
  const pinned = writePin(home, { v: 1, org, log, roots, threshold });
  invariant(pinned.ok, 'the pin is written');
  writeAtomic(join(home.guard, 'keyring.json'), envelope);
  keepTestPolicies(home);
  loadOrCreateKey(join(home.guard, 'guard.pem'), () => keys.guard);
  loadOrCreateKey(join(home.guard, 'session.pem'), () => keys.guardSession);
}

export function makeGuardWorld(options: WorldOptions = {}): GuardWorld {
  const keys = makeKeys();
  const plain = keyringOf(keys, options.now ?? Date.now());
  const keyring = options.keyring?.(plain, keys) ?? plain;
  const envelope = signKeyring(keyring, keys.root);
  const home = emptyHome();
  settle(home, keys, keyring, envelope);
  const identity = openIdentity(home, systemRandom);
  invariant(identity.ok, `the guard has an identity: ${identity.ok ? '' : identity.detail}`);
  return {
    keys,
    home,
    keyring,
    envelope,
    identity: identity.value,
    // Others have been here before: the request is not the first leaf.
    log: new TestLog(LOG_ORIGIN, keys.log).pad(5),
    remove: () => rmSync(home.root, { recursive: true, force: true }),
  };
}

/** The approval that an honest reviewer's app would sign for this request at `now`, having seen the log's head. */
export function decisionOf(
  asked: Pick<Asked, 'request' | 'digest' | 'view'>,
  by: {
    readonly who: Person;
    readonly world: Pick<GuardWorld, 'keyring' | 'log'>;
    readonly now: number;
  },
): Decision {
  const { who, world, now } = by;
  const { sha256, rules } = asked.request.policy;
  const keyring = sha256Hex(encodeStatement('keyring', world.keyring));
  return {
    decisionId: toHex(systemRandom(16)),
    verdict: 'approve',
    request: asked.digest,
    view: { ...asked.view, flags: [] },
    policy: { sha256, rules },
    reviewer: {
      id: who.id,
      keyId: who.decision.keyId,
      device: who.device,
      seq: 1,
      prev: NO_DECISION,
    },
    keyring: { version: world.keyring.version, sha256: keyring },
    checkpoint: toB64(utf8(world.log.note())),
    use: { max: 1 },
    presence: 'click',
    issuedAt: new Date(now).toISOString(),
    expiresAt: new Date(now + 60_000).toISOString(),
  };
}

export const sealDecision = (decision: Decision, pair: KeyPair): Uint8Array =>
  seal(payloadTypeOf('decision'), encodeStatement('decision', decision), pair);

export type Command = {
  readonly world: World;
  /** True once the command has run. */
  readonly ran: () => boolean;
  /** Where it runs. */
  readonly folder: string;
  readonly marker: string;
  readonly close: () => void;
};

/** Adds one character to the marker, and is measured as `run` measures it. */
export async function markerCommand(home: Home, onMeasure = (): void => {}): Promise<Command> {
  const folder = mkdtempSync(join(home.root, 'work-'));
  const scratch = join(home.guard, 'scratch');
  mkdirSync(scratch, { recursive: true, mode: 0o700 });
  const marker = join(folder, 'marker');
  const nothing = openSync('/dev/null', 'r');
  const world = await measureWorld({
    argv: ['sh', '-c', 'printf x >> "$0"', marker],
    passes: { shown: [], secrets: [] },
    inputs: [],
    stdin: { fd: nothing, choice: 'nothing' },
    strict: false,
    secretKey: new Uint8Array(32).fill(7),
    scratch,
    platform: process.platform,
    ambient: () => {
      onMeasure();
      return {
        ...ambientOfProcess(process),
        env: { PATH: '/usr/local/bin:/usr/bin:/bin' },
        cwd: folder,
      };
    },
  });
  invariant(world.ok, 'the command can be measured');
  return {
    world: world.value,
    ran: () => existsSync(marker),
    folder,
    marker,
    close: () => closeSync(nothing),
  };
}
