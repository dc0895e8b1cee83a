// What policy is asked about, computed from an action's own members and nothing else: the guard computes it to enforce,
// the app computes it again to show, and a difference is a refusal.

import type { Action, ExecAction } from '../../shared/statement/action.ts';
import { type LongField } from '../../shared/statement/fields.ts';
import { lossyText } from '../../shared/statement/text.ts';
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
    program: baseName(shortText(action.executable.path)),
    arguments: action.argv.length - 1,
    script: action.script !== undefined,
    root: action.uid === 0,
    secrets: action.env.filter((entry) => 'secret' in entry).length,
    inputBound: action.stdin.from !== 'live',
  };
}

const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** For facts only: a value that is not plain text is named as such, never guessed at. */
const shortText = (value: LongField): string =>
  typeof value === 'object' && 'attachment' in value ? 'attachment' : lossyText(value);

/** Same names, same values; order of members does not matter, order inside lists does. */
export function sameFacts(a: Facts, b: Facts): boolean {
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => JSON.stringify(a[name]) === JSON.stringify(b[name]))
  );
}
