import { expect, test } from 'vitest';
import { Rate } from '../../../main/broker/rate.ts';
import { LIMITS } from '../../../shared/protocol/limits.ts';

const ALLOWED = { perSecond: LIMITS.messagesPerSecond, burst: LIMITS.messageBurst };
const drain = (rate: Rate, principal: string, at: number): number => {
  let taken = 0;
  while (rate.take(principal, at) === 0) taken += 1;
  return taken;
};

test('a burst, then the rate, then the burst again after a rest', () => {
  const rate = new Rate(ALLOWED);
  expect(drain(rate, 'a', 0)).toBe(LIMITS.messageBurst);
  expect(rate.take('a', 0)).toBe(50);
  expect(drain(rate, 'a', 1000)).toBe(LIMITS.messagesPerSecond);
  expect(drain(rate, 'a', 60_000)).toBe(LIMITS.messageBurst);
});

test('what it says to wait is enough', () => {
  const rate = new Rate(ALLOWED);
  drain(rate, 'a', 0);
  const wait = rate.take('a', 7);
  expect(wait).toBeGreaterThan(0);
  expect(rate.take('a', 7 + wait)).toBe(0);
});

test('one principal does not spend what is another’s, and sweeping gives nobody more', () => {
  const rate = new Rate(ALLOWED);
  drain(rate, 'a', 0);
  rate.sweep(100);
  expect(rate.take('a', 0)).toBeGreaterThan(0);
  expect(drain(rate, 'b', 0)).toBe(LIMITS.messageBurst);
});
