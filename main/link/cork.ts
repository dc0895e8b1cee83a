// Frames that one turn of the event loop writes leave together: the first at once, because somebody may wait for it alone,
// the others in few calls to the system. Nothing is delayed beyond the turn, and nothing changes its order.

/** What of a socket this needs; `uncork` hands everything on. */
export type Corked = { cork(): void; uncork(): void; readonly writableLength: number };

/** Many frames in bytes; far below what either end takes for a peer that does not read. */
const TOGETHER = 64 * 1024;

/** To be called before each write. */
export function corkFor(socket: Corked): () => void {
  let written: 'nothing' | 'first' | 'more' = 'nothing';
  const turned = (): void => {
    if (written === 'more') socket.uncork();
    written = 'nothing';
  };
  return () => {
    if (written === 'nothing') {
      process.nextTick(turned);
      written = 'first';
      return;
    }
    if (written === 'more' && socket.writableLength < TOGETHER) return;
    if (written === 'more') socket.uncork();
    socket.cork();
    written = 'more';
  };
}
