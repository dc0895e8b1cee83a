// `countersign policy` as a person reads it: what it says about a typo, what cases that fail look like, exit statuses, and
// one JSON object with --json. The command is called in this process, with streams of the test's own.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { policyCommand } from '../../main/cli/policy.ts';
import type { OpenPast } from '../../main/cli/policy-past.ts';
import { type Machine, thisMachine } from '../../main/hosts/processes/machine.ts';
import type { Past } from '../../main/policy/cedar/rehearse.ts';
import { STARTER_TEXT } from '../../main/policy/starter/starter.ts';
import { fail, ok } from '../../shared/result.ts';
import { factsLike } from '../unit/policy/cedar/sample.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'countersign-policy-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const put = (name: string, text: string): string => {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
};

async function run(words: readonly string[], past?: OpenPast) {
  const [output, errors] = [new PassThrough(), new PassThrough()];
  const machine: Machine = {
    ...thisMachine(import.meta.dirname),
    clock: { now: () => Date.parse('2026-11-23T10:00:00.000Z'), monotonic: () => 0 },
    terminal: { input: new PassThrough(), output, errors },
  };
  const exit = await policyCommand(words, machine, past);
  const read = (stream: PassThrough): string =>
    String(stream.read() ?? '').replaceAll(`${folder}/`, '');
  return { exit, out: read(output), err: read(errors) };
}

const HOLDS = `@id("deletes") @tier("high") @require("1 of sre")
forbid (principal is Agent, action, resource)
when { context.capabilities.contains("delete") }
unless { context.approved };
`;

describe('check', () => {
  test('shows a typo where it is, and what was probably meant', async () => {
    const file = put('typo.cedar', HOLDS.replace('capabilities', 'capabilties'));
    expect(await run(['check', file])).toEqual({
      exit: 1,
      out: `typo.cedar:3:8: there is no fact "capabilties"; did you mean capabilities?
    3 | when { context.capabilties.contains("delete") }
      |        ^^^^^^^^^^^^^^^^^^^
        in rule deletes

`,
      err: 'countersign: typo.cedar: 1 problem: a guard would refuse this policy\n',
    });
  });

  test('marks the right characters in a line with tabs and other scripts', async () => {
    const file = put(
      'tabs.cedar',
      HOLDS.replace('when {', 'when {\tcontext.program == "é🎉" ||').replace(
        'capabilities',
        'caps',
      ),
    );
    const { out } = await run(['check', file]);
    const [place, source = '', mark = ''] = out.split('\n');
    expect(place).toMatch(/^tabs\.cedar:3:\d+: there is no fact "caps"/);
    expect(source.slice(mark.indexOf('^'), mark.lastIndexOf('^') + 1)).toBe('context.caps');
  });

  test('says what a valid policy does', async () => {
    const file = put('good.cedar', HOLDS);
    const { exit, out, err } = await run(['check', file]);
    expect([exit, err]).toEqual([0, '']);
    expect(out).toMatch(
      /^good\.cedar: 1 rule, all valid\n {2}held {12}1 {2}deletes\n {2}what no rule covers is held: medium, one person\n {2}digest [0-9a-f]{64}\n {2}groups in @require were not checked/,
    );
  });

  test('takes the settings beside the policy, and refuses broken ones', async () => {
    const file = put('with.cedar', HOLDS);
    put('with.settings.json', '{"version":1,"groups":["dba"]}');
    expect((await run(['check', file])).out).toContain(
      'there is no group "sre"; groups: anyone, dba',
    );
    put('with.settings.json', '{"version":1,"group":[]}');
    expect(await run(['check', file])).toMatchObject({
      exit: 64,
      err: expect.stringContaining('with.settings.json: the settings: Unrecognized key: "group"'),
    });
  });

  test('text from the file cannot reach the terminal as control characters', async () => {
    const file = put(
      'evil.cedar',
      '@id("a\u001b[2J") @teir("\u001b]0;x\u0007")\npermit (principal is Agent, action, resource);',
    );
    const { exit, out } = await run(['check', file]);
    expect(exit).toBe(1);
    expect(out).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f]/);
  });
});

describe('usage', () => {
  test.each([
    [[], 'policy : check, test, explain, rehearse, starter or use'],
    [['chekc'], 'policy chekc: check, test, explain, rehearse, starter or use'],
    [['check'], 'policy check: which policy file?'],
    [['check', 'a', 'b'], 'policy check takes one file, not b'],
    [['check', 'a', '--log', 'x'], 'policy check takes no --log'],
    [['explain', 'a'], 'put the command after --'],
    [['explain', 'a', '--'], 'there is no command after --'],
    [
      ['rehearse', 'a', '--since', 'last week'],
      '--since last week: a date like 2026-11-22, or 90m, 12h, 7d, 4w',
    ],
    [['test', 'a', '--casse', 'x'], "unknown option '--casse'"],
  ])('%j', async (words, says) => {
    expect(await run(words)).toEqual({
      exit: 64,
      out: '',
      err: `countersign: ${says} (see countersign help)\n`,
    });
  });

  test('a file that is not there', async () => {
    expect(await run(['check', join(folder, 'none.cedar')])).toEqual({
      exit: 64,
      out: '',
      err: 'countersign: none.cedar: there is no such file\n',
    });
  });
});

test('starter prints a policy that check takes', async () => {
  const { out } = await run(['starter']);
  expect(out).toBe(STARTER_TEXT);
  expect((await run(['check', put('starter.cedar', out)])).exit).toBe(0);
});

