// `countersign policy check | test | explain | rehearse | starter`: try a policy before it is in force. Reads files and
// this machine's own copy of the log; decides nothing and changes nothing. `use` puts one in force, once it is checked.

import type { Machine } from '../hosts/processes/machine.ts';
import { readCases, runCase } from '../policy/cedar/cases.ts';
import type { CedarPolicy } from '../policy/cedar/engine.ts';
import { explain } from '../policy/cedar/explain.ts';
import { rehearse } from '../policy/cedar/rehearse.ts';
import { sampleCommand } from '../policy/cedar/sample-action.ts';
import { factsOf } from '../policy/facts.ts';
import { STARTER_TEXT } from '../policy/starter/starter.ts';
import { EXITS } from './exits.ts';
import { besides, type PolicyFile, readBytes, readPolicyFile } from './policy-files.ts';
import { type Used, usePolicy } from './policy-use.ts';
import { parsePolicy, type PolicyOptions } from './policy-options.ts';
import { type OpenPast, openPast } from './policy-past.ts';
import {
  caseLines,
  checkedLines,
  counted,
  explanationLines,
  problemLines,
  rehearsalLines,
} from './policy-voice.ts';
import { plain, say } from './voice.ts';

type Talk = {
  readonly print: (...lines: readonly string[]) => void;
  readonly json: (value: unknown) => void;
  readonly complain: (exit: number, line: string) => number;
};

export async function policyCommand(
  words: readonly string[],
  machine: Machine,
  past: OpenPast = openPast,
): Promise<number> {
  const { output, errors } = machine.terminal;
  const talk: Talk = {
    print: (...lines) => void output.write(lines.map((line) => `${line}\n`).join('')),
    json: (value) => void output.write(`${JSON.stringify(value)}\n`),
    complain: (exit, line) => {
      errors.write(`countersign: ${line}\n`);
      return exit;
    },
  };
  const parsed = parsePolicy(words, machine.clock.now());
  if (!parsed.ok) return talk.complain(EXITS.usage, say.usage(plain(parsed.detail ?? '')));
  const options = parsed.value;
  if (options.verb === 'starter') {
    if (options.json) talk.json({ policy: STARTER_TEXT });
    else output.write(STARTER_TEXT);
    return 0;
  }
  const read = readPolicyFile(options.file, options.settings);
  if (!read.ok) return talk.complain(EXITS.usage, read.detail ?? read.code);
  const { opened } = read.value;
  if (!opened.ok) return problems(read.value, opened.problems, options, talk);
  switch (options.verb) {
    case 'use':
      return usePolicy(machine, bytesOf(read.value));
    case 'check':
      return check(read.value, opened.value, options, talk);
    case 'test':
      return test(opened.value, options, talk);
    case 'explain':
      return explainOne(opened.value, options, machine, talk);
    case 'rehearse':
      return rehearseLog(opened.value, options, machine, talk, past);
  }
}

/** As they were checked, not as they lie there by now. */
const bytesOf = ({ file, opened, settingsBytes }: PolicyFile): Used => ({
  file,
  policy: opened.ok ? opened.value.bytes : new Uint8Array(0),
  settings: settingsBytes,
});

function problems(
  { file, text }: PolicyFile,
  found: Extract<PolicyFile['opened'], { ok: false }>['problems'],
  { json }: PolicyOptions,
  { print, json: printJson, complain }: Talk,
): number {
  if (json) printJson({ ok: false, file, problems: found });
  else for (const problem of found) print(...problemLines(plain(file), text, problem));
  return complain(
    1,
    `${plain(file)}: ${counted(found.length, 'problem')}: a guard would refuse this policy`,
  );
}

