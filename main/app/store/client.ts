// The Store port over the store's own process. When that process ends, every pending and every later call rejects with
// one sentence: the app then shows an alarm and signs nothing. It is not started again behind the app's back.

import { fail, ok, type Result } from '../../../shared/result.ts';
import { nodeProcesses, type OwnProcess, type StartProcess } from '../own-process.ts';
import type { Store } from '../ports.ts';
import type { StoreUse } from './child.ts';
import { type FromStore, METHODS, type Method, type OpenStore } from './frames.ts';

export type StoreProcess = {
  readonly store: Store;
  /** Resolves with the sentence when the process ends unasked; never on `close`. */
  readonly lost: Promise<string>;
  readonly pid: number | undefined;
  /** One sentence for the journal where the copy was broken or too old and has been replaced. */
  readonly mended: string | undefined;
};

type Waiting = {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
};

/** `entry` is the built `store.js`, `path` the database file. 'refused': its sentence says why it does not open. */
export async function openStoreProcess(options: {
  readonly entry: string;
  readonly path: string;
  readonly env: NodeJS.ProcessEnv;
  readonly execPath?: string;
  /** `reader` beside a running app: it mends nothing. */
  readonly use?: StoreUse;
  /** A Node of its own where nothing else is said. */
  readonly start?: StartProcess | undefined;
  /** Under which the texts lie; it goes over the channel alone. Never to a reader. */
  readonly key?: Uint8Array | undefined;
}): Promise<Result<StoreProcess, 'refused'>> {
  const { entry, path, use = 'keeper', start = nodeProcesses(options), key } = options;
  const first = Promise.withResolvers<Result<string | undefined, 'refused'>>();
  const client = openClient();
  const child = start(entry, [path, use], {
    // The other end is our own child, which speaks these frames.
    onMessage: (message) => {
      const frame = message as FromStore;
      if ('id' in frame) client.settle(frame);
      else if ('ready' in frame) child.send({ open: { key } } satisfies OpenStore);
      else first.resolve(opening(frame));
    },
    onEnd: () => {
      client.end();
      first.resolve(fail('refused', 'the store ended before it opened its file'));
    },
  });
  child.output?.resume();
  child.errors?.pipe(process.stderr, { end: false });
  const opened = await first.promise;
  if (opened.ok) return ok({ ...client.over(child), mended: opened.value });
  child.ask();
  return opened;
}

/** What was mended, if anything; or the sentence of why it did not open. */
const opening = (frame: Exclude<FromStore, { id: number } | { ready: true }>) =>
  'opened' in frame ? ok(frame.mended) : fail('refused', frame.sentence);

function openClient() {
  const waiting = new Map<number, Waiting>();
  const lost = Promise.withResolvers<string>();
  const ended = Promise.withResolvers<void>();
  let next = 0;
  let closing: Promise<void> | undefined;
  let gone: string | undefined;
  const end = (): void => {
    gone = closing === undefined ? 'the store has stopped unexpectedly' : 'the store is closed';
    for (const { reject } of waiting.values()) reject(new Error(gone));
    waiting.clear();
    if (closing === undefined) lost.resolve(gone);
    ended.resolve();
  };
  const over = (child: OwnProcess): Omit<StoreProcess, 'mended'> => {
    const call = (method: Method, args: readonly unknown[]): Promise<unknown> =>
      new Promise((resolve, reject) => {
        if (gone !== undefined) return reject(new Error(gone));
        const id = next++;
        waiting.set(id, { resolve, reject });
        child.send({ id, method, args });
      });
    const close = (): Promise<void> => {
      closing ??= gone === undefined ? endStore(child, ended.promise) : Promise.resolve();
      return closing;
    };
    const calls = METHODS.map((method) => [method, (...args: unknown[]) => call(method, args)]);
    // One entry for each method of the port; the child runs the real one with the same arguments.
    const store = { ...Object.fromEntries(calls), close } as Store;
    return { store, lost: lost.promise, pid: child.pid() };
  };
  return { over, end, settle: (frame: Answered) => settle(waiting, frame) };
}

type Answered = Extract<FromStore, { id: number }>;

function settle(waiting: Map<number, Waiting>, frame: Answered): void {
  const one = waiting.get(frame.id);
  waiting.delete(frame.id);
  if ('error' in frame) one?.reject(new Error(frame.error));
  else one?.resolve(frame.value);
}

/** A store that has not closed its file within 5 s is killed. */
async function endStore(child: OwnProcess, ended: Promise<void>): Promise<void> {
  const force = setTimeout(() => child.kill('SIGKILL'), 5000);
  child.ask();
  await ended;
  clearTimeout(force);
}
