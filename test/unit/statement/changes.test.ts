// A decision that proposes something else: only a denial can, and only so much.

import { expect, test } from 'vitest';
import type { Changes } from '../../../shared/statement/changes.ts';
import { encodeCj, type Cj } from '../../../shared/statement/cj1.ts';
import { decodeStatement } from '../../../shared/statement/statement.ts';
import { SAMPLES } from '../../kit/sample-statements.ts';

const decision = (more: object) =>
  decodeStatement('decision', encodeCj({ ...SAMPLES.decision, ...more } as Cj));
const CHANGES: Changes = { kind: 'exec', argv: ['rm', '-i', 'notes'] };

test('a denial may propose another command', () => {
  const read = decision({ verdict: 'deny', changes: CHANGES });
  expect(read.ok && read.value.changes).toEqual(CHANGES);
});

test.each<[string, object]>([
  ['an approval with changes', { verdict: 'approve', changes: CHANGES }],
  ['changes of no argument', { verdict: 'deny', changes: { kind: 'exec', argv: [] } }],
  ['changes of an unknown kind', { verdict: 'deny', changes: { kind: 'http', host: 'a' } }],
  ['changes with a member more', { verdict: 'deny', changes: { ...CHANGES, cwd: '/' } }],
  [
    'changes over 5 KiB',
    { verdict: 'deny', changes: { kind: 'exec', argv: ['a'.repeat(3000), 'b'.repeat(3000)] } },
  ],
])('%s are refused', (_, more) => {
  const read = decision(more);
  expect(read.ok ? 'taken' : read.code).toBe('schema');
});
