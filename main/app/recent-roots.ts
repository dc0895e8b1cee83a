// The roots that this log had at its newest sizes, each computed when it is asked for: decisions and receipts embed heads of
// a moment before their own, and every one of them is compared. Older sizes are not known here.

import { Frontier, type FrontierState } from '../trust/frontier.ts';

const KEEP = 16_384;
/** Leaves between two remembered edges: so many hashes at most stand between a question and its answer. */
const STEP = 16;

export class RecentRoots {
  readonly #frontier: Frontier;
  /** Leaf hashes from `#from` on, and the tree's edge at `#from` and every STEP leaves after it. */
  #hashes: Uint8Array[] = [];
  #edges: FrontierState[];
  #from: number;

  constructor(at: FrontierState) {
    this.#frontier = restore(at);
    this.#from = at.size;
    this.#edges = [at];
  }

  append(leafHash: Uint8Array): void {
    this.#frontier.append(leafHash);
    this.#hashes.push(leafHash);
    if (this.#hashes.length % STEP === 0) this.#edges.push(this.#frontier.state());
    if (this.#hashes.length < 2 * KEEP) return;
    this.#hashes = this.#hashes.slice(KEEP);
    this.#edges = this.#edges.slice(KEEP / STEP);
    this.#from += KEEP;
  }

  /** Undefined for a size that is larger than the log, or too old to be known here. */
  rootAt(size: number): Uint8Array | undefined {
    const offset = size - this.#from;
    const edge = this.#edges[Math.floor(offset / STEP)];
    if (offset < 0 || offset > this.#hashes.length || edge === undefined) return undefined;
    const frontier = restore(edge);
    for (let i = offset - (offset % STEP); i < offset; i++) {
      const hash = this.#hashes[i];
      if (hash !== undefined) frontier.append(hash);
    }
    return frontier.root();
  }
}

function restore(state: FrontierState): Frontier {
  const frontier = Frontier.restore(state);
  if (!frontier.ok) throw new Error('an edge that a frontier gave');
  return frontier.value;
}
