// What a runtime's hook holds: the runtimes' own shells, file tools and fetchers by their names, and any other tool as
// unknown, like a tool of an MCP server.

import type { ToolAction } from '../../../shared/statement/action.ts';
import type * as z from 'zod';
import { argumentFindings, argumentsOf, type Json } from './arguments.ts';
import { can, type Findings, mark, unknown, shellText } from './findings.ts';
import { url } from './hosts.ts';
import { toolName } from './mcp.ts';
import { path, type Use } from './paths.ts';
import { literal } from './word.ts';

type Tool = z.infer<typeof ToolAction>;

const SHELLS = new Set([
  'bash',
  'shell',
  'local_shell',
  'run_shell_command',
  'run_terminal_cmd',
  'run_terminal_command',
  'terminal',
  'run_command',
  'execute_command',
  'exec_command',
  'unified_exec',
  'container.exec',
  'beforeshellexecution',
]);
const READS = new Set([
  'read',
  'read_file',
  'readfile',
  'view',
  'glob',
  'grep',
  'ls',
  'list_directory',
  'list_dir',
  'read_many_files',
  'search_files',
  'search_file_content',
  'grep_search',
  'file_search',
  'codebase_search',
  'notebookread',
  'beforereadfile',
]);
const WRITES = new Set([
  'write',
  'edit',
  'multiedit',
  'notebookedit',
  'write_file',
  'create',
  'create_file',
  'replace',
  'edit_file',
  'str_replace',
  'str_replace_editor',
  'str_replace_based_edit_tool',
  'apply_patch',
  'search_replace',
  'insert',
  'update_file',
]);
const DELETES = new Set(['delete_file', 'remove_file', 'deletefile']);
const FETCHES = new Set(['webfetch', 'web_fetch', 'fetch', 'fetch_webpage', 'read_web_page']);
const SEARCHES = new Set(['websearch', 'web_search', 'google_web_search']);
const QUIET = new Set([
  'todowrite',
  'todoread',
  'todo_write',
  'update_plan',
  'exitplanmode',
  'bashoutput',
]);
const PATHS =
  /^(file_?paths?|paths?|absolute_path|relative_path|notebook_path|target_file|old_path|new_path|dir_path|directory|filename|file)$/i;

export function toolFindings(found: Findings, action: Tool): void {
  const given = argumentsOf(found, action.inputRaw);
  const name = action.tool.toLowerCase();
  if (SHELLS.has(name)) return shell(found, given);
  if (READS.has(name)) return files(found, given, 'r');
  if (WRITES.has(name)) return files(found, given, 'w');
  if (DELETES.has(name)) return files(found, given, 'd');
  if (FETCHES.has(name) || SEARCHES.has(name)) return fetches(found, given, FETCHES.has(name));
  if (QUIET.has(name)) return can(found, 'read');
  unknown(found, 'tool');
  toolName(found, action.tool);
  if (given) argumentFindings(found, given);
}

function shell(found: Findings, given: Json | undefined): void {
  const command = given?.['command'] ?? given?.['cmd'] ?? given?.['script'];
  if (typeof command === 'string') return shellText(found, command);
  if (Array.isArray(command) && command.every((word) => typeof word === 'string')) {
    const quoted = command.map((word: string) => `'${word.replaceAll("'", "'\\''")}'`);
    return shellText(found, quoted.join(' '));
  }
  can(found, 'execute');
  unknown(found, 'arguments');
}

const CAN = { r: 'read', w: 'write', d: 'delete' } as const;

function files(found: Findings, given: Json | undefined, use: Use & keyof typeof CAN): void {
  can(found, CAN[use]);
  const named = Object.entries(given ?? {}).filter(([name]) => PATHS.test(name));
  const texts = named.flatMap(([, value]) => (Array.isArray(value) ? value : [value]));
  for (const text of texts) if (typeof text === 'string') path(found, literal(text), use);
  // Without a file's name, a write goes nobody knows where; a read is of the working folder.
  if (use !== 'r' && !texts.some((text) => typeof text === 'string')) unknown(found, 'arguments');
}

function fetches(found: Findings, given: Json | undefined, named: boolean): void {
  can(found, 'network', 'download');
  const address = given?.['url'] ?? given?.['uri'];
  if (typeof address === 'string') return url(found, literal(address));
  if (!named) return mark(found, 'publicHost');
  unknown(found, 'host');
}
