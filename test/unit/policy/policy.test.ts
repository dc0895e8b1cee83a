// Until there is a policy everything is held; what cannot be evaluated is a failure; facts come from the action alone.

import { describe, expect, test } from 'vitest';
import { factsOf, sameFacts } from '../../../main/policy/facts.ts';
import { policyInForce } from '../../../main/policy/cedar/pinned.ts';
import { holdEverything } from '../../../main/policy/policy.ts';
import { sha256Hex } from '../../../main/trust/digest.ts';
import type { Action, ExecAction } from '../../../shared/statement/action.ts';

const file = {
  path: '/usr/bin/psql',
  sha256: 'a'.repeat(64),
  size: 1,
  mode: '0755',
  uid: 0,
  gid: 0,
};
const exec: ExecAction = {
  kind: 'exec',
  argv: ['psql', '-c', 'drop table customers'],
  cwd: '/srv',
  executable: file,
  env: [
    { name: 'PATH', value: '/bin' },
    { name: 'PGPASSWORD', secret: 'b'.repeat(64) },
  ],
  stdin: { from: 'live' },
  inputs: [],
  uid: 0,
  gid: 0,
  umask: '0022',
  runs: 'descriptor',
};

describe('hold-everything', () => {
  test('holds whatever it is asked about, at medium, for one person', () => {
    const policy = holdEverything();
    expect(policy.sha256).toBe(sha256Hex(policy.bytes));
    for (const facts of [{}, factsOf(exec), { kind: 'http' }]) {
      expect(policy.evaluate(facts, '2026-11-22T09:00:00.000Z')).toEqual({
        ok: true,
        value: {
          outcome: 'hold',
          tier: 'medium',
          needs: [{ group: 'anyone', count: 1 }],
          rules: ['hold-everything'],
          checks: [],
          reason: 'Everything is held until there is a policy.',
        },
      });
    }
  });

  test('is in force only where the keyring pins it', () => {
    const none = () => undefined;
    const other = { sha256: 'f'.repeat(64), name: 'other' };
    const own = { sha256: holdEverything().sha256, name: 'hold-everything' };
    expect(policyInForce([], none)).toMatchObject({ ok: false, code: 'policy' });
    expect(policyInForce([own, other], none)).toMatchObject({ ok: false, code: 'policy' });
    const pinned = policyInForce([other, own], none);
    expect(pinned.ok && pinned.value.name).toBe('hold-everything');
  });
});

describe('facts', () => {
  test.each([
    [
      exec,
      {
        kind: 'exec',
        program: 'psql',
        arguments: 2,
        script: false,
        root: true,
        secrets: 1,
        inputBound: false,
      },
    ],
    [
      {
        ...exec,
        script: file,
        uid: 1000,
        env: [],
        stdin: { from: 'nothing' },
        argv: ['x'],
        // Bytes whose base64 ends in what looks like a name after a slash.
        executable: { ...file, path: { b64: 'L/4orS9naXQ=' } },
      },
      {
        kind: 'exec',
        program: '?',
        arguments: 0,
        script: true,
        root: false,
        secrets: 0,
        inputBound: true,
      },
    ],
    [
      { kind: 'mcp', server: 's', tool: 't', definitionSha256: 'a'.repeat(64), argumentsRaw: '{}' },
      { kind: 'mcp', server: 's', tool: 't' },
    ],
    [
      {
        kind: 'http',
        method: 'POST',
        scheme: 'https',
        host: 'h',
        port: 443,
        path: '/',
        query: '',
        headers: [],
      },
      { kind: 'http', method: 'POST', host: 'h', port: 443 },
    ],
    [
      { kind: 'tool', runtime: 'shell', tool: 'export', inputRaw: '', cwd: '/' },
      { kind: 'tool', runtime: 'shell', tool: 'export' },
    ],
  ] as [Action, object][])('of %j', (action, facts) => {
    expect(factsOf(action)).toMatchObject(facts);
  });

  test('are the same by name and value, in any order of names', () => {
    expect(sameFacts({ a: 1, b: ['x', 'y'] }, { b: ['x', 'y'], a: 1 })).toBe(true);
    for (const other of [
      { a: 1 },
      { a: 1, b: ['y', 'x'] },
      { a: '1', b: ['x', 'y'] },
      { a: 1, b: ['x', 'y'], c: true },
      { a: 1, c: ['x', 'y'] },
    ])
      expect(sameFacts({ a: 1, b: ['x', 'y'] }, other)).toBe(false);
  });
});
