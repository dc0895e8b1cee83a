// Version 1 of an organisation's keyring, from the public parts of its root keys, its broker and its first administrators.

import { fromB64 } from '../../../shared/bytes.ts';
import { fail, ok, type Result } from '../../../shared/result.ts';
import type { Keyring } from '../../../shared/statement/keyring.ts';
import { ADMINISTRATORS } from '../../../shared/domain/administrators.ts';
import { holdEverything } from '../../policy/policy.ts';
import type { PublicFileOf } from '../../state/public-file.ts';
import { publicKeyFromSpki } from '../../trust/ed25519.ts';
import type { Root } from '../../trust/keyring.ts';
import { formatVkey, NOTE_TYPE, vkeyOf } from '../../trust/vkey.ts';
import { type Edits, type Enrol, nextVersion, NO_EDITS } from './edit.ts';

const DAY_MS = 24 * 3600 * 1000;

export type First = {
  readonly org: string;
  readonly origin: string;
  readonly threshold: number;
  readonly roots: readonly Root[];
  readonly broker: PublicFileOf<'broker'>;
  readonly people: readonly Enrol[];
  readonly edits: Edits;
  readonly nowMs: number;
  readonly days: number;
};

/** The log of that name that this broker keeps. */
export function logOf(
  origin: string,
  broker: Pick<PublicFileOf<'broker'>, 'log'>,
): Result<Keyring['log'], 'edit'> {
  const spki = fromB64(broker.log.spki);
  const key = spki && publicKeyFromSpki(spki);
  return key?.ok === true
    ? ok({ origin, vkey: formatVkey(vkeyOf(origin, NOTE_TYPE, key.value)) })
    : fail('edit', "the broker's log key is not an acceptable key");
}

export function firstVersion(first: First): Result<Keyring, 'edit'> {
  const { org, origin, threshold, roots, broker, people, nowMs, days } = first;
  const log = logOf(origin, broker);
  if (!log.ok) return log;
  const policy = holdEverything();
  const empty: Keyring = {
    org,
    version: 1,
    solo: false,
    issuedAt: new Date(nowMs).toISOString(),
    expires: new Date(nowMs + days * DAY_MS).toISOString(),
    threshold,
    roots: [...roots],
    log: log.value,
    brokers: [
      {
        id: broker.id,
        keys: [
          { ...broker.session, use: 'session', fromIndex: 0 },
          { ...broker.log, use: 'log', fromIndex: 0 },
        ],
      },
    ],
    reviewers: [],
    guards: [],
    channels: [],
    groups: [{ id: ADMINISTRATORS, name: 'Administrators' }],
    owners: [],
    policies: [{ sha256: policy.sha256, name: policy.name }],
  };
  // The same edits as later; only its own number and what it follows are those of a first version.
  const held = {
    keyring: { ...empty, version: 0 },
    sha256: '',
    envelope: new Uint8Array(),
    keys: new Map(),
  };
  const enrol = people.map((one) => ({ ...one, groups: [...one.groups, ADMINISTRATORS] }));
  const next = nextVersion(
    held,
    { ...NO_EDITS, ...first.edits, enrol: [...enrol, ...first.edits.enrol] },
    { nowMs, days, index: 0 },
  );
  if (!next.ok) return next;
  const { prevSha256: _, ...keyring } = next.value;
  return ok(keyring);
}
