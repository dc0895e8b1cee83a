// Who may propose what, and what is then a child of it: each rule by a change that breaks exactly it.

import { describe, expect, test } from 'vitest';
import {
  editableOf,
  endingFits,
  isChanged,
  whyNotChanges,
  whyNotChild,
} from '../../../shared/domain/changes.ts';
import type { Action } from '../../../shared/statement/action.ts';
import type { Changes } from '../../../shared/statement/changes.ts';
import type { Request } from '../../../shared/statement/request.ts';
import { EXEC, HTTP, MCP, requestOf, TOOL } from '../statement/view-samples.ts';

const LONG = { attachment: 'a'.repeat(64), size: 5000 };
const argv = (...words: Extract<Changes, { kind: 'exec' }>['argv']): Changes => ({
  kind: 'exec',
  argv: words,
});
const PROPOSED = argv('node', 'export.js', 'customers', '--limit=100');
const parent = requestOf(EXEC);
const childOf = (action: Partial<typeof EXEC> = {}, more: Partial<Request> = {}): Request => ({
  ...requestOf({ ...EXEC, argv: ['node', 'export.js', 'customers', '--limit=100'], ...action }),
  ...more,
});

describe('changes', () => {
  test.each<[string, Action, Changes, string | undefined]>([
    ['of the arguments are of a command', EXEC, PROPOSED, undefined],
    ['of another kind are none of it', EXEC, { kind: 'tool', inputRaw: 'x' }, 'otherKind'],
    ['of an HTTP request there are none', HTTP, PROPOSED, 'otherKind'],
    ['that change nothing are none', EXEC, argv('node', 'export.js', 'customers'), 'sameAction'],
    ['that name no program are none', EXEC, argv('', 'x'), 'notAWord'],
    ['with NUL in an argument are none', EXEC, argv('node', { b64: 'AA==' }), 'notAWord'],
    ['with bytes that are not UTF-8 are none', EXEC, argv('node', { b64: '/w==' }), 'notAWord'],
    ['with a newline in an argument may be', EXEC, argv('node', { b64: 'YQpi' }), undefined],
    ['with a long value that is not there are none', EXEC, argv('node', LONG), 'notHere'],
    ['of a tool call are JSON', MCP, { kind: 'mcp', argumentsRaw: '{"path":' }, 'notJson'],
    ['of a tool call may be', MCP, { kind: 'mcp', argumentsRaw: '{"path":"/tmp"}' }, undefined],
    ['of what a hook holds are any text', TOOL, { kind: 'tool', inputRaw: 'ls' }, undefined],
  ])('%s', (_, action, changes, why) => {
    expect(whyNotChanges(requestOf(action), changes)).toBe(why);
  });

  test('may leave a long value that the request has', () => {
    const attachments = [
      { sha256: LONG.attachment, size: LONG.size, mediaType: 'text/plain', name: 'long' },
    ];
    expect(whyNotChanges({ ...parent, attachments }, argv('node', LONG))).toBeUndefined();
    const other = [{ ...attachments[0], size: LONG.size + 1 }] as typeof attachments;
    expect(whyNotChanges({ ...parent, attachments: other }, argv('node', LONG))).toBe('notHere');
  });

  test('are offered of the part that a person may edit, and of no other', () => {
    expect(editableOf(EXEC)).toEqual({ kind: 'exec', argv: EXEC.argv });
    expect(editableOf(HTTP)).toBeUndefined();
  });
});

describe('a child', () => {
  test('is exactly what was proposed, whatever was measured anew', () => {
    const again = { ...EXEC.executable, sha256: 'f'.repeat(64) };
    expect(whyNotChild(childOf({ executable: again }), parent, PROPOSED)).toBeUndefined();
  });

  const elsewhere = { ...parent.guard, id: 'guard-9' };
  const hook = { ...parent.guard, mode: 'hook' as const };
  test.each<[string, Request, string]>([
    ['with another argument', childOf({ argv: ['node', 'export.js', 'all'] }), 'otherAction'],
    ['with one argument more', childOf({ argv: [...childOfArgv(), 'x'] }), 'otherAction'],
    ['that is what was denied', childOf({ argv: EXEC.argv }), 'otherAction'],
    ['in another folder', childOf({ cwd: '/' }), 'otherAction'],
    ['as another user', childOf({ uid: 0 }), 'otherAction'],
    ['of another guard', childOf({}, { guard: elsewhere }), 'otherGuard'],
    ['of another way to ask', childOf({}, { guard: hook }), 'otherGuard'],
    ['for another agent', childOf({}, { agent: { ...parent.agent, id: 'other' } }), 'otherAgent'],
    [
      'for another person',
      childOf({}, { agent: { ...parent.agent, onBehalfOf: 'bob' } }),
      'otherAgent',
    ],
    ['of another kind', { ...childOf(), action: TOOL }, 'otherAction'],
  ])('%s is none', (_, child, why) => {
    expect(whyNotChild(child, parent, PROPOSED)).toBe(why);
  });

  test('of a tool call is of the same tool by the same definition', () => {
    const changes: Changes = { kind: 'mcp', argumentsRaw: '{}' };
    expect(isChanged({ ...MCP, argumentsRaw: '{}' }, MCP, changes)).toBe(true);
    const other = { ...MCP, argumentsRaw: '{}', definitionSha256: 'e'.repeat(64) };
    expect(isChanged(other, MCP, changes)).toBe(false);
  });
});

test('an approval of a changed request is told as such, and no other is', () => {
  const child = { parent: 'b'.repeat(64) };
  expect(endingFits('approvedWithChanges', child)).toBe(true);
  expect(endingFits('approved', child)).toBe(false);
  expect(endingFits('approvedWithChanges', {})).toBe(false);
  expect(endingFits('approved', {})).toBe(true);
  for (const how of ['denied', 'expiredSeen', 'expiredUnseen', 'withdrawn'] as const)
    expect([endingFits(how, child), endingFits(how, {})]).toEqual([true, true]);
});

function childOfArgv(): readonly string[] {
  return ['node', 'export.js', 'customers', '--limit=100'];
}
