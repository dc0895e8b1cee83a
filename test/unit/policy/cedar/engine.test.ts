// Cedar behind the port: what runs at once, what is held and for whom, what never runs; and that every doubt is a refusal.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { utf8 } from '../../../../shared/bytes.ts';
import { openPolicy } from '../../../../main/policy/cedar/engine.ts';
import { Settings } from '../../../../main/policy/cedar/settings.ts';
import { sha256Hex } from '../../../../main/trust/digest.ts';
import { AT, factsLike, opened, verdictOf } from './sample.ts';

const READS = `@id("reads") @tier("low") @reason("It only reads.")
permit (principal is Agent, action, resource) when { context.capabilities == ["read"] };\n`;
const heldWhen = (id: string, when: string, more = ''): string =>
  `@id("${id}") ${more}\nforbid (principal is Agent, action, resource) when { ${when} } unless { context.approved };\n`;

describe('an answer', () => {
  test('what a rule permits runs at once, and nobody is needed', () => {
    expect(verdictOf(opened(READS), factsLike())).toEqual({
      outcome: 'allow',
      tier: 'low',
      needs: [],
      rules: ['reads'],
      checks: [],
      reason: 'It only reads.',
    });
  });

  test('what no rule covers is held at medium for one person', () => {
    expect(verdictOf(opened(READS), factsLike({ capabilities: ['write'] }))).toMatchObject({
      outcome: 'hold',
      tier: 'medium',
      needs: [{ group: 'anyone', count: 1 }],
      rules: ['no-rule'],
    });
  });

  test('a rule that holds beats one that permits, and says who, how long and why', () => {
    const hold = heldWhen(
      'careful',
      'context.force',
      '@tier("high") @require("1 of sre") @ttl("10m") @reason("It is forced.")',
    );
    expect(verdictOf(opened(READS + hold), factsLike({ force: true }))).toEqual({
      outcome: 'hold',
      tier: 'high',
      needs: [{ group: 'sre', count: 1 }],
      rules: ['careful'],
      checks: [],
      ttlMs: 600_000,
      reason: 'It is forced.',
    });
  });

  test('a rule that forbids beats both, and nobody is asked', () => {
    const never =
      '@id("never") forbid (principal is Agent, action, resource) when { context.rootPath };\n';
    const policy = opened(READS + heldWhen('careful', 'context.force') + never);
    expect(verdictOf(policy, factsLike({ force: true, rootPath: true }))).toMatchObject({
      outcome: 'forbid',
      needs: [],
      rules: ['never'],
    });
  });

  test('a permit may wait for people, and another permit makes that unnecessary', () => {
    const waits = `@id("waits") @require("2 of dba")
permit (principal is Agent, action, resource) when { context.sql && context.approved };\n`;
    const policy = opened(READS + waits);
    expect(verdictOf(policy, factsLike({ sql: true, capabilities: ['write'] }))).toMatchObject({
      outcome: 'hold',
      needs: [{ group: 'dba', count: 2 }],
      rules: ['waits'],
    });
    expect(verdictOf(policy, factsLike({ sql: true }))).toMatchObject({ outcome: 'allow' });
  });

  test('several rules that hold demand all of their people, at the highest of their tiers and the shortest time', () => {
    const policy = opened(
      heldWhen('one', 'context.force', '@require("1 of dba") @ttl("1h")') +
        heldWhen(
          'two',
          'context.recursive',
          '@tier("high") @require("1 of dba and 1 of security") @ttl("5m")',
        ),
    );
    expect(verdictOf(policy, factsLike({ force: true, recursive: true }))).toMatchObject({
      tier: 'high',
      ttlMs: 300_000,
      needs: [
        { group: 'dba', count: 1 },
        { group: 'security', count: 1 },
      ],
      rules: ['one', 'two'],
    });
  });

  test('critical takes two people, whoever the rule names', () => {
    const policy = opened(
      heldWhen('worst', 'context.force', '@tier("critical") @require("1 of dba")'),
    );
    expect(verdictOf(policy, factsLike({ force: true })).needs).toEqual([
      { group: 'dba', count: 1 },
      { group: 'anyone', count: 1 },
    ]);
  });

  test('what is not understood is held at medium at least, whatever a rule says', () => {
    const policy = opened(
      heldWhen('light', 'context.capabilities.contains("write")', '@tier("low")'),
    );
    const facts = { capabilities: ['unknown', 'write'], unknownParts: ['option'] };
    expect(verdictOf(policy, factsLike({ capabilities: ['write'] })).tier).toBe('low');
    expect(verdictOf(policy, factsLike({ ...facts, unknown: true })).tier).toBe('medium');
  });

  test('the digest is that of the file’s exact bytes', () => {
    const text = '// a comment\n';
    expect(opened(text).sha256).toBe(sha256Hex(utf8(text)));
    expect(opened('// a comment\r\n').sha256).not.toBe(opened(text).sha256);
  });
});

