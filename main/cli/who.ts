// Who asks, as far as a command line can know: the agent program it runs under by the marks those leave in the
// environment, and the account. Both are claims, and the request says so.

import { Id } from '../../shared/statement/fields.ts';
import { cleanText } from '../../shared/statement/text.ts';
import type { Request } from '../../shared/statement/request.ts';

const MARKS: readonly { readonly name: string; readonly agent: string }[] = [
  { name: 'CLAUDECODE', agent: 'claude-code' },
  { name: 'CODEX_SANDBOX', agent: 'codex' },
  { name: 'CURSOR_AGENT', agent: 'cursor' },
  { name: 'GEMINI_CLI', agent: 'gemini-cli' },
  { name: 'OPENCODE', agent: 'opencode' },
];

export function whoAsks(
  given: { readonly agent: string | undefined; readonly session: string | undefined },
  env: NodeJS.ProcessEnv,
  account: string,
  terminal: string,
): Request['agent'] | undefined {
  const id = given.agent ?? MARKS.find((mark) => env[mark.name])?.agent ?? 'shell';
  const session = given.session ?? terminal;
  if (!Id.safeParse(id).success || session === '' || session.length > 200 || !cleanText(session))
    return undefined;
  const person =
    account.replace(/[^A-Za-z0-9._@-]/g, '-').replace(/^[^A-Za-z0-9]+/, '') || 'unknown';
  const authn = given.agent === undefined && id === 'shell' ? 'account' : 'declared';
  return { id, session, onBehalfOf: person, authn };
}
