// The named checks: passed, failed or not applicable, each with a sentence; nothing is passed for want of knowledge.

import { describe, expect, test } from 'vitest';
import { runChecks } from '../../../../main/policy/cedar/checks.ts';
import { labelsOf } from '../../../../main/policy/cedar/labels.ts';
import { readSettings, Settings } from '../../../../main/policy/cedar/settings.ts';
import type { Circumstances, Facts } from '../../../../main/policy/policy.ts';
import { utf8 } from '../../../../shared/bytes.ts';
import { BY, factsLike } from './sample.ts';

const TARGETS = [
  {
    name: 'vault',
    hosts: ['*.vault.example.com'],
    environment: 'production',
    dataClass: 'restricted',
    scopes: ['pci'],
  },
  {
    name: 'prod',
    hosts: ['*.prod.example.com'],
    environment: 'production',
    dataClass: 'confidential',
  },
  {
    name: 'test',
    hosts: ['t.example.com'],
    servers: ['files'],
    commands: ['make test'],
    environment: 'test',
    dataClass: 'public',
  },
];
const settings = Settings.parse({
  version: 1,
  timeZone: 'Europe/Berlin',
  targets: TARGETS,
  changeFreeze: {
    freezes: [
      { name: 'year end', from: '2026-12-18T00:00:00.000Z', until: '2027-01-04T00:00:00.000Z' },
    ],
    environments: ['production'],
  },
  hours: {
    days: ['monday', 'friday'],
    from: '08:00',
    until: '18:00',
    environments: ['production'],
  },
  ticket: { prefixes: ['OPS-', '#'.padStart(2, 'X')] },
  fourEyes: {},
  pci: { agents: ['deploy-bot'] },
  fedramp: {},
  dataClass: { order: ['public', 'internal', 'confidential', 'restricted'], mayLeave: 'internal' },
});

const VAULT = { hosts: ['a.vault.example.com'] };
const PROD = { hosts: ['db.prod.example.com'] };
const TEST = { hosts: ['t.example.com'] };
const write = { capabilities: ['write'] };
const upload = { capabilities: ['network', 'upload'] };

function outcome(name: string, given: Facts, at: string, by: Partial<Circumstances> = {}): string {
  const facts = factsLike(given);
  const labels = labelsOf(settings, facts);
  const found = runChecks({ facts, labels, settings, evaluatedAt: at, by: { ...BY, ...by } });
  const check = found.find((one) => one.name === name);
  return `${check?.outcome}: ${check?.why}`;
}

/** A Monday, 11:00 in Berlin. */
const MONDAY = '2026-11-23T10:00:00.000Z';

describe('each check', () => {
  test.each([
    ['changeFreeze', { ...PROD, ...write }, MONDAY, 'passed: no change freeze at this time'],
    [
      'changeFreeze',
      { ...PROD, ...write },
      '2026-12-18T00:00:00.000Z',
      'failed: change freeze "year end" until 2027-01-04T00:00:00.000Z',
    ],
    [
      'changeFreeze',
      { ...PROD, ...write },
      '2027-01-04T00:00:00.000Z',
      'passed: no change freeze at this time',
    ],
    [
      'changeFreeze',
      { ...TEST, ...write },
      '2026-12-20T00:00:00.000Z',
      'notApplicable: not for environment test',
    ],
    ['changeFreeze', PROD, '2026-12-20T00:00:00.000Z', 'notApplicable: it only reads'],
    [
      'hours',
      { ...PROD, ...write },
      MONDAY,
      'passed: monday 11:00 Europe/Berlin is within working hours',
    ],
    [
      'hours',
      { ...PROD, ...write },
      '2026-11-23T17:00:00.000Z',
      'failed: monday 18:00 Europe/Berlin is outside working hours (08:00 to 18:00)',
    ],
    [
      'hours',
      { ...PROD, ...write },
      '2026-11-24T10:00:00.000Z',
      'failed: tuesday 11:00 Europe/Berlin is outside working hours (08:00 to 18:00)',
    ],
    [
      'hours',
      { ...PROD, ...write },
      '2026-07-20T06:30:00.000Z',
      'passed: monday 08:30 Europe/Berlin is within working hours',
    ],
    ['pci', { ...VAULT, ...write }, MONDAY, 'passed: in PCI scope, and stays there'],
    ['pci', { ...VAULT, ...upload }, MONDAY, 'failed: it would move something out of PCI scope'],
    ['pci', { ...PROD, ...write }, MONDAY, 'notApplicable: its target is not in PCI scope'],
    ['pci', write, MONDAY, 'failed: its target is not labelled, so it may be in PCI scope'],
    ['pci', {}, MONDAY, 'notApplicable: its target is not in PCI scope'],
    [
      'pci',
      { hosts: ['t.example.com', 'a.vault.example.com'], ...upload },
      MONDAY,
      'failed: it would move something out of PCI scope',
    ],
    [
      'fedramp',
      { ...VAULT, ...write },
      MONDAY,
      'notApplicable: its target is not in FedRAMP scope',
    ],
    ['dataClass', { ...TEST, ...upload }, MONDAY, 'passed: public may leave'],
    [
      'dataClass',
      { ...PROD, ...upload },
      MONDAY,
      'failed: confidential may not leave: at most internal',
    ],
    ['dataClass', upload, MONDAY, 'failed: the class of what would leave is not known'],
    [
      'dataClass',
      { ...PROD, capabilities: ['unknown'], unknown: true },
      MONDAY,
      'failed: confidential may not leave: at most internal',
    ],
    ['dataClass', { ...PROD, ...write }, MONDAY, 'notApplicable: it moves nothing out'],
    [
      'dataClass',
      { ...upload, dataClass: 'secret' },
      MONDAY,
      'failed: the class secret has no place in the order',
    ],
  ])('%s %j at %s', (name, facts, at, expected) => {
    expect(outcome(name, facts, at)).toBe(expected);
  });

  test.each([
    [{ reason: 'see OPS-12' }, 'passed: refers to OPS-12'],
    [{ trigger: '(OPS-9)' }, 'passed: refers to OPS-9'],
    [{ reason: 'X#77, please' }, 'passed: refers to X#77'],
    [{ reason: 'OPS-' }, 'failed: no ticket is named: say one like OPS-123 in the reason'],
    [
      { reason: 'OPS-12a DEVOPS-1' },
      'failed: no ticket is named: say one like OPS-123 in the reason',
    ],
    [{}, 'failed: no ticket is named: say one like OPS-123 in the reason'],
  ])('ticket with %j', (by, expected) => {
    expect(outcome('ticket', write, MONDAY, by)).toBe(expected);
  });

  test('four eyes need to know whose eyes the first two are', () => {
    expect(outcome('fourEyes', write, MONDAY)).toBe(
      'passed: asked for by ada, who may not approve it',
    );
    const declared = { agent: { ...BY.agent, authn: 'declared' as const } };
    expect(outcome('fourEyes', write, MONDAY, declared)).toMatch(/^failed: who asked is only/);
  });

  test('an agent that is not cleared fails the scope', () => {
    const other = { agent: { ...BY.agent, id: 'other' } };
    expect(outcome('pci', { ...VAULT, ...write }, MONDAY, other)).toBe(
      'failed: other is not cleared for PCI scope',
    );
  });

  test('what is not configured is not there', () => {
    const facts = factsLike(write);
    const none = Settings.parse({ version: 1 });
    expect(
      runChecks({
        facts,
        labels: labelsOf(none, facts),
        settings: none,
        evaluatedAt: MONDAY,
        by: BY,
      }),
    ).toEqual([]);
  });
});

