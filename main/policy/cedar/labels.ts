// Which target an action is about, as far as its facts and the organisation's settings say: environment, data class,
// compliance scopes. Nothing known is `unknown`, which is never taken for harmless.

import type { Facts } from '../policy.ts';
import type { Settings, TargetLabel } from './settings.ts';

export const UNKNOWN = 'unknown';

export type Labels = {
  /** Of the settings' target; `unlabelled` where none fits. */
  readonly target: string;
  /** Of the first target that fits: the strictest, where the settings list it first. */
  readonly environment: string;
  /** Of everything the action touches, sorted, with `unknown` for a host that no target has. */
  readonly environments: readonly string[];
  readonly dataClass: string;
  readonly scopes: readonly ('fedramp' | 'pci')[];
};

/**
 * The first target of the settings that fits, else what the facts carry, else unknown. Scopes are those of every target
 * that fits: an action that also touches a host in scope is in scope.
 */
export function labelsOf(settings: Settings, facts: Facts): Labels {
  const fitting = (settings.targets ?? []).filter((target) => fits(target, facts));
  const [first] = fitting;
  const environment = first?.environment ?? word(facts['environment']);
  const strange = hostsIn(facts).some((host) => !fitting.some((target) => hasHost(target, host)));
  return {
    target: first?.name ?? 'unlabelled',
    environment,
    environments: [
      ...new Set([
        environment,
        ...fitting.map((target) => target.environment),
        ...(strange && settings.targets ? [UNKNOWN] : []),
      ]),
    ].sort(),
    dataClass: first?.dataClass ?? word(facts['dataClass']),
    scopes: [...new Set(fitting.flatMap((target) => target.scopes ?? []))].sort(),
  };
}

function fits(target: TargetLabel, facts: Facts): boolean {
  const commands = [...words(facts['commands']), ...words(facts['command'])];
  return (
    hostsIn(facts).some((host) => hasHost(target, host)) ||
    (target.servers ?? []).some((server) => server === facts['server']) ||
    (target.commands ?? []).some((prefix) =>
      commands.some((command) => command === prefix || command.startsWith(`${prefix} `)),
    )
  );
}

const hostsIn = (facts: Facts): readonly string[] => [
  ...words(facts['hosts']),
  ...words(facts['host']),
];

const hasHost = (target: TargetLabel, host: string): boolean =>
  (target.hosts ?? []).some((pattern) => hostFits(pattern, host));

function hostFits(pattern: string, given: string): boolean {
  // A name with a dot at its end is the same name (RFC 1034 3.1).
  const host = given.toLowerCase().replace(/\.$/, '');
  return pattern.startsWith('*.') ? host.endsWith(pattern.slice(1)) : host === pattern;
}

const word = (value: Facts[string] | undefined): string =>
  typeof value === 'string' && value !== '' ? value : UNKNOWN;

const words = (value: Facts[string] | undefined): readonly string[] =>
  typeof value === 'string' ? [value] : Array.isArray(value) ? value : [];
