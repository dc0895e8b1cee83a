// `keyring sign`: one root key's signature under a draft, after everything that changes has been shown. Refused before the
// passphrase is asked where a root key should not sign it.

import { textOf } from '../../../shared/bytes.ts';
import { keyWords } from '../../../shared/domain/key-words.ts';
import { fail, ok, type Result } from '../../../shared/result.ts';
import { decodeCj } from '../../../shared/statement/cj1.ts';
import { createPublic, readPublicBytes, replacePublic } from '../../state/public-file.ts';
import { readPrivate } from '../../state/atomic-file.ts';
import { openKey } from '../../trust/passphrase.ts';
import { EXITS } from '../exits.ts';
import { completed, countsOf, type Draft, draftBytes, readDraft, signDraft } from './draft.ts';
import { changesOf } from './facts.ts';
import { openHere } from './here.ts';
import type { Words } from './options.ts';
import { publishFile } from './publish.ts';
import { refusals } from './rules.ts';
import type { Talk } from './talk.ts';
import { words } from './words.ts';

const MAX_SEALED_BYTES = 4096;

export async function signVerb(talk: Talk, { values, positionals }: Words): Promise<number> {
  const [path = ''] = positionals;
  if (values.key === undefined) return talk.refuse('--key is missing', EXITS.usage);
  const draft = readDraft(path);
  if (!draft.ok) return talk.refuse(draft.detail ?? draft.code, EXITS.usage);
  const here = openHere(talk.machine);
  const reasons = refusals({
    ...draft.value,
    current: here.ok ? here.value.keyrings.held() : undefined,
    nowMs: talk.machine.clock.now(),
    mayLower: values['lower-threshold'] ?? false,
    mayBeginAgain: values['new-log'] ?? false,
  });
  for (const why of reasons) talk.refuse(words.notSigned(why));
  if (reasons.length > 0) return EXITS.refused;
  const signed = await addSignature(talk, draft.value, values.key);
  if (!signed.ok)
    return talk.refuse(
      signed.detail ?? signed.code,
      signed.code === 'file' ? EXITS.usage : EXITS.refused,
    );
  const written = replacePublic(path, draftBytes(signed.value));
  if (!written.ok) return talk.refuse(written.detail ?? written.code, EXITS.usage);
  sayCounts(talk, signed.value);
  const done = completed(signed.value);
  if (done === undefined) return 0;
  const whole = path.replace(/(\.draft)?$/, '.keyring');
  const kept = createPublic(whole, done.envelope);
  const same = readPublicBytes(whole);
  // A further signature than needed: the first complete one stays.
  if (!kept.ok && !(kept.code === 'exists' && same.ok))
    return talk.refuse(kept.detail ?? kept.code, EXITS.usage);
  talk.print(words.complete(whole));
  return values.publish === true ? publishFile(talk, whole) : 0;
}

async function addSignature(
  talk: Talk,
  draft: Draft,
  keyPath: string,
): Promise<Result<Draft, 'key' | 'file'>> {
  const bytes = readPrivate(keyPath, MAX_SEALED_BYTES);
  if (!bytes.ok) return fail('file', bytes.detail);
  const text = textOf(bytes.value) ?? '';
  const keyId = keyIdOf(bytes.value);
  if (keyId === undefined) return fail('file', words.noRoot(keyPath));
  const roots = [...draft.keyring.roots, ...(draft.before?.keyring.roots ?? [])];
  if (!roots.some((root) => root.keyId === keyId)) return fail('key', words.notARoot);
  if (draft.signatures.some((one) => one.keyid === keyId)) return fail('key', words.twice);
  sayDraft(talk, draft);
  talk.print(`signs as root key: ${keyWords(keyId)}`);
  const passphrase = await talk.secret(words.passphraseOf(keyPath));
  if (!passphrase.ok) return fail('file', passphrase.detail);
  if (passphrase.value === undefined) return fail('key', words.left);
  const root = await openKey(text, 'root', passphrase.value);
  if (!root.ok)
    return fail('key', root.code === 'passphrase' ? words.wrong : words.noRoot(keyPath));
  // Authenticated with the key: what the file said before it was opened is what was opened.
  return root.value.keyId === keyId ? ok(signDraft(draft, root.value)) : fail('key', words.wrong);
}

/** All that changes, against the version that it follows. */
export function sayDraft(talk: Talk, draft: Draft): void {
  const { keyring, before } = draft;
  const follows = before === undefined ? 'the first' : `after version ${before.keyring.version}`;
  talk.print(`keyring of ${keyring.org}, version ${keyring.version}, ${follows}:`);
  for (const line of changesOf(before?.keyring, keyring)) talk.print(`  ${line}`);
  sayCounts(talk, draft);
}

function sayCounts(talk: Talk, draft: Draft): void {
  for (const { of, have, need } of countsOf(draft))
    talk.print(`signed by ${have} of the ${need} needed of the ${of}`);
}

/** Not authenticated before the file is opened; enough to say whose passphrase is asked. */
function keyIdOf(bytes: Uint8Array): string | undefined {
  const file = decodeCj(bytes, MAX_SEALED_BYTES);
  if (!file.ok || typeof file.value !== 'object' || !('keyId' in file.value)) return undefined;
  const { keyId, use } = file.value as { readonly keyId?: unknown; readonly use?: unknown };
  return use === 'root' && typeof keyId === 'string' && /^[0-9a-f]{64}$/.test(keyId)
    ? keyId
    : undefined;
}