describe('any doubt is a refusal', () => {
  const refusal = { outcome: 'forbid', code: 'policyError', needs: [], rules: ['policy-error'] };

  test('a rule that cannot be evaluated is not skipped', () => {
    const overflows = `@id("overflows") forbid (principal is Agent, action, resource)
when { context.arguments * 9223372036854775807 > 3 };\n`;
    const policy = opened(READS + overflows);
    expect(verdictOf(policy, factsLike({ arguments: 2 }))).toMatchObject(refusal);
    expect(verdictOf(policy, factsLike({ arguments: 2 })).reason).toContain('overflow');
  });

  test.each([
    ['missing', (facts: Record<string, unknown>) => delete facts['force']],
    ['of another type', (facts: Record<string, unknown>) => (facts['force'] = 'yes')],
    ['not known', (facts: Record<string, unknown>) => (facts['invented'] = true)],
    ['of another kind of action', (facts: Record<string, unknown>) => (facts['method'] = 'GET')],
    ['a word nobody knows', (facts: Record<string, unknown>) => (facts['capabilities'] = ['fly'])],
    ['a kind nobody knows', (facts: Record<string, unknown>) => (facts['kind'] = 'sql')],
  ])('a fact that is %s', (_, spoil) => {
    const facts = factsLike();
    spoil(facts);
    expect(verdictOf(opened(READS), facts)).toMatchObject(refusal);
  });

  test('a time that is none', () => {
    expect(verdictOf(opened(READS), factsLike(), {}, 'yesterday')).toMatchObject(refusal);
  });

  test('a policy with a problem is not opened at all', () => {
    expect(openPolicy(utf8('permit (principal is Agent, action, resource);')).ok).toBe(false);
    expect(openPolicy(Uint8Array.of(0xff)).ok).toBe(false);
  });
});

describe('rules see', () => {
  const settings = Settings.parse({
    version: 1,
    timeZone: 'Asia/Tokyo',
    targets: [{ name: 'prod', hosts: ['*.prod.example.com'], environment: 'production' }],
    ticket: { prefixes: ['OPS-'] },
  });
  const allowsWhen = (when: string) =>
    opened(`@id("a") permit (principal is Agent, action, resource) when { ${when} };`, settings);

  test.each([
    ['context.now.weekday == "monday" && context.now.hour == 19', true],
    ['context.now.date == "2026-11-23" && context.now.at < datetime("2026-11-24")', true],
    ['resource.environment == "production"', true],
    ['resource.dataClass == "unknown"', true],
    ['principal == Agent::"deploy-bot" && principal.owner == "ada"', true],
    ['principal.authn == "token"', false],
    ['context.guard.host == "laptop" && context.guard.mode == "run"', true],
    ['context.checks.ticket.applies', false],
    ['action == Action::"exec"', true],
    ['context.method == "" && !context.body && context.port == 0', true],
  ])('%s: %s', (when, expected) => {
    const facts = factsLike({ hosts: ['db1.prod.example.com'] });
    expect(verdictOf(allowsWhen(when), facts).outcome === 'allow').toBe(expected);
  });

  test('every kind of action with the one context', () => {
    for (const kind of ['exec', 'http', 'mcp', 'tool'])
      expect(verdictOf(opened(READS), factsLike({ kind })).outcome).toBe('allow');
  });
});

