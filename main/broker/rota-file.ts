// The rota of this broker: a file that people edit, read again when it changes. One that is wrong is named in a sentence
// and changes nothing: the last good one holds. Without the file nobody is routed, and everybody is asked at once.

import { readFileSync, statSync } from 'node:fs';
import { type OpenRota, openRota } from '../../shared/domain/on-call.ts';
import { parseRota, type Rota } from '../../shared/domain/rota.ts';
import { textOf } from '../../shared/bytes.ts';
import type { Alarm, Timers } from './ports.ts';

const LOOK_MS = 5_000;
const MAX_BYTES = 256 * 1024;

export type RotaFilePorts = {
  readonly path: string;
  /** Named by whoever runs the broker: that it is missing is worth a line. */
  readonly wanted: boolean;
  readonly timers: Timers;
  readonly alarm: Alarm;
  /** Plain lines about what the keyring does not have. */
  readonly strangers: (rota: Rota) => readonly string[];
  readonly changed: () => void;
};

const MAX_LINES = 5;

export class RotaFile {
  readonly #ports: RotaFilePorts;
  #stamp: string | undefined;
  #open: OpenRota | undefined;
  #cancel: (() => void) | undefined;

  constructor(ports: RotaFilePorts) {
    this.#ports = ports;
    this.#look();
  }

  get rota(): OpenRota | undefined {
    return this.#open;
  }

  /** Reads it where it has changed; again and again from the start on. */
  #look(): void {
    const stamp = stampOf(this.#ports.path);
    if (stamp !== this.#stamp) {
      const first = this.#stamp === undefined;
      this.#stamp = stamp;
      if (this.#read(stamp, first) && !first) this.#ports.changed();
    }
    this.#cancel = this.#ports.timers.after(LOOK_MS, () => this.#look());
  }

  stop(): void {
    this.#cancel?.();
  }

  /** True where another rota holds from now on. */
  #read(stamp: string, first: boolean): boolean {
    const { path, wanted, alarm, strangers } = this.#ports;
    if (stamp === 'missing') {
      if (wanted || !first) alarm(`there is no rota at ${path}: everybody is asked at once`);
      const was = this.#open;
      this.#open = undefined;
      return was !== undefined;
    }
    const text = readText(path);
    const rota = text === undefined ? undefined : parseRota(text);
    if (!rota?.ok) {
      const why = rota === undefined ? 'it cannot be read, or is over 256 KiB' : rota.detail;
      const then = this.#open === undefined ? 'nobody is routed' : 'the last good one holds';
      alarm(`the rota ${path} is not used, ${then}: ${why ?? ''}`);
      return false;
    }
    for (const line of strangers(rota.value).slice(0, MAX_LINES)) alarm(`rota: ${line}`);
    this.#open = openRota(rota.value);
    return true;
  }
}

function stampOf(path: string): string {
  try {
    const { mtimeMs, size, ino } = statSync(path);
    return `${mtimeMs} ${size} ${ino}`;
  } catch {
    return 'missing';
  }
}

function readText(path: string): string | undefined {
  try {
    const bytes = readFileSync(path);
    return bytes.length > MAX_BYTES ? undefined : textOf(bytes);
  } catch {
    return undefined;
  }
}
