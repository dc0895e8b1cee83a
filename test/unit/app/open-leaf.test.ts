// A keyring in the log counts as checked only where the roots signed it: the history of who was who is not anybody's to write.

import { expect, test } from 'vitest';
import { openLeaf } from '../../../main/app/open-leaf.ts';
import { openKeyringFile } from '../../../main/app/keyring-file.ts';
import { generateKeyPair } from '../../../main/trust/ed25519.ts';
import { parseEnvelope, seal } from '../../../main/trust/envelope.ts';
import { leafOf } from '../../../main/trust/leaf.ts';
import { ENVELOPE_LIMITS } from '../../../main/trust/limits.ts';
import { encodeStatement, payloadTypeOf } from '../../../shared/statement/statement.ts';
import { systemClock } from '../../../main/link/system-ports.ts';
import { soloHome } from './solo-home.ts';

const leafAndPayload = (bytes: Uint8Array) => {
  const envelope = parseEnvelope(bytes, ENVELOPE_LIMITS.keyring);
  if (!envelope.ok) throw new Error('no envelope');
  return { leaf: leafOf(envelope.value), payload: envelope.value.payload };
};

test('the keyring in force is verified, a stranger\u2019s of the same organisation and version is not', async () => {
  using home = await soloHome(systemClock);
  const file = openKeyringFile(home);
  if (!file.ok) throw new Error('no keyring');
  const held = file.value.held();
  const own = leafAndPayload(held.envelope);
  expect(openLeaf(0, own.leaf, own.payload, held)).toMatchObject({
    value: { signature: 'verified' },
  });
  const forged = encodeStatement('keyring', { ...held.keyring, reviewers: [] });
  const strange = leafAndPayload(seal(payloadTypeOf('keyring'), forged, generateKeyPair()));
  expect(openLeaf(1, strange.leaf, strange.payload, held)).toMatchObject({
    value: { signature: 'failed' },
  });
});
