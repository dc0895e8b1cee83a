// Ends what its guard did not: past its time and a grace for the guard to say so itself. One timer a request.

import { LIMITS } from '../../shared/protocol/limits.ts';
import type { Request } from '../../shared/statement/request.ts';
import { expiresAt } from './desk.ts';
import type { Clock, Timers } from './ports.ts';

export class Expiry {
  readonly #cancels = new Map<string, () => void>();
  readonly #clock: Clock;
  readonly #timers: Timers;
  readonly #due: (request: string) => void;

  constructor(clock: Clock, timers: Timers, due: (request: string) => void) {
    this.#clock = clock;
    this.#timers = timers;
    this.#due = due;
  }

  watch(digest: string, request: Request): void {
    const left = expiresAt(request) + LIMITS.expiryGraceMs - this.#clock.now();
    const cancel = this.#timers.after(Math.max(0, left), () => {
      this.#cancels.delete(digest);
      this.#due(digest);
    });
    this.#cancels.get(digest)?.();
    this.#cancels.set(digest, cancel);
  }

  forget(digest: string): void {
    this.#cancels.get(digest)?.();
    this.#cancels.delete(digest);
  }

  stop(): void {
    for (const cancel of this.#cancels.values()) cancel();
    this.#cancels.clear();
  }
}
