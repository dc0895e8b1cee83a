// Each rule of the broker, by its code: a statement that breaks exactly it is refused with exactly that word.

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fromUtf8, toB64 } from '../../shared/bytes.ts';
import { LIMITS } from '../../shared/protocol/limits.ts';
import type { Request } from '../../shared/statement/request.ts';
import { payloadTypeOf } from '../../shared/statement/statement.ts';
import { sha256Hex } from '../../main/trust/digest.ts';
import { generateKeyPair } from '../../main/trust/ed25519.ts';
import { sealMany } from '../../main/trust/envelope.ts';
import type { WireClient } from '../kit/wire-client.ts';
import { type Visit, visit } from '../kit/wire-visit.ts';
import {
  decisionBy,
  endingBy,
  type HandTime,
  makeOrg,
  nextKeyring,
  noticeBy,
  type Org,
  receiptBy,
  requestBy,
  type Signed,
  START,
} from '../kit/wire-world.ts';
import { holding, saidBy } from '../kit/test-policies.ts';
import { holdEverything } from '../../main/policy/policy.ts';

let org: Org;
let here: Visit;
let time: HandTime;
let guard: WireClient;
let alice: WireClient;
beforeEach(async () => {
  org = makeOrg((keyring) => ({
    ...keyring,
    owners: [{ agent: 'owned', owner: 'alice' }],
    guards: keyring.guards.map((one) => ({ ...one, agents: ['claude', 'owned'] })),
  }));
  here = await visit(org);
  time = here.house.time;
  guard = await here.asGuard();
  alice = await here.asReviewer();
});
afterEach(() => here.leave());

const ask = (one: Signed, who = guard) => who.ask('request', { envelope: one.envelope });
const decide = (one: Signed, who = alice) => who.ask('decision', { envelope: one.envelope });
async function opened(change: Partial<Request> = {}): Promise<string> {
  const request = requestBy(org.guard, time, change);
  expect(await ask(request)).toBeTypeOf('number');
  return request.sha256;
}

