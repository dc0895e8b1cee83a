// Who may be believed: a chain of keyrings, each signed by a threshold of the roots of the one before and of its own
// (TUF root rules, security note 2.4). A broker can pass a keyring on; it can never make one.

import { fromB64 } from '../../shared/bytes.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import { encodeCj } from '../../shared/statement/cj1.ts';
import type { Keyring, KeyUse } from '../../shared/statement/keyring.ts';
import { decodeStatement, payloadTypeOf } from '../../shared/statement/statement.ts';
import { sha256Hex } from './digest.ts';
import { type PublicKey, publicKeyFromSpki } from './ed25519.ts';
import { type Envelope, parseEnvelope, verifyEnvelope } from './envelope.ts';
import { ENVELOPE_LIMITS } from './limits.ts';

export type HeldKeyring = {
  readonly keyring: Keyring;
  /** SHA-256 of the payload: what decisions name. */
  readonly sha256: string;
  readonly envelope: Uint8Array;
  readonly keys: ReadonlyMap<string, KeyHit>;
};

export type KeyHit = {
  readonly kind: 'reviewer' | 'guard' | 'broker' | 'channel';
  readonly id: string;
  readonly name: string;
  readonly use: KeyUse;
  /** Reviewers: the host id of the key's machine. */
  readonly device: string;
  readonly groups: readonly string[];
  readonly key: PublicKey;
  readonly fromIndex: number;
  readonly untilIndex: number | undefined;
};

export type Root = { readonly keyId: string; readonly spki: string };
export type RootPin = {
  readonly org: string;
  readonly roots: readonly Root[];
  readonly threshold: number;
};

/** SHA-256, in hex, of the organisation's name, its root keys and how many of them must sign: what people compare. */
export const rootSetOf = ({ org, roots, threshold }: RootPin): string =>
  sha256Hex(encodeCj({ org, roots: roots.map((root) => root.keyId).toSorted(), threshold }));

export type KeyringCode =
  | 'keyringEnvelope'
  | 'keyringSchema'
  | 'keyringOrg'
  | 'keyringKey'
  | 'keyringThreshold'
  | 'keyringVersion'
  | 'keyringPrevious';

/** The first keyring a party sees: signed by a threshold of the pinned roots and of its own, whatever its version. */
export function openFirstKeyring(
  bytes: Uint8Array,
  pin: RootPin,
): Result<HeldKeyring, KeyringCode> {
  return open(bytes, pin);
}

/** The version after `held`. 'keyringVersion' for anything but the next, 'keyringPrevious' where it follows another. */
export function openNextKeyring(
  held: HeldKeyring,
  bytes: Uint8Array,
): Result<HeldKeyring, KeyringCode> {
  const next = open(bytes, held.keyring);
  if (!next.ok) return next;
  if (next.value.keyring.version !== held.keyring.version + 1) return fail('keyringVersion');
  if (next.value.keyring.prevSha256 !== held.sha256) return fail('keyringPrevious');
  return next;
}

export const keyringExpired = (held: HeldKeyring, nowMs: number): boolean =>
  nowMs >= Date.parse(held.keyring.expires);

export const findKey = (held: HeldKeyring, keyId: string): KeyHit | undefined =>
  held.keys.get(keyId);

export const validAt = (hit: KeyHit, index: number): boolean =>
  hit.fromIndex <= index && (hit.untilIndex === undefined || index < hit.untilIndex);

/** Not revoked as of a log of `size` leaves: for sessions, which stand at no index of their own. */
export const validNow = (hit: KeyHit, size: number): boolean =>
  hit.untilIndex === undefined || size < hit.untilIndex;

function open(bytes: Uint8Array, trusted: RootPin): Result<HeldKeyring, KeyringCode> {
  const envelope = parseEnvelope(bytes, ENVELOPE_LIMITS.keyring);
  if (!envelope.ok || envelope.value.payloadType !== payloadTypeOf('keyring'))
    return fail('keyringEnvelope');
  const keyring = decodeStatement('keyring', envelope.value.payload);
  if (!keyring.ok) return fail('keyringSchema', keyring.detail);
  if (keyring.value.org !== trusted.org) return fail('keyringOrg');
  if (!enoughRoots(envelope.value, trusted) || !enoughRoots(envelope.value, keyring.value))
    return fail('keyringThreshold');
  const keys = indexKeys(keyring.value);
  if (!keys.ok) return keys;
  return ok({
    keyring: keyring.value,
    sha256: sha256Hex(envelope.value.payload),
    envelope: bytes,
    keys: keys.value,
  });
}

/** Counts distinct root keys whose signature fits; the same key twice is one, by key and not by name. */
function enoughRoots(envelope: Envelope, pin: Pick<RootPin, 'roots' | 'threshold'>): boolean {
  const signed = new Set<string>();
  for (const root of pin.roots) {
    const key = importKey(root);
    if (key === undefined) return false;
    const fits = envelope.signatures.some(
      (signature, i) => signature.keyid === root.keyId && verifyEnvelope(envelope, key, i),
    );
    if (fits) signed.add(root.keyId);
  }
  return signed.size >= pin.threshold;
}

function importKey(entry: Root): PublicKey | undefined {
  const spki = fromB64(entry.spki);
  const key = spki && publicKeyFromSpki(spki);
  return key?.ok && key.value.keyId === entry.keyId ? key.value : undefined;
}

/** E1 for every key, and no key twice: one key for two uses or two people is refused. */
function indexKeys(keyring: Keyring): Result<ReadonlyMap<string, KeyHit>, KeyringCode> {
  const hits = new Map<string, KeyHit>();
  const rows = [
    ...keyring.reviewers.map((who) => ({ ...who, kind: 'reviewer' as const })),
    ...keyring.guards.map((who) => ({ ...who, kind: 'guard' as const, name: who.id, groups: [] })),
    ...keyring.brokers.map((who) => ({
      ...who,
      kind: 'broker' as const,
      name: who.id,
      groups: [],
    })),
    ...keyring.channels.map((who) => ({
      ...who,
      name: who.id,
      kind: 'channel' as const,
      groups: [],
    })),
  ];
  const people = new Set<string>();
  for (const who of rows) {
    if (people.has(`${who.kind}/${who.id}`)) return fail('keyringKey', `${who.id} stands twice`);
    people.add(`${who.kind}/${who.id}`);
    for (const entry of who.keys) {
      const key = importKey(entry);
      if (key === undefined) return fail('keyringKey', `a key of ${who.id} is not acceptable`);
      if (hits.has(entry.keyId)) return fail('keyringKey', `a key of ${who.id} stands twice`);
      hits.set(entry.keyId, {
        kind: who.kind,
        id: who.id,
        name: who.name,
        use: entry.use,
        device: 'device' in entry ? entry.device : who.id,
        groups: who.groups,
        key,
        fromIndex: entry.fromIndex,
        untilIndex: entry.untilIndex,
      });
    }
  }
  return ok(hits);
}
