// What policy is asked about, computed from an action's own members and nothing else: the guard computes it to enforce,
// the app computes it again to show, and a difference is a refusal.

import type { Action, ExecAction } from '../../shared/statement/action.ts';
import type { Raw } from '../../shared/statement/text.ts';
import { assertNever } from '../../shared/result.ts';
import type { Facts } from './policy.ts';

export function factsOf(action: Action): Facts {
  switch (action.kind) {
    case 'exec':
      return { kind: 'exec', ...execFacts(action) };
    case 'mcp':
      return { kind: 'mcp', server: action.server, tool: action.tool };
    case 'http':
      return { kind: 'http', method: action.method, host: action.host, port: action.port };
    case 'tool':
      return { kind: 'tool', runtime: action.runtime, tool: action.tool };
    default:
      return assertNever(action, 'action');
  }
}

function execFacts(action: ExecAction): Facts {
  return {
    program: programName(action.executable.path),
    arguments: action.argv.length - 1,
    script: action.script !== undefined,
    root: action.uid === 0,
    secrets: action.env.filter((entry) => 'secret' in entry).length,
    inputBound: action.stdin.from !== 'live',
  };
}

/** A path that is not plain text has no name that a rule could mean: '?', which no file is called by a rule. */
const programName = (path: Raw): string =>
  typeof path === 'string' ? path.slice(path.lastIndexOf('/') + 1) : '?';

/** Same names, same values; order of members does not matter, order inside lists does. */
export function sameFacts(a: Facts, b: Facts): boolean {
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => JSON.stringify(a[name]) === JSON.stringify(b[name]))
  );
}
