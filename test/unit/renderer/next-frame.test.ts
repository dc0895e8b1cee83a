import { describe, expect, test } from 'vitest';
import { nextFrame, type Frames } from '../../../renderer/store/next-frame.ts';

/** A page whose frames and timers are let through by hand. */
function pageOf() {
  const frames = new Map<number, () => void>();
  const timers = new Map<number, () => void>();
  let ids = 0;
  const ports = {
    requestAnimationFrame: (run: () => void) => {
      frames.set(++ids, run);
      return ids;
    },
    cancelAnimationFrame: (id: number) => void frames.delete(id),
    setTimeout: (run: () => void) => {
      timers.set(++ids, run);
      return ids;
    },
    clearTimeout: (id: number) => void timers.delete(id),
  };
  // Timers and frames are numbers in a page; Node's types say otherwise.
  return { frames, timers, ports: ports as unknown as Frames };
}
const letThrough = (waiting: Map<number, () => void>): void => {
  for (const run of waiting.values()) run();
};

describe('the next frame', () => {
  test('runs once with the frame, and leaves no timer', () => {
    const { frames, timers, ports } = pageOf();
    let runs = 0;
    nextFrame(() => runs++, ports);
    letThrough(frames);
    expect([runs, frames.size, timers.size]).toEqual([1, 0, 0]);
  });

  test('runs once with the timer where no frame comes, as in a hidden tab', () => {
    const { frames, timers, ports } = pageOf();
    let runs = 0;
    nextFrame(() => runs++, ports);
    letThrough(timers);
    expect([runs, frames.size, timers.size]).toEqual([1, 0, 0]);
  });
});
