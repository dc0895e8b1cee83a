// What clients hold against this log: a head that its key signed and that it no longer has, or two that no one log can
// have. Where it is true the log signs nothing more, everyone is told, and only a new epoch by the keyring goes on.

import type { WireCode } from '../../shared/protocol/codes.ts';
import { sameBytes } from '../../shared/bytes.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { openCheckpoint } from '../trust/checkpoint.ts';
import { forkOfSameSize, forkOfTree, readFork } from '../trust/fork.ts';
import { rootAt } from '../trust/tree.ts';
import { parseVkey } from '../trust/vkey.ts';
import type { Alarm, Clock } from './ports.ts';

export type JudgementPorts = {
  readonly ledger: Ledger;
  readonly log: () => { readonly origin: string; readonly vkey: string };
  readonly clock: Clock;
  readonly alarm: Alarm;
  /** To everybody who is logged in. */
  readonly tell: (evidence: string) => void;
};

export class Judgement {
  readonly #ports: JudgementPorts;
  /** Found after the log was condemned by less: the log file has no place for a second finding. */
  #later: string | undefined;

  constructor(ports: JudgementPorts) {
    this.#ports = ports;
  }

  /** Undefined where it was heard; a head that this log still has changes nothing. */
  ahead(note: string): WireCode | undefined {
    const { ledger, log, clock } = this.#ports;
    const vkey = parseVkey(log().vkey);
    const head = vkey.ok ? openCheckpoint(note, vkey.value) : vkey;
    if (!head.ok) return 'badStatement';
    const { size, root } = head.value;
    if (!ledger.health.ok) return undefined;
    if (size > ledger.size) {
      this.#condemn(
        `the log has ${ledger.size} entries, and its key has signed ${size}: it was rolled back`,
        note,
      );
      return undefined;
    }
    if (size === 0 || sameBytes(root, rootAt(ledger.nodes, size))) return undefined;
    const own = ledger.head;
    const at = new Date(clock.now()).toISOString();
    if (own === undefined || own.size < size) return undefined;
    const evidence =
      own.size === size
        ? forkOfSameSize(log(), own.note, note, at)
        : forkOfTree(log(), { size, note }, own, ledger.nodes, at);
    this.#convict(JSON.stringify(evidence));
    return undefined;
  }

  fork(text: string): WireCode | undefined {
    const evidence = readFork(text, this.#ports.log().vkey);
    if (!evidence.ok) return 'badStatement';
    if (this.#ports.ledger.health.ok) this.#convict(text);
    else if (this.evidence() === undefined) {
      // Read-only already, and now there is proof: whoever is here and whoever comes gets it.
      this.#later = text;
      this.#ports.tell(text);
    }
    return undefined;
  }

  /** For whoever logs in later: evidence of two histories, where there is such. */
  evidence(): string | undefined {
    const { ledger, log } = this.#ports;
    if (ledger.health.ok) return undefined;
    const text = ledger.condemnedBy();
    return text !== undefined && readFork(text, log().vkey).ok ? text : this.#later;
  }

  #convict(evidence: string): void {
    this.#condemn('the log has two histories, both signed by its key', evidence);
    this.#ports.tell(evidence);
  }

  #condemn(says: string, evidence: string): void {
    this.#ports.ledger.condemn(says, evidence);
    this.#ports.alarm(`${says}; it is read-only from now on, and a new epoch must be started`);
  }
}
