// What counts as a question of an agent, and until when.

import { expect, test } from 'vitest';
import { Questions } from '../../../main/broker/questions.ts';
import { budgetOf, Settings } from '../../../main/policy/cedar/settings.ts';
import fc from 'fast-check';

const START = Date.UTC(2026, 10, 22);
const HOUR = 3_600_000;
const asked = (at: number, parent?: string) => ({
  agent: { id: 'a', session: 's', onBehalfOf: 'carol', authn: 'account' as const },
  guard: { id: 'g', keyId: '0'.repeat(64), host: 'h', mode: 'run' as const },
  createdAt: new Date(START + at).toISOString(),
  ...(parent === undefined ? {} : { parent }),
});

test('a change that a reviewer proposed is nobody’s question, and is never too many', () => {
  const questions = new Questions();
  for (let i = 0; i < 5; i++) questions.add(asked(i, 'f'.repeat(64)));
  expect(questions.waitOf(asked(5), { perHour: 1 }, START + 5)).toBe(0);
  questions.add(asked(6));
  expect(questions.waitOf(asked(7, 'f'.repeat(64)), { perHour: 1 }, START + 7)).toBe(0);
  expect(questions.waitOf(asked(7), { perHour: 1 }, START + 7)).toBe(HOUR - 1);
});

test('never more than the budget in any hour and any day, whatever the times (300 runs)', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 20 * 60_000 }), { maxLength: 120 }),
      fc.integer({ min: 1, max: 5 }),
      fc.integer({ min: 1, max: 12 }),
      (gaps, perHour, perDay) => {
        const questions = new Questions();
        const taken: number[] = [];
        let at = 0;
        for (const gap of gaps) {
          at += gap;
          const wait = questions.waitOf(asked(at), { perHour, perDay }, START + at);
          const inSpan = (span: number): number => taken.filter((one) => one > at - span).length;
          // The model: it may ask exactly where both spans have room.
          expect(wait === 0).toBe(inSpan(HOUR) < perHour && inSpan(24 * HOUR) < perDay);
          if (wait > 0) continue;
          questions.add(asked(at));
          taken.push(at);
        }
      },
    ),
    { numRuns: 300 },
  );
});

test('a budget is whole, positive and bounded, and settings with another are refused', () => {
  for (const perHour of [0, -1, 1.5, 10_001, '3'])
    expect(Settings.safeParse({ version: 1, questions: { perHour } }).success).toBe(false);
  expect(Settings.safeParse({ version: 1, questions: {} }).success).toBe(false);
  expect(budgetOf({ version: 1 }, { id: 'a', authn: 'account' })).toBeUndefined();
});
