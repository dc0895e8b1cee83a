// A guard's filtered stream: each decision, ending and logged notice about a request that it waits for, with the inclusion proof of
// that leaf and of the request under one checkpoint, and the proofs of one history that it would ask for next. Nothing goes out
// before a checkpoint covers it.

import { statementTypeOf } from '../../shared/statement/statement.ts';
import { toB64 } from '../trust/base64.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { SignedHead } from '../ledger/sealing.ts';
import { consistencyProof, inclusionProof } from '../trust/tree.ts';
import type { Peer } from './peer.ts';
import { envelopeAt, envelopeText } from './standing.ts';

type Waiting = {
  readonly peer: Peer;
  readonly request: string;
  readonly index: number;
  /** As it came, where it has just come; else it is put together again from the log. */
  readonly envelope: string | undefined;
  /** The size of the tree that the reviewer says to have seen. */
  readonly saw: number | undefined;
};

export class GuardFeed {
  readonly #ledger: Ledger;
  #waiting: Waiting[] = [];
  /** The size of the head that a connection was shown last. */
  readonly #shown = new WeakMap<Peer, number>();

  readonly #noteOf: (head: SignedHead) => string;

  constructor(ledger: Ledger, noteOf: (head: SignedHead) => string) {
    this.#ledger = ledger;
    this.#noteOf = noteOf;
  }

  /** A leaf about the request: for its guard once it is covered. */
  add(peer: Peer, request: string, index: number, envelope?: string, saw?: number): void {
    this.#waiting.push({ peer, request, index, envelope, saw });
  }

  /** Everything so far, for a guard that asks again. */
  addAll(peer: Peer, request: string): void {
    for (const index of this.#ledger.query.request(request)?.about ?? []) {
      this.add(peer, request, index);
    }
    this.deliver();
  }

  /** Sends what the newest checkpoint covers. */
  deliver(): void {
    const head = this.#ledger.head;
    if (head === undefined) return;
    const due = this.#waiting.filter((one) => one.index < head.size);
    this.#waiting = this.#waiting.filter((one) => one.index >= head.size && one.peer.isOpen);
    for (const one of due) this.#send(one, head);
  }

  #send(waiting: Waiting, head: SignedHead): void {
    const { peer, request, index, saw, envelope = this.#stored(index) } = waiting;
    const requestIndex = this.#ledger.query.request(request)?.index;
    // A body that was erased can't be proven to a guard; a guard that lacks it refuses.
    if (!peer.isOpen || envelope === undefined || requestIndex === undefined) return;
    const proofOf = (at: number): string[] =>
      inclusionProof(this.#ledger.nodes, at, head.size).map(toB64);
    const body = {
      request,
      envelope,
      index,
      proof: proofOf(index),
      requestIndex,
      requestProof: proofOf(requestIndex),
      note: this.#noteOf(head),
      // An ending is the guard's own: it asks for nothing more.
      ...(saw !== undefined && { history: this.#history([saw, this.#shown.get(peer)], head.size) }),
    };
    this.#shown.set(peer, head.size);
    peer.send({ t: 'entry', body });
  }

  #history(sizes: readonly (number | undefined)[], size: number) {
    const { nodes } = this.#ledger;
    return [...new Set(sizes)].flatMap((first) =>
      first === undefined || first < 1 || first >= size
        ? []
        : [{ first, proof: consistencyProof(nodes, first, size).map(toB64) }],
    );
  }

  /** Of a type that a guard is told of. */
  #stored(index: number): string | undefined {
    const envelope = envelopeAt(this.#ledger, index);
    if (!envelope.ok) return undefined;
    const type = statementTypeOf(envelope.value.payloadType);
    const told = type === 'decision' || type === 'ending' || type === 'notice';
    return told ? envelopeText(envelope.value) : undefined;
  }
}
