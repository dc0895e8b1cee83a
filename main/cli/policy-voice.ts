// What `countersign policy` prints: problems with their place in the file, cases with what differs, explanations and
// rehearsals. Pure text; whatever comes from a file or a log is escaped before it reaches a terminal.

import type { CaseResult } from '../policy/cedar/cases.ts';
import type { Explanation } from '../policy/cedar/explain.ts';
import type { Problem } from '../policy/cedar/problems.ts';
import type { Rehearsal, Tally } from '../policy/cedar/rehearse.ts';
import type { Rule } from '../policy/cedar/rules.ts';
import { plain } from './voice.ts';

type Lines = readonly string[];

/** The line itself under the sentence, with the place marked, as compilers do. */
export function problemLines(file: string, text: string, problem: Problem): Lines {
  const { line, column, says, hint, rule } = problem;
  const source = (text.split('\n')[line - 1] ?? '').replace(/\r$/, '');
  const number = String(line).padStart(5);
  // A tab is one column in the place and eight on a screen: one blank for each keeps the mark under its word.
  const shown = Array.from(source).map((character) => (character === '\t' ? ' ' : character));
  const lineEnd = text.indexOf('\n', problem.start);
  const end = Math.min(problem.end, lineEnd < 0 ? text.length : lineEnd);
  const width = Math.max(1, Array.from(text.slice(problem.start, end)).length);
  const before = ' '.repeat(plain(shown.slice(0, column - 1).join('')).length);
  return [
    `${file}:${line}:${column}: ${plain(says)}${hint === undefined ? '' : `; ${plain(hint)}`}`,
    ...(source === ''
      ? []
      : [`${number} | ${plain(shown.join(''))}`, `      | ${before}${'^'.repeat(width)}`]),
    ...(rule === undefined ? [] : [`        in rule ${plain(rule)}`]),
    '',
  ];
}

const HEADS = {
  allow: 'runs at once',
  hold: 'held',
  forbid: 'never',
  decide: 'who decides',
} as const;

export function checkedLines(file: string, rules: readonly Rule[], sha256: string): Lines {
  const names = (kind: keyof typeof HEADS): Lines =>
    rules.filter((rule) => kindOf(rule) === kind).map((rule) => rule.id);
  return [
    `${file}: ${counted(rules.length, 'rule')}, all valid`,
    ...(['allow', 'hold', 'forbid', 'decide'] as const).flatMap((kind) =>
      names(kind).length === 0
        ? []
        : [
            `  ${HEADS[kind].padEnd(13)}${String(names(kind).length).padStart(4)}  ${plain(names(kind).join(', '))}`,
          ],
    ),
    '  what no rule covers is held: medium, one person',
    `  digest ${sha256}`,
  ];
}

const kindOf = (rule: Rule): keyof typeof HEADS => {
  if (!rule.asks.run) return 'decide';
  if (rule.holds) return 'hold';
  return rule.effect === 'permit' ? 'allow' : 'forbid';
};

export function caseLines(result: CaseResult): Lines {
  if (result.differences.length === 0) return [`ok    ${plain(result.name)}`];
  const wide = Math.max(...result.differences.map(({ what }) => what.length));
  return [
    `FAIL  ${plain(result.name)}`,
    ...result.differences.map(
      ({ what, expected, got }) =>
        `        ${what.padEnd(wide)}  expected ${plain(expected)}, got ${plain(got)}`,
    ),
    `        decided by ${plain(result.verdict.rules.join(', '))}: ${plain(result.verdict.reason)}`,
  ];
}

export function explanationLines(explanation: Explanation): Lines {
  const { headline, missing, because, checks, found } = explanation;
  const wide = Math.max(...because.map((one) => nameOf(one).length));
  return [
    headline,
    ...missing.map((line) => `  ${line}`),
    '',
    'because',
    ...because.map((one) => `  ${plain(nameOf(one)).padEnd(wide)}  ${plain(one.says)}`),
    ...(found.length === 0
      ? []
      : ['', 'what the guard sees', ...found.map((line) => `  ${plain(line)}`)]),
    ...(checks.length === 0 ? [] : ['', 'checks', ...checks.map(({ says }) => `  ${plain(says)}`)]),
  ];
}

const nameOf = ({ rule, line }: Explanation['because'][number]): string =>
  line === undefined ? rule : `${rule} (line ${line})`;

const OUTCOMES = { allow: 'runs at once', hold: 'held', forbid: 'refused' } as const;

export function rehearsalLines(rehearsal: Rehearsal): Lines {
  const { actions, from, until, before, after, rules, deniedThenAllowed, errors } = rehearsal;
  if (actions === 0) return ['no requests in this log: there is nothing to compare'];
  const wide = Math.max(12, ...rules.map(({ rule }) => rule.length));
  return [
    `${counted(actions, 'request')}, ${day(from)} to ${day(until)}`,
    '',
    '                       before   after',
    row('people asked', before.prompts, after.prompts, 'prompt'),
    row('approvals needed', before.approvals, after.approvals),
    row('run at once', before.allowed, after.allowed),
    row('refused', before.forbidden, after.forbidden),
    ...groupRows(before, after),
    ...(deniedThenAllowed.length === 0
      ? []
      : [
          '',
          `${counted(deniedThenAllowed.length, 'action')} that a person denied would now run at once:`,
          ...deniedThenAllowed
            .slice(0, 10)
            .map(
              ({ title, at, rules: by }) =>
                `  ${day(at)}  ${plain(title)}  (${plain(by.join(', '))})`,
            ),
        ]),
    '',
    'by rule',
    ...rules.flatMap(({ rule, outcome, actions: count, examples }) => [
      `  ${plain(rule).padEnd(wide)}  ${OUTCOMES[outcome].padEnd(12)}  ${String(count).padStart(6)}`,
      ...examples.map(
        ({ title, ended }) =>
          `      ${plain(title)}${ended === undefined ? '' : `  [${plain(ended)}]`}`,
      ),
    ]),
    ...(errors === 0
      ? []
      : ['', `${counted(errors, 'request')} could not be evaluated and would be refused`]),
  ];
}

function groupRows(before: Tally, after: Tally): Lines {
  const groups = [...new Set([...Object.keys(before.groups), ...Object.keys(after.groups)])].sort();
  return groups.map((group) =>
    row(`  of ${plain(group)}`, before.groups[group] ?? 0, after.groups[group] ?? 0),
  );
}

function row(what: string, before: number, after: number, noun = ''): string {
  const change = after - before;
  const says =
    noun === '' || change === 0
      ? ''
      : `   ${counted(Math.abs(change), `${change > 0 ? 'more' : 'fewer'} ${noun}`)}`;
  return `${what.padEnd(20)}${String(before).padStart(9)}${String(after).padStart(8)}${says}`;
}

const day = (at: string | undefined): string => (at ?? '').slice(0, 10);

export const counted = (count: number, noun: string): string =>
  `${count} ${noun}${count === 1 ? '' : 's'}`;
