// Whether the other end is still there: a ping every 15 s, dead after 35 s without a sign, on the monotonic clock. Any
// frame is a sign. A half-open TCP connection gives none and no error either.

import { LIMITS } from '../../shared/protocol/limits.ts';
import type { Clock, Timers } from './ports.ts';

/** After a resume from sleep a connection has this long to answer. */
const PROBE_MS = 5_000;

export type KeepAlive = {
  /** Something came from the other end. */
  readonly heard: () => void;
  /** Asks now, and does not wait the whole 35 s: the machine slept, or the network changed. */
  readonly probe: () => void;
  readonly stop: () => void;
};

export function startKeepAlive(by: {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly ping: () => void;
  readonly onDead: () => void;
}): KeepAlive {
  let deadline = by.clock.monotonic() + LIMITS.deadMs;
  let cancelPing = (): void => {};
  let cancelDeadline = (): void => {};

  const pingLater = (): void => {
    cancelPing = by.timers.after(LIMITS.pingMs, () => {
      by.ping();
      pingLater();
    });
  };
  const stop = (): void => {
    cancelPing();
    cancelDeadline();
  };
  // The timer may fire early or late; the clock decides. It is set anew only when it fires, not for every frame.
  const watch = (): void => {
    cancelDeadline();
    cancelDeadline = by.timers.after(Math.max(0, deadline - by.clock.monotonic()), () => {
      if (by.clock.monotonic() < deadline) return watch();
      stop();
      by.onDead();
    });
  };

  pingLater();
  watch();
  return {
    heard: () => {
      deadline = by.clock.monotonic() + LIMITS.deadMs;
    },
    probe: () => {
      deadline = Math.min(deadline, by.clock.monotonic() + PROBE_MS);
      by.ping();
      watch();
    },
    stop,
  };
}
