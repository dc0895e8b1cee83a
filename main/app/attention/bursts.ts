// More than three notifications in ten seconds are a burst: nobody reads them, and the fourth hides the first.

export const BURST_MS = 10_000;
export const BURST_MAX = 3;

export type Bursts = {
  /** Something wants to be announced at `at` (monotonic ms): true where it is one too many. */
  readonly add: (at: number) => boolean;
};

export function openBursts(): Bursts {
  let recent: number[] = [];
  return {
    add: (at) => {
      recent = [...recent.filter((one) => at - one < BURST_MS), at];
      return recent.length > BURST_MAX;
    },
  };
}
