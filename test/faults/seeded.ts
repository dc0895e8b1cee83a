// Numbers that look random and are the same in every run of the same seed (Mulberry32), so that a failure can be repeated.

export type Seeded = {
  /** From 0 up to, without, `limit`. */
  readonly below: (limit: number) => number;
  readonly coin: () => boolean;
};

export function seeded(seed: number): Seeded {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return { below: (limit) => Math.floor(next() * limit), coin: () => next() < 0.5 };
}
