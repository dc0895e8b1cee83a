// A keyring on its way from one root key to the next: its payload, the version that it follows, and the signatures so far.
// A draft is whole or refused; it is complete when the roots of both versions have signed it often enough.

import * as z from 'zod';
import { fromB64, fromUtf8, textOf, toB64, utf8 } from '../../../shared/bytes.ts';
import { fail, invariant, ok, type Result } from '../../../shared/result.ts';
import { KeyId } from '../../../shared/statement/fields.ts';
import type { Keyring } from '../../../shared/statement/keyring.ts';
import {
  decodeStatement,
  encodeStatement,
  payloadTypeOf,
} from '../../../shared/statement/statement.ts';
import { openByItself } from '../../link/enrolment.ts';
import { jsonBytes } from '../../state/json-file.ts';
import { readPublicBytes } from '../../state/public-file.ts';
import { type KeyPair, publicKeyFromSpki, sign } from '../../trust/ed25519.ts';
import { encodeEnvelope, type EnvelopeSignature, verifyEnvelope } from '../../trust/envelope.ts';
import { type HeldKeyring, openFirstKeyring, openNextKeyring } from '../../trust/keyring.ts';
import { pae } from '../../trust/pae.ts';

const File = z.strictObject({
  v: z.literal(1),
  what: z.literal('keyring draft'),
  /** Text of the envelope of the version before; absent for the first. */
  before: z
    .string()
    .max(256 * 1024)
    .optional(),
  /** CJ-1 text. */
  payload: z.string().max(192 * 1024),
  signatures: z.array(z.strictObject({ keyid: KeyId, sig: z.string().length(88) })).max(16),
});

export type Draft = {
  readonly keyring: Keyring;
  readonly before: HeldKeyring | undefined;
  /** Each verified, each by a root of this version or of the one before. */
  readonly signatures: readonly EnvelopeSignature[];
};

const TYPE = payloadTypeOf('keyring');

export function readDraft(path: string): Result<Draft, 'draft'> {
  const bytes = readPublicBytes(path);
  if (!bytes.ok) return fail('draft', bytes.detail);
  const file = File.safeParse(jsonOf(bytes.value));
  if (!file.success) return fail('draft', `${path} is not a keyring draft`);
  const { before: text, payload, signatures } = file.data;
  const keyring = decodeStatement('keyring', utf8(payload));
  if (!keyring.ok) return fail('draft', `${path} holds no well-formed keyring: ${keyring.detail}`);
  const before = text === undefined ? undefined : openByItself(text);
  if (text !== undefined && before === undefined)
    return fail('draft', 'the version that it follows is not signed by enough of its own roots');
  const read = signatures.map(({ keyid, sig }) => ({ keyid, sig: fromB64(sig) }));
  const draft: Draft = { keyring: keyring.value, before, signatures: [] };
  for (const { keyid, sig } of read) {
    const fits = sig?.length === 64 && signs(draft, { keyid, sig });
    if (!fits) return fail('draft', `${path} has a signature that does not fit`);
  }
  const sound = read.flatMap(({ keyid, sig }) => (sig === undefined ? [] : [{ keyid, sig }]));
  if (new Set(sound.map((one) => one.keyid)).size < sound.length)
    return fail('draft', `${path} has two signatures by one key`);
  return ok({ ...draft, signatures: sound });
}

export function draftBytes({ keyring, before, signatures }: Draft): Uint8Array {
  return jsonBytes({
    v: 1,
    what: 'keyring draft',
    ...(before === undefined ? {} : { before: fromUtf8(before.envelope) }),
    payload: fromUtf8(encodeStatement('keyring', keyring)),
    signatures: signatures.map(({ keyid, sig }) => ({ keyid, sig: toB64(sig) })),
  });
}

/** One more signature. The caller has checked that the key is a root and has not signed. */
export function signDraft(draft: Draft, root: KeyPair): Draft {
  invariant(
    !draft.signatures.some(({ keyid }) => keyid === root.keyId),
    'a root key signs a draft once',
  );
  const sig = sign(root, pae(TYPE, encodeStatement('keyring', draft.keyring)));
  return { ...draft, signatures: [...draft.signatures, { keyid: root.keyId, sig }] };
}

export type Count = { readonly of: string; readonly have: number; readonly need: number };

/** How far it is: by the roots of the version before, where there is one, and by its own. */
export function countsOf({ keyring, before, signatures }: Draft): readonly Count[] {
  const count = (of: string, by: Pick<Keyring, 'roots' | 'threshold'>): Count => ({
    of,
    have: by.roots.filter((root) => signatures.some(({ keyid }) => keyid === root.keyId)).length,
    need: by.threshold,
  });
  return [
    ...(before === undefined
      ? []
      : [count(`roots of version ${before.keyring.version}`, before.keyring)]),
    count(`roots of version ${keyring.version}`, keyring),
  ];
}

/** The finished keyring, checked as a guard would; undefined while signatures are missing. */
export function completed(draft: Draft): HeldKeyring | undefined {
  if (draft.signatures.length === 0) return undefined;
  const payload = encodeStatement('keyring', draft.keyring);
  const bytes = encodeEnvelope({ payloadType: TYPE, payload, signatures: draft.signatures });
  const opened = draft.before
    ? openNextKeyring(draft.before, bytes)
    : openFirstKeyring(bytes, draft.keyring);
  return opened.ok ? opened.value : undefined;
}

/** A finished keyring from a file: an envelope, or a draft that is complete. */
export function readKeyring(path: string): Result<HeldKeyring, 'keyring'> {
  const bytes = readPublicBytes(path);
  if (!bytes.ok) return fail('keyring', bytes.detail);
  const held = openByItself(textOf(bytes.value) ?? '');
  if (held !== undefined) return ok(held);
  const draft = readDraft(path);
  if (!draft.ok) return fail('keyring', `${path} is neither a keyring nor a draft of one`);
  const done = completed(draft.value);
  return done === undefined
    ? fail('keyring', `${path} is not signed by enough roots yet`)
    : ok(done);
}

/** True for a signature by a root of either version over exactly this draft. */
function signs({ keyring, before }: Draft, signature: EnvelopeSignature): boolean {
  const roots = [...keyring.roots, ...(before?.keyring.roots ?? [])];
  const root = roots.find(({ keyId }) => keyId === signature.keyid);
  const spki = root && fromB64(root.spki);
  const key = spki && publicKeyFromSpki(spki);
  if (key?.ok !== true) return false;
  const payload = encodeStatement('keyring', keyring);
  return verifyEnvelope({ payloadType: TYPE, payload, signatures: [signature] }, key.value);
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(textOf(bytes) ?? '');
  } catch {
    return undefined;
  }
}
