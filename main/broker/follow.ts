// A reviewer's stream: leaves in index order from its own cursor, a checkpoint once the leaves under it have gone out, and
// the same one again where it was told that more people have cosigned it.
// At most a window of unacknowledged frames is on the way; one that stands still for too long is closed.

import { fromUtf8 } from '../../shared/bytes.ts';
import { LIMITS } from '../../shared/protocol/limits.ts';
import type { ServerMessageOf } from '../../shared/protocol/messages.ts';
import { toB64 } from '../trust/base64.ts';
import type { StoredLeaf } from '../ledger/entry.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { SignedHead } from '../ledger/sealing.ts';
import type { Peer } from './peer.ts';

/** Raw bytes of one frame: base64 and JSON make it about half as much again, under the frame limit. */
const FRAME_BYTES = 120 * 1024;
const FRAME_LEAVES = 64;

type Sent = { readonly upTo: number; readonly bytes: number };

export type FollowPorts = {
  readonly ledger: Ledger;
  /** True where this reviewer may have the body. */
  readonly maySee: (leaf: StoredLeaf) => boolean;
  /** The head's note with every name under it that is known. */
  readonly noteOf: (head: SignedHead) => string;
};

export class Follower {
  readonly #peer: Peer;
  readonly #ports: FollowPorts;
  #next: number;
  /** The size of the head that was sent last, and how long its note was. */
  #noted = 0;
  #notedLength = 0;
  #unacked: Sent[] = [];
  #unackedBytes = 0;
  #stalled: (() => void) | undefined;

  constructor(peer: Peer, cursor: number, ports: FollowPorts) {
    this.#peer = peer;
    this.#ports = ports;
    this.#next = cursor;
  }

  /** Sends what there is and fits. */
  pump(): void {
    const { ledger } = this.#ports;
    while (this.#peer.isOpen && this.#next < ledger.size && this.#hasRoom()) this.#sendLeaves();
    const head = ledger.head;
    if (head !== undefined && head.size <= this.#next && head.size !== this.#noted)
      this.#tellHead(head);
    this.#watch();
  }

  /** Sends the head again that was sent last, where it has more names by now. */
  grew(): void {
    const { head } = this.#ports.ledger;
    if (head === undefined || head.size !== this.#noted) return;
    if (this.#ports.noteOf(head).length > this.#notedLength) this.#tellHead(head);
  }

  #tellHead(head: SignedHead): void {
    const note = this.#ports.noteOf(head);
    this.#noted = head.size;
    this.#notedLength = note.length;
    this.#peer.send({ t: 'checkpoint', body: { note } });
  }

  /** The client has stored everything before `cursor`. False where it never got that far. */
  got(cursor: number): boolean {
    if (cursor > this.#next) return false;
    const before = this.#unacked.length;
    while (this.#unacked[0] !== undefined && this.#unacked[0].upTo <= cursor) {
      this.#unackedBytes -= this.#unacked.shift()?.bytes ?? 0;
    }
    if (this.#unacked.length < before) this.#progress();
    this.pump();
    return true;
  }

  #hasRoom(): boolean {
    return (
      this.#unacked.length < LIMITS.outboundWindowMessages &&
      this.#unackedBytes < LIMITS.outboundWindowBytes &&
      this.#peer.buffered < LIMITS.pauseBufferedBytes
    );
  }

  #sendLeaves(): void {
    const { ledger, maySee } = this.#ports;
    const from = this.#next;
    const entries: ServerMessageOf<'leaves'>['body']['entries'] = [];
    let bytes = 0;
    for (const stored of ledger.query.leaves(from, Math.min(from + FRAME_LEAVES, ledger.size))) {
      // A row is gone: what follows would go out under other indexes.
      if (stored.index !== from + entries.length) break;
      const payload = maySee(stored) ? stored.payload : undefined;
      bytes += stored.leaf.length + (payload?.length ?? 0);
      if (entries.length > 0 && bytes > FRAME_BYTES) break;
      const leaf = fromUtf8(stored.leaf);
      entries.push(payload === undefined ? { leaf } : { leaf, payload: toB64(payload) });
    }
    if (entries.length === 0) {
      this.#peer.hangUp('readOnly');
      return;
    }
    this.#next = from + entries.length;
    this.#unacked.push({ upTo: this.#next, bytes });
    this.#unackedBytes += bytes;
    this.#peer.send({ t: 'leaves', body: { from, entries } }, () => {
      if (this.#next < ledger.size) this.pump();
    });
  }

  /** A stream that has more to send and no room is given a bounded time. */
  #watch(): void {
    if (this.#next >= this.#ports.ledger.size || this.#hasRoom()) this.#progress();
    else this.#stalled ??= this.#peer.after(LIMITS.stalledMs, () => this.#peer.hangUp('stalled'));
  }

  #progress(): void {
    this.#stalled?.();
    this.#stalled = undefined;
  }
}
