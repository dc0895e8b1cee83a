// The names in one of this guard's folders, in order; a folder that is not there yet has none.

import { readdirSync } from 'node:fs';

export function namesIn(folder: string, form: RegExp): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => form.test(name))
      .sort();
  } catch {
    return [];
  }
}

/** Sorts by time, then by order within one run. */
export const placeOf = (now: number, count: number): string =>
  `${String(now).padStart(16, '0')}-${String(count).padStart(6, '0')}`;