describe('a request', () => {
  const policy = (tier: Request['policy']['tier']): Request['policy'] => ({
    sha256: holdEverything().sha256,
    rules: ['hold-everything'],
    tier,
    needs: [{ group: 'anyone', count: 1 }],
  });
  const fewer = saidBy(holding('high', '2 of anyone'), 'high');
  const strange = { ...policy('medium'), sha256: '0'.repeat(64) };
  const named = (change: object): Partial<Request> => ({
    guard: {
      id: 'guard-1',
      keyId: org.guard.guard.keyId,
      host: 'guard-1.host',
      mode: 'run',
      ...change,
    },
  });

  test.each<[string, () => Partial<Request>, string]>([
    ['with facts that are not those of its action', () => ({ facts: {} }), 'badPolicy'],
    ['that policy asks more people about', () => ({ policy: fewer }), 'badPolicy'],
    ['that names other rules', () => ({ policy: { ...policy('medium'), rules: [] } }), 'badPolicy'],
    ['under a policy that is not pinned', () => ({ policy: strange }), 'policyMissing'],
    ['of another organisation', () => ({ org: 'other' }), 'wrongGuard'],
    ['for another log', () => ({ log: 'log.test/2' }), 'wrongGuard'],
    ['in the name of another guard', () => named({ id: 'guard-2' }), 'wrongGuard'],
    ['from another host', () => named({ host: 'elsewhere' }), 'wrongGuard'],
    ['that names another key', () => named({ keyId: '0'.repeat(64) }), 'wrongGuard'],
    ['above the tier of its guard', () => ({ policy: policy('critical') }), 'wrongGuard'],
    [
      'for an agent that the guard may not speak for',
      () => ({ agent: { id: 'stranger', session: 's', onBehalfOf: 'carol', authn: 'declared' } }),
      'wrongGuard',
    ],
    ['that has expired', () => ({ createdAt: new Date(START - 61_000).toISOString() }), 'expired'],
    [
      'from the future',
      () => ({ createdAt: new Date(START + 121_000).toISOString() }),
      'badStatement',
    ],
    [
      'whose attachment was not sent',
      () => ({
        attachments: [{ sha256: '3'.repeat(64), size: 10, mediaType: 'text/plain', name: 'a' }],
      }),
      'attachmentMissing',
    ],
    [
      'with more attached than is allowed',
      () => ({
        attachments: ['1', '2', '3'].map((digit) => ({
          sha256: digit.repeat(64),
          size: LIMITS.maxAttachmentBytes,
          mediaType: 'text/plain',
          name: 'a',
        })),
      }),
      'tooLarge',
    ],
  ])('%s is refused', async (_, change, code) => {
    expect(await ask(requestBy(org.guard, time, change()))).toBe(code);
  });

  test('from a reviewer is refused', async () => {
    expect(await ask(requestBy(org.guard, time), alice)).toBe('wrongRole');
  });

  test('signed by another guard than the one that is logged in is refused', async () => {
    expect(await ask(requestBy(org.other, time))).toBe('wrongGuard');
  });

  test('signed by a session key, or by a key nobody knows, is refused', async () => {
    expect(await ask(requestBy({ ...org.guard, guard: org.guard.session }, time))).toBe(
      'unknownKey',
    );
    expect(await ask(requestBy({ ...org.guard, guard: generateKeyPair() }, time))).toBe(
      'unknownKey',
    );
  });

  test('with a signature that does not fit is refused', async () => {
    const [one, two] = [requestBy(org.guard, time), requestBy(org.guard, time)];
    const payloadOf = (text: string) =>
      JSON.parse(text) as { payload: string; signatures: unknown };
    const mixed = { ...payloadOf(one.envelope), signatures: payloadOf(two.envelope).signatures };
    expect(await guard.ask('request', { envelope: JSON.stringify(mixed) })).toBe('badSignature');
  });

  test('that is no envelope, has two signatures, or another type is refused', async () => {
    expect(await guard.ask('request', { envelope: '{}' })).toBe('badEnvelope');
    expect(await guard.ask('request', { envelope: ' '.repeat(61 * 1024) })).toBe('tooLarge');
    const receipt = receiptBy(org.guard, time, '0'.repeat(64));
    expect(await ask(receipt)).toBe('badEnvelope');
    const { envelope } = requestBy(org.guard, time);
    const payload = Buffer.from((JSON.parse(envelope) as { payload: string }).payload, 'base64');
    const pairs = [org.guard.guard, org.guard.session];
    const twice = fromUtf8(sealMany(payloadTypeOf('request'), new Uint8Array(payload), pairs));
    expect(await guard.ask('request', { envelope: twice })).toBe('badEnvelope');
  });

  test('over the limit of its agent waits, under an invented name too, and another agent does not', async () => {
    for (let i = 0; i < LIMITS.maxPendingPerAgent; i++) await opened();
    expect(await ask(requestBy(org.guard, time))).toBe('busy');
    time.advance(5000);
    const invented = { id: 'owned', session: 's', onBehalfOf: 'carol', authn: 'declared' as const };
    expect(await ask(requestBy(org.guard, time, { agent: invented }))).toBe('busy');
    const known = { ...invented, authn: 'account' as const };
    expect(await ask(requestBy(org.guard, time, { agent: known }))).toBeTypeOf('number');
  });
});

