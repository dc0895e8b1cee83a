// What `policy check` finds, where, and in which words: one clear sentence for each mistake, and no mistake is let through.

import { describe, expect, test } from 'vitest';
import { utf8 } from '../../../../shared/bytes.ts';
import { openPolicy } from '../../../../main/policy/cedar/engine.ts';
import { Settings } from '../../../../main/policy/cedar/settings.ts';
import { placeOf, splitRules, unitsOf } from '../../../../main/policy/cedar/split.ts';

const settings = Settings.parse({
  version: 1,
  groups: ['dba', 'sre'],
  targets: [{ name: 'p', hosts: ['db.example.com'], environment: 'production' }],
  ticket: { prefixes: ['OPS-'] },
});

const problemsIn = (text: string): readonly string[] => {
  const policy = openPolicy(utf8(text), { settings });
  return policy.ok
    ? []
    : policy.problems.map(
        ({ line, column, says, hint }) => `${line}:${column} ${says}${hint ? `; ${hint}` : ''}`,
      );
};

const permit = (when: string): string =>
  `@id("a")\npermit (principal is Agent, action, resource)\nwhen { ${when} };\n`;
const hold = (annotations: string): string =>
  `@id("a") ${annotations}\nforbid (principal is Agent, action, resource) unless { context.approved };\n`;

