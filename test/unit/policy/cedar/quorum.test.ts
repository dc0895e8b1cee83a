// Quorums: at least, all rules together, people and not clicks.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { missingApprovals } from '../../../../shared/domain/approval.ts';
import type { Need } from '../../../../shared/statement/request.ts';
import { composeNeeds, parseRequire } from '../../../../main/policy/cedar/quorum.ts';

test.each([
  ['1 of dba', [{ group: 'dba', count: 1 }]],
  [
    '1 of dba and 12 of security',
    [
      { group: 'dba', count: 1 },
      { group: 'security', count: 12 },
    ],
  ],
  ['2 of anyone', [{ group: 'anyone', count: 2 }]],
])('reads %s', (text, needs) => {
  expect(parseRequire(text)).toEqual({ ok: true, value: needs });
});

test.each([
  '',
  '0 of dba',
  '1 dba',
  'one of dba',
  '1 of dba or 1 of sre',
  '1 of dba and',
  '01 of a',
  '17 of a',
  '9 of a and 9 of b',
  '1 of a and 1 of a',
  '1 of a b',
])('refuses "%s"', (text) =>
  expect(parseRequire(text)).toMatchObject({ ok: false, code: 'require' }),
);

const one = (group: string, count = 1) => ({ group, count });

test('one person fills "1 of dba" and "1 of anyone" of two rules', () => {
  expect(composeNeeds([[one('dba')], [one('anyone')]], 'medium')).toEqual([one('dba')]);
});

test('"2 of anyone" beside "1 of dba" is a dba and one more', () => {
  expect(composeNeeds([[one('dba')], [one('anyone', 2)]], 'medium')).toEqual([
    one('dba'),
    one('anyone'),
  ]);
});

test('whoever satisfies all rules together satisfies each of them', () => {
  const group = fc.constantFrom('anyone', 'dba', 'sre', 'security');
  const need = fc.record({ group, count: fc.integer({ min: 1, max: 3 }) });
  const needs = fc.uniqueArray(need, { minLength: 1, maxLength: 3, selector: (row) => row.group });
  const person = fc.subarray(['dba', 'sre', 'security']);
  const property = fc.property(
    fc.array(needs, { minLength: 1, maxLength: 4 }),
    fc.array(person, { maxLength: 8 }),
    (rules, groups) => {
      const people = groups.map((of, at) => ({ id: `p${at}`, groups: of }));
      const missing = (of: readonly Need[]) => missingApprovals(of, people, { solo: false });
      if (missing(composeNeeds(rules, 'medium')).length > 0) return;
      for (const rule of rules) expect(missing(rule)).toEqual([]);
    },
  );
  fc.assert(property, { numRuns: 500 });
});
