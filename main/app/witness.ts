// This device as a witness: it cosigns the newest head that its own copy has verified, and only such (C2SP
// tlog-cosignature). The copy keeps a head on disk before it is told here, so a later one can never disagree unseen.

import { toHex } from '../../shared/bytes.ts';
import { parseHead } from '../trust/checkpoint.ts';
import { cosign } from '../trust/cosignature.ts';
import type { RandomBytes } from '../trust/digest.ts';
import type { KeyPair } from '../trust/ed25519.ts';
import { formatLine, parseNote } from '../trust/note.ts';
import type { Checkpoint } from '../trust/checkpoint.ts';
import type { Link } from '../link/link.ts';
import type { Clock, Timers } from './ports.ts';

/** Under load the newest head speaks for the ones before it. */
const SPACING_MS = 100;

export type WitnessPorts = {
  readonly link: Pick<Link, 'send'>;
  readonly key: KeyPair;
  /** The key name: `witnessName` of this device. */
  readonly name: string;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: RandomBytes;
};

export type Witness = {
  /** Verified against everything that is here, and kept. */
  readonly saw: (checkpoint: Checkpoint) => void;
  /** After an alarm nothing is cosigned any more, and at the end of the session. */
  readonly stop: () => void;
};

export function openWitness(ports: WitnessPorts): Witness {
  const giveUp = new AbortController();
  let next: Checkpoint | undefined;
  let busy = false;
  let cancel: (() => void) | undefined;

  const say = (): void => {
    const checkpoint = next;
    if (checkpoint === undefined || busy || giveUp.signal.aborted) return;
    next = undefined;
    busy = true;
    const line = lineOf(checkpoint, ports);
    const body = { size: checkpoint.size, line };
    const id = toHex(ports.random(16));
    void ports.link.send('cosign', body, { id, signal: giveUp.signal }).then(() => {
      if (giveUp.signal.aborted) return;
      cancel = ports.timers.after(SPACING_MS, () => {
        busy = false;
        say();
      });
    });
  };

  return {
    saw: (checkpoint) => {
      if (next !== undefined && next.size > checkpoint.size) return;
      next = checkpoint;
      say();
    },
    stop: () => {
      giveUp.abort();
      cancel?.();
    },
  };
}

function lineOf(checkpoint: Checkpoint, { key, name, clock }: WitnessPorts): string {
  const note = parseNote(checkpoint.note);
  const head = note.ok && parseHead(note.value.text).ok ? note.value.text : '';
  return formatLine(cosign(head, name, key, Math.floor(clock.now() / 1000)));
}
