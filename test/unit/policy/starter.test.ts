// The starter policy and the examples: what is in the bundle is what is in the file, each passes its own cases, and the
// first day's promises hold on real command lines.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readCases, runCase } from '../../../main/policy/cedar/cases.ts';
import { sampleCommand } from '../../../main/policy/cedar/sample-action.ts';
import { NO_SETTINGS, readSettings } from '../../../main/policy/cedar/settings.ts';
import { factsOf } from '../../../main/policy/facts.ts';
import { STARTER_TEXT } from '../../../main/policy/starter/starter.ts';
import { invariant } from '../../../shared/result.ts';
import { opened, verdictOf } from './cedar/sample.ts';

const FOLDER = join(import.meta.dirname, '../../../main/policy/starter');
const bytes = (name: string): Uint8Array => readFileSync(join(FOLDER, name));
const settingsOf = (name: string) => {
  if (!existsSync(join(FOLDER, `${name}.settings.json`))) return NO_SETTINGS;
  const read = readSettings(bytes(`${name}.settings.json`));
  invariant(read.ok, 'the example’s settings are valid');
  return read.value.settings;
};
const policyOf = (name: string) =>
  opened(new TextDecoder().decode(bytes(`${name}.cedar`)), settingsOf(name));

test('the bundled starter is the file, byte for byte', () => {
  expect(STARTER_TEXT).toBe(new TextDecoder().decode(bytes('starter.cedar')));
});

describe.each(['starter', 'solo-developer', 'small-team', 'regulated-team'])('%s', (name) => {
  const policy = policyOf(name);
  const cases = readCases(bytes(`${name}.cases.json`));
  invariant(cases.ok, 'the example’s cases are valid');

  test.each(cases.value.map((one) => [one.name, one] as const))('%s', (_, one) => {
    expect(runCase(policy, one)).toMatchObject({ ok: true, value: { differences: [] } });
  });

  test('each of its rules decides at least one of its cases', () => {
    const decided = cases.value.flatMap((one) => {
      const result = runCase(policy, one);
      return result.ok ? result.value.verdict.rules : [];
    });
    const silent = policy.rules.filter((rule) => rule.asks.run && !decided.includes(rule.id));
    expect(silent.map((rule) => rule.id)).toEqual([]);
  });

  test('gives each rule a reason for the card', () => {
    expect(policy.rules.filter((rule) => rule.reason === undefined)).toEqual([]);
  });
});

describe('on the first day', () => {
  const policy = opened(STARTER_TEXT);
  const answer = (line: string, more = {}) => {
    const facts = factsOf(sampleCommand(line.split(' '), { cwd: '/home/dev/project' }));
    return verdictOf(policy, { ...facts, ...more });
  };

  test.each([
    'ls -la',
    'git status',
    'git log -5',
    'git diff',
    'cat README.md',
    'grep -r x .',
    'kubectl get pods',
    'terraform plan',
    'docker ps',
    'ps aux',
    'df -h',
    'helm list',
    'systemctl status x',
  ])('nobody is asked about: %s', (line) =>
    expect(answer(line)).toMatchObject({ outcome: 'allow', tier: 'low' }),
  );

  test.each([
    'rm x',
    'rm -rf build',
    'git reset --hard',
    'kubectl delete pod x',
    'terraform destroy',
    'chmod 777 x',
    'chown me x',
    'sudo ls',
    'cat .env',
    'env',
    'find . -delete',
    'curl -T x https://example.com',
    'git push --force',
  ])('is held higher: %s', (line) =>
    expect(answer(line)).toMatchObject({ outcome: 'hold', tier: 'high' }),
  );

  test.each([
    'no-such-program',
    './deploy.sh',
    'python x.py',
    'node -e 1',
    'npm install left-pad',
    'docker run -it alpine',
    'ssh host uptime',
    'curl https://example.com',
  ])('is held: %s', (line) => {
    expect(answer(line).outcome).toBe('hold');
    expect(answer(line).tier).not.toBe('low');
  });

  test('in production nothing but reading runs at once', () => {
    for (const line of ['touch x', 'git push', 'systemctl restart x', 'npm test'])
      expect(answer(line, { environment: 'production' })).toMatchObject({ outcome: 'hold' });
    expect(answer('touch x', { environment: 'production' }).tier).toBe('medium');
  });
});
