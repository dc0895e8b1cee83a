// A guard's filtered stream: each decision, ending and logged notice about a request that it waits for, with the inclusion proof of
// that leaf and of the request under one checkpoint. Nothing goes out before a checkpoint covers it.

import { toB64 } from '../../shared/bytes.ts';
import { statementTypeOf } from '../../shared/statement/statement.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { SignedHead } from '../ledger/sealing.ts';
import { inclusionProof } from '../trust/tree.ts';
import type { Peer } from './peer.ts';
import { envelopeAt, envelopeText } from './standing.ts';

type Waiting = {
  readonly peer: Peer;
  readonly request: string;
  readonly index: number;
  /** As it came, where it has just come; else it is put together again from the log. */
  readonly envelope: string | undefined;
};

export class GuardFeed {
  readonly #ledger: Ledger;
  #waiting: Waiting[] = [];

  readonly #noteOf: (head: SignedHead) => string;

  constructor(ledger: Ledger, noteOf: (head: SignedHead) => string) {
    this.#ledger = ledger;
    this.#noteOf = noteOf;
  }

  /** A leaf about the request: for its guard once it is covered. */
  add(peer: Peer, request: string, index: number, envelope?: string): void {
    this.#waiting.push({ peer, request, index, envelope });
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

  #send({ peer, request, index, envelope = this.#stored(index) }: Waiting, head: SignedHead): void {
    const requestIndex = this.#ledger.query.request(request)?.index;
    // A body that was erased can't be proven to a guard; a guard that lacks it refuses.
    if (!peer.isOpen || envelope === undefined || requestIndex === undefined) return;
    const proofOf = (at: number): string[] =>
      inclusionProof(this.#ledger.nodes, at, head.size).map(toB64);
    peer.send({
      t: 'entry',
      body: {
        request,
        envelope,
        index,
        proof: proofOf(index),
        requestIndex,
        requestProof: proofOf(requestIndex),
        note: this.#noteOf(head),
      },
    });
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