test('a demanded check that failed is a refusal before anybody is asked', () => {
  const settings = Settings.parse({ version: 1, ticket: { prefixes: ['OPS-'] } });
  const policy = opened(heldWhen('change', 'context.force', '@check("ticket")'), settings);
  const facts = factsLike({ force: true, capabilities: ['write'] });
  const without = verdictOf(policy, facts);
  expect(without).toMatchObject({ outcome: 'forbid', rules: ['change'], needs: [] });
  expect(without.reason).toContain('no ticket is named');
  const withTicket = verdictOf(policy, facts, { reason: 'as OPS-12 says' });
  expect(withTicket).toMatchObject({
    outcome: 'hold',
    checks: [{ name: 'ticket', outcome: 'passed', why: 'refers to OPS-12' }],
  });
});

test('a check that a permit demands keeps what it permits from running when it fails', () => {
  const settings = Settings.parse({ version: 1, ticket: { prefixes: ['OPS-'] } });
  const permit = '@id("p") @check("ticket") permit (principal is Agent, action, resource);';
  const policy = opened(permit, settings);
  const facts = factsLike({ capabilities: ['write'] });
  expect(verdictOf(policy, facts)).toMatchObject({ outcome: 'forbid', rules: ['p'] });
  expect(verdictOf(policy, facts, { trigger: 'OPS-1' })).toMatchObject({ outcome: 'allow' });
});

describe('the one unknown', () => {
  const MARKS = ['force', 'recursive', 'wildcard', 'approved'] as const;
  const literal = fc.record({ mark: fc.constantFrom(...MARKS), not: fc.boolean() });
  const rule = fc.record({
    permit: fc.boolean(),
    all: fc.uniqueArray(literal, { maxLength: 3, selector: ({ mark }) => mark }),
  });
  type RuleModel = { permit: boolean; all: { mark: string; not: boolean }[] };
  const textOf = (rules: readonly RuleModel[]): string =>
    rules
      .map(({ permit, all }, at) => {
        const when = all.map(({ mark, not }) => `${not ? '!' : ''}context.${mark}`).join(' && ');
        const head = `@id("r${at}") ${permit ? 'permit' : 'forbid'} (principal is Agent, action, resource)`;
        return `${head}${when === '' ? '' : ` when { ${when} }`};`;
      })
      .join('\n');

  test('asked both ways gives what a model of the rules gives', () => {
    const property = fc.property(
      fc.array(rule, { maxLength: 5 }),
      fc.record({ force: fc.boolean(), recursive: fc.boolean(), wildcard: fc.boolean() }),
      (rules, marks) => {
        const fits = (approved: boolean, permit: boolean): string[] =>
          rules.flatMap((one, at) => {
            const world: Record<string, boolean> = { ...marks, approved };
            const holds = one.all.every(({ mark, not }) => world[mark] !== not);
            return one.permit === permit && holds ? [`r${at}`] : [];
          });
        const answers = (approved: boolean): boolean =>
          fits(approved, false).length === 0 && fits(approved, true).length > 0;
        const verdict = verdictOf(opened(textOf(rules)), factsLike(marks));
        if (answers(false)) {
          expect(verdict).toMatchObject({ outcome: 'allow', rules: fits(false, true) });
        } else if (fits(true, false).length > 0) {
          expect(verdict).toMatchObject({ outcome: 'forbid', rules: fits(true, false) });
        } else {
          const waiting = [
            ...fits(false, false),
            ...fits(true, true).filter((id) => !fits(false, true).includes(id)),
          ];
          const names = waiting.length === 0 ? ['no-rule'] : waiting.toSorted();
          expect(verdict).toMatchObject({ outcome: 'hold', rules: names });
        }
      },
    );
    fc.assert(property, { numRuns: 60 });
  });

  test('the answer does not depend on the order of the facts, nor on who else opened a policy', () => {
    const text = READS + heldWhen('careful', 'context.force', '@require("1 of sre")');
    const facts = factsLike({ force: true });
    const other = opened(text);
    opened('@id("reads") permit (principal is Agent, action, resource);');
    const turned = Object.fromEntries(Object.entries(facts).reverse());
    expect(verdictOf(opened(text), turned)).toEqual(verdictOf(other, facts));
    expect(opened(text).evaluate(facts, AT)).toEqual(other.evaluate(facts, AT));
  });
});
