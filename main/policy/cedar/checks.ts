// The named compliance checks, each a pure function of the action's facts, its labels, the settings and `evaluatedAt`.
// A check that is not configured is not there; one that could not be judged has failed: nothing is passed by default.

import { CHECK_NAMES, type Check, type CheckName } from '../../../shared/domain/policy.ts';
import type { Circumstances, Facts } from '../policy.ts';
import { type Labels, UNKNOWN } from './labels.ts';
import { localTime } from './local-time.ts';
import type { Settings } from './settings.ts';

export type Checked = {
  readonly facts: Facts;
  readonly labels: Labels;
  readonly settings: Settings;
  readonly evaluatedAt: string;
  readonly by: Circumstances;
};

type Finding = Pick<Check, 'outcome' | 'why'>;
type Of<N extends CheckName> = NonNullable<Settings[N]>;

const passed = (why: string): Finding => ({ outcome: 'passed', why });
const failed = (why: string): Finding => ({ outcome: 'failed', why });
const notApplicable = (why: string): Finding => ({ outcome: 'notApplicable', why });

/** The configured ones, in the order of their names. */
export function runChecks(about: Checked): readonly Check[] {
  return CHECK_NAMES.flatMap((name) => {
    const finding = find(name, about);
    return finding === undefined ? [] : [{ name, ...finding }];
  });
}

function find(name: CheckName, about: Checked): Finding | undefined {
  const { settings } = about;
  switch (name) {
    case 'changeFreeze':
      return settings.changeFreeze && changeFreeze(settings.changeFreeze, about);
    case 'dataClass':
      return settings.dataClass && dataClass(settings.dataClass, about);
    case 'fedramp':
      return settings.fedramp && scope('fedramp', 'FedRAMP', settings.fedramp, about);
    case 'fourEyes':
      return settings.fourEyes && fourEyes(settings.fourEyes, about);
    case 'hours':
      return settings.hours && hours(settings.hours, about);
    case 'pci':
      return settings.pci && scope('pci', 'PCI', settings.pci, about);
    case 'ticket':
      return settings.ticket && ticket(settings.ticket, about);
  }
}

function changeFreeze({ freezes, environments }: Of<'changeFreeze'>, about: Checked): Finding {
  const away = outOfReach(environments, about);
  if (away) return away;
  const at = Date.parse(about.evaluatedAt);
  if (!Number.isFinite(at)) return failed('the time of the request cannot be read');
  const now = freezes.find(({ from, until }) => at >= Date.parse(from) && at < Date.parse(until));
  return now
    ? failed(`change freeze "${now.name}" until ${now.until}`)
    : passed('no change freeze at this time');
}

function hours({ days, from, until, environments }: Of<'hours'>, about: Checked): Finding {
  const away = outOfReach(environments, about);
  if (away) return away;
  const zone = about.settings.timeZone ?? 'UTC';
  const time = localTime(about.evaluatedAt, zone);
  if (time === undefined) return failed('the time of the request cannot be read');
  const clock = `${two(time.hour)}:${two(time.minute)}`;
  const says = `${time.weekday} ${clock} ${zone}`;
  return days.includes(time.weekday) && clock >= from && clock < until
    ? passed(`${says} is within working hours`)
    : failed(`${says} is outside working hours (${from} to ${until})`);
}

function ticket({ prefixes, environments }: Of<'ticket'>, about: Checked): Finding {
  const away = outOfReach(environments, about);
  if (away) return away;
  const words = `${about.by.trigger} ${about.by.reason}`.split(/[^A-Za-z0-9#-]+/);
  const found = words.find((word) =>
    prefixes.some(
      (prefix) => word.startsWith(prefix) && /^[0-9]{1,12}$/.test(word.slice(prefix.length)),
    ),
  );
  return found
    ? passed(`refers to ${found}`)
    : failed(`no ticket is named: say one like ${prefixes[0]}123 in the reason`);
}

/** A person who asked for it can only be kept from approving it where the guard knows who that is. */
function fourEyes({ environments }: Of<'fourEyes'>, about: Checked): Finding {
  const away = outOfReach(environments, about);
  if (away) return away;
  const { agent } = about.by;
  return agent.authn === 'declared'
    ? failed('who asked is only what the command line says, so it could be the person who approves')
    : passed(`asked for by ${agent.onBehalfOf}, who may not approve it`);
}

function scope(name: 'fedramp' | 'pci', says: string, config: Of<'pci'>, about: Checked): Finding {
  const { labels, by } = about;
  if (!labels.scopes.includes(name))
    return labels.target === 'unlabelled' && !reads(about.facts)
      ? failed(`its target is not labelled, so it may be in ${says} scope`)
      : notApplicable(`its target is not in ${says} scope`);
  if (config.agents && !config.agents.includes(by.agent.id))
    return failed(`${by.agent.id} is not cleared for ${says} scope`);
  if (leaves(about.facts)) return failed(`it would move something out of ${says} scope`);
  return passed(`in ${says} scope, and stays there`);
}

function dataClass({ order, mayLeave }: Of<'dataClass'>, about: Checked): Finding {
  if (!leaves(about.facts)) return notApplicable('it moves nothing out');
  const { dataClass: found } = about.labels;
  const at = order.indexOf(found);
  if (at < 0)
    return failed(
      found === UNKNOWN
        ? 'the class of what would leave is not known'
        : `the class ${found} has no place in the order`,
    );
  return at <= order.indexOf(mayLeave)
    ? passed(`${found} may leave`)
    : failed(`${found} may not leave: at most ${mayLeave}`);
}

/** Most checks are about changes, in the environments that they name. */
function outOfReach(
  environments: readonly string[] | undefined,
  about: Checked,
): Finding | undefined {
  if (reads(about.facts)) return notApplicable('it only reads');
  const { environment, environments: touched } = about.labels;
  return environments && !environments.some((one) => touched.includes(one))
    ? notApplicable(`not for environment ${environment}`)
    : undefined;
}

const HARMLESS = new Set(['network', 'read']);
const MOVES = new Set(['export', 'upload']);

const capabilitiesOf = (facts: Facts): readonly string[] => {
  const found = facts['capabilities'];
  return Array.isArray(found) ? found : [UNKNOWN];
};

const reads = (facts: Facts): boolean =>
  capabilitiesOf(facts).includes('read') &&
  capabilitiesOf(facts).every((capability) => HARMLESS.has(capability));

/** What is not understood may well move something out. */
const leaves = (facts: Facts): boolean =>
  capabilitiesOf(facts).some((capability) => MOVES.has(capability) || capability === UNKNOWN);

const two = (n: number): string => String(n).padStart(2, '0');
