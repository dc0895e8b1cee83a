// What policy is asked about, computed from an action's own members and nothing else: the guard computes it to enforce,
// the app computes it again to show, and a difference is a refusal. It never throws, always ends soon, fits in 4 KiB,
// and what it does not understand it calls unknown.

import { assertNever } from '../../shared/result.ts';
import type { Action, ExecAction } from '../../shared/statement/action.ts';
import type { Raw } from '../../shared/statement/text.ts';
import { MARKS } from './facts/capability.ts';
import { execFindings } from './facts/exec.ts';
import { type Findings, nameOf, noFindings, unknown } from './facts/findings.ts';
import { httpFindings } from './facts/http.ts';
import { type Annotations, mcpFindings } from './facts/mcp.ts';
import { readShell } from './facts/shell.ts';
import { toolFindings } from './facts/tool.ts';
import { lastPart } from './facts/word.ts';
import type { Facts, Policy, TargetLabels } from './policy.ts';

/** What everybody computes of a request: its action's facts, with the labels that the policy's settings give them. */
export function factsUnder(policy: Pick<Policy, 'labels'>, action: Action): Facts {
  const facts = factsOf(action);
  return { ...facts, ...labelFacts(policy.labels(facts)) };
}

const labelFacts = (labels: TargetLabels | undefined): Facts => ({
  ...(labels?.environment === undefined ? {} : { environment: nameOf(labels.environment) }),
  ...(labels?.dataClass === undefined ? {} : { dataClass: nameOf(labels.dataClass) }),
});

export function factsOf(action: Action, labels?: TargetLabels): Facts {
  const found = noFindings(cwdOf(action), readShell);
  if ('cwd' in action && typeof action.cwd !== 'string') unknown(found, 'encoding');
  const own = membersOf(found, action);
  const first = found.first ?? { program: '', subcommand: '' };
  const program = action.kind === 'exec' ? programName(action.executable.path) : first.program;
  return {
    kind: action.kind,
    program,
    command: first.subcommand === '' ? first.program : `${first.program} ${first.subcommand}`,
    subcommand: first.subcommand,
    ...lists(found),
    ...Object.fromEntries(MARKS.map((mark) => [mark, found.marks.has(mark)])),
    sqlStatements: found.sqlStatements,
    sqlWhere: found.sqlBoundable > 0 && found.sqlBounded === found.sqlBoundable,
    ...own,
    ...labelFacts(labels),
  };
}

const cwdOf = (action: Action): string | undefined =>
  'cwd' in action && typeof action.cwd === 'string' ? action.cwd : undefined;

function lists(found: Findings): Facts {
  if (found.capabilities.size === 0) unknown(found, 'arguments');
  const named = Object.entries(found.lists).map(([name, values]) => [name, [...values].sort()]);
  return {
    capabilities: [...found.capabilities].sort(),
    unknown: found.capabilities.has('unknown'),
    unknownParts: [...found.unknownParts].sort(),
    ...Object.fromEntries(named),
  };
}

/** The members that only one kind has; fills `found`. */
function membersOf(found: Findings, action: Action): Facts {
  switch (action.kind) {
    case 'exec':
      execFindings(found, action);
      return execFacts(action);
    case 'mcp':
      mcpFindings(found, action, annotationsOf(action));
      return { server: action.server, tool: action.tool };
    case 'http': {
      const { method, scheme, host, port } = action;
      return { method, scheme, host, port, ...httpFindings(found, action) };
    }
    case 'tool':
      toolFindings(found, action);
      return { runtime: action.runtime, tool: action.tool };
    default:
      return assertNever(action, 'action');
  }
}

function execFacts(action: ExecAction): Facts {
  return {
    arguments: action.argv.length - 1,
    script: action.script !== undefined,
    root: action.uid === 0,
    secrets: action.env.filter((entry) => 'secret' in entry).length,
    inputBound: action.stdin.from !== 'live',
  };
}

/** Where the action carries its tool's annotations. */
const annotationsOf = (action: object): Annotations | undefined =>
  'annotations' in action && typeof action.annotations === 'object' && action.annotations !== null
    ? action.annotations
    : undefined;

/** A path that is not plain text has no name that a rule could mean: '?', which no file is called by a rule. */
const programName = (path: Raw): string =>
  typeof path === 'string' ? nameOf(lastPart(path)) : '?';

/** Same names, same values; order of members does not matter, order inside lists does. */
export function sameFacts(a: Facts, b: Facts): boolean {
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => JSON.stringify(a[name]) === JSON.stringify(b[name]))
  );
}
