// A round number at or above the largest value, and the lines below it. Pure.

const STEPS = [1, 2, 5, 10];

/** At most five lines, whole numbers only. */
export function gridOf(most: number): readonly number[] {
  const rough = Math.max(1, most / 4);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = (STEPS.find((one) => one * power >= rough) ?? 10) * power;
  const whole = Math.max(1, Math.round(step));
  const lines = Math.max(1, Math.ceil(most / whole));
  return Array.from({ length: lines + 1 }, (_, at) => at * whole);
}
