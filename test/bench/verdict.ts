// Targets and what was reached. A target that was missed counts only where the machine was quiet and measured the same thing
// twice alike; everything else is printed and judges nothing.

import { type Busy, isBusy, share } from './busy.ts';

/** Reference, section 7: the same thing twice must lie here, as an interquartile range of ratios. */
const [SAME_LOW, SAME_HIGH] = [0.92, 1.08];

export type Verdict = {
  /** `reached` above `most` is short of the target. A gate on ratios passes the range's lower end. */
  readonly atMost: (what: string, reached: number, most: number, unit: string) => void;
  /** Median of the rounds' ratios against a target; fails only where the whole interquartile range lies beyond `fails`. */
  readonly ratio: (what: string, ratios: readonly number[], target: Target) => void;
  /** Of the same thing twice: no verdict on what follows where they differ. */
  readonly sameTwice: (what: string, ratios: readonly number[]) => void;
  readonly seen: (busy: Busy) => void;
  /** Begins another benchmark: what was busy or unsteady before does not count for it. */
  readonly part: (name: string) => void;
  /** In this part a target was missed, with a verdict or without. */
  readonly short: () => boolean;
  readonly exitCode: () => 0 | 1;
};

export type Target = {
  readonly most?: number;
  readonly least?: number;
  /** Where missing the target is worse than being short of it: the target itself, if not given. */
  readonly fails?: number;
};

export const at = (values: readonly number[], part: number): number => {
  const sorted = values.toSorted((a, b) => a - b);
  return (
    sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(sorted.length * part) - 1))] ??
    Number.NaN
  );
};
export const round = (value: number): string => value.toFixed(Math.abs(value) < 10 ? 2 : 1);

export function openVerdict(say: (line: string) => void): Verdict {
  let missed = 0;
  let why: string | undefined;
  let short = false;
  return {
    part: (name) => {
      why = undefined;
      short = false;
      say(name);
    },
    seen: (busy) => {
      if (!isBusy(busy)) return;
      why = `others used ${share(busy.foreign)} of this machine`;
      say(`  BUSY: ${why}`);
    },
    sameTwice: (what, ratios) => {
      const range = [at(ratios, 0.25), at(ratios, 0.75)] as const;
      const steady = range[0] >= SAME_LOW && range[1] <= SAME_HIGH;
      say(
        `  A/A: ${what}, IQR ${round(range[0])}-${round(range[1])} of ${ratios.length} rounds${steady ? '' : ': UNSTEADY'}`,
      );
      if (!steady) why ??= 'the same thing twice differs too much';
    },
    atMost: (what, reached, most, unit) => {
      const line = `${what}: ${round(reached)} ${unit}, target <= ${most}`;
      if (reached <= most) return say(`  met: ${line}`);
      short = true;
      if (why !== undefined) return say(`  NO VERDICT (${why}): ${line}`);
      missed += 1;
      say(`  SHORT: ${line}`);
    },
    ratio: (what, ratios, { most, least, fails }) => {
      const [low, middle, high] = [at(ratios, 0.25), at(ratios, 0.5), at(ratios, 0.75)] as const;
      const aim = most === undefined ? `>= ${least}` : `<= ${most}`;
      const line = `${what}: ${round(middle)} (IQR ${round(low)}-${round(high)}), target ${aim}`;
      const met = most === undefined ? middle >= (least ?? 0) : middle <= most;
      if (met) return say(`  met: ${line}`);
      short = true;
      if (why !== undefined) return say(`  NO VERDICT (${why}): short, ${line}`);
      say(`  SHORT: ${line}`);
      const beyond = most === undefined ? high < (fails ?? least ?? 0) : low > (fails ?? most);
      if (beyond) missed += 1;
    },
    short: () => short,
    exitCode: () => (missed === 0 ? 0 : 1),
  };
}
