// Who has seen which head. A cosignature is checked when it comes, put under the head that it names and shown to the
// guards that wait for it; to the log it is evidence and no more, so it is written in batches, never on the hot path. With
// each batch every reviewer's copy is shown the names, too: once a second at most, however many cosign.

import type { WireCode } from '../../shared/protocol/codes.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { SignedHead } from '../ledger/sealing.ts';
import { cosignaturesOf } from '../trust/cosignature.ts';
import type { HeldKeyring } from '../trust/keyring.ts';
import { formatNote, type NoteSignature, parseNote } from '../trust/note.ts';
import { witnessVkey } from '../trust/witness.ts';
import type { Session } from './peer.ts';
import type { Timers } from './ports.ts';

/** Of the newest heads: a witness is at most as far behind as its connection. */
const HEADS = 64;
/** With the log's own line within the 16 lines of a note, and its 4 KiB. */
const LINES = 12;
const WRITE_MS = 1000;

type Seen = {
  readonly head: SignedHead;
  readonly lines: Map<string, NoteSignature>;
  /** With the lines as they are now; undefined once there is another. */
  note: string | undefined;
};
type Row = { readonly size: number; readonly keyId: string; readonly line: string };

export type WitnessesPorts = {
  readonly ledger: Ledger;
  readonly timers: Timers;
  readonly held: () => HeldKeyring;
  /** A head of at least this size has one more name under it. */
  readonly seen: (note: string, size: number) => void;
  /** The lines that were written for the head of this size before this start. */
  readonly kept: (size: number) => readonly string[];
  /** Heads have more names than a second ago. */
  readonly grew: () => void;
};

export class Witnesses {
  readonly #ports: WitnessesPorts;
  readonly #heads = new Map<number, Seen>();
  #unwritten: Row[] = [];
  #cancel: (() => void) | undefined;

  constructor(ports: WitnessesPorts) {
    this.#ports = ports;
    const { head } = ports.ledger;
    // Of before this start: who saw it then is on disk, and whoever comes back cosigns it again.
    if (head !== undefined)
      this.#heads.set(head.size, { head, lines: this.#keptLines(head), note: undefined });
  }

  /** A new head: nobody has seen it yet. */
  head(head: SignedHead): void {
    if (this.#heads.has(head.size)) return;
    this.#heads.set(head.size, { head, lines: new Map(), note: undefined });
    for (const size of this.#heads.keys()) {
      if (this.#heads.size <= HEADS) break;
      this.#heads.delete(size);
    }
  }

  /** The head's note with every name under it that is known. */
  noteOf(head: SignedHead): string {
    const seen = this.#heads.get(head.size);
    if (seen === undefined || seen.lines.size === 0) return head.note;
    seen.note ??= withLines(head.note, [...seen.lines.values()]);
    return seen.note;
  }

  /** Undefined where it was taken. 'badStatement': no head of this log, or not that device's line. */
  take(session: Session, size: number, line: string): WireCode | undefined {
    if (session.kind !== 'reviewer') return 'wrongRole';
    const seen = this.#heads.get(size);
    // Long past: nobody waits for it, and the evidence has later ones.
    if (seen === undefined) return undefined;
    const found = this.#check(seen.head, line, session);
    if (found === undefined) return 'badSignature';
    if (!seen.lines.has(found.keyId) && seen.lines.size >= LINES) return undefined;
    seen.lines.set(found.keyId, found.signature);
    seen.note = undefined;
    this.#unwritten.push({ size, keyId: found.keyId, line });
    this.#cancel ??= this.#ports.timers.after(WRITE_MS, () => this.flush());
    this.#ports.seen(this.noteOf(seen.head), size);
    return undefined;
  }

  /** Writes what is not written; a full disk loses evidence, not the log. */
  flush(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    const rows = this.#unwritten;
    this.#unwritten = [];
    if (rows.length === 0) return;
    this.#ports.ledger.putCosignatures(rows);
    this.#ports.grew();
  }

  /** Checked again: a line that does not fit would spoil the head for whoever counts its names. */
  #keptLines(head: SignedHead): Map<string, NoteSignature> {
    const lines = new Map<string, NoteSignature>();
    for (const line of this.#ports.kept(head.size)) {
      const found = this.#check(head, line);
      if (found !== undefined && lines.size < LINES) lines.set(found.keyId, found.signature);
    }
    return lines;
  }

  /** The line must be by a witness key; with a session, of its very person and device. */
  #check(head: SignedHead, line: string, session?: Session) {
    const held = this.#ports.held();
    const note = parseNote(`${head.note}${line}`);
    const [own, signature, ...more] = note.ok ? note.value.signatures : [];
    if (own === undefined || signature === undefined || more.length > 0) return undefined;
    for (const hit of held.keys.values()) {
      if (session && (hit.id !== session.id || hit.device !== session.device)) continue;
      const vkey = witnessVkey(held, hit, head.size);
      if (vkey === undefined || vkey.name !== signature.name) continue;
      const found = cosignaturesOf(`${head.note}${line}`, [vkey]);
      if (found.ok && found.value.length === 1) return { keyId: hit.key.keyId, signature };
    }
    return undefined;
  }
}

function withLines(note: string, lines: readonly NoteSignature[]): string {
  const parsed = parseNote(note);
  if (!parsed.ok) return note;
  return formatNote(parsed.value.text, [...parsed.value.signatures, ...lines]);
}
