// The second question: may this person decide. Policy can only narrow, and a doubt is a no.

import { describe, expect, test } from 'vitest';
import { holdEverything, type Decider } from '../../../../main/policy/policy.ts';
import { Settings } from '../../../../main/policy/cedar/settings.ts';
import type { Request } from '../../../../shared/statement/request.ts';
import { AT, factsLike, opened } from './sample.ts';

const HEX = 'a'.repeat(64);
const request: Request = {
  requestId: 'b'.repeat(32),
  nonce: HEX,
  org: 'acme',
  log: 'acme.example/log',
  guard: { id: 'g', keyId: HEX, host: 'laptop', mode: 'run' },
  agent: { id: 'deploy-bot', session: 's', onBehalfOf: 'ada', authn: 'account' },
  action: { kind: 'mcp', server: 'files', tool: 'rm', definitionSha256: HEX, argumentsRaw: '{}' },
  facts: factsLike({ kind: 'mcp', capabilities: ['delete'], hosts: ['db.example.com'] }),
  evaluatedAt: AT,
  policy: { sha256: HEX, rules: ['r'], tier: 'critical', needs: [{ group: 'dba', count: 1 }] },
  checks: [],
  reason: '',
  narrative: '',
  trigger: '',
  attachments: [],
  createdAt: AT,
  ttlMs: 60_000,
};
const bob: Decider = { id: 'bob', groups: ['dba'], sameHost: false, ownAction: false, solo: false };
const settings = Settings.parse({
  version: 1,
  targets: [{ name: 'db', hosts: ['db.example.com'], environment: 'production' }],
});

const rule = (when: string): string =>
  `@id("narrow") @reason("Not this one.") forbid (principal is Person, action, resource) when { ${when} };`;

test('without a rule about people everybody may whom the built-in rules let', () => {
  expect(opened('').mayDecide(request, bob, AT)).toEqual({ may: true });
  expect(holdEverything().mayDecide(request, bob, AT)).toEqual({ may: true });
});

describe('a rule narrows by', () => {
  test.each([
    ['principal == Person::"bob"', false],
    ['principal == Person::"eve"', true],
    ['principal in Group::"dba"', false],
    ['principal in Group::"security"', true],
    ['resource.tier == "critical" && resource.capabilities.contains("delete")', false],
    ['resource.environment == "production"', false],
    ['resource.owner == "ada" && resource.agent == "deploy-bot"', false],
    ['context.sameHost || context.ownAction || context.solo', true],
    ['context.now.weekday == "sunday"', true],
  ])('%s', (when, may) => {
    const answer = opened(rule(when), settings).mayDecide(request, bob, AT);
    expect(answer).toEqual(may ? { may } : { may, rules: ['narrow'], reason: 'Not this one.' });
  });

  test('a head that names a group', () => {
    const text = '@id("n") forbid (principal in Group::"dba", action, resource);';
    expect(opened(text).mayDecide(request, bob, AT)).toMatchObject({ may: false, rules: ['n'] });
    expect(opened(text).mayDecide(request, { ...bob, groups: [] }, AT)).toEqual({ may: true });
  });
});

test('a rule about agents never lets or keeps a person', () => {
  const text = `@id("a") permit (principal is Agent, action, resource);
@id("b") forbid (principal is Agent, action, resource) when { context.force };`;
  expect(opened(text).mayDecide(request, bob, AT)).toEqual({ may: true });
});

test('what cannot be evaluated keeps a person from approving', () => {
  const policy = opened(rule('context.now.hour * 9223372036854775807 < 0'));
  expect(policy.mayDecide(request, bob, AT)).toMatchObject({ may: false });
  expect(opened('').mayDecide(request, bob, 'soon')).toMatchObject({ may: false });
});
