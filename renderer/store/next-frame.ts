// Once, with the page's next frame; where no frame comes (a hidden tab, a covered window) after a tenth of a second.

/** A tab that is hidden rounds it up to its own slower beat, a second at most for a timer that no other timer began. */
const AT_LATEST_MS = 100;

export type Frames = Pick<
  typeof globalThis,
  'requestAnimationFrame' | 'cancelAnimationFrame' | 'setTimeout' | 'clearTimeout'
>;

export function nextFrame(then: () => void, frames: Frames = globalThis): void {
  const run = (): void => {
    frames.cancelAnimationFrame(frame);
    frames.clearTimeout(timer);
    then();
  };
  const frame = frames.requestAnimationFrame(run);
  const timer = frames.setTimeout(run, AT_LATEST_MS);
}
