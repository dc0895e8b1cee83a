// What is found good once is kept: under the key that made it so, and under no other.

import { expect, test } from 'vitest';
import { fromB64, toB64, utf8 } from '../../../shared/bytes.ts';
import { verifyInLog } from '../../../main/guard/verify/log.ts';
import { generateKeyPair, type KeyPair, publicKeyOf } from '../../../main/trust/ed25519.ts';
import { formatVkey, NOTE_TYPE, vkeyOf } from '../../../main/trust/vkey.ts';
import { TestLog } from '../../kit/test-log.ts';

const ORIGIN = 'log.test/org';
const vkeyFor = (key: KeyPair): string => formatVkey(vkeyOf(ORIGIN, NOTE_TYPE, publicKeyOf(key)));
const bytesOf = (b64: string): Uint8Array => fromB64(b64) ?? new Uint8Array();

test('a head that was good under the key of before is not good under another', async () => {
  const [key, next] = [generateKeyPair(), generateKeyPair()];
  const log = new TestLog(ORIGIN, key).pad(3);
  const [request, decision] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)];
  const requestIndex = log.appendHash(request);
  const index = log.appendHash(decision);
  const placed = {
    index,
    proof: log.inclusion(index).map(bytesOf),
    requestIndex,
    requestProof: log.inclusion(requestIndex).map(bytesOf),
    note: log.note(),
  };
  const under = async (vkey: string): Promise<string> => {
    const anchor = { vkey, prove: async () => [], admit: async () => 'admitted' as const };
    const embedded = toB64(utf8(log.note()));
    const found = await verifyInLog(placed, { decision, request }, embedded, anchor);
    return found.ok ? 'in the log' : found.code;
  };
  expect(await under(vkeyFor(key))).toBe('in the log');
  expect(await under(vkeyFor(key))).toBe('in the log');
  expect(await under(vkeyFor(next))).toBe('badCheckpoint');
});
