// What is put into every measured page, ours and the bare ones, before its first script: it notes when a row is in a frame,
// how long a key takes to its frame, and which tasks were long. One function, passed as text: it can use nothing from here.

export type Probe = {
  /** Milliseconds since 1970 by the page's clock, of the frame that first had the row. */
  readonly shown: (digest: string) => Promise<number>;
  /** From a key to the frame after it, milliseconds. */
  readonly keys: number[];
  /** Tasks over 50 ms since the page began: start and length. */
  readonly long: { readonly at: number; readonly ms: number }[];
  /** Milliseconds since the page's navigation, of the first frame with a row of the list; undefined until then. */
  first: number | undefined;
};

declare global {
  // The page's own window.
  var probe: Probe;
}

/** `rowId`: what the ids of rows begin with. `press`: a button to be clicked as soon as it is there. */
export function installProbe({ rowId, press }: { rowId: string; press: string | undefined }): void {
  const frames = new Map<string, number>();
  const waiting = new Map<string, (at: number) => void>();
  const keys: number[] = [];
  const long: { at: number; ms: number }[] = [];
  const state: Probe = {
    keys,
    long,
    first: undefined,
    shown: (digest) => {
      const known = frames.get(digest);
      return known === undefined
        ? new Promise((resolve) => void waiting.set(digest, resolve))
        : Promise.resolve(known);
    },
  };
  globalThis.probe = state;
  const nextTask = (then: () => void): void => {
    const channel = new MessageChannel();
    channel.port1.onmessage = then;
    channel.port2.postMessage(0);
  };
  // What the page does in a frame's own callbacks is in that frame: another callback would be of the next one.
  let inFrame = false;
  const ownFrame = requestAnimationFrame.bind(globalThis);
  globalThis.requestAnimationFrame = (callback) =>
    ownFrame((at) => {
      if (!inFrame) {
        inFrame = true;
        nextTask(() => {
          inFrame = false;
        });
      }
      callback(at);
    });
  // The task after a frame's callbacks begins when that frame has been produced.
  const afterFrame = (then: () => void): void => {
    if (inFrame) nextTask(then);
    else ownFrame(() => nextTask(then));
  };
  const epoch = (): number => performance.timeOrigin + performance.now();
  let pressed = false;
  const look = (records: readonly MutationRecord[]): void => {
    if (press !== undefined && !pressed) {
      const button = [...document.querySelectorAll('button')].find(
        (one) => one.textContent?.trim() === press,
      );
      pressed = button !== undefined;
      button?.click();
    }
    const fresh: string[] = [];
    for (const { addedNodes } of records)
      for (const node of addedNodes) {
        if (!(node instanceof Element)) continue;
        if (node.id.startsWith(rowId)) fresh.push(node.id.slice(rowId.length));
        for (const row of node.querySelectorAll(`[id^="${rowId}"]`))
          fresh.push(row.id.slice(rowId.length));
      }
    if (fresh.length === 0) return;
    afterFrame(() => {
      state.first ??= performance.now();
      for (const digest of fresh) {
        if (!frames.has(digest)) frames.set(digest, epoch());
        waiting.get(digest)?.(epoch());
        waiting.delete(digest);
      }
    });
  };
  new MutationObserver(look).observe(document, { childList: true, subtree: true });
  addEventListener(
    'keydown',
    ({ timeStamp }) => afterFrame(() => void keys.push(performance.now() - timeStamp)),
    { capture: true },
  );
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries())
      long.push({ at: startTime, ms: duration });
  }).observe({ type: 'longtask', buffered: true });
}

/** Scrolls by three rows a frame with a jump every 40 frames; the gaps between frames in milliseconds. */
export async function scrollFrames({
  list,
  frames,
  rowPx,
}: {
  list: string;
  frames: number;
  rowPx: number;
}): Promise<number[]> {
  const box = document.querySelector(list);
  if (box === null) throw new Error(`no ${list}`);
  const gaps: number[] = [];
  let state = 7;
  const random = (): number => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
  let last = await new Promise<number>(requestAnimationFrame);
  for (let frame = 1; frame <= frames; frame += 1) {
    box.scrollTop =
      frame % 40 === 0
        ? Math.floor(random() * (box.scrollHeight - box.clientHeight))
        : box.scrollTop + 3 * rowPx;
    const now = await new Promise<number>(requestAnimationFrame);
    gaps.push(now - last);
    last = now;
  }
  return gaps;
}

/** As for somebody who looks at the end of the list: it stays there, whatever is added. */
export function stayAtEnd(list: string): void {
  const box = document.querySelector(list);
  if (box === null) throw new Error(`no ${list}`);
  const end = (): void => {
    box.scrollTop = box.scrollHeight;
  };
  // A row that is added, or the height of the space for them.
  new MutationObserver(end).observe(box, {
    childList: true,
    subtree: true,
    attributes: true,
    attributeFilter: ['style'],
  });
  end();
}
