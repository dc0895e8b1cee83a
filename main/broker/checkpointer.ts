// When the log's head is signed: with a decision or an ending in their own transaction (`Ledger.append`), else at once where the
// last one is 200 ms old, else when those 200 ms are over or 64 leaves have come. A head that can't be signed is an alarm, given once.

import type { Ledger } from '../ledger/ledger.ts';
import type { KeyPair } from '../trust/ed25519.ts';
import type { Alarm, Clock, Timers } from './ports.ts';

const CHECKPOINT_MS = 200;
const CHECKPOINT_LEAVES = 64;
/** A full disk is somebody's to clear. */
const RETRY_MS = 1000;

export type CheckpointerPorts = {
  readonly ledger: Ledger;
  readonly logKey: KeyPair;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly alarm: Alarm;
  /** A new head is stored. */
  readonly made: () => void;
};

export class Checkpointer {
  readonly #ports: CheckpointerPorts;
  #madeAt = Number.NEGATIVE_INFINITY;
  #cancel: (() => void) | undefined;
  #alarmed = false;

  constructor(ports: CheckpointerPorts) {
    this.#ports = ports;
  }

  /** Leaves were appended. */
  grew(): void {
    const { ledger, clock, timers, made } = this.#ports;
    const leaves = ledger.size - (ledger.head?.size ?? 0);
    if (leaves === 0) {
      this.stop();
      this.#madeAt = clock.monotonic();
      made();
      return;
    }
    const age = clock.monotonic() - this.#madeAt;
    if (age >= CHECKPOINT_MS || leaves >= CHECKPOINT_LEAVES) {
      this.make();
      return;
    }
    this.#cancel ??= timers.after(CHECKPOINT_MS - age, () => this.make());
  }

  make(): void {
    this.stop();
    const { ledger, logKey, clock, timers, alarm, made } = this.#ports;
    const head = ledger.seal(logKey);
    if (head.ok) {
      this.#madeAt = clock.monotonic();
      made();
    } else if (head.code === 'full' || head.code === 'io') {
      this.#cancel = timers.after(RETRY_MS, () => this.make());
    } else if (head.code === 'corrupt' && !this.#alarmed) {
      this.#alarmed = true;
      alarm(
        `the log does not agree with itself, so it is read-only from now on: ${head.detail ?? ''}`,
      );
    }
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }
}
