// An action made up from a command line, for asking policy about it without running or measuring anything: `policy
// explain`, example cases, tests. Its digests are zeros, so it can never be mistaken for one that a guard has measured.

import type { Action } from '../../../shared/statement/action.ts';
import { rawOfText } from '../../../shared/statement/text.ts';

const NO_DIGEST = '0'.repeat(64);

export type SampleHttp = { readonly method: string; readonly url: string };
export type SampleMcp = {
  readonly server: string;
  readonly tool: string;
  readonly arguments: unknown;
};
export type SampleTool = {
  readonly runtime: string;
  readonly tool: string;
  readonly input: unknown;
};

/** As if the program were in /usr/bin, unless its path is given. */
export function sampleCommand(
  argv: readonly string[],
  { cwd, root = false }: { readonly cwd: string; readonly root?: boolean },
): Action {
  const name = argv[0] ?? '';
  const id = root ? 0 : 1000;
  return {
    kind: 'exec',
    argv: argv.map(rawOfText),
    cwd: rawOfText(cwd),
    executable: {
      path: rawOfText(name.includes('/') ? name : `/usr/bin/${name}`),
      sha256: NO_DIGEST,
      size: 0,
      mode: '0755',
      uid: 0,
      gid: 0,
    },
    env: [],
    stdin: { from: 'nothing' },
    inputs: [],
    uid: id,
    gid: id,
    umask: '0022',
    runs: 'descriptor',
  };
}

/** Undefined where `url` is not an http or https address. */
export function sampleHttp({ method, url }: SampleHttp): Action | undefined {
  if (!URL.canParse(url)) return undefined;
  const { protocol, hostname, port, pathname, search } = new URL(url);
  const scheme = protocol === 'https:' ? 'https' : protocol === 'http:' ? 'http' : undefined;
  if (scheme === undefined || !/^[A-Z]{1,20}$/.test(method)) return undefined;
  return {
    kind: 'http',
    method,
    scheme,
    host: hostname,
    port: port === '' ? (scheme === 'https' ? 443 : 80) : Number(port),
    path: pathname,
    query: search,
    headers: [],
  };
}

export const sampleMcp = ({ server, tool, arguments: given }: SampleMcp): Action => ({
  kind: 'mcp',
  server,
  tool,
  definitionSha256: NO_DIGEST,
  argumentsRaw: rawOfText(JSON.stringify(given ?? {})),
});

export const sampleTool = ({ runtime, tool, input }: SampleTool, cwd: string): Action => ({
  kind: 'tool',
  runtime,
  tool,
  inputRaw: rawOfText(JSON.stringify(input ?? {})),
  cwd: rawOfText(cwd),
});
