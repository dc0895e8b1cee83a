// Names grow under a head and never spoil it: only what a known witness has signed over these very bytes is kept, once each,
// and what is kept is told to nobody again.

import { describe, expect, test } from 'vitest';
import { bareOf, withNames } from '../../../main/app/head-names.ts';
import { openReplica } from '../../../main/app/replica.ts';
import { cosign } from '../../../main/trust/cosignature.ts';
import { generateKeyPair, type KeyPair, publicKeyOf } from '../../../main/trust/ed25519.ts';
import { formatLine, parseNote } from '../../../main/trust/note.ts';
import { COSIGNATURE_TYPE, formatVkey, NOTE_TYPE, vkeyOf } from '../../../main/trust/vkey.ts';
import { utf8 } from '../../../shared/bytes.ts';
import { memoryStore } from './memory-store.ts';
import { TestLog } from './test-log.ts';

const ORIGIN = 'log.test/1';
const key = generateKeyPair();
const logKey = vkeyOf(ORIGIN, NOTE_TYPE, publicKeyOf(key));
const [alice, bob] = [generateKeyPair(), generateKeyPair()];
const names = { alice: 'org/alice/laptop', bob: 'org/bob/laptop' };
const witnesses = [
  vkeyOf(names.alice, COSIGNATURE_TYPE, publicKeyOf(alice)),
  vkeyOf(names.bob, COSIGNATURE_TYPE, publicKeyOf(bob)),
];

const log = new TestLog(ORIGIN, key);
for (const word of ['a', 'b', 'c']) log.leaves.push({ leaf: utf8(word), payload: utf8('') });
const note = log.note(3);
const line = (name: string, pair: KeyPair, of = note, seconds = 1): string => {
  const parsed = parseNote(of);
  if (!parsed.ok) throw new Error(parsed.detail);
  return formatLine(cosign(parsed.value.text, name, pair, seconds));
};
const byAlice = line(names.alice, alice);
const byBob = line(names.bob, bob);

describe('a head', () => {
  test('takes the names that it has not, and keeps those that it has', () => {
    const one = withNames(note, note + byAlice, witnesses);
    expect(one).toBe(note + byAlice);
    const later = line(names.alice, alice, note, 9);
    expect(withNames(one, note + later + byBob, witnesses)).toBe(note + byAlice + byBob);
  });

  test.each([
    ['by nobody whom the keyring knows', line('org/eve/laptop', generateKeyPair())],
    ['of another head', line(names.bob, bob, log.note(2))],
    ['by another key under the name', line(names.bob, alice)],
  ])('takes no line %s', (_, wrong) => {
    expect(withNames(note, note + wrong + byAlice, witnesses)).toBe(note + byAlice);
  });

  test('takes no name from a head of other entries', () => {
    const other = log.note(2);
    expect(withNames(note, other + line(names.bob, bob, other), witnesses)).toBe(note);
  });

  test('without its names is what the log has signed', () => {
    expect(bareOf(note + byAlice + byBob, logKey)).toBe(note);
  });
});

test('the copy keeps names that come later, and says nothing of them to its own witness', async () => {
  const store = memoryStore();
  const cosigned: number[] = [];
  const replica = await openReplica({
    store,
    vkey: formatVkey(logKey),
    now: () => 0,
    alarm: (code) => {
      throw new Error(code);
    },
    verified: ({ size }) => void cosigned.push(size),
    witnesses: () => witnesses,
  });
  const leaves = log.leaves.map(({ leaf }, index) => ({
    index,
    leaf,
    payload: undefined,
    type: 'notice' as const,
    request: undefined,
    at: undefined,
  }));
  await replica.take(leaves);
  await replica.judge(note + line(names.bob, alice));
  expect(store.state.note).toBe(note);
  for (const grown of [note + byAlice, note + byBob, note]) await replica.judge(grown);
  expect(store.state.note).toBe(note + byAlice + byBob);
  expect(cosigned).toEqual([3]);
});
