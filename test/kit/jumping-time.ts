// Real time that can be moved ahead: hours pass at once, what was due meanwhile happens in its order, and between two jumps
// sockets, files and programs take the time they take. As for a machine that slept.

import type { Clock, Timers } from '../../main/link/ports.ts';

type Row = { readonly due: number; readonly run: () => void; timer: NodeJS.Timeout };

export class JumpingTime implements Clock, Timers {
  #ahead = 0;
  readonly #rows = new Set<Row>();
  readonly now = (): number => Date.now() + Math.trunc(this.#ahead);
  readonly monotonic = (): number => performance.now() + this.#ahead;
  readonly after = (ms: number, run: () => void): (() => void) => {
    const row: Row = { due: this.monotonic() + ms, run, timer: setTimeout(() => {}, 0) };
    this.#rows.add(row);
    this.#wait(row);
    return () => this.#drop(row);
  };

  jump(ms: number): void {
    const end = this.monotonic() + ms;
    for (;;) {
      const [next] = [...this.#rows]
        .filter(({ due }) => due <= end)
        .toSorted((a, b) => a.due - b.due);
      if (next === undefined) break;
      this.#ahead += Math.max(0, next.due - this.monotonic());
      this.#drop(next);
      next.run();
    }
    this.#ahead += Math.max(0, end - this.monotonic());
    for (const row of this.#rows) this.#wait(row);
  }

  #wait(row: Row): void {
    clearTimeout(row.timer);
    // Node's own limit on a timer; a jump looks at it again.
    const left = Math.min(Math.max(0, row.due - this.monotonic()), 2 ** 31 - 1);
    row.timer = setTimeout(() => {
      if (row.due > this.monotonic()) return this.#wait(row);
      this.#drop(row);
      row.run();
    }, left);
  }

  #drop(row: Row): void {
    clearTimeout(row.timer);
    this.#rows.delete(row);
  }
}
