// A token bucket for each principal: so many messages a second, with a burst. Over it the answer is `busy` and when
// to come back, never silence (security note 4.4).

type Bucket = { tokens: number; at: number };

export type Allowance = { readonly perSecond: number; readonly burst: number };

export class Rate {
  readonly #buckets = new Map<string, Bucket>();
  readonly #allowance: Allowance;

  constructor(allowance: Allowance) {
    this.#allowance = allowance;
  }

  /** 0 where one more message is within the rate, else the milliseconds until one is. `at` is monotonic. */
  take(principal: string, at: number): number {
    const { perSecond, burst } = this.#allowance;
    const bucket = this.#buckets.get(principal) ?? { tokens: burst, at };
    const earned = ((at - bucket.at) * perSecond) / 1000;
    bucket.tokens = Math.min(burst, bucket.tokens + earned);
    bucket.at = at;
    this.#buckets.set(principal, bucket);
    if (bucket.tokens < 1) return Math.ceil(((1 - bucket.tokens) * 1000) / perSecond);
    bucket.tokens -= 1;
    return 0;
  }

  /** Forgets those whose bucket is full again: they would start with the same. */
  sweep(at: number): void {
    const full = (this.#allowance.burst * 1000) / this.#allowance.perSecond;
    for (const [principal, bucket] of this.#buckets) {
      if (at - bucket.at >= full) this.#buckets.delete(principal);
    }
  }
}
