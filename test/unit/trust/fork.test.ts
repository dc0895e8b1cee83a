// Evidence of a fork convicts the log that signed both heads, and nobody else; and it never convicts an honest one.

import { describe, expect, test } from 'vitest';
import { type Checkpoint, openCheckpoint } from '../../../main/trust/checkpoint.ts';
import { sha256 } from '../../../main/trust/digest.ts';
import { generateKeyPair, publicKeyOf } from '../../../main/trust/ed25519.ts';
import { forkOfSameSize, forkOfTree, judgeFork, leafReader } from '../../../main/trust/fork.ts';
import { formatVkey, NOTE_TYPE, vkeyOf } from '../../../main/trust/vkey.ts';
import { utf8 } from '../../../shared/bytes.ts';
import { ForkEvidence } from '../../../shared/statement/fork.ts';
import { TestLog } from '../../kit/test-log.ts';

const key = generateKeyPair();
const ORIGIN = 'log.test/1';
const vkey = vkeyOf(ORIGIN, NOTE_TYPE, publicKeyOf(key));
const log = { origin: ORIGIN, vkey: formatVkey(vkey) };
const AT = '2026-11-22T09:00:00.000Z';

const hashOf = (text: string): Uint8Array => sha256(utf8(text));
const leaves = (count: number, salt = 'a'): Uint8Array[] =>
  Array.from({ length: count }, (_, i) => hashOf(`${salt} ${i}`));
function head(hashes: readonly Uint8Array[], by = key): Checkpoint {
  const made = new TestLog(ORIGIN, by);
  for (const hash of hashes) made.appendHash(hash);
  const opened = openCheckpoint(made.note(), vkeyOf(ORIGIN, NOTE_TYPE, publicKeyOf(by)));
  if (!opened.ok) throw new Error(opened.code);
  return opened.value;
}

describe('two heads convict', () => {
  test('of one size with two roots', () => {
    const evidence = forkOfSameSize(log, head(leaves(7)).note, head(leaves(7, 'b')).note, AT);
    expect(judgeFork(evidence, log.vkey)).toEqual({ ok: true, value: { first: 7, second: 7 } });
  });

  test('of every pair of sizes up to 33, where the smaller one is of other leaves', () => {
    const all = leaves(33);
    for (let second = 2; second <= 33; second++) {
      for (let first = 1; first < second; first++) {
        const evidence = forkOfTree(
          log,
          head(leaves(first, 'b')),
          head(all.slice(0, second)),
          leafReader(all.slice(0, second)),
          AT,
        );
        expect(judgeFork(ForkEvidence.parse(evidence), log.vkey).ok).toBe(true);
      }
    }
  });
});

describe('two heads do not convict', () => {
  const all = leaves(20);
  const honest = () => forkOfTree(log, head(all.slice(0, 9)), head(all), leafReader(all), AT);

  test('where the smaller one is a prefix of the larger', () => {
    expect(judgeFork(honest(), log.vkey)).toMatchObject({ ok: false, code: 'agree' });
  });

  test('where they are one head twice', () => {
    const { note } = head(all);
    expect(judgeFork(forkOfSameSize(log, note, note, AT), log.vkey)).toMatchObject({
      code: 'agree',
    });
  });

  test('where the sizes differ and nothing is proven', () => {
    const { grewFrom: _, ...bare } = honest();
    expect(judgeFork(bare, log.vkey)).toMatchObject({ code: 'agree' });
  });

  test('where the larger one did not grow from that root', () => {
    const forged = forkOfTree(
      log,
      head(all.slice(0, 9)),
      head(all),
      leafReader(leaves(20, 'b')),
      AT,
    );
    expect(judgeFork(forged, log.vkey)).toMatchObject({ code: 'agree' });
  });

  test('where another key signed one of them', () => {
    const other = generateKeyPair();
    const evidence = forkOfSameSize(log, head(all).note, head(leaves(20, 'b'), other).note, AT);
    expect(judgeFork(evidence, log.vkey)).toMatchObject({ code: 'head' });
    const theirs = formatVkey(vkeyOf(ORIGIN, NOTE_TYPE, publicKeyOf(other)));
    expect(judgeFork({ ...evidence, log: { ...log, vkey: theirs } }, log.vkey)).toMatchObject({
      code: 'head',
    });
  });
});
