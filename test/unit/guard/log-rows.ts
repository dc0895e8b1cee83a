// Steps 14 and 15: good decisions that the log does not have, or that a log has which shows two histories.

import { fromB64, fromUtf8, toB64, utf8 } from '../../../shared/bytes.ts';
import { decodeStatement } from '../../../shared/statement/statement.ts';
import { openCheckpoints } from '../../../main/guard/state/checkpoints.ts';
import { claimedSize, openCheckpoint } from '../../../main/trust/checkpoint.ts';
import { generateKeyPair, type KeyPair } from '../../../main/trust/ed25519.ts';
import { parseEnvelope } from '../../../main/trust/envelope.ts';
import { ENVELOPE_LIMITS } from '../../../main/trust/limits.ts';
import { formatNote, signNote } from '../../../main/trust/note.ts';
import { parseVkey } from '../../../main/trust/vkey.ts';
import type { Stage } from '../../kit/gate-stage.ts';
import { type Entry, TestLog } from '../../kit/test-log.ts';
import type { Refused } from './row.ts';

const stranger = generateKeyPair();
const wrongHash = toB64(new Uint8Array(32).fill(7));

const otherNote = (note: string, key: KeyPair, stage: Stage): string => {
  const [, size] = note.split('\n');
  const log = new TestLog(stage.log.origin, key).pad(Number(size));
  return log.note();
};

/** The size of the tree that the decision says its reviewer saw. */
function sizeSeen({ envelope }: Entry): number {
  const sealed = parseEnvelope(utf8(envelope), ENVELOPE_LIMITS.decision);
  const decision = sealed.ok ? decodeStatement('decision', sealed.value.payload) : sealed;
  if (!decision.ok) throw new Error(decision.code);
  const note = fromUtf8(fromB64(decision.value.checkpoint) ?? new Uint8Array());
  return claimedSize(note) ?? 0;
}

/** A checkpoint that an earlier run of this guard has admitted. */
const keep = async (stage: Stage, log: TestLog, prove?: TestLog): Promise<void> => {
  const vkey = parseVkey(stage.world.keyring.log.vkey);
  const checkpoint = vkey.ok ? openCheckpoint(log.note(), vkey.value) : undefined;
  if (!checkpoint?.ok) throw new Error('a checkpoint');
  const admit = openCheckpoints(stage.world.home, stage.world.keyring.log, {
    now: () => 0,
    fork: () => {},
  });
  const proofs = prove ?? log;
  await admit(checkpoint.value, async (a, b) =>
    proofs.consistency(a, b).map((hash) => fromB64(hash) ?? new Uint8Array()),
  );
};

