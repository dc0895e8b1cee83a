// A Model Context Protocol tool call. What the tool does is its server's word: it is unknown, and names, annotations and
// arguments only add to that. An annotation that promises to be harmless changes nothing (MCP: annotations are untrusted).

import type { McpAction } from '../../../shared/statement/action.ts';
import type * as z from 'zod';
import { argumentFindings, argumentsOf } from './arguments.ts';
import type { Capability } from './capability.ts';
import { can, type Findings, unknown } from './findings.ts';

type Mcp = z.infer<typeof McpAction>;
/** MCP's `ToolAnnotations`, where the guard binds them into the action. */
export type Annotations = {
  readonly readOnlyHint?: boolean;
  readonly destructiveHint?: boolean;
  readonly openWorldHint?: boolean;
};

const HINTS: Readonly<Record<string, readonly Capability[]>> = {
  read: ['read'],
  write: ['write'],
  delete: ['delete', 'write'],
  execute: ['execute'],
  network: ['network'],
  upload: ['upload', 'network'],
  download: ['download', 'network'],
  permission: ['permission'],
  export: ['export'],
  secret: ['secret'],
  process: ['process'],
  schema: ['schema'],
  deploy: ['deploy'],
};
const TOKENS: Readonly<Record<string, string>> = {
  read: 'get list read show describe find search query view fetch lookup select count status browse inspect',
  write:
    'write create update edit insert put set add modify patch rename move append save upsert post send comment merge commit close apply replace import',
  delete:
    'delete remove drop destroy purge truncate clear erase wipe terminate revoke cancel prune',
  execute:
    'run exec execute eval shell bash command script invoke terminal code repl python sandbox call',
  network:
    'http request url web navigate browser curl webhook email mail slack notify message tweet',
  upload: 'upload push send publish share email mail post webhook',
  download: 'download pull fetch clone install',
  permission:
    'grant revoke permission permissions role roles acl access policy invite member members share iam admin authorize',
  export: 'export dump backup snapshot extract archive',
  secret:
    'secret secrets password passwords token tokens credential credentials key keys vault env',
  process: 'kill stop restart reboot shutdown start pause resume scale',
  schema: 'migrate migration schema ddl alter table database index',
  deploy: 'deploy release rollback rollout promote publish apply provision',
};

const KINDS: ReadonlyMap<string, readonly string[]> = byToken();

function byToken(): ReadonlyMap<string, readonly string[]> {
  const out = new Map<string, string[]>();
  for (const [kind, tokens] of Object.entries(TOKENS))
    for (const token of tokens.split(' ')) out.set(token, [...(out.get(token) ?? []), kind]);
  return out;
}

export function mcpFindings(found: Findings, action: Mcp, annotations?: Annotations): void {
  unknown(found, 'tool');
  toolName(found, action.tool);
  if (annotations?.readOnlyHint === false) can(found, 'write');
  if (annotations?.destructiveHint === true) can(found, 'delete', 'write');
  if (annotations?.openWorldHint === true) can(found, 'network');
  const given = argumentsOf(found, action.argumentsRaw);
  if (given) argumentFindings(found, given);
}

/** `delete_user`, `deleteUser`, `mcp__db__run-query`: each token that is a hint adds what it hints at. */
export function toolName(found: Findings, name: string): void {
  const tokens = name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/);
  for (const token of tokens)
    for (const kind of KINDS.get(token) ?? []) can(found, ...(HINTS[kind] ?? []));
}