describe('test', () => {
  const cases = (expectation: object): string =>
    JSON.stringify({
      version: 1,
      cases: [
        {
          name: 'deletes',
          command: ['rm', 'x'],
          facts: factsLike({ capabilities: ['delete'] }),
          expect: expectation,
        },
        {
          name: 'reads',
          command: ['ls'],
          facts: factsLike(),
          expect: { outcome: 'hold', rules: ['no-rule'] },
        },
      ],
    });

  test('tells what was expected, what came, and who decided', async () => {
    const file = put('cased.cedar', HOLDS);
    put('cased.cases.json', cases({ outcome: 'hold', tier: 'critical', needs: '2 of dba' }));
    expect(await run(['test', file])).toEqual({
      exit: 1,
      out: `FAIL  deletes
        tier   expected critical, got high
        needs  expected 2 of dba, got 1 of sre
        decided by deletes: A person decides: rule deletes.
ok    reads
2 cases: 1 passed, 1 failed
`,
      err: 'countersign: 1 case failed\n',
    });
  });

  test('passes, and says the same as JSON', async () => {
    const file = put('cased.cedar', HOLDS);
    put('cased.cases.json', cases({ outcome: 'hold', tier: 'high', needs: '1 of sre' }));
    expect((await run(['test', file])).exit).toBe(0);
    const { out } = await run(['test', file, '--json']);
    expect(JSON.parse(out)).toMatchObject({
      ok: true,
      cases: [{ name: 'deletes', differences: [] }, {}],
    });
  });

  test.each([
    [
      '{"version":1,"cases":[{"name":"a","expect":{"outcome":"hold"}}]}',
      'give one of command, http, mcp and tool',
    ],
    [
      '{"version":1,"cases":[{"name":"a","command":["ls"],"expect":{"outcome":"maybe"}}]}',
      'cases.0.expect.outcome',
    ],
    [
      '{"version":1,"cases":[{"name":"a","command":["ls"],"extra":1,"expect":{"outcome":"hold"}}]}',
      'extra',
    ],
    ['[]', 'bad.cases.json: '],
  ])('refuses %s', async (text, says) => {
    const file = put('bad.cedar', HOLDS);
    put('bad.cases.json', text);
    const { exit, err } = await run(['test', file]);
    expect(exit).toBe(64);
    expect(err).toContain(says);
  });
});

describe('explain', () => {
  test('names the rule, its line, and who is missing', async () => {
    const file = put('explained.cedar', HOLDS);
    const { exit, out } = await run(['explain', file, '--', 'rm', '-rf', 'build']);
    expect(exit).toBe(0);
    expect(out).toMatch(/^rm -rf build\n\nHeld at tier high until 1 of sre has approved\.\n/);
    expect(out).toContain('deletes (line 1)');
  });

  test('as JSON gives verdict, facts and words', async () => {
    const file = put('explained.cedar', HOLDS);
    const { out } = await run([
      'explain',
      file,
      '--json',
      '--environment',
      'production',
      '--',
      'rm',
      'x',
    ]);
    expect(JSON.parse(out)).toMatchObject({
      at: '2026-11-23T10:00:00.000Z',
      verdict: { outcome: 'hold', rules: ['deletes'] },
      facts: { environment: 'production' },
      explanation: { headline: 'Held at tier high until 1 of sre has approved.' },
    });
  });
});

describe('rehearse', () => {
  const past: Past = {
    title: 'run rm x',
    at: '2026-11-20T09:00:00.000Z',
    facts: factsLike({ capabilities: ['delete'] }),
    by: {
      agent: { id: 'a', onBehalfOf: 'ada', authn: 'account' },
      guard: { host: 'h', mode: 'run' },
      reason: '',
      trigger: '',
    },
    was: { outcome: 'hold', tier: 'medium', needs: [{ group: 'anyone', count: 1 }] },
  };
  const given: { log?: string | undefined; since?: string | undefined; closed: number } = {
    closed: 0,
  };
  const openPast: OpenPast = (_, log, since) => {
    Object.assign(given, { log, since });
    // Yields what a log of one request yields.
    async function* one() {
      yield past;
    }
    return Promise.resolve(ok({ past: one(), close: async () => void given.closed++ }));
  };

  test('goes through the log that is named, from when it is told, and closes it', async () => {
    const file = put('rehearsed.cedar', HOLDS);
    const { exit, out } = await run(
      ['rehearse', file, '--log', 'state', '--since', '30d'],
      openPast,
    );
    expect(exit).toBe(0);
    expect(given).toEqual({ log: 'state', since: '2026-10-24T10:00:00.000Z', closed: 1 });
    expect(out).toContain('people asked                1       1\n');
    expect(out).toContain('  of sre                    0       1\n');
    const { out: json } = await run(['rehearse', file, '--json'], openPast);
    expect(JSON.parse(json)).toMatchObject({ actions: 1, after: { prompts: 1 } });
  });

  test('says why there is no log', async () => {
    const file = put('rehearsed.cedar', HOLDS);
    const none: OpenPast = () => Promise.resolve(fail('noLog', 'there is no log here'));
    expect(await run(['rehearse', file], none)).toMatchObject({
      exit: 78,
      err: 'countersign: there is no log here\n',
    });
  });

  test('a machine without a state has no log', async () => {
    const file = put('rehearsed.cedar', HOLDS);
    const { exit } = await run(['rehearse', file, '--log', join(folder, 'nowhere')]);
    expect(exit).toBe(78);
  });
});