describe('a decision', () => {
  test('from a guard, about nothing, or signed by a session key is refused', async () => {
    const request = await opened();
    const decision = decisionBy(org.alice, time, request);
    expect(await decide(decision, guard)).toBe('wrongRole');
    expect(await decide(decisionBy(org.alice, time, '4'.repeat(64)))).toBe('unknownRequest');
    const wrong = { ...org.alice, decision: org.alice.session };
    expect(await decide(decisionBy(wrong, time, request))).toBe('unknownKey');
  });

  test('of another reviewer, or that names another device, is refused', async () => {
    const request = await opened();
    expect(await decide(decisionBy(org.bob, time, request))).toBe('notYours');
    const elsewhere = { ...org.alice, device: 'other-laptop' };
    expect(await decide(decisionBy(elsewhere, time, request))).toBe('notYours');
  });

  test('by the owner of the agent, or by the person it acts for, approves nothing', async () => {
    const agent = { id: 'owned', session: 's', onBehalfOf: 'carol', authn: 'declared' as const };
    const owned = await opened({ agent });
    expect(await decide(decisionBy(org.alice, time, owned))).toBe('notYours');
    const own = await opened({ agent: { ...agent, id: 'claude', onBehalfOf: 'alice' } });
    expect(await decide(decisionBy(org.alice, time, own))).toBe('notYours');
    // Refusing one's own is anyone's right.
    expect(await decide(decisionBy(org.alice, time, own, { verdict: 'deny' }))).toBeTypeOf(
      'number',
    );
  });

  test('after the expiry is refused, to the millisecond', async () => {
    const request = await opened({ ttlMs: 1000 });
    time.advance(999);
    expect(await decide(decisionBy(org.alice, time, request))).toBeTypeOf('number');
    const late = await opened({ ttlMs: 1000, createdAt: time.iso() });
    time.advance(1000);
    const chain = { seq: 2, prev: '5'.repeat(64) };
    expect(await decide(decisionBy(org.alice, time, late, { chain }))).toBe('expired');
  });

  test('is taken once of each reviewer, and none after the request is decided', async () => {
    const two = saidBy(holding('high', '2 of anyone'), 'high', 'anyone', 2);
    const request = await opened({ policy: two });
    const first = decisionBy(org.alice, time, request);
    expect(await decide(first)).toBeTypeOf('number');
    const chain = { seq: 2, prev: first.sha256 };
    expect(await decide(decisionBy(org.alice, time, request, { chain }))).toBe('alreadyDecided');
    const bob = await here.asReviewer(org.bob);
    expect(await decide(decisionBy(org.bob, time, request), bob)).toBeTypeOf('number');
    const other = await opened();
    const second = decisionBy(org.alice, time, other, { chain });
    expect(await decide(second)).toBeTypeOf('number');
    const late = { seq: 2, prev: decisionBy(org.bob, time, request).sha256 };
    expect(['badSequence', 'notOpen']).toContain(
      await decide(decisionBy(org.bob, time, other, { chain: late }), bob),
    );
  });

  test('that skips or repeats a number, or names another decision before it, is refused', async () => {
    const [one, two] = [await opened(), await opened()];
    const zeros = '0'.repeat(64);
    expect(await decide(decisionBy(org.alice, time, one, { chain: { seq: 2, prev: zeros } }))).toBe(
      'badSequence',
    );
    const first = decisionBy(org.alice, time, one);
    expect(await decide(first)).toBeTypeOf('number');
    expect(await decide(decisionBy(org.alice, time, two))).toBe('badSequence');
    const wrong = { seq: 2, prev: '6'.repeat(64) };
    expect(await decide(decisionBy(org.alice, time, two, { chain: wrong }))).toBe('badSequence');
    const right = { seq: 2, prev: first.sha256 };
    expect(await decide(decisionBy(org.alice, time, two, { chain: right }))).toBeTypeOf('number');
  });

  test('may leave out the number of one that was signed and refused, and goes on from there', async () => {
    const [one, two] = [await opened(), await opened()];
    const first = decisionBy(org.alice, time, one);
    expect(await decide(first)).toBeTypeOf('number');
    const late = decisionBy(org.alice, time, one, { chain: { seq: 2, prev: first.sha256 } });
    expect(await decide(late)).toBe('alreadyDecided');
    const after = { seq: 3, prev: late.sha256 };
    expect(await decide(decisionBy(org.alice, time, two, { chain: after }))).toBeTypeOf('number');
  });

  test('the chain goes on after a restart', async () => {
    const one = await opened();
    const first = decisionBy(org.alice, time, one);
    await decide(first);
    await here.house.restart();
    guard = await here.asGuard();
    alice = await here.asReviewer();
    const two = await opened();
    expect(await decide(decisionBy(org.alice, time, two))).toBe('badSequence');
    const right = { seq: 2, prev: first.sha256 };
    expect(await decide(decisionBy(org.alice, time, two, { chain: right }))).toBeTypeOf('number');
  });
});

