// Appends until it is killed. Each index is written to stdout only after `append` returned: what stands there was
// acknowledged. argv: path of the log, hex of the log key's PKCS #8.

import { writeSync } from 'node:fs';
import { fromHex } from '../../shared/bytes.ts';
import { invariant } from '../../shared/result.ts';
import { openLedger } from '../../main/ledger/ledger.ts';
import { keyPairFromPkcs8, publicKeyOf } from '../../main/trust/ed25519.ts';
import { NOTE_TYPE, vkeyOf } from '../../main/trust/vkey.ts';
import { entries } from '../unit/ledger/kit.ts';

const [, , path = '', key = ''] = process.argv;
const pair = keyPairFromPkcs8(fromHex(key) ?? new Uint8Array(0));
invariant(pair.ok, 'a key');
const ledger = openLedger(path, vkeyOf('log.test/1', NOTE_TYPE, publicKeyOf(pair.value)));
invariant(ledger.ok && ledger.value.health.ok, 'the log opens');
for (let batch = 1; ; batch = (batch % 7) + 1) {
  const indexes = ledger.value.append(entries(batch, ledger.value.size));
  invariant(indexes.ok, 'appended');
  writeSync(1, `${indexes.value.join('\n')}\n`);
  if (batch === 3) invariant(ledger.value.seal(pair.value).ok, 'sealed');
}
