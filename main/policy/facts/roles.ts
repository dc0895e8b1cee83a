// What a word does to an action because of its place: a file that is read, a host, a command for a shell, SQL.

import { awkCode } from './awk-code.ts';
import { assignment } from './environment.ts';
import { can, type Findings, LIMITS, mark, unknown, shellText } from './findings.ts';
import { host, url } from './hosts.ts';
import { evidence, opaque } from './opaque.ts';
import { path } from './paths.ts';
import { sedCode } from './sed-code.ts';
import { sqlText } from './sql.ts';
import type { Role } from './spec.ts';
import { metaCommand } from './sql-meta.ts';
import { lastPart, type Word } from './word.ts';

export type Acting = {
  readonly found: Findings;
  readonly depth: number;
  readonly path: readonly string[];
};

const FILES = { r: 'read', w: 'write', d: 'delete', p: 'permission', x: 'execute' } as const;

export function act(acting: Acting, word: Word, role: Role): void {
  const { found } = acting;
  if (role === 'any') return;
  if (role === 'edit') return can(found, 'write');
  if (role === 'none') {
    unknown(found, 'arguments');
    return opaque(found, [word]);
  }
  if (role in FILES || role === 'rw') return file(found, word, role);
  if (!word.known && role !== 'mode' && role !== 'remote') {
    unknown(found, 'variable');
    if (/^(sh|shx|code|awk|sed)$/.test(role)) can(found, 'execute');
  }
  if (role === 'url' || role === 'host')
    return role === 'url' ? url(found, word) : host(found, word);
  if (role === 'sh' || role === 'shx') return shell(acting, word, role);
  if (role === 'code' || role === 'awk' || role === 'sed')
    return program(found, word, role, acting);
  text(acting, word, role);
}

function file(found: Findings, word: Word, role: Role): void {
  if (!word.known) unknown(found, 'variable');
  if (word.text === '-' && role === 'x') {
    can(found, 'execute');
    return unknown(found, 'stdin');
  }
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(word.text)) {
    if (role !== 'd' && role !== 'p') can(found, role === 'w' ? 'upload' : 'download');
    url(found, word);
  }
  const use = role;
  if (use === 'rw') can(found, 'read', 'write');
  else if (use === 'r' || use === 'w' || use === 'd' || use === 'p' || use === 'x') {
    if (!(use === 'w' && /^\/dev\/(null|stdout|stderr|tty)$|^-$/.test(word.text)))
      can(found, FILES[use]);
    else can(found, 'read');
  }
  if (use === 'x') unknown(found, 'script');
  if (use === 'r' || use === 'w' || use === 'd' || use === 'p' || use === 'x' || use === 'rw')
    path(found, word, use);
}

/** Text that a shell reads. `shx`: a shell of another kind, of which this reads what it can. */
function shell(acting: Acting, word: Word, role: 'sh' | 'shx'): void {
  mark(acting.found, 'inlineCode');
  if (role === 'shx') {
    can(acting.found, 'execute');
    unknown(acting.found, 'code');
    evidence(acting.found, word.text);
  }
  if (word.known) shellText(acting.found, word.text, acting.depth + 1);
}

function program(found: Findings, word: Word, role: 'code' | 'awk' | 'sed', acting: Acting): void {
  if (role !== 'code' && word.known) {
    if (role === 'awk') awkCode(found, word.text);
    else sedCode(found, word.text, acting.depth);
    return;
  }
  mark(found, 'inlineCode');
  can(found, 'execute');
  unknown(found, 'code');
  evidence(found, word.text);
}

function text(acting: Acting, word: Word, role: Role): void {
  const { found } = acting;
  switch (role) {
    case 'sql':
    case 'lite':
    case 'my':
    case 'psql':
      if (!word.known) return unknown(found, 'sql');
      if (metaCommand(found, word.text, role, acting.depth)) return;
      return sqlText(found, word.text, role === 'my' ? 'my' : role === 'lite' ? 'lite' : 'pg');
    case 'remote':
      return remote(found, word);
    case 'kv':
      return keyValue(found, word);
    case 'opt':
      return configOption(acting, word);
    case 'set':
      return assignment(found, word, acting.depth);
    case 'body':
      can(found, 'upload');
      if (word.text.startsWith('@')) file(found, { ...word, text: word.text.slice(1) }, 'r');
      else if (word.text.includes('=@') || word.text.includes('=<'))
        file(found, { ...word, text: word.text.replace(/^.*=[@<]/, '').replace(/;.*$/, '') }, 'r');
      return;
    case 'mode':
      if (/^[0-7]*[4-7][0-7]{3}$|[ugoa]*[+=][rwxXt]*s/.test(word.text)) can(found, 'privilege');
      return;
    case 'opaque':
      return opaque(found, [word]);
    case 'ref':
      return refspec(found, word.text);
    case 'addr':
      return address(acting, word);
    default:
      unknown(found, 'arguments');
  }
}

