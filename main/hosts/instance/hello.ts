// The first line of whoever holds the claim. It is sent only once the claim is settled, so a candidate that gives way
// never answers, and a process that hangs is not waited for longer than this.

import type { Socket } from 'node:net';
import type { Timers } from '../../app/ports.ts';

export const HELLO = '{"countersign":1}\n';
const HELLO_MS = 5000;

/** 'closed' is the word of one that gave way or died, or a stranger's; 'silent' may still be the app. */
export type Heard = 'hello' | 'closed' | 'silent';

/** Leaves the connection open only after a hello, with exactly its bytes read. */
export function waitForHello(peer: Socket, timers: Timers): Promise<Heard> {
  return new Promise((resolve) => {
    let read = Buffer.alloc(0);
    const settle = (heard: Heard): void => {
      cancel();
      peer.off('readable', take).off('close', refuse);
      if (heard !== 'hello') peer.destroy();
      resolve(heard);
    };
    const refuse = (): void => settle('closed');
    // Exactly the hello's bytes are taken: what follows belongs to the reader after this.
    const take = (): void => {
      for (;;) {
        const left = HELLO.length - read.length;
        const chunk: Buffer | null = peer.read(Math.min(left, peer.readableLength) || 1);
        if (chunk === null) return;
        read = Buffer.concat([read, chunk]);
        if (!HELLO.startsWith(read.toString('latin1'))) return refuse();
        if (read.length === HELLO.length) return settle('hello');
      }
    };
    const cancel = timers.after(HELLO_MS, () => settle('silent'));
    peer.on('readable', take).once('close', refuse);
  });
}
