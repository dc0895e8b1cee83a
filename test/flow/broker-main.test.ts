// The main path over real sockets: ask, decide, prove, end, report; and what happens when any of it is said twice.

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fromB64, fromUtf8, toB64, utf8 } from '../../shared/bytes.ts';
import { NO_DECISION } from '../../shared/statement/decision.ts';
import { decodeStatement } from '../../shared/statement/statement.ts';
import { openCheckpoint } from '../../main/trust/checkpoint.ts';
import { parseEnvelope } from '../../main/trust/envelope.ts';
import { leafOf, parseLeaf } from '../../main/trust/leaf.ts';
import { ENVELOPE_LIMITS } from '../../main/trust/limits.ts';
import { leafHash, verifyConsistency, verifyInclusion } from '../../main/trust/merkle.ts';
import { messageId, type WireClient } from '../kit/wire-client.ts';
import { type Visit, visit } from '../kit/wire-visit.ts';
import {
  decisionBy,
  endingBy,
  type House,
  makeOrg,
  noticeBy,
  type Org,
  receiptBy,
  requestBy,
} from '../kit/wire-world.ts';
import { holding, saidBy } from '../kit/test-policies.ts';

let org: Org;
let here: Visit;
let house: House;
const asGuard: Visit['asGuard'] = (keys) => here.asGuard(keys);
const asReviewer: Visit['asReviewer'] = (who, cursor) => here.asReviewer(who, cursor);

beforeEach(async () => {
  org = makeOrg();
  here = await visit(org);
  house = here.house;
});
afterEach(() => here.leave());

function openNote(note: string) {
  const head = openCheckpoint(note, org.vkey);
  if (!head.ok) throw new Error(head.code);
  return head.value;
}

/** Checks both proofs of an entry under its own note. */
function holds(
  body: Extract<WireClient['heard'][number], { t: 'entry' }>['body'],
  request: string,
): boolean {
  const { size, root } = openNote(body.note);
  const hashOf = (text: string): Uint8Array => {
    const envelope = parseEnvelope(utf8(text), ENVELOPE_LIMITS.request);
    if (!envelope.ok) throw new Error(envelope.code);
    return leafHash(leafOf(envelope.value));
  };
  const check = (index: number, text: string, proof: readonly string[]): boolean => {
    const hashes = proof.map((one) => fromB64(one) ?? new Uint8Array(0));
    return verifyInclusion({ index, size, root, leafHash: hashOf(text), proof: hashes });
  };
  return (
    check(body.index, body.envelope, body.proof) &&
    check(body.requestIndex, request, body.requestProof)
  );
}

test('a request is acknowledged with its index, shown, decided, proven to its guard, ended and reported', async () => {
  const guard = await asGuard();
  const reviewer = await asReviewer();
  const request = requestBy(org.guard, house.time);
  expect(await guard.ask('request', { envelope: request.envelope })).toBe(1);
  await reviewer.leaf(1);
  const shown = reviewer.leaves().get(1);
  const payload = fromB64(shown?.payload ?? '') ?? new Uint8Array(0);
  expect(decodeStatement('request', payload).ok).toBe(true);
  expect((await reviewer.wait('agent')).body).toMatchObject({
    request: request.sha256,
    state: 'here',
  });

  const decision = decisionBy(org.alice, house.time, request.sha256);
  expect(await reviewer.ask('decision', { envelope: decision.envelope })).toBe(2);
  const entry = await guard.wait('entry');
  expect(entry.body).toMatchObject({ index: 2, requestIndex: 1, request: request.sha256 });
  expect(entry.body.envelope).toBe(decision.envelope);
  expect(holds(entry.body, request.envelope)).toBe(true);
  const head = await reviewer.wait('checkpoint', ({ body }) => openNote(body.note).size >= 3);
  expect(openNote(head.body.note).size).toBe(3);

  const ending = endingBy(org.guard, house.time, request.sha256, {
    how: 'approved',
    decisions: [decision.sha256],
  });
  expect(await guard.ask('ending', { envelope: ending.envelope })).toBe(3);
  const receipt = receiptBy(org.guard, house.time, request.sha256);
  expect(await guard.ask('receipt', { envelope: receipt.envelope })).toBe(4);
  await reviewer.leaf(4);
  expect([...reviewer.leaves().keys()]).toEqual([0, 1, 2, 3, 4]);
});

