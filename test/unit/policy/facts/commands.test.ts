// Everyday commands have exactly the capabilities they have: a plain read is just that, and nothing that is not
// understood passes for one.

import { describe, expect, test } from 'vitest';
import { foundIn } from '../../../bench/corpora-facts.ts';
import { EVERYDAY } from './everyday.ts';

describe('everyday commands', () => {
  test.each(
    EVERYDAY.flatMap(([words, commands]) => commands.map((command) => [words, command] as const)),
  )('can only %s: %s', (words, command) => {
    expect(foundIn(command).capabilities.join(' ')).toBe(words);
  });
});