export const LOG_ROWS: readonly Refused[] = [
  {
    code: 'badCheckpoint',
    why: 'a head that another key signed',
    entry: (e, stage) => ({ ...e, note: otherNote(e.note, stranger, stage) }),
  },
  {
    code: 'badCheckpoint',
    why: 'a head of another log by the same key',
    entry: (e, stage) => ({
      ...e,
      note: new TestLog('log.test/other', stage.world.keys.log).pad(9).note(),
    }),
  },
  {
    code: 'badCheckpoint',
    why: "a head that calls itself another log's, signed as this one's",
    entry: (e, { log }) => {
      const text = e.note
        .slice(0, e.note.indexOf('\n\n') + 1)
        .replace(log.origin, 'log.test/other');
      return { ...e, note: formatNote(text, [signNote(text, log.origin, log.key)]) };
    },
  },
  { code: 'badCheckpoint', why: 'no note', entry: (e) => ({ ...e, note: '' }) },
  {
    code: 'badCheckpoint',
    why: 'a decision that embeds the head of another log',
    decision: (d, stage) => ({
      ...d,
      checkpoint: toB64(utf8(new TestLog('log.test/other', stage.world.keys.log).pad(6).note())),
    }),
  },
  {
    code: 'badCheckpoint',
    why: 'a decision that embeds bytes that are no text',
    decision: (d) => ({ ...d, checkpoint: toB64(Uint8Array.of(0xff, 0xfe)) }),
  },
  {
    code: 'otherHistory',
    why: 'the reviewer saw another history',
    decision: (d, stage) => ({
      ...d,
      checkpoint: toB64(utf8(stage.log.fork(4).pad(2, 'fork').note())),
    }),
  },
  {
    code: 'otherHistory',
    why: 'the reviewer saw a head of the same size with another root',
    entry: (e, stage) => ({
      ...e,
      note: stage.log
        .fork(stage.log.size - 1)
        .pad(1, 'x')
        .note(),
    }),
  },
  {
    code: 'otherHistory',
    why: 'an earlier run saw another history',
    before: (stage) => keep(stage, new TestLog(stage.log.origin, stage.log.key).pad(3, 'earlier')),
  },
  {
    code: 'otherHistory',
    why: 'an earlier run saw a larger tree, and nothing proves that this is its beginning',
    before: (stage) => keep(stage, stage.log.fork().pad(20, 'private')),
  },
  { code: 'otherHistory', why: 'no proof is given', prove: () => undefined },
  { code: 'otherHistory', why: 'an invented proof', prove: () => [wrongHash, wrongHash] },
  {
    code: 'otherHistory',
    why: 'a hash more than it takes',
    prove: (first, second, { log }) => [...log.consistency(first, second), wrongHash],
  },
  {
    code: 'otherHistory',
    why: 'an invented proof that comes along without being asked for',
    entry: (e) => ({
      ...e,
      history: [{ first: sizeSeen(e), proof: [wrongHash, wrongHash] }],
    }),
  },
  {
    code: 'otherHistory',
    why: 'a proof that came along for another tree is not taken for this one, and none is given',
    entry: (e, { log }) => ({
      ...e,
      history: [{ first: sizeSeen(e) - 1, proof: log.consistency(sizeSeen(e), log.size) }],
    }),
    prove: () => undefined,
  },
  {
    code: 'otherHistory',
    why: 'the reviewer saw an empty log',
    decision: (d, stage) => ({
      ...d,
      checkpoint: toB64(utf8(new TestLog(stage.log.origin, stage.log.key).note())),
    }),
  },
  {
    code: 'notInLog',
    why: 'an invented proof',
    entry: (e) => ({ ...e, proof: e.proof.map(() => wrongHash) }),
  },
  { code: 'notInLog', why: 'no proof', entry: (e) => ({ ...e, proof: [] }) },
  { code: 'notInLog', why: 'a later place', entry: (e) => ({ ...e, index: e.index + 1 }) },
  {
    code: 'notInLog',
    why: 'never appended',
    entry: (e, stage) => {
      const log = stage.log.fork(stage.requestIndex + 1).pad(3, 'without it');
      const proven = log.entry(e.request, utf8(e.envelope), e.index, stage.requestIndex);
      // The reviewer saw only what both histories share, so they agree as far as anybody can tell.
      return proven;
    },
    prove: (first, second, stage) =>
      stage.log
        .fork(stage.requestIndex + 1)
        .pad(3, 'without it')
        .consistency(first, second),
  },
  {
    code: 'otherIndex',
    why: 'the decision before its request',
    entry: (e) => ({ ...e, index: 2 }),
  },
  {
    code: 'otherIndex',
    why: 'the request at the place of its decision',
    entry: (e) => ({ ...e, requestIndex: e.index, requestProof: e.proof }),
  },
  {
    code: 'requestNotInLog',
    why: 'an invented proof',
    entry: (e) => ({ ...e, requestProof: e.requestProof.map(() => wrongHash) }),
  },
  {
    code: 'requestNotInLog',
    why: 'the proof of another leaf before it',
    entry: (e: Entry, { log }) => ({ ...e, requestIndex: 1, requestProof: log.inclusion(1) }),
  },
];
