// DSSE v1 pre-authentication encoding: the bytes that an envelope's signature covers. The payload type is
// inside, so a signature over one type of statement can never be read as one over another.

import { concat, utf8 } from '../../shared/bytes.ts';

/** `DSSEv1 SP len(type) SP type SP len(payload) SP payload`; lengths in bytes, decimal. */
export function pae(payloadType: string, payload: Uint8Array): Uint8Array {
  const type = utf8(payloadType);
  return concat(utf8(`DSSEv1 ${type.length} `), type, utf8(` ${payload.length} `), payload);
}
