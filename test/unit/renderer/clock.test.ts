import { describe, expect, test } from 'vitest';
import { openClock } from '../../../renderer/ui/clock.ts';

function clockAt(start: number) {
  let at = start;
  const timers = new Set<() => void>();
  const clock = openClock({
    now: () => at,
    every: (_ms, run) => {
      timers.add(run);
      return () => void timers.delete(run);
    },
  });
  const pass = (ms: number): void => {
    at += ms;
    for (const run of timers) run();
  };
  const wait = (ms: number): void => {
    at += ms;
  };
  return { clock, timers, pass, wait };
}

describe('the page’s clock', () => {
  test('has one timer however many listen, and none when nobody does', () => {
    const { clock, timers } = clockAt(0);
    expect(timers.size).toBe(0);
    const ends = Array.from({ length: 10_000 }, () => clock.listen(() => {}));
    expect(timers.size).toBe(1);
    for (const end of ends.slice(1)) end();
    expect(timers.size).toBe(1);
    ends[0]?.();
    expect(timers.size).toBe(0);
  });

  test('tells every listener of a tick, the same function twice where it listens twice', () => {
    const { clock, pass } = clockAt(0);
    let told = 0;
    const count = (): void => {
      told += 1;
    };
    const end = clock.listen(count);
    clock.listen(count);
    pass(1000);
    expect(told).toBe(2);
    end();
    pass(1000);
    expect(told).toBe(3);
  });

  test('stands still between two ticks, so that the whole page says the same', () => {
    const { clock, pass, wait } = clockAt(5000);
    clock.listen(() => {});
    pass(1000);
    wait(900);
    expect(clock.now()).toBe(6000);
    pass(100);
    expect(clock.now()).toBe(7000);
  });

  test('is right for who asks first after a long rest, and does not run while nobody listens', () => {
    const { clock, wait } = clockAt(5000);
    expect(clock.now()).toBe(5000);
    wait(400);
    expect(clock.now()).toBe(5000);
    wait(3_600_000);
    expect(clock.now()).toBe(3_605_400);
  });

  test('follows a wall clock that was set back', () => {
    const { clock, wait } = clockAt(3_600_000);
    expect(clock.now()).toBe(3_600_000);
    wait(-60_000);
    expect(clock.now()).toBe(3_540_000);
  });
});
