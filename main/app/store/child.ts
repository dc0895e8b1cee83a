// The store's process: opens the file, answers numbered calls in the order they came, ends when its parent's channel does.
// Ctrl-C is the parent's to handle: it stops its parts in order, this one last.

import { ok, type Result } from '../../../shared/result.ts';
import { METHODS, type FromStore, type OpenStore, type ToStore } from './frames.ts';
import { type AppStore, flagDamage, openAppStore } from './open.ts';
import { isDamage, openSqliteStore, type StoreCode } from './sqlite.ts';

export type StoreChannel = {
  readonly send: (frame: FromStore) => void;
  readonly onFrame: (take: (frame: ToStore | OpenStore) => void) => void;
  readonly onEnd: (end: () => void) => void;
  readonly exit: (code: number) => void;
};

/** `reader`: beside the app that keeps the copy; it mends nothing and moves nothing aside. */
export type StoreUse = 'keeper' | 'reader';

/** Exits 0 when closed or when the parent has gone, 1 when the file does not open. */
export function serveStore(path: string, channel: StoreChannel, use: StoreUse = 'keeper'): void {
  const early = (): void => channel.exit(0);
  let end = early;
  channel.onEnd(() => end());
  let calls: ((frame: ToStore) => void) | undefined;
  channel.onFrame((frame) => {
    if ('open' in frame) {
      const serving = calls === undefined && openStore(path, channel, use, frame.open.key);
      if (serving) ({ calls, end } = serving);
    } else calls?.(frame);
  });
  channel.send({ ready: true });
}

type Serving = { readonly calls: (frame: ToStore) => void; readonly end: () => void };

function openStore(
  path: string,
  channel: StoreChannel,
  use: StoreUse,
  key: Uint8Array | undefined,
): Serving | undefined {
  const opened = use === 'keeper' ? openAppStore(path, Date.now(), key) : openReader(path);
  if (!opened.ok) {
    channel.send({ refused: opened.code, sentence: opened.detail ?? opened.code });
    channel.exit(1);
    return undefined;
  }
  const { store, mended } = opened.value;
  const end = (): void => {
    void store.close().finally(() => channel.exit(0));
  };
  const calls = ({ id, method, args }: ToStore): void => {
    if (!METHODS.includes(method)) return channel.send({ id, error: `no call ${String(method)}` });
    // The other end is our own client: its arguments are those of the port.
    const run = store[method] as (...values: readonly unknown[]) => Promise<unknown>;
    run(...args).then(
      (value) => channel.send({ id, value }),
      (error: unknown) => {
        if (use === 'keeper' && isDamage(error)) flagDamage(path);
        channel.send({ id, error: sentenceOf(error) });
      },
    );
  };
  channel.send({ opened: true, ...(mended === undefined ? {} : { mended }) });
  return { calls, end };
}

function openReader(path: string): Result<AppStore, StoreCode> {
  const opened = openSqliteStore(path);
  return opened.ok ? ok({ store: opened.value, mended: undefined }) : opened;
}

/** The channel of a process that was forked with serialization 'advanced'. */
export function parentChannel(): StoreChannel {
  // The file and its WAL are for this user alone, whatever the folder's mode becomes.
  process.umask(0o077);
  for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => {});
  return {
    send: (frame) => void (process.connected && process.send?.(frame)),
    // Only our own client holds the other end of the channel.
    onFrame: (take) => void process.on('message', (frame) => take(frame as ToStore | OpenStore)),
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
  isDamage(error)
    ? "this machine's copy of the log is damaged: start again, and it is fetched again"
    : error instanceof Error
      ? error.message
      : String(error);
