// A device cosigns what its own copy has verified, the newest first, one at a time, and nothing after an alarm.

import { describe, expect, test } from 'vitest';
import { openWitness } from '../../../main/app/witness.ts';
import type { Link } from '../../../main/link/link.ts';
import { type Checkpoint, makeCheckpoint, openCheckpoint } from '../../../main/trust/checkpoint.ts';
import { cosignaturesOf } from '../../../main/trust/cosignature.ts';
import { sha256, systemRandom } from '../../../main/trust/digest.ts';
import { generateKeyPair, publicKeyOf } from '../../../main/trust/ed25519.ts';
import { COSIGNATURE_TYPE, NOTE_TYPE, vkeyOf } from '../../../main/trust/vkey.ts';
import { utf8 } from '../../../shared/bytes.ts';
import { ok } from '../../../shared/result.ts';
import { handTime } from './hand-time.ts';

const logKey = generateKeyPair();
const key = generateKeyPair();
const vkey = vkeyOf('log.test/1', NOTE_TYPE, publicKeyOf(logKey));

function head(size: number): Checkpoint {
  const note = makeCheckpoint('log.test/1', size, sha256(utf8(`${size}`)), logKey);
  const opened = openCheckpoint(note, vkey);
  if (!opened.ok) throw new Error(opened.code);
  return opened.value;
}

function opened() {
  const time = handTime();
  const said: { size: number; line: string }[] = [];
  const answers: (() => void)[] = [];
  // `cosign` alone is sent here; the fake answers when it is told to.
  const send = (async (_: string, body: { size: number; line: string }) => {
    said.push(body);
    await new Promise<void>((resolve) => answers.push(resolve));
    return ok({});
  }) as unknown as Link['send'];
  const witness = openWitness({
    link: { send },
    key,
    name: 'org/alice/laptop',
    clock: time.clock,
    timers: time.timers,
    random: systemRandom,
  });
  const answer = async (): Promise<void> => {
    answers.shift()?.();
    await new Promise((resolve) => setImmediate(resolve));
    time.advance(100);
  };
  return { time, witness, said, answer };
}

describe('a device', () => {
  test('signs the head with its own clock, in the form that any C2SP reader takes', () => {
    const at = opened();
    at.witness.saw(head(5));
    const [one] = at.said;
    const known = vkeyOf('org/alice/laptop', COSIGNATURE_TYPE, publicKeyOf(key));
    const found = cosignaturesOf(`${head(5).note}${one?.line}`, [known]);
    expect(found).toEqual({
      ok: true,
      value: [{ witness: known, seconds: Math.floor(at.time.clock.now() / 1000) }],
    });
    expect(one?.size).toBe(5);
  });

  test('speaks for the newest head where several came while it was busy', async () => {
    const at = opened();
    for (const size of [5, 6, 9, 7]) at.witness.saw(head(size));
    expect(at.said.map((one) => one.size)).toEqual([5]);
    await at.answer();
    expect(at.said.map((one) => one.size)).toEqual([5, 9]);
    await at.answer();
    expect(at.said).toHaveLength(2);
  });

  test('says nothing more once it was stopped', async () => {
    const at = opened();
    at.witness.saw(head(5));
    at.witness.saw(head(6));
    at.witness.stop();
    await at.answer();
    at.witness.saw(head(7));
    expect(at.said.map((one) => one.size)).toEqual([5]);
  });
});
