import { describe, expect, test } from 'vitest';
import { Desk, decide, mark, wasSeen } from '../../../main/broker/desk.ts';
import { decodeStatement } from '../../../shared/statement/statement.ts';
import type { Request } from '../../../shared/statement/request.ts';
import { HandTime, makeOrg, requestBy } from '../../kit/wire-world.ts';

const org = makeOrg();
function request(change: Partial<Request> = {}): Request {
  const { envelope } = requestBy(org.guard, new HandTime(), change);
  const { payload } = JSON.parse(envelope) as { payload: string };
  const read = decodeStatement('request', new Uint8Array(Buffer.from(payload, 'base64')));
  if (!read.ok) throw new Error(read.code);
  return read.value;
}
const needs = (count: number): Partial<Request> => ({
  policy: { sha256: '0'.repeat(64), rules: [], tier: 'high', needs: [{ group: 'anyone', count }] },
});
const alice = { id: 'alice', groups: [] };
const bob = { id: 'bob', groups: [] };
const say = (verdict: 'approve' | 'deny', sha256 = '1') => ({ verdict, sha256 });

describe('deciding', () => {
  test('one of two approvals leaves it open, the second decides', () => {
    const open = new Desk().put('d', request(needs(2)));
    expect(decide(open, alice, say('approve'), false)).toMatchObject({ value: { stage: 'open' } });
    expect(decide(open, bob, say('approve', '2'), false)).toMatchObject({
      value: { stage: 'decided' },
    });
    expect(open.decisions).toEqual(['1', '2']);
  });

  test('one denial decides, and nothing comes after it', () => {
    const open = new Desk().put('d', request(needs(2)));
    decide(open, alice, say('deny'), false);
    expect(decide(open, bob, say('approve'), false)).toMatchObject({ code: 'notOpen' });
    expect(open.decisions).toEqual(['1']);
  });

  test('solo, one person is enough for two', () => {
    const open = new Desk().put('d', request(needs(2)));
    expect(decide(open, alice, say('approve'), true)).toMatchObject({
      value: { stage: 'decided' },
    });
  });
});

test('a mark only moves forward, and delivered alone is not seen', () => {
  const open = new Desk().put('d', request());
  expect(mark(open, 'alice', 'delivered')).toBe(true);
  expect(wasSeen(open)).toBe(false);
  expect(mark(open, 'alice', 'opened')).toBe(true);
  expect(mark(open, 'alice', 'shown')).toBe(false);
  expect(mark(open, 'alice', 'snoozed')).toBe(false);
  expect(open.marks.get('alice')).toBe('opened');
  expect(wasSeen(open)).toBe(true);
});

test('pending is counted for each agent behind each guard', () => {
  const desk = new Desk();
  const one = request();
  desk.put('a', one);
  desk.put('b', one);
  expect(desk.pendingOf(one)).toBe(2);
  desk.end('a');
  desk.end('a');
  expect(desk.pendingOf(one)).toBe(1);
  desk.end('b');
  expect(desk.pendingOf(one)).toBe(0);
  expect(desk.size).toBe(0);
});
