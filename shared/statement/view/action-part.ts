// How each kind of action stands on the card: every member of action.ts has its row here, and no other member passes.

import type { Cj } from '../cj1.ts';
import { textOf, utf8 } from '../../bytes.ts';
import { bit } from './flags.ts';
import { hasInlineCode } from './inline-code.ts';
import { attached, longValue } from './long.ts';
import { environmentEntry, headerEntry, hostFlags } from './named.ts';
import {
  addRow,
  choice,
  field,
  isHex,
  list,
  membersOf,
  object,
  type Part,
  row,
  type Style,
} from './part.ts';
import { punycode } from './punycode.ts';
import { bare, count, hex, id, line, numberOf, quoted, raw, rawBytes, word } from './values.ts';

const PLAIN: Style = { section: 'action', must: true };
const CRITICAL: Style = { section: 'action', must: true, critical: true };
const QUIET: Style = { section: 'action' };
const RECORD: Style = { section: 'record' };
const MODE = /^[0-7]{4}$/;

/** A row of our own about the whole object; nothing is read back from it. */
const note = (
  style: Style,
  say: (value: Cj) => { text: string; flags?: number } | undefined,
): Part => ({
  write: (value, spot, to) => {
    const shown = say(value);
    return shown === undefined || addRow(to, spot, style, shown);
  },
  read: () => undefined,
});

const file = object([
  field('path', '', raw(CRITICAL)),
  field('sha256', 'digest', hex(QUIET, 32)),
  field('size mode uid gid', 'file', row(RECORD, fileShown, fileRead)),
]);

function fileShown(value: Cj): { text: string } | undefined {
  const { size, mode, uid, gid } = membersOf(value) ?? {};
  if (typeof mode !== 'string' || !MODE.test(mode)) return undefined;
  if (typeof size !== 'number' || typeof uid !== 'number' || typeof gid !== 'number')
    return undefined;
  return { text: `${size} bytes, mode ${mode}, owner ${uid}, group ${gid}` };
}

function fileRead(text: string): Cj | undefined {
  const found = /^(\d+) bytes, mode ([0-7]{4}), owner (\d+), group (\d+)$/.exec(text) ?? [];
  const [size, uid, gid] = [found[1], found[3], found[4]].map((each) => numberOf(each ?? ''));
  const mode = found[2];
  if (size === undefined || uid === undefined || gid === undefined || !mode) return undefined;
  return { size, mode, uid, gid };
}

const STDIN: Readonly<Record<string, string>> = {
  terminal: 'the terminal, live: not part of this approval',
  nothing: 'nothing',
  live: 'a pipe or file, live: not part of this approval',
};

function stdinShown(value: Cj): { text: string; flags?: number } | undefined {
  const { from, sha256, size, ...others } = membersOf(value) ?? {};
  if (typeof from !== 'string' || Object.keys(others).length > 0) return undefined;
  if (from === 'bound')
    return typeof size === 'number' && typeof sha256 === 'string' && isHex(sha256, 32)
      ? { text: `${size} bytes, all read before asking, digest ${sha256}` }
      : undefined;
  const text = Object.hasOwn(STDIN, from) ? STDIN[from] : undefined;
  if (text === undefined || sha256 !== undefined || size !== undefined) return undefined;
  return { text, flags: from === 'live' ? bit('liveStdin') : 0 };
}

function stdinRead(text: string): Cj | undefined {
  const found = /^(\d+) bytes, all read before asking, digest ([0-9a-f]{64})$/.exec(text);
  const size = numberOf(found?.[1] ?? '');
  if (size !== undefined) return { from: 'bound', sha256: found?.[2] ?? '', size };
  const from = Object.keys(STDIN).find((name) => STDIN[name] === text);
  return from === undefined ? undefined : { from };
}

/** Argument 0 is what the program is told it was called as. */
const argument: Part = {
  write: (value, spot, to) =>
    longValue(spot.path.endsWith('.argv.0') ? CRITICAL : PLAIN).write(value, spot, to),
  read: longValue(PLAIN).read,
};