describe('a mistake is found where it is', () => {
  test.each([
    [
      'a typo in a fact',
      permit('context.capabilties == ["read"]'),
      '3:8 there is no fact "capabilties"; did you mean capabilities?',
    ],
    [
      'a label written as a fact',
      permit('context.environment == "production"'),
      '3:8 there is no fact "environment"; write resource.environment',
    ],
    [
      'a typo in a label',
      permit('resource.enviroment == "production"'),
      '3:8 a Target has no attribute "enviroment"; did you mean environment?',
    ],
    [
      'a typo in a check',
      permit('context.checks.tikcet.passed'),
      '3:8 there is no fact "checks.tikcet"; did you mean ticket?',
    ],
    [
      'a word that no fact is',
      permit('context.capabilities.contains("wriet")'),
      '3:38 capabilities is never "wriet"; did you mean write?',
    ],
    [
      'an environment nobody has',
      permit('resource.environment == "prod"'),
      '3:32 resource.environment is never "prod"; it is one of production, unknown',
    ],
    [
      'a day that is none',
      permit('context.now.weekday == "Sunday"'),
      '3:31 now.weekday is never "Sunday"; did you mean sunday?',
    ],
    [
      'text compared with a list',
      permit('context.capabilities == "read"'),
      '3:8 this compares text with a list of texts',
    ],
    [
      'a number where yes or no is needed',
      permit('context.arguments'),
      '3:8 this needs yes or no, and is a number',
    ],
    [
      'a fact without context.',
      permit('recursive'),
      '3:8 "recursive" is not a variable; write context.recursive',
    ],
    [
      'one equals sign',
      permit('context.force = true'),
      "3:8 '=' is not a valid operator in Cedar; try using '==' instead",
    ],
    [
      'an unknown type',
      '@id("a") permit (principal is Agnt, action, resource);',
      '1:31 there is no type Agnt; did you mean Agent?',
    ],
    [
      'an unknown action',
      '@id("a") permit (principal is Agent, action == Action::"exce", resource);',
      '1:48 there is no action "exce"; actions: exec, http, mcp, tool, and approve',
    ],
    [
      'a missing comma',
      '@id("a")\npermit (principal is Agent, action resource);',
      '2:36 did not expect resource here; is a comma or a bracket missing before it?',
    ],
    [
      'a missing semicolon',
      '@id("a") permit (principal is Agent, action, resource)',
      '1:55 the file ends in the middle of a rule; expected ;',
    ],
    [
      'an open string',
      '@id("a) permit (principal is Agent, action, resource);',
      '1:5 a string or a symbol here is not complete; is every " closed?',
    ],
    [
      'allow for permit',
      '@id("a") allow (principal, action, resource);',
      '1:10 a rule is permit or forbid, not allow',
    ],
    [
      'a rule that never applies',
      permit('context.force && !context.force && false'),
      '1:1 this rule can never apply: its conditions exclude each other',
    ],
    [
      'a missing name',
      'permit (principal is Agent, action, resource);',
      '1:1 this rule has no name; begin it with @id("a-name-for-it")',
    ],
    [
      'a name that is taken by us',
      '@id("no-rule") permit (principal is Agent, action, resource);',
      '1:1 @id("no-rule") is taken: it is what a card says where no rule decides',
    ],
    [
      'a bad tier',
      hold('@tier("hihg")'),
      '1:10 @tier("hihg") is none of low, medium, high, critical; did you mean high?',
    ],
    [
      'a bad time',
      hold('@ttl("10 minutes")'),
      '1:10 @ttl("10 minutes") is not a time from 1s to 24h, like 90s, 10m or 2h',
    ],
    [
      'a bad quorum',
      hold('@require("one dba")'),
      '1:10 @require: "one dba" is not like "1 of dba and 1 of security"; write it like @require("1 of dba and 1 of security")',
    ],
    [
      'a group nobody is in',
      hold('@require("1 of dbas")'),
      '1:25 there is no group "dbas"; did you mean dba?',
    ],
    [
      'an unknown annotation',
      hold('@teir("low")'),
      '1:10 there is no annotation @teir; did you mean @tier?',
    ],
    [
      'an unknown check',
      hold('@check("tickets")'),
      '1:10 there is no check called "tickets"; checks: changeFreeze, dataClass, fedramp, fourEyes, hours, pci, ticket',
    ],
    [
      'a check without settings',
      hold('@check("hours")'),
      '1:18 the check hours is not configured; add "hours" to the settings beside the policy',
    ],
    [
      'people who are never asked',
      '@id("a") @require("1 of dba") permit (principal is Agent, action, resource);',
      '1:10 @require has no effect: the rule does not ask whether people have approved; write it as: forbid (...) when { ... } unless { context.approved };',
    ],
    [
      'a permit for people',
      '@id("a") permit (principal is Person, action, resource);',
      '1:10 a permit cannot let a person approve: @require says who may, and policy can only narrow it; begin it with (principal is Agent, action, resource)',
    ],
    [
      'a rule about everybody',
      '@id("a") forbid (principal, action, resource) when { context.force };',
      '1:54 this rule is also asked about people who decide, where there is no fact "force"; begin it with (principal is Agent, action, resource)',
    ],
    [
      'a permit that looks at the first command alone',
      permit('context.command == "npm test"'),
      '3:8 context.command is only the first command: whatever follows it on the same line would run too; ask about all of them: ["npm test"].containsAll(context.commands)',
    ],
    [
      'a template',
      '@id("a") permit (principal == ?principal, action, resource);',
      '1:1 templates (?principal, ?resource) are not used here',
    ],
  ])('%s', (_, text, expected) => {
    expect(problemsIn(text)).toEqual([expected]);
  });

  test('two rules of one name', () => {
    expect(problemsIn(`${permit('context.force')}${permit('context.sql')}`)).toEqual([
      '4:1 the name "a" is taken by the rule at line 1',
    ]);
  });

  test('all mistakes at once, in the order of the file', () => {
    const text = `${permit('context.forse')}@id("b") @tier("x")\nforbid (principal is Agent, action, resource) when { context.sqll };`;
    expect(problemsIn(text)).toEqual([
      '3:8 there is no fact "forse"; did you mean force?',
      '4:10 @tier("x") is none of low, medium, high, critical',
      '5:54 there is no fact "sqll"; did you mean sql?',
    ]);
  });
});

describe('places', () => {
  test('count characters, not bytes, after text of any script', () => {
    const text = permit('context.method == "é🎉" || context.forse');
    expect(problemsIn(`// é 🎉 漢字\n${text}`)).toEqual([
      '4:34 there is no fact "forse"; did you mean force?',
    ]);
    expect(unitsOf('aé🎉b', 7)).toBe(4);
    expect(placeOf('x\n🎉y', 4)).toEqual({ line: 2, column: 2 });
  });

  test('rules end at a semicolon outside strings and comments', () => {
    const text = '// a; b\n@id("x;\\";") permit(a); // c;\n  forbid(b);\n// end;';
    expect(splitRules(text).map((rule) => rule.text)).toEqual([
      '@id("x;\\";") permit(a);',
      'forbid(b);',
    ]);
    expect(splitRules('permit(a)').map((rule) => rule.text)).toEqual(['permit(a)']);
    expect(splitRules(' // only; a comment')).toEqual([]);
  });
});

test('text that hides what it says is refused', () => {
  const bidi = permit('context.method == "a\u202ecba"');
  expect(problemsIn(bidi)).not.toEqual([]);
});