test('an approval brings the proofs of one history that its guard would ask for next', async () => {
  const guard = await asGuard();
  const reviewer = await asReviewer();
  const noteSeen = (await reviewer.wait('hello')).body.checkpoint;
  const notes = new Map([[openNote(noteSeen).size, noteSeen]]);
  let chain = { seq: 1, prev: NO_DECISION as string };
  for (const asked of ['the first', 'the second']) {
    const request = requestBy(org.guard, house.time, { reason: asked });
    await guard.ask('request', { envelope: request.envelope });
    const change = { chain, checkpoint: toB64(utf8(noteSeen)) };
    const decision = decisionBy(org.alice, house.time, request.sha256, change);
    chain = { seq: 2, prev: decision.sha256 };
    await reviewer.ask('decision', { envelope: decision.envelope });
    const { body } = await guard.wait('entry', (one) => one.body.request === request.sha256);
    const head = openNote(body.note);
    // The head under the decision, and the one that this connection was shown last.
    expect(body.history?.map(({ first }) => first)).toEqual([...notes.keys()]);
    for (const { first, proof } of body.history ?? []) {
      const earlier = openNote(notes.get(first) ?? '');
      const hashes = proof.map((one) => fromB64(one) ?? new Uint8Array(0));
      expect(
        verifyConsistency({
          first,
          second: head.size,
          firstRoot: earlier.root,
          secondRoot: head.root,
          proof: hashes,
        }),
      ).toBe(true);
    }
    notes.set(head.size, body.note);
  }
});

test('leaf 0 is the first keyring, and the hello carries a checkpoint over it', async () => {
  const reviewer = await asReviewer();
  const hello = await reviewer.wait('hello');
  expect(openNote(hello.body.checkpoint).size).toBe(1);
  await reviewer.leaf(0);
  const leaf = parseLeaf(utf8(reviewer.leaves().get(0)?.leaf ?? ''));
  expect(leaf.ok && leaf.value.payloadType).toBe('application/vnd.countersign.keyring.v1+json');
  const welcome = await reviewer.wait('welcome');
  expect(welcome.body.keyrings).toEqual([fromUtf8(org.envelope)]);
});

describe('said twice', () => {
  test('the same message is answered the same and has one effect', async () => {
    const guard = await asGuard();
    const { envelope } = requestBy(org.guard, house.time);
    const id = messageId();
    expect(await guard.ask('request', { envelope }, id)).toBe(1);
    expect(await guard.ask('request', { envelope }, id)).toBe(1);
  });

  test('the same id with other content is refused', async () => {
    const guard = await asGuard();
    const id = messageId();
    expect(
      await guard.ask('request', { envelope: requestBy(org.guard, house.time).envelope }, id),
    ).toBe(1);
    const other = requestBy(org.guard, house.time);
    expect(await guard.ask('request', { envelope: other.envelope }, id)).toBe('duplicate');
  });

  test('the same id of two principals is two messages', async () => {
    const [one, two] = [await asGuard(), await asGuard(org.other)];
    const id = messageId();
    expect(
      await one.ask('request', { envelope: requestBy(org.guard, house.time).envelope }, id),
    ).toBe(1);
    expect(
      await two.ask('request', { envelope: requestBy(org.other, house.time).envelope }, id),
    ).toBe(2);
  });

  test('two copies in one turn are one leaf', async () => {
    const guard = await asGuard();
    await asReviewer();
    await asReviewer(org.bob);
    const { envelope } = requestBy(org.guard, house.time);
    const id = messageId();
    const frame = JSON.stringify({ t: 'request', id, body: { envelope } });
    guard.raw(frame);
    guard.raw(frame);
    const next = requestBy(org.guard, house.time);
    expect(await guard.ask('request', { envelope: next.envelope })).toBe(2);
    const acks = guard.heard.filter((one) => one.t === 'ack' && one.ref === id);
    expect(acks.map((one) => one.t === 'ack' && one.body.index)).toEqual([1, 1]);
  });

  test('the answer survives a restart', async () => {
    const id = messageId();
    const { envelope } = requestBy(org.guard, house.time);
    expect(await (await asGuard()).ask('request', { envelope }, id)).toBe(1);
    await house.restart();
    const again = await asGuard();
    expect(await again.ask('request', { envelope }, id)).toBe(1);
    // Another id for the same statement: the same leaf.
    expect(await again.ask('request', { envelope })).toBe(1);
  });
});

