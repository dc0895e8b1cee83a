// What a traced program did to files of interest, step by step: the writes, what it waited for, and what it said meanwhile.
// From it a disk can be built as a power loss would leave it: what was waited for is there, of the rest anything may be.

import { basename } from 'node:path';
import { bytesOf, type Call, fdOf } from './strace.ts';

export type Step =
  | { readonly what: 'write'; readonly file: string; readonly at: number; readonly bytes: Buffer }
  | { readonly what: 'cut'; readonly file: string; readonly size: number }
  | { readonly what: 'sync'; readonly file: string }
  | { readonly what: 'remove'; readonly file: string }
  | { readonly what: 'said'; readonly line: string };

/** `files` by name: what is written elsewhere is left out. */
export function stepsOf(calls: readonly Call[], files: readonly string[]): readonly Step[] {
  const open = new Map<number, string>();
  const steps: Step[] = [];
  for (const call of calls) {
    if (call.result < 0) continue;
    const file = open.get(fdOf(call));
    switch (call.name) {
      case 'openat':
      case 'open': {
        const name = basename(bytesOf(call).toString('utf8'));
        if (files.includes(name)) open.set(call.result, name);
        else open.delete(call.result);
        break;
      }
      case 'close':
        open.delete(fdOf(call));
        break;
      case 'unlink': {
        const name = basename(bytesOf(call).toString('utf8'));
        if (files.includes(name)) steps.push({ what: 'remove', file: name });
        break;
      }
      case 'pwrite64':
        if (file !== undefined)
          steps.push({ what: 'write', file, at: lastNumber(call), bytes: bytesOf(call) });
        break;
      case 'ftruncate':
        if (file !== undefined) steps.push({ what: 'cut', file, size: lastNumber(call) });
        break;
      case 'fdatasync':
      case 'fsync':
        if (file !== undefined) steps.push({ what: 'sync', file });
        break;
      case 'write':
        if (fdOf(call) === 1)
          for (const line of bytesOf(call).toString('utf8').split('\n').filter(Boolean))
            steps.push({ what: 'said', line });
        break;
      default:
    }
  }
  return steps;
}

const lastNumber = ({ args }: Call): number => Number(/(\d+)$/.exec(args)?.[1] ?? 0);

export const TRACED = 'openat,close,unlink,pwrite64,ftruncate,fdatasync,fsync,write';

export type Change = Extract<Step, { what: 'write' | 'cut' }>;
/** What a power loss does to the changes that nobody had waited for. */
export type Loss = (waiting: readonly Change[]) => readonly Change[];

/** The disk as steps go by. */
export class Disk {
  readonly #synced = new Map<string, Buffer>();
  #waiting: Change[] = [];

  step(step: Step): void {
    if (step.what === 'write' || step.what === 'cut') this.#waiting.push(step);
    if (step.what === 'remove') {
      this.#synced.delete(step.file);
      this.#waiting = this.#waiting.filter(({ file }) => file !== step.file);
    }
    if (step.what !== 'sync') return;
    const { file } = step;
    this.#synced.set(file, applied(this.#synced.get(file), this.#waiting, file));
    this.#waiting = this.#waiting.filter((change) => change.file !== file);
  }

  get waiting(): readonly Change[] {
    return this.#waiting;
  }

  /** Name to contents. */
  after(loss: Loss): ReadonlyMap<string, Buffer> {
    const kept = loss(this.#waiting);
    const names = new Set([...this.#synced.keys(), ...kept.map(({ file }) => file)]);
    return new Map([...names].map((file) => [file, applied(this.#synced.get(file), kept, file)]));
  }
}

function applied(before: Buffer | undefined, changes: readonly Change[], file: string): Buffer {
  const own = changes.filter((change) => change.file === file);
  const first = before ?? Buffer.alloc(0);
  // One buffer for the largest that the file ever was; growing it at each write would copy it each time.
  const bytes = Buffer.alloc(Math.max(first.length, ...own.map(endOf)));
  first.copy(bytes);
  let size = first.length;
  for (const change of own) {
    if (change.what === 'write') {
      change.bytes.copy(bytes, change.at);
      size = Math.max(size, endOf(change));
    } else {
      bytes.fill(0, change.size);
      size = change.size;
    }
  }
  return bytes.subarray(0, size);
}

const endOf = (change: Change): number =>
  change.what === 'cut' ? change.size : change.at + change.bytes.length;
