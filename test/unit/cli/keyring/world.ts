// A small organisation with two root keys of which both must sign, and ways to change its keyring.

import { toB64 } from '../../../../shared/bytes.ts';
import type { Keyring } from '../../../../shared/statement/keyring.ts';
import { encodeStatement, payloadTypeOf } from '../../../../shared/statement/statement.ts';
import { generateKeyPair, type KeyPair, publicKeyOf } from '../../../../main/trust/ed25519.ts';
import { sealMany } from '../../../../main/trust/envelope.ts';
import { type HeldKeyring, openFirstKeyring } from '../../../../main/trust/keyring.ts';
import { formatVkey, NOTE_TYPE, vkeyOf } from '../../../../main/trust/vkey.ts';

export const NOW = Date.UTC(2026, 10, 22);
const DAY_MS = 24 * 3600 * 1000;

export const publicOf = (pair: KeyPair) => ({ keyId: pair.keyId, spki: toB64(pair.spki) });
const row = (pair: KeyPair) => ({ ...publicOf(pair), fromIndex: 0 });

export function makeTeam() {
  const roots = [generateKeyPair(), generateKeyPair()] as const;
  const broker = { session: generateKeyPair(), log: generateKeyPair() };
  const ann = { decision: generateKeyPair(), session: generateKeyPair() };
  const guard = { guard: generateKeyPair(), session: generateKeyPair() };
  const keyring: Keyring = {
    org: 'acme',
    version: 1,
    solo: false,
    issuedAt: new Date(NOW).toISOString(),
    expires: new Date(NOW + 90 * DAY_MS).toISOString(),
    threshold: 2,
    roots: roots.map(publicOf),
    log: {
      origin: 'acme/1',
      vkey: formatVkey(vkeyOf('acme/1', NOTE_TYPE, publicKeyOf(broker.log))),
    },
    brokers: [
      {
        id: 'broker',
        keys: [
          { ...row(broker.session), use: 'session' },
          { ...row(broker.log), use: 'log' },
        ],
      },
    ],
    reviewers: [
      {
        id: 'ann',
        name: 'Ann',
        groups: ['admin'],
        keys: [
          { ...row(ann.decision), use: 'decision', device: 'ann-laptop' },
          { ...row(ann.session), use: 'session', device: 'ann-laptop' },
        ],
      },
    ],
    guards: [
      {
        id: 'ci',
        host: 'ci-host',
        agents: ['claude'],
        maxTier: 'high',
        keys: [
          { ...row(guard.guard), use: 'guard' },
          { ...row(guard.session), use: 'session' },
        ],
      },
    ],
    channels: [
      { id: 'chat', kind: 'slack', keys: [{ ...row(generateKeyPair()), use: 'session' }] },
    ],
    groups: [{ id: 'admin', name: 'Administrators' }],
    owners: [{ agent: 'claude', owner: 'ann' }],
    policies: [{ sha256: '1'.repeat(64), name: 'hold' }],
    witnesses: { count: 1, withinMs: 60_000 },
  };
  return { roots, broker, ann, guard, keyring, held: hold(keyring, roots) };
}

export function hold(keyring: Keyring, pairs: readonly KeyPair[]): HeldKeyring {
  const bytes = sealMany(payloadTypeOf('keyring'), encodeStatement('keyring', keyring), pairs);
  const opened = openFirstKeyring(bytes, keyring);
  if (!opened.ok) throw new Error(opened.code);
  return opened.value;
}

/** Version 2 with something changed. */
export const next = (before: HeldKeyring, change: Partial<Keyring> = {}): Keyring => ({
  ...before.keyring,
  version: before.keyring.version + 1,
  prevSha256: before.sha256,
  ...change,
});