describe('labels', () => {
  const label = (given: Facts) => labelsOf(settings, factsLike(given));

  test.each([
    [PROD, 'prod'],
    [{ hosts: ['DB.PROD.example.com.'] }, 'prod'],
    [{ hosts: ['prod.example.com'] }, 'unlabelled'],
    [{ hosts: ['evilprod.example.com'] }, 'unlabelled'],
    [{ hosts: ['t.example.com', 'db.prod.example.com'] }, 'prod'],
    [{ kind: 'mcp', server: 'files' }, 'test'],
    [{ command: 'make test unit' }, 'test'],
    [{ command: 'make tests' }, 'unlabelled'],
    [{ kind: 'http', host: 't.example.com' }, 'test'],
  ])('%j is %s', (facts, target) => {
    expect(label(facts).target).toBe(target);
  });

  test('everything that is touched is told, a host that nobody has labelled too', () => {
    const hosts = ['t.example.com', 'db.prod.example.com', 'elsewhere.example.org'];
    expect(label({ hosts })).toMatchObject({
      environment: 'production',
      environments: ['production', 'test', 'unknown'],
    });
    expect(label({ ...TEST, environment: 'test' }).environments).toEqual(['test']);
    expect(
      outcome('hours', { hosts: ['elsewhere.example.org', 't.example.com'], ...write }, MONDAY),
    ).toMatch(/^notApplicable/);
  });

  test('what the guard says counts where the settings say nothing, and is unknown where nobody does', () => {
    expect(label({ environment: 'staging' })).toMatchObject({
      environment: 'staging',
      dataClass: 'unknown',
    });
    expect(label({ ...PROD, environment: 'test' }).environment).toBe('production');
    expect(label({})).toMatchObject({ environment: 'unknown', dataClass: 'unknown', scopes: [] });
  });
});

describe('settings', () => {
  test.each([
    ['{', /^not JSON/],
    ['{"version":2}', /^version/],
    ['{"version":1,"extra":true}', /extra/],
    ['{"version":1,"timeZone":"Mars/Olympus"}', /^timeZone: not a time zone/],
    [
      '{"version":1,"hours":{"days":["monday"],"from":"18:00","until":"08:00"}}',
      /^hours: from is not before until/,
    ],
    [
      '{"version":1,"targets":[{"name":"x","environment":"production"}]}',
      /^targets.0: names no hosts/,
    ],
    [
      '{"version":1,"targets":[{"name":"x","hosts":["*"],"environment":"p"}]}',
      /^targets.0.hosts.0: a host like/,
    ],
    ['{"version":1,"dataClass":{"order":["a","b"],"mayLeave":"c"}}', /^dataClass: mayLeave/],
  ])('refuses %s', (text, why) => {
    const read = readSettings(utf8(text));
    expect(read).toMatchObject({ ok: false, code: 'settings' });
    expect(read.ok ? '' : read.detail).toMatch(why);
  });
});