const inlineNote = note(PLAIN, (value) => {
  const { argv, executable } = membersOf(value) ?? {};
  const words = (Array.isArray(argv) ? argv : []).map(textOfRaw);
  if (!hasInlineCode(words, textOfRaw(membersOf(executable)?.['path']))) return undefined;
  return { text: 'one of the arguments is itself a program text', flags: bit('shellInline') };
});

/** For the search only; an attachment is no option and no program. */
function textOfRaw(value: Cj | undefined): string {
  const bytes = rawBytes(value);
  return (bytes && textOf(bytes)) ?? '';
}

const RUN_AS = /^user (\d+), group (\d+), umask ([0-7]{4})$/;
const runAs = row(
  { section: 'why', must: true },
  (value) => {
    const { uid, gid, umask } = membersOf(value) ?? {};
    if (typeof umask !== 'string' || !MODE.test(umask)) return undefined;
    if (typeof uid !== 'number' || typeof gid !== 'number') return undefined;
    return { text: `user ${uid}, group ${gid}, umask ${umask}` };
  },
  (text) => {
    const found = RUN_AS.exec(text) ?? [];
    const [uid, gid] = [numberOf(found[1] ?? ''), numberOf(found[2] ?? '')];
    return uid === undefined || gid === undefined ? undefined : { uid, gid, umask: found[3] ?? '' };
  },
);

const exec = object([
  field('executable', 'Program', file),
  field('argv', 'Argument', list(PLAIN, 'Arguments', argument, 0)),
  field('', 'Inline program', inlineNote),
  field('script', 'Script', file, true),
  field(
    'interpreterArgs',
    'Interpreter option',
    list(PLAIN, 'Interpreter options', raw(PLAIN)),
    true,
  ),
  field('cwd', 'Folder', raw(CRITICAL)),
  field('uid gid umask', 'Runs as', runAs),
  field('env', 'Environment', list(QUIET, 'Environment', environmentEntry)),
  field('stdin', 'Standard input', row(PLAIN, stdinShown, stdinRead)),
  field('inputs', 'Input file', list(QUIET, 'Input files', file)),
  field(
    'runs',
    'Bound by',
    word(PLAIN, {
      descriptor: 'the open file itself: what was hashed is what runs',
      path: 'the path: hashed again just before it runs',
      copy: 'a private copy: the copy runs',
    }),
  ),
]);

const mcp = object([
  field('server', 'Server', line(CRITICAL)),
  field('tool', 'Tool', line(CRITICAL)),
  field('definitionSha256', 'Tool definition digest', hex(QUIET, 32)),
  field('argumentsRaw', 'Tool arguments', longValue(PLAIN)),
]);

const hostNote = note(CRITICAL, (value) => {
  const host = membersOf(value)?.['host'];
  const text = typeof host === 'string' ? punycode(host) : undefined;
  return text === undefined ? undefined : quoted(utf8(text), CRITICAL);
});

const http = object([
  field('method', 'Method', bare(CRITICAL, /^[A-Z]{1,20}$/)),
  field('scheme', 'Scheme', bare(CRITICAL, /^https?$/)),
  field('host', 'Target host', line(CRITICAL, hostFlags)),
  field('', 'Target host in punycode', hostNote),
  field('port', 'Port', count(CRITICAL)),
  field('path', 'Path', longValue(CRITICAL)),
  field('query', 'Query', longValue(PLAIN)),
  field('headers', 'Header', list(PLAIN, 'Headers', headerEntry(PLAIN))),
  field('body', 'Body', attached(PLAIN), true),
]);

const tool = object([
  field('runtime', 'Runtime', id(CRITICAL)),
  field('tool', 'Tool', line(CRITICAL)),
  field('inputRaw', 'Tool input', longValue(PLAIN)),
  field('cwd', 'Folder', raw(CRITICAL)),
  field(
    '',
    'Bound by',
    note(PLAIN, () => ({
      text: 'the text of the call alone: the runtime acts on it later',
      flags: bit('textOnly'),
    })),
  ),
]);

const KINDS = {
  exec: 'run a program',
  mcp: 'call a tool of an MCP server',
  http: 'send an HTTP request',
  tool: 'let the agent runtime use a tool',
};

export const actionPart: Part = choice('kind', 'Action', word(PLAIN, KINDS), {
  exec,
  mcp,
  http,
  tool,
});
