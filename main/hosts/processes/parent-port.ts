// The child's end of a process that Electron started (`utilityProcess`): messages, and one of ours that asks for the end.
// Its parent's death closes the port, and Chromium ends the process besides.

import type { StoreChannel } from '../../app/store/child.ts';
import type { OpenStore, ToStore } from '../../app/store/frames.ts';

/** What is used of Electron's `process.parentPort`. */
export type ParentPort = {
  readonly postMessage: (message: unknown) => void;
  on(event: 'message', take: (event: { readonly data: unknown }) => void): unknown;
  on(event: 'close', take: () => void): unknown;
};

/** The parent's last message. */
export const END = 'end';

/** Undefined in any other process. */
export function parentPort(from: object = process): ParentPort | undefined {
  // Only Electron puts one there, and only in such a process.
  return 'parentPort' in from ? ((from.parentPort as ParentPort | null) ?? undefined) : undefined;
}

/** Calls for the end, at most once. */
export function onParentEnd(port: ParentPort, end: () => void): void {
  let ended = false;
  const once = (): void => {
    if (!ended) end();
    ended = true;
  };
  port.on('message', ({ data }) => {
    if (data === END) once();
  });
  port.on('close', once);
}

/** The store's channel over that port. `exit` ends this process. */
export function portChannel(port: ParentPort, exit: (code: number) => void): StoreChannel {
  // The file and its WAL are for this user alone, whatever the folder's mode becomes.
  process.umask(0o077);
  for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => {});
  let refused: number | undefined;
  let end = (): void => exit(refused ?? 0);
  onParentEnd(port, () => end());
  process.once('SIGTERM', () => end());
  return {
    send: (frame) => port.postMessage(frame),
    onFrame: (take) =>
      void port.on('message', ({ data }) => {
        // Only our own client holds the other end of the port.
        if (data !== END) take(data as ToStore | OpenStore);
      }),
    onEnd: (close) => {
      end = close;
    },
    exit: (code) => {
      // The sentence of a refusal is still on its way: the parent asks for the end once it has it.
      if (code === 0) exit(0);
      else refused = code;
    },
  };
}
