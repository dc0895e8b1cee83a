// The Store port over the store's own process. When that process ends, every pending and every later call rejects with
// one sentence: the app then shows an alarm and signs nothing. It is not started again behind the app's back.

import { type ChildProcess, fork } from 'node:child_process';
import { fail, ok, type Result } from '../../../shared/result.ts';
import type { Store } from '../ports.ts';
import type { StoreUse } from './child.ts';
import { type FromStore, METHODS, type Method } from './frames.ts';

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
}): Promise<Result<StoreProcess, 'refused'>> {
  const child = fork(options.entry, [options.path, options.use ?? 'keeper'], {
    execPath: options.execPath ?? process.execPath,
    execArgv: [],
    env: options.env,
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    // Its own group: a Ctrl-C in the terminal is for the app, which closes its store last.
    detached: process.platform !== 'win32',
    windowsHide: true,
  } as Parameters<typeof fork>[2]);
  const opened = await opening(child);
  return opened.ok ? ok({ ...clientOf(child), mended: opened.value }) : opened;
}

/** What was mended, if anything; or the sentence of why it did not open. */
function opening(child: ChildProcess): Promise<Result<string | undefined, 'refused'>> {
  return new Promise((resolve) => {
    // The other end is our own child, which speaks these frames.
    const first = (message: unknown): void => {
      const frame = message as FromStore;
      if ('opened' in frame) done(ok(frame.mended));
      else done(fail('refused', 'sentence' in frame ? frame.sentence : undefined));
    };
    const died = (): void => done(fail('refused', 'the store ended before it opened its file'));
    const done = (opened: Result<string | undefined, 'refused'>): void => {
      child.off('message', first).off('exit', died).off('error', died);
      resolve(opened);
    };
    child.once('message', first).once('exit', died).once('error', died);
  });
}

function clientOf(child: ChildProcess): Omit<StoreProcess, 'mended'> {
  const waiting = new Map<number, Waiting>();
  const lost = Promise.withResolvers<string>();
  let next = 0;
  let closing: Promise<void> | undefined;
  let gone: string | undefined;
  const end = (): void => {
    if (gone !== undefined) return;
    gone = closing === undefined ? 'the store has stopped unexpectedly' : 'the store is closed';
    for (const { reject } of waiting.values()) reject(new Error(gone));
    waiting.clear();
    if (closing === undefined) lost.resolve(gone);
  };
  child.on('exit', end).on('error', end).on('disconnect', end);
  // The other end is our own child, which speaks these frames.
  child.on('message', (message: unknown) => settle(waiting, message as FromStore));
  const call = (method: Method, args: readonly unknown[]): Promise<unknown> =>
    new Promise((resolve, reject) => {
      if (gone !== undefined) return reject(new Error(gone));
      const id = next++;
      waiting.set(id, { resolve, reject });
      child.send({ id, method, args }, (error) => {
        if (error !== null && waiting.delete(id)) reject(new Error('the store has gone'));
      });
    });
  const close = (): Promise<void> => {
    closing ??= closeChild(child, () => gone !== undefined);
    return closing;
  };
  const calls = METHODS.map((method) => [method, (...args: unknown[]) => call(method, args)]);
  // One entry for each method of the port; the child runs the real one with the same arguments.
  const store = { ...Object.fromEntries(calls), close } as Store;
  return { store, lost: lost.promise, pid: child.pid };
}

function settle(waiting: Map<number, Waiting>, frame: FromStore): void {
  if (!('id' in frame)) return;
  const one = waiting.get(frame.id);
  waiting.delete(frame.id);
  if ('error' in frame) one?.reject(new Error(frame.error));
  else one?.resolve(frame.value);
}

/** The channel's end is the child's word to close; a child that does not within 5 s is killed. */
function closeChild(child: ChildProcess, isGone: () => boolean): Promise<void> {
  if (isGone() || child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    const force = setTimeout(() => child.kill('SIGKILL'), 5000);
    child.once('exit', () => {
      clearTimeout(force);
      resolve();
    });
    if (child.connected) child.disconnect();
  });
}
