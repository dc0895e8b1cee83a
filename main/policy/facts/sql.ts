// What SQL would do, from PostgreSQL's parse tree. Text that PostgreSQL's grammar does not take is unknown, in
// whatever dialect it was meant; so is a statement or a function that is not listed here.

import { can, type Findings, LIMITS, list, mark, unknown, shellText } from './findings.ts';
import { parsePostgres } from './sql-engine.ts';
import { READING_FUNCTIONS, STATEMENTS } from './sql-words.ts';
import { literal } from './word.ts';
import { path } from './paths.ts';

export type Dialect = 'pg' | 'my' | 'lite';

const MAX_LENGTH = 4096;
/** Deeper nesting than this could end the parser's stack, sooner on one machine than on another. */
const MAX_NESTING = 300;

export function sqlText(found: Findings, text: string, dialect: Dialect): void {
  mark(found, 'sql');
  if (text.trim() === '') return;
  const quoted = dialect === 'pg' ? text : text.replaceAll('`', '"');
  if (text.length > MAX_LENGTH || nesting(text) > MAX_NESTING) return sqlUnknown(found, 'tooLong');
  if (found.statementsLeft-- <= 0) return sqlUnknown(found, 'tooMany');
  const tree = parsePostgres(quoted);
  if (!tree.ok) return sqlUnknown(found, 'sql');
  const stmts = member(tree.value, 'stmts');
  if (!Array.isArray(stmts)) return sqlUnknown(found, 'sql');
  found.sqlStatements += stmts.length;
  for (const each of stmts) statement(found, member(each, 'stmt'));
}

function sqlUnknown(found: Findings, part: 'sql' | 'tooLong' | 'tooMany'): void {
  mark(found, 'sqlUnknown');
  unknown(found, 'sql');
  if (part !== 'sql') unknown(found, part);
}

function nesting(text: string): number {
  return (
    text.match(
      /[([]|\/\*|[-+*/<>=!~|^%&]+|\b(not|and|or|case|union|except|intersect|with|select|is)\b/gi,
    )?.length ?? 0
  );
}

type Node = Readonly<Record<string, unknown>>;

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const member = (value: unknown, name: string): unknown => (isNode(value) ? value[name] : undefined);

function statement(found: Findings, wrapped: unknown): void {
  const [kind, body] = isNode(wrapped) ? (Object.entries(wrapped)[0] ?? []) : [];
  if (kind === undefined) return sqlUnknown(found, 'sql');
  const known = STATEMENTS[kind];
  if (known === undefined) {
    list(found, 'sqlVerbs', kind.replace(/Stmt$/, '').toLowerCase());
    sqlUnknown(found, 'sql');
  } else {
    list(found, 'sqlVerbs', known.verb);
    can(found, ...known.capabilities);
    if (known.capabilities.includes('schema')) mark(found, 'sqlDdl');
  }
  special(found, kind, body);
  walk(found, body, 0);
}

function special(found: Findings, kind: string, body: unknown): void {
  const where = member(body, 'whereClause') !== undefined;
  if (kind === 'SelectStmt' || kind === 'UpdateStmt' || kind === 'DeleteStmt') {
    const bare = kind === 'SelectStmt' && member(body, 'fromClause') === undefined;
    if (!bare) found.sqlBoundable++;
    if (!bare && where) found.sqlBounded++;
    if (!where && kind !== 'SelectStmt') mark(found, 'sqlUnbounded');
  }
  if (kind === 'SelectStmt' && member(body, 'intoClause') !== undefined)
    can(found, 'write', 'schema');
  if (kind === 'TruncateStmt' || kind === 'DropStmt' || kind === 'DropdbStmt')
    mark(found, 'sqlUnbounded');
  if (kind === 'DropRoleStmt' || kind === 'DropOwnedStmt') can(found, 'permission');
  if (kind === 'GrantStmt' || kind === 'GrantRoleStmt')
    if (member(body, 'is_grant') !== true) list(found, 'sqlVerbs', 'revoke');
  if (kind === 'AlterTableStmt' && JSON.stringify(body).includes('"AT_Drop')) {
    can(found, 'delete');
    mark(found, 'sqlUnbounded');
  }
  if (kind === 'CopyStmt') copy(found, body);
}

function copy(found: Findings, body: unknown): void {
  const from = member(body, 'is_from') === true;
  can(found, from ? 'write' : 'export');
  const file = member(body, 'filename');
  if (typeof file !== 'string') return;
  if (member(body, 'is_program') === true) {
    can(found, 'execute');
    mark(found, 'inlineCode');
    return shellText(found, file, 1);
  }
  can(found, from ? 'read' : 'write');
  path(found, literal(file), from ? 'r' : 'w');
}

/** Tables, functions and the statements inside a statement (WITH, EXPLAIN, PREPARE, CREATE ... AS). */
function walk(found: Findings, node: unknown, depth: number): void {
  if (depth > 4 * MAX_NESTING) return sqlUnknown(found, 'tooLong');
  if (Array.isArray(node)) {
    for (const each of node) walk(found, each, depth + 1);
    return;
  }
  if (!isNode(node)) return;
  for (const [name, value] of Object.entries(node)) {
    if (name === 'RangeVar' || name === 'relation') table(found, value);
    if (name === 'FuncCall') call(found, value);
    // VALUES is a select that reads nothing.
    if (name === 'SelectStmt' && member(value, 'valuesLists') !== undefined)
      walk(found, value, depth + 1);
    else if (/^[A-Z].*Stmt$/.test(name)) statement(found, { [name]: value });
    else walk(found, value, depth + 1);
  }
}

function table(found: Findings, node: unknown): void {
  const name = member(node, 'relname');
  if (typeof name !== 'string') return;
  const schema = member(node, 'schemaname');
  const full = typeof schema === 'string' ? `${schema}.${name}` : name;
  list(found, 'sqlTables', full.toLowerCase().slice(0, LIMITS.name));
  if (
    /^(pg_catalog\.)?(pg_shadow|pg_authid|pg_user_mapping|pg_user_mappings)$|^mysql\.user$/i.test(
      full,
    )
  )
    can(found, 'secret');
}

function call(found: Findings, node: unknown): void {
  const parts = member(node, 'funcname');
  const names = Array.isArray(parts)
    ? parts.map((part) => member(member(part, 'String'), 'sval'))
    : [];
  const name = names.at(-1);
  if (typeof name === 'string' && READING_FUNCTIONS.has(name.toLowerCase())) return;
  if (
    typeof name === 'string' &&
    /^(pg_terminate_backend|pg_cancel_backend|pg_reload_conf)$/i.test(name)
  )
    return can(found, 'process');
  if (
    typeof name === 'string' &&
    /^(pg_read_.*file|pg_ls_dir|lo_export|lo_import|load_file|readfile|writefile)$/i.test(name)
  )
    can(found, 'read', 'write', 'export');
  unknown(found, 'sql');
  can(found, 'execute');
}
