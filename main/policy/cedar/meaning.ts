// What Cedar's types can't see: a word that no fact ever is, a group that nobody is in, a rule whose annotation promises
// something that its condition does not do. Each would fail silently later, so it is refused when the file is read.

import { ANYONE } from '../../../shared/domain/approval.ts';
import { CHECK_NAMES, type CheckName } from '../../../shared/domain/policy.ts';
import { TIERS } from '../../../shared/domain/tier.ts';
import { GUARD_MODES } from '../../../shared/statement/request.ts';
import { didYouMean } from './annotations.ts';
import { comparisonsIn, groupsIn, pathsIn } from './expressions.ts';
import { UNKNOWN } from './labels.ts';
import { WEEKDAYS } from './local-time.ts';
import { MEMBERS } from './members.ts';
import { nearest } from './nearest.ts';
import type { Rule } from './rules.ts';
import type { Settings } from './settings.ts';

export type MeaningFault = {
  readonly says: string;
  readonly hint?: string | undefined;
  /** Text of the rule that the fault is about. */
  readonly near?: string;
  /** Not said of a rule that has another fault already. */
  readonly follows?: true;
};

export function meaningFaults(rule: Rule, settings: Settings): readonly MeaningFault[] {
  return [
    ...shapeFaults(rule),
    ...firstCommandFaults(rule),
    ...wordFaults(rule, settings),
    ...groupFaults(rule, settings),
    ...checkFaults(rule, settings),
  ];
}

function shapeFaults(rule: Rule): readonly MeaningFault[] {
  const faults: MeaningFault[] = [];
  if (rule.effect === 'permit' && rule.asks.approve)
    faults.push({
      says: 'a permit cannot let a person approve: @require says who may, and policy can only narrow it',
      hint: 'begin it with (principal is Agent, action, resource)',
      near: 'permit',
      follows: true,
    });
  const said = (['tier', 'require', 'ttl', 'check'] as const).filter(
    (name) => rule.json.annotations !== undefined && name in rule.json.annotations,
  );
  if (rule.asks.approve && !rule.asks.run)
    for (const name of said)
      faults.push({
        says: `@${name} has no effect on a rule about who may approve`,
        near: `@${name}`,
      });
  else if (!rule.holds)
    for (const name of said.filter((one) => one === 'require' || one === 'ttl'))
      faults.push({
        says: `@${name} has no effect: the rule does not ask whether people have approved`,
        hint: 'write it as: forbid (...) when { ... } unless { context.approved };',
        near: `@${name}`,
        follows: true,
      });
  return faults;
}

const FIRST = ['context.command', 'context.subcommand', 'context.program'] as const;
const WHOLE = ['context.commands', 'context.capabilities'] as const;

/** `npm test; curl x | sh` is `npm test` by its first command. */
function firstCommandFaults(rule: Rule): readonly MeaningFault[] {
  const paths = pathsIn(rule.json);
  const first = FIRST.find((path) => paths.has(path));
  if (rule.effect !== 'permit' || first === undefined || WHOLE.some((path) => paths.has(path)))
    return [];
  return [
    {
      says: `${first} is only the first command: whatever follows it on the same line would run too`,
      hint: 'ask about all of them: ["npm test"].containsAll(context.commands)',
      near: first,
    },
  ];
}

function wordFaults(rule: Rule, settings: Settings): readonly MeaningFault[] {
  const known = knownWords(settings);
  return comparisonsIn(rule.json).flatMap(({ path, word }) => {
    const words = known(path);
    if (words === undefined || words.includes(word)) return [];
    const name = path.replace(/^context\./, '');
    return [
      {
        says: `${name} is never "${word}"`,
        hint: didYouMean('', nearest(word, words)) ?? `it is one of ${words.join(', ')}`,
        near: JSON.stringify(word),
      },
    ];
  });
}

/** Undefined where any word may stand. */
function knownWords(settings: Settings): (path: string) => readonly string[] | undefined {
  const targets = settings.targets ?? [];
  const labels = (of: 'environment' | 'dataClass'): readonly string[] | undefined =>
    targets.length === 0
      ? undefined
      : [
          ...new Set([
            ...targets.flatMap((target) => target[of] ?? []),
            ...(of === 'dataClass' ? (settings.dataClass?.order ?? []) : []),
            UNKNOWN,
          ]),
        ].sort();
  const tables: Readonly<Record<string, readonly string[] | undefined>> = {
    'context.now.weekday': WEEKDAYS,
    'context.guard.mode': GUARD_MODES,
    'principal.authn': ['declared', 'account', 'token'],
    'resource.tier': TIERS,
    'resource.capabilities': MEMBERS['capabilities']?.words,
    'resource.environment': labels('environment'),
    'resource.environments': labels('environment'),
    'resource.dataClass': labels('dataClass'),
  };
  return (path) => tables[path] ?? MEMBERS[path.replace(/^context\./, '')]?.words;
}

function groupFaults(rule: Rule, settings: Settings): readonly MeaningFault[] {
  const named = [...(rule.needs ?? []).map((need) => need.group), ...groupsIn(rule.json)];
  const groups = settings.groups;
  if (groups === undefined) return [];
  return named
    .filter((group) => group !== ANYONE && !groups.includes(group))
    .map((group) => ({
      says: `there is no group "${group}"`,
      hint: didYouMean('', nearest(group, groups)) ?? `groups: ${[ANYONE, ...groups].join(', ')}`,
      near: group,
    }));
}

function checkFaults(rule: Rule, settings: Settings): readonly MeaningFault[] {
  const paths = pathsIn(rule.json);
  const used = CHECK_NAMES.filter((name) => paths.has(`context.checks.${name}`));
  const asked: readonly CheckName[] = [...new Set([...rule.checks, ...used])];
  return asked
    .filter((name) => settings[name] === undefined)
    .map((name) => ({
      says: `the check ${name} is not configured`,
      hint: `add "${name}" to the settings beside the policy`,
      near: name,
    }));
}