function check(file: PolicyFile, policy: CedarPolicy, { json }: PolicyOptions, talk: Talk): number {
  const { settingsFile, settingsSha256 } = file;
  const rules = policy.rules.map(({ id, effect, holds, asks, tier, needs, start }) => ({
    id,
    effect,
    holds,
    asks,
    tier,
    needs,
    line: file.text.slice(0, start).split('\n').length,
  }));
  const settings = settingsFile && { file: settingsFile, sha256: settingsSha256 };
  if (json) talk.json({ ok: true, file: file.file, sha256: policy.sha256, settings, rules });
  else {
    talk.print(...checkedLines(plain(file.file), policy.rules, policy.sha256));
    if (settingsFile !== undefined)
      talk.print(`  settings ${plain(settingsFile)}`, `  digest ${settingsSha256}`);
    if (file.settings.groups === undefined && policy.rules.some((rule) => rule.needs))
      talk.print('  groups in @require were not checked: list "groups" in the settings');
  }
  return 0;
}

function test(policy: CedarPolicy, options: PolicyOptions, talk: Talk): number {
  const file = options.cases ?? besides(options.file, 'cases');
  const bytes = readBytes(file);
  if (!bytes.ok) return talk.complain(EXITS.usage, bytes.detail ?? bytes.code);
  const cases = readCases(bytes.value);
  if (!cases.ok) return talk.complain(EXITS.usage, `${plain(file)}: ${plain(cases.detail ?? '')}`);
  const results = [];
  for (const one of cases.value) {
    const result = runCase(policy, one);
    if (!result.ok)
      return talk.complain(EXITS.usage, `${plain(file)}: ${plain(result.detail ?? '')}`);
    results.push(result.value);
  }
  const failed = results.filter(({ differences }) => differences.length > 0).length;
  if (options.json) talk.json({ ok: failed === 0, sha256: policy.sha256, cases: results });
  else {
    for (const result of results) talk.print(...caseLines(result));
    talk.print(
      `${counted(results.length, 'case')}: ${results.length - failed} passed, ${failed} failed`,
    );
  }
  return failed === 0 ? 0 : talk.complain(1, `${counted(failed, 'case')} failed`);
}

function explainOne(
  policy: CedarPolicy,
  options: PolicyOptions,
  machine: Machine,
  talk: Talk,
): number {
  const { environment, dataClass } = options;
  const root = machine.uid === 0;
  const facts = {
    ...factsOf(sampleCommand(options.argv, { cwd: process.cwd(), root })),
    ...(environment === undefined ? {} : { environment }),
    ...(dataClass === undefined ? {} : { dataClass }),
  };
  const at = options.at ?? new Date(machine.clock.now()).toISOString();
  const verdict = policy.evaluate(facts, at, {
    agent: { id: options.agent ?? 'agent', onBehalfOf: machine.account, authn: 'account' },
    guard: { host: machine.hostName, mode: 'run' },
    reason: options.reason,
    trigger: '',
  });
  if (!verdict.ok) return talk.complain(1, plain(verdict.detail ?? verdict.code));
  const explanation = explain(verdict.value, facts, policy);
  if (options.json)
    talk.json({ sha256: policy.sha256, at, facts, verdict: verdict.value, explanation });
  else {
    talk.print(plain(options.argv.join(' ')), '', ...explanationLines(explanation));
    talk.print(
      '',
      'Nothing was run or measured: a guard also looks at the program, its script and environment.',
    );
  }
  return 0;
}

async function rehearseLog(
  policy: CedarPolicy,
  options: PolicyOptions,
  machine: Machine,
  talk: Talk,
  open: OpenPast,
): Promise<number> {
  const opened = await open(machine, options.log, options.since);
  if (!opened.ok) return talk.complain(EXITS.notConfigured, opened.detail ?? opened.code);
  try {
    const rehearsal = await rehearse(policy, opened.value.past);
    if (options.json) talk.json({ sha256: policy.sha256, ...rehearsal });
    else talk.print(...rehearsalLines(rehearsal));
    return 0;
  } finally {
    await opened.value.close();
  }
}