describe('notices, endings and receipts', () => {
  test('a notice is of its own reviewer, about an open request, and not of a chat', async () => {
    const request = await opened();
    const tell = (one: Signed, who = alice) => who.ask('notice', { envelope: one.envelope });
    expect(await tell(noticeBy(org.bob, time, request, 'shown'))).toBe('notYours');
    expect(await tell(noticeBy(org.alice, time, request, 'shown'), guard)).toBe('wrongRole');
    expect(await tell(noticeBy(org.alice, time, '4'.repeat(64), 'shown'))).toBe('unknownRequest');
    expect(await tell(noticeBy(org.alice, time, request, 'chatDenied'))).toBe('wrongRole');
    expect(await tell(noticeBy(org.alice, time, request, 'shown'))).toBe('kept');
    await guard.ask('ending', { envelope: endingBy(org.guard, time, request).envelope });
    expect(await tell(noticeBy(org.alice, time, request, 'opened'))).toBe('notOpen');
  });

  test('only the guard that asked ends, once, and by decisions that are in the log', async () => {
    const request = await opened();
    const other = await here.asGuard(org.other);
    const end = (one: Signed, who = guard) => who.ask('ending', { envelope: one.envelope });
    expect(await end(endingBy(org.other, time, request), other)).toBe('notYours');
    expect(await end(endingBy(org.guard, time, request), other)).toBe('notYours');
    expect(await end(endingBy(org.guard, time, request), alice)).toBe('wrongRole');
    expect(await end(endingBy(org.guard, time, '4'.repeat(64)))).toBe('unknownRequest');
    const invented = { how: 'approved' as const, decisions: ['7'.repeat(64)] };
    expect(await end(endingBy(org.guard, time, request, invented))).toBe('badStatement');
    const asBroker = {
      who: { role: 'broker' as const, id: 'guard-1', keyId: org.guard.guard.keyId },
    };
    expect(await end(endingBy(org.guard, time, request, asBroker))).toBe('notYours');
    expect(await end(endingBy(org.guard, time, request))).toBeTypeOf('number');
    expect(await end(endingBy(org.guard, time, request, { how: 'denied' }))).toBe('notOpen');
    expect(await decide(decisionBy(org.alice, time, request))).toBe('notOpen');
  });

  test('a receipt is by the guard that asked, after the ending too', async () => {
    const request = await opened();
    await guard.ask('ending', { envelope: endingBy(org.guard, time, request).envelope });
    const other = await here.asGuard(org.other);
    const report = (one: Signed, who = guard) => who.ask('receipt', { envelope: one.envelope });
    expect(await report(receiptBy(org.other, time, request), other)).toBe('notYours');
    expect(await report(receiptBy(org.guard, time, '4'.repeat(64)))).toBe('unknownRequest');
    expect(await report(receiptBy(org.guard, time, request))).toBeTypeOf('number');
  });
});

