// The store's process: opens the file, answers numbered calls in the order they came, ends when its parent's channel does.
// Ctrl-C is the parent's to handle: it stops its parts in order, this one last.

import { METHODS, type FromStore, type ToStore } from './frames.ts';
import { openSqliteStore } from './sqlite.ts';

export type StoreChannel = {
  readonly send: (frame: FromStore) => void;
  readonly onFrame: (take: (frame: ToStore) => void) => void;
  readonly onEnd: (end: () => void) => void;
  readonly exit: (code: number) => void;
};

/** Exits 0 when closed or when the parent has gone, 1 when the file does not open. */
export function serveStore(path: string, channel: StoreChannel): void {
  const opened = openSqliteStore(path);
  if (!opened.ok) {
    channel.send({ refused: opened.code, sentence: opened.detail ?? opened.code });
    channel.exit(1);
    return;
  }
  const store = opened.value;
  const end = (): void => {
    void store.close().finally(() => channel.exit(0));
  };
  channel.onEnd(end);
  channel.onFrame(({ id, method, args }) => {
    if (!METHODS.includes(method)) return channel.send({ id, error: `no call ${String(method)}` });
    // The other end is our own client: its arguments are those of the port.
    const run = store[method] as (...values: readonly unknown[]) => Promise<unknown>;
    run(...args).then(
      (value) => channel.send({ id, value }),
      (error: unknown) => channel.send({ id, error: sentenceOf(error) }),
    );
  });
  channel.send({ opened: true });
}

/** The channel of a process that was forked with serialization 'advanced'. */
export function parentChannel(): StoreChannel {
  // The file and its WAL are for this user alone, whatever the folder's mode becomes.
  process.umask(0o077);
  for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => {});
  return {
    send: (frame) => void (process.connected && process.send?.(frame)),
    // Only our own client holds the other end of the channel.
    onFrame: (take) => void process.on('message', (frame) => take(frame as ToStore)),
    onEnd: (end) => {
      process.once('disconnect', end);
      process.once('SIGTERM', end);
    },
    exit: (code) => {
      process.exitCode = code;
      if (process.connected) process.disconnect();
      // Signals are listened to, which would keep the process.
      for (const signal of ['SIGINT', 'SIGHUP', 'SIGTERM'] as const) {
        process.removeAllListeners(signal);
      }
    },
  };
}

const sentenceOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
