import { describe, expect, test } from 'vitest';
import { startKeepAlive } from '../../../main/link/keep-alive.ts';
import { backoffMs, createReconnect, fractionOf } from '../../../main/link/reconnect.ts';
import { handClock } from './world.ts';

const ALMOST_ONE = 1 - 2 ** -32;
/** Four bytes that make the largest fraction. */
const latest = (size: number) => new Uint8Array(size).fill(255);

describe('backoff', () => {
  test('is anywhere from 0 to a bound that doubles from 0.5 s and stops at 30 s', () => {
    const bounds = [500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000];
    bounds.forEach((bound, failures) => {
      expect(backoffMs(failures, 0)).toBe(0);
      expect(backoffMs(failures, 0.5)).toBe(bound / 2);
      expect(backoffMs(failures, ALMOST_ONE)).toBe(bound - 1);
    });
    expect(backoffMs(10_000, ALMOST_ONE)).toBe(29_999);
  });

  test('a fraction is never 1', () => {
    expect(fractionOf(latest)).toBe(ALMOST_ONE);
    expect(fractionOf((size) => new Uint8Array(size))).toBe(0);
  });
});

describe('reconnect', () => {
  const planner = () => {
    const clock = handClock();
    const attempts: number[] = [];
    const reconnect = createReconnect({
      clock,
      timers: clock,
      random: latest,
      attempt: () => attempts.push(clock.monotonic()),
    });
    const wait = (sessionMs: number, atLeastMs = 0) =>
      reconnect.plan(sessionMs, atLeastMs) - clock.now();
    return { clock, attempts, reconnect, wait };
  };

  test('a session that lasted starts anew; one that ended at once does not', () => {
    const { wait } = planner();
    expect([wait(0), wait(0), wait(9_999), wait(10_000), wait(0)]).toEqual([
      499, 999, 1999, 499, 999,
    ]);
  });

  test('never sooner than asked', () => {
    expect(planner().wait(0, 30_000)).toBe(30_000);
  });

  test('attempts when it is time, once, and at once when told', () => {
    const { clock, attempts, reconnect, wait } = planner();
    wait(0);
    clock.advance(498);
    expect(attempts).toEqual([]);
    clock.advance(1);
    reconnect.now();
    clock.advance(60_000);
    expect(attempts).toEqual([499]);
    wait(0);
    reconnect.now();
    clock.advance(60_000);
    expect(attempts).toHaveLength(2);
    wait(0);
    reconnect.stop();
    reconnect.now();
    clock.advance(60_000);
    expect(attempts).toHaveLength(2);
  });
});

describe('keep-alive', () => {
  const started = () => {
    const clock = handClock();
    const seen = { pings: 0, dead: 0 };
    const alive = startKeepAlive({
      clock,
      timers: clock,
      ping: () => seen.pings++,
      onDead: () => seen.dead++,
    });
    return { clock, seen, alive };
  };

  test('pings every 15 s and gives up 35 s after the last sign, once', () => {
    const { clock, seen, alive } = started();
    clock.advance(20_000);
    alive.heard();
    clock.advance(34_999);
    expect(seen).toEqual({ pings: 3, dead: 0 });
    clock.advance(1);
    expect(seen.dead).toBe(1);
    clock.advance(100_000);
    expect(seen).toEqual({ pings: 3, dead: 1 });
  });

  test('a timer that fires early does not kill a living connection', () => {
    const { clock, seen, alive } = started();
    for (let i = 0; i < 10; i++) {
      clock.advance(34_000);
      alive.heard();
    }
    expect(seen.dead).toBe(0);
  });

  test('a probe asks at once and waits 5 s; a sign ends it', () => {
    const { clock, seen, alive } = started();
    alive.probe();
    expect(seen.pings).toBe(1);
    clock.advance(4_999);
    alive.heard();
    clock.advance(30_000);
    expect(seen.dead).toBe(0);
    alive.probe();
    clock.advance(5_000);
    expect(seen.dead).toBe(1);
  });

  test('is silent once stopped', () => {
    const { clock, seen, alive } = started();
    alive.stop();
    clock.advance(100_000);
    expect(seen).toEqual({ pings: 0, dead: 0 });
  });
});