describe('attachments', () => {
  const bytes = Uint8Array.from({ length: 200_000 }, (_, i) => i % 253);
  const sha256 = sha256Hex(bytes);
  const { size } = { size: bytes.length };
  const attachments = [{ sha256, size, mediaType: 'text/plain', name: 'big' }];
  const send = (offset: number, end: number, who = guard) =>
    who.ask('chunk', { sha256, size, offset, bytes: toB64(bytes.slice(offset, end)) });

  test('travel by digest, and are fetched by those who may see the request', async () => {
    expect(await send(0, LIMITS.chunkBytes)).toBe('kept');
    expect(await send(LIMITS.chunkBytes, size)).toBe('kept');
    const policy = saidBy(holding('medium', '1 of ops'), 'medium', 'ops');
    const request = await opened({ attachments, policy });
    const parts: Uint8Array[] = [];
    for (let offset = 0; offset < size; ) {
      const id = alice.tell('fetch', { request, sha256, offset });
      const { body } = await alice.wait('part', (one) => one.ref === id);
      parts.push(new Uint8Array(Buffer.from(body.bytes, 'base64')));
      offset += parts.at(-1)?.length ?? size;
    }
    expect(sha256Hex(new Uint8Array(Buffer.concat(parts)))).toBe(sha256);
    const bob = await here.asReviewer(org.bob);
    expect(await bob.ask('fetch', { request, sha256, offset: 0 })).toBe('notYours');
    expect(await alice.ask('fetch', { request, sha256: '8'.repeat(64), offset: 0 })).toBe(
      'attachmentMissing',
    );
    expect(await alice.ask('fetch', { request: '8'.repeat(64), sha256, offset: 0 })).toBe(
      'unknownRequest',
    );
  });

  test('that are incomplete, out of order, too large or not from a guard are refused', async () => {
    expect(await send(10, 20)).toBe('attachmentMissing');
    expect(await send(0, 20, alice)).toBe('wrongRole');
    expect(await send(0, LIMITS.chunkBytes + 1)).toBe('tooLarge');
    await send(0, 20);
    expect(await ask(requestBy(org.guard, time, { attachments }))).toBe('attachmentMissing');
  });
});

describe('a next keyring', () => {
  test('is checked, logged, sent to all, and closes the sessions of keys it revokes', async () => {
    const bob = await here.asReviewer(org.bob);
    const revoked = nextKeyring(org, (keyring) => ({
      ...keyring,
      reviewers: keyring.reviewers.map((one) =>
        one.id === 'bob'
          ? { ...one, keys: one.keys.map((key) => ({ ...key, untilIndex: 1 })) }
          : one,
      ),
    }));
    expect(await alice.ask('keyring', { envelope: revoked })).toBe(1);
    expect((await guard.wait('keyring')).body.envelope).toBe(revoked);
    expect((await bob.ended).code).toBe(4004);
    await here.house.restart();
    const again = here.connect();
    const welcome = await again.login('guard', org.guard.session);
    expect(welcome.body.keyrings).toEqual([fromUtf8(org.envelope), revoked]);
    await expect(here.connect().login('reviewer', org.bob.session)).rejects.toThrow(/4004/);
  });

  test('that skips a version, follows another, or is not signed by the roots is refused', async () => {
    const enrol = (envelope: string, who = alice) => who.ask('keyring', { envelope });
    expect(await enrol(nextKeyring(org, (one) => ({ ...one, version: 3 })))).toBe('badKeyring');
    expect(await enrol(nextKeyring(org, (one) => ({ ...one, prevSha256: '9'.repeat(64) })))).toBe(
      'badKeyring',
    );
    expect(await enrol(nextKeyring({ ...org, root: generateKeyPair() }, (one) => one))).toBe(
      'badKeyring',
    );
    expect(await enrol(fromUtf8(org.envelope))).toBe('badKeyring');
    const log = { ...org.keyring.log, origin: 'log.test/2' };
    expect(await enrol(nextKeyring(org, (one) => ({ ...one, log })))).toBe('badKeyring');
    expect(
      await enrol(
        nextKeyring(org, (one) => one),
        guard,
      ),
    ).toBe('wrongRole');
  });
});
