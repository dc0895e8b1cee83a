// A denial needs no proof and no place in the log, so its signature is all there is: without it a denial is nobody's, and
// ends the run as the forgery that it is, not as a person's word.

import { expect, test } from 'vitest';
import { encodeEnvelope, parseEnvelope } from '../../../main/trust/envelope.ts';
import { ENVELOPE_LIMITS } from '../../../main/trust/limits.ts';
import { codeOf, reach } from '../../kit/gate-stage.ts';

function unsigned(bytes: Uint8Array): Uint8Array {
  const envelope = parseEnvelope(bytes, ENVELOPE_LIMITS.decision);
  if (!envelope.ok) throw new Error(envelope.code);
  const signatures = envelope.value.signatures.map(({ keyid, sig }) => ({
    keyid,
    sig: sig.with(7, (sig[7] ?? 0) ^ 1),
  }));
  return encodeEnvelope({ ...envelope.value, signatures });
}

test('a denial that its reviewer did not sign is nobody’s', async () => {
  const deny = { decision: (d: object) => ({ ...d, verdict: 'deny' }) as never };
  expect(codeOf(await reach(deny))).toBe('denied');
  expect(codeOf(await reach({ ...deny, envelope: unsigned }))).toBe('badSignature');
});