test('a guard that asks again after a restart gets its decisions again, and its request stays open', async () => {
  const first = await asGuard();
  const request = requestBy(org.guard, house.time);
  await first.ask('request', { envelope: request.envelope });
  const reviewer = await asReviewer();
  const decision = decisionBy(org.alice, house.time, request.sha256);
  await reviewer.ask('decision', { envelope: decision.envelope });
  await house.restart();
  const second = await asGuard();
  expect(await second.ask('request', { envelope: request.envelope })).toBe(1);
  const entry = await second.wait('entry');
  expect(entry.body.envelope).toBe(decision.envelope);
  expect(holds(entry.body, request.envelope)).toBe(true);
  house.time.advance(31_000);
  const ending = endingBy(org.guard, house.time, request.sha256, {
    how: 'approved',
    decisions: [decision.sha256],
  });
  expect(await second.ask('ending', { envelope: ending.envelope })).toBe(3);
});

test('the stream resumes at the cursor without a gap', async () => {
  const guard = await asGuard();
  for (let i = 0; i < 3; i++) {
    await guard.ask('request', { envelope: requestBy(org.guard, house.time).envelope });
  }
  await house.restart();
  const reviewer = await asReviewer(org.alice, 2);
  await reviewer.leaf(3);
  expect([...reviewer.leaves().keys()]).toEqual([2, 3]);
});

test('a consistency proof connects two heads', async () => {
  const guard = await asGuard();
  const before = openNote((await guard.wait('hello')).body.checkpoint);
  const reviewer = await asReviewer();
  await guard.ask('request', { envelope: requestBy(org.guard, house.time).envelope });
  house.time.advance(200);
  const note = await reviewer.wait('checkpoint', ({ body }) => openNote(body.note).size === 2);
  const after = openNote(note.body.note);
  const id = guard.tell('prove', { first: before.size, second: after.size });
  const { body } = await guard.wait('proof', (one) => one.ref === id);
  const proof = body.proof.map((one) => fromB64(one) ?? new Uint8Array(0));
  const claim = {
    first: before.size,
    second: after.size,
    firstRoot: before.root,
    secondRoot: after.root,
    proof,
  };
  expect(verifyConsistency(claim)).toBe(true);
  expect(await guard.ask('prove', { first: 0, second: 1 })).toBe('badStatement');
  expect(await guard.ask('prove', { first: 1, second: 99 })).toBe('badStatement');
});

test('a guard is told who is asked and how far each has got', async () => {
  const guard = await asGuard();
  const request = requestBy(org.guard, house.time, {
    policy: saidBy(holding('medium', '1 of ops'), 'medium', 'ops'),
  });
  await guard.ask('request', { envelope: request.envelope });
  const people = async (state: string) =>
    (await guard.wait('asking', ({ body }) => body.people[0]?.state === state)).body.people;
  expect(await people('offline')).toEqual([
    { id: 'alice', name: 'alice', state: 'offline', turn: true },
  ]);
  const reviewer = await asReviewer();
  await people('online');
  for (const what of ['delivered', 'shown'] as const) {
    const { envelope } = noticeBy(org.alice, house.time, request.sha256, what);
    expect(await reviewer.ask('notice', { envelope })).toBe('kept');
    await people(what);
  }
  const opened = noticeBy(org.alice, house.time, request.sha256, 'opened');
  expect(await reviewer.ask('notice', { envelope: opened.envelope })).toBe(2);
  await people('opened');
});

test('a reviewer gets every leaf, and bodies only of requests that are theirs to decide', async () => {
  const guard = await asGuard();
  const bob = await asReviewer(org.bob);
  const policy = saidBy(holding('medium', '1 of ops'), 'medium', 'ops');
  const request = requestBy(org.guard, house.time, { policy });
  await guard.ask('request', { envelope: request.envelope });
  await bob.leaf(1);
  expect(bob.leaves().get(0)?.payload).toBeDefined();
  expect(bob.leaves().get(1)?.leaf).toContain(request.sha256);
  expect(bob.leaves().get(1)?.payload).toBeUndefined();
  const notice = noticeBy(org.bob, house.time, request.sha256, 'opened');
  expect(await bob.ask('notice', { envelope: notice.envelope })).toBe('notYours');
  const decision = decisionBy(org.bob, house.time, request.sha256, { verdict: 'deny' });
  expect(await bob.ask('decision', { envelope: decision.envelope })).toBe('notYours');
});
