// The diff of two actions: computed from bytes, every difference in it, nothing in it that could mislead.

import { describe, expect, test } from 'vitest';
import type { Action } from '../../../shared/statement/action.ts';
import { type Cj, encodeCj } from '../../../shared/statement/cj1.ts';
import { differing, diffRequests } from '../../../shared/statement/diff/action.ts';
import { stepsBetween } from '../../../shared/statement/diff/lcs.ts';
import { diffLines, lineText, type Shown } from '../../../shared/statement/diff/lines.ts';
import { EXEC, MCP, requestOf, TOOL } from './view-samples.ts';

const bytesOf = (action: Action): Uint8Array => encodeCj(requestOf(action) as unknown as Cj);
function diff(before: Action, after: Action): readonly string[] {
  const lines = diffRequests(bytesOf(before), bytesOf(after));
  return lines.ok ? lines.value.map(lineText) : [lines.code];
}
const changed = (before: Action, after: Action): readonly string[] =>
  diff(before, after).filter((line) => !line.startsWith(' '));

describe('the arguments', () => {
  test('stand one a line, with what stayed around them', () => {
    expect(diff(EXEC, { ...EXEC, argv: ['node', 'export.js', '--dry-run', 'orders'] })).toEqual([
      '  Argument 0: “node”',
      '  Argument 1: “export.js”',
      '- Argument 2: “customers”',
      '+ Argument 2: “--dry-run”',
      '+ Argument 3: “orders”',
    ]);
  });

  test('that moved by one are not all different', () => {
    expect(changed(EXEC, { ...EXEC, argv: ['node', '-q', 'export.js', 'customers'] })).toEqual([
      '+ Argument 1: “-q”',
    ]);
  });

  test('are shown escaped: a hidden character is a difference that can be read', () => {
    const bell = { b64: Buffer.from('customers\u0007').toString('base64') };
    expect(changed(EXEC, { ...EXEC, argv: ['node', 'export.js', 'customers\u202e'] })).toContain(
      '+ Argument 2: “customers⟦U+202E⟧”',
    );
    expect(changed(EXEC, { ...EXEC, argv: ['node', 'export.js', bell] })).toContain(
      '+ Argument 2: “customers⟦U+0007⟧”',
    );
  });

  test('name the words that differ', () => {
    const before = { ...EXEC, argv: ['psql', '-c', 'delete from users where id > 5'] };
    const after = { ...EXEC, argv: ['psql', '-c', 'delete from users where id = 5'] };
    const lines = diffRequests(bytesOf(before), bytesOf(after));
    const marked = differing(lines.ok ? lines.value : []).map(({ pieces }) =>
      pieces.map(({ is, text }) => (is === 'same' ? text : `[${is} ${text}]`)).join(''),
    );
    expect(marked).toEqual([
      '“delete from users where id [gone >] 5”',
      '“delete from users where id [new =] 5”',
    ]);
  });
});

test('every other member is there where it differs, and only then', () => {
  const after: Action = {
    ...EXEC,
    executable: { ...EXEC.executable, sha256: 'f'.repeat(64) },
    env: EXEC.env.slice(1),
    umask: '0077',
  };
  expect(changed(EXEC, after)).toEqual([
    '- Environment: name “PATH”, value “/usr/bin:/bin”',
    `- Program sha256: “${EXEC.executable.sha256}”`,
    `+ Program sha256: “${'f'.repeat(64)}”`,
    '- Umask: “0022”',
    '+ Umask: “0077”',
  ]);
  expect(changed(EXEC, EXEC)).toEqual([]);
});

test('a tool’s text is compared line by line', () => {
  const text = (lines: string) => ({ b64: Buffer.from(lines).toString('base64') });
  const before = { ...TOOL, inputRaw: text('one\ntwo\nthree') };
  expect(diff(before, { ...TOOL, inputRaw: text('one\n2\nthree') })).toEqual([
    '  Tool input: “one⏎',
    '- Tool input: two⏎',
    '+ Tool input: 2⏎',
    '  Tool input: three”',
  ]);
  expect(changed(MCP, { ...MCP, argumentsRaw: '{"path":"/srv/new","n":1.0}' })).toHaveLength(2);
});

test('other bytes than a request’s have no diff', () => {
  const bad = diffRequests(bytesOf(EXEC), Uint8Array.of(1));
  expect(bad.ok).toBe(false);
});

describe('the steps from one list to another', () => {
  const list = (text: string): readonly string[] => text.split('');
  const rebuilt = (before: string, after: string): readonly string[] => {
    const steps = stepsBetween(list(before), list(after));
    const old = steps.flatMap((step) => (step.is === 'new' ? [] : [before[step.before]]));
    const now = steps.flatMap((step) => (step.is === 'gone' ? [] : [after[step.after]]));
    return [old.join(''), now.join('')];
  };

  test('lose nothing of either', () => {
    for (const [a, b] of [
      ['', ''],
      ['abc', ''],
      ['', 'abc'],
      ['abcabba', 'cbabac'],
      ['aaaa', 'aa'],
      ['xaby', 'xcdy'],
    ] as const)
      expect(rebuilt(a, b)).toEqual([a, b]);
  });

  test('are bounded: two long lists without anything in common are all gone and all new', () => {
    const [a, b] = [Array.from({ length: 2000 }, String), Array.from({ length: 2000 }, () => 'x')];
    const steps = stepsBetween(a, b);
    expect(steps).toHaveLength(4000);
    expect(steps.slice(0, 2000).every(({ is }) => is === 'gone')).toBe(true);
  });

  test('tell two texts apart by their keys', () => {
    const one = (key: string): Shown => ({ label: 'a', text: 'same', key });
    expect(diffLines([one('1')], [one('2')]).map(({ is }) => is)).toEqual(['gone', 'new']);
  });
});
