// `keyring publish`: a complete keyring to the broker, by this machine's reviewer. The broker checks and passes it on; what
// it answers is the place in the log.

import { fromUtf8, toB64 } from '../../../shared/bytes.ts';
import { WIRE_CODES } from '../../../shared/protocol/codes.ts';
import type { Keyring } from '../../../shared/statement/keyring.ts';
import type { Link } from '../../link/link.ts';
import { openPolicyFiles, type PolicyFiles } from '../../state/policy-files.ts';
import { EXITS } from '../exits.ts';
import { readKeyring } from './draft.ts';
import { openHere, withReviewer } from './here.ts';
import type { Talk } from './talk.ts';
import { words } from './words.ts';

export async function publishFile(talk: Talk, path: string): Promise<number> {
  const next = readKeyring(path);
  if (!next.ok) return talk.refuse(next.detail ?? next.code, EXITS.usage);
  const here = openHere(talk.machine);
  if (!here.ok) return talk.refuse(here.detail ?? words.notHere, EXITS.notConfigured);
  const { keyrings } = here.value;
  const sent = await withReviewer(talk.machine, here.value, async ({ link }) => {
    const held = keyrings.held();
    if (held.sha256 === next.value.sha256) return 'it is in force already';
    const { version, prevSha256 } = next.value.keyring;
    if (version !== held.keyring.version + 1 || prevSha256 !== held.sha256)
      return `it does not follow version ${held.keyring.version} that is in force`;
    const answer = await link.send('keyring', { envelope: fromUtf8(next.value.envelope) });
    if (answer.ok) {
      await putPolicies(link, openPolicyFiles(here.value.home), next.value.keyring);
      return answer.value.index ?? 0;
    }
    return answer.code === 'closed' ? 'the connection ended' : WIRE_CODES[answer.code].says;
  });
  if (!sent.ok) return talk.refuse(words.notPublished(sent.detail ?? sent.code), EXITS.unanswered);
  if (typeof sent.value === 'string') return talk.refuse(words.notPublished(sent.value));
  keyrings.offer(next.value.envelope);
  talk.print(words.published(sent.value));
  return 0;
}

/** What it pins, as far as it is here; another administrator's machine may have the rest. */
async function putPolicies(
  link: Pick<Link, 'send'>,
  files: PolicyFiles,
  { policies }: Keyring,
): Promise<void> {
  for (const sha256 of policies.flatMap((one) => [one.sha256, one.settings ?? ''])) {
    const bytes = files.read(sha256);
    if (bytes !== undefined) await link.send('putPolicy', { bytes: toB64(bytes) });
  }
}