/** `[user@]host:path` of scp and rsync; without a colon, a local path. The last operand is the one written to. */
function remote(found: Findings, word: Word): void {
  const match = /^([^/:]+):(?!\\)/.exec(word.text);
  if (!match && !/^\w+:\/\//.test(word.text)) return file(found, word, 'r');
  can(found, 'download', 'upload');
  if (match) host(found, { ...word, text: match[1] ?? '' });
  else url(found, word);
}

/** git push: `+src:dst` overwrites, `:dst` deletes. */
function refspec(found: Findings, text: string): void {
  if (!/^[+:]/.test(text)) return;
  can(found, 'history');
  if (text.startsWith('+')) mark(found, 'force');
  else can(found, 'delete');
}

/** socat's addresses: `TYPE:value,option`. */
function address(acting: Acting, word: Word): void {
  const { found } = acting;
  const [, type = '', value = ''] = /^!{0,2}([^:]*):?(.*)$/s.exec(word.text) ?? [];
  if (/^(exec|system|shell)$/i.test(type)) {
    can(found, 'execute');
    return shell(acting, { ...word, text: value.split(',')[0] ?? '' }, 'sh');
  }
  if (/^(file|open|create|creat|gopen|pipe)$/i.test(type))
    return file(found, { ...word, text: value.split(',')[0] ?? '' }, 'rw');
  if (/^(stdio|stdin|stdout|stderr|-|fd|readline|pty)$/i.test(type)) return;
  can(found, 'network');
  if (
    /^(tcp|udp|ssl|openssl|sctp|socks|proxy|dccp|quic|ip|ws)/i.test(type) &&
    !/listen|-l$|recv/i.test(type)
  )
    host(found, { ...word, text: value.split(',')[0] ?? '' });
}

/** dd's `if=`, `of=`. */
function keyValue(found: Findings, word: Word): void {
  const [key = '', value = ''] = word.text.split(/=(.*)/s);
  const named = { ...word, text: value };
  if (key === 'if') file(found, named, 'r');
  else if (key === 'of') file(found, named, 'w');
  else if (!/^(bs|ibs|obs|cbs|count|skip|seek|conv|status|iflag|oflag)$/.test(key))
    unknown(found, 'arguments');
}

// Settings, given as `key=value` or `key value`, whose value is a command, and those that are a file to load.
const RUNS =
  /^(-?o)?(proxycommand|localcommand|knownhostscommand|ssh_command|sshcommand|.*(pager|editor|askpass|helper|command|cmd|textconv|invoke|program|shell|hook|hookspath|browser|fsmonitor)(::?)?)$/i;
const QUIET =
  /^(stricthostkeychecking|userknownhostsfile|connecttimeout|serveralive\w+|batchmode|loglevel|identitiesonly|identityfile|port|user|user\.\w+|color\.\w+|core\.(autocrlf|quotepath|filemode)|init\.defaultbranch|http\.\w+|protocol\.version|advice\.\w+|commit\.gpgsign|gc\.auto|acquire::.*|dpkg::options.*|apt::get::.*|ro|rw|loop|noatime|nosuid|uid|gid|size|defaults|controlmaster|controlpath|controlpersist|forwardagent|requesttty|permitlocalcommand)$/i;

function configOption(acting: Acting, word: Word): void {
  const match = /^\s*([^=\s]+)(?:[=\s]\s*(.*))?$/s.exec(word.text);
  const key = match?.[1] ?? '';
  const last = lastPart(key.replaceAll('.', '/').replaceAll('::', '/').replace(/\/$/, ''));
  const value = match?.[2]?.replace(/^=/, '');
  if ((RUNS.test(key) || RUNS.test(last)) && value !== undefined && !/^permitlocal/i.test(key)) {
    can(acting.found, 'execute');
    mark(acting.found, 'inlineCode');
    if (word.known && value.length < LIMITS.text)
      shellText(acting.found, value.replace(/^[;!]/, ''), acting.depth + 1);
    return;
  }
  if (QUIET.test(key)) return;
  unknown(acting.found, 'option');
  evidence(acting.found, value ?? '');
}
