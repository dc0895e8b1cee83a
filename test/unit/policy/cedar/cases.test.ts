// Example cases: closed, deterministic, and a difference is told in the words of the policy.

import { describe, expect, test } from 'vitest';
import { readCases, runCase } from '../../../../main/policy/cedar/cases.ts';
import { invariant } from '../../../../shared/result.ts';
import { utf8 } from '../../../../shared/bytes.ts';
import { opened } from './sample.ts';

const policy = opened(`@id("night") forbid (principal is Agent, action, resource)
when { context.now.hour < 6 };
@id("bot") permit (principal == Agent::"bot", action, resource) when { context.guard.mode == "hook" };
@id("deletes") @require("1 of dba and 1 of sre") forbid (principal is Agent, action == Action::"exec", resource)
when { context.capabilities.contains("delete") } unless { context.approved };`);

const run = (one: object) => {
  const cases = readCases(utf8(JSON.stringify({ version: 1, cases: [{ name: 'x', ...one }] })));
  invariant(cases.ok && cases.value[0], cases.ok ? '' : (cases.detail ?? ''));
  const result = runCase(policy, cases.value[0]);
  return result.ok
    ? result.value.differences.map(({ what, expected, got }) => `${what}: ${expected} / ${got}`)
    : result.detail;
};

describe('a case', () => {
  test.each([
    [
      'of a command',
      { command: ['rm', 'x'], expect: { outcome: 'hold', needs: '1 of sre and 1 of dba' } },
    ],
    [
      'of a tool call',
      { mcp: { server: 's', tool: 'delete' }, expect: { outcome: 'hold', rules: ['no-rule'] } },
    ],
    [
      'of a runtime’s tool',
      { tool: { runtime: 'claude', tool: 'Read', input: {} }, expect: { outcome: 'hold' } },
    ],
    [
      'of a web request',
      {
        http: { method: 'GET', url: 'https://x.example.com:8443/a?b' },
        expect: { outcome: 'hold' },
      },
    ],
    [
      'at its time',
      {
        command: ['ls'],
        at: '2026-01-05T03:00:00.000Z',
        expect: { outcome: 'forbid', needs: '1 of anyone' },
      },
    ],
    [
      'by its agent and guard',
      {
        command: ['ls'],
        agent: { id: 'bot' },
        guard: { host: 'h', mode: 'hook' },
        expect: { outcome: 'allow' },
      },
    ],
    [
      'with its facts over those of the action',
      {
        command: ['ls'],
        facts: { capabilities: ['delete'] },
        expect: { outcome: 'hold', rules: ['deletes'] },
      },
    ],
  ])('%s', (name, one) => {
    expect(run(one)).toEqual(name === 'at its time' ? ['needs: 1 of anyone / nobody'] : []);
  });

  test('tells what differs', () => {
    expect(
      run({
        command: ['rm', 'x'],
        expect: { outcome: 'allow', tier: 'low', rules: ['bot'], checks: { ticket: 'passed' } },
      }),
    ).toEqual([
      'outcome: allow / hold',
      'tier: low / medium',
      'rules: bot / deletes',
      'check ticket: passed / not configured',
    ]);
  });

  test('with an address that is none cannot be run', () => {
    expect(run({ http: { method: 'GET', url: 'ftp://x' }, expect: { outcome: 'hold' } })).toMatch(
      /not an http address/,
    );
  });
});

test.each([
  [
    'two of one name',
    [
      { name: 'a', command: ['a'] },
      { name: 'a', command: ['b'] },
    ],
    /two cases are called "a"/,
  ],
  [
    'two actions',
    [{ name: 'a', command: ['a'], http: { method: 'GET', url: 'http://x' } }],
    /give one of/,
  ],
  [
    'a quorum that is none',
    [{ name: 'a', command: ['a'], expect: { outcome: 'hold', needs: 'two' } }],
    /needs/,
  ],
])('refuses %s', (_, cases, says) => {
  const given = cases.map((one) => ({ expect: { outcome: 'hold' }, ...one }));
  const read = readCases(utf8(JSON.stringify({ version: 1, cases: given })));
  expect(read.ok ? '' : read.detail).toMatch(says);
});
