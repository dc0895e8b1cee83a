// Hosts that an action names, and whether they are this machine's own networks. A name that does not say it is private
// counts as public. The cloud's metadata address hands out credentials, so naming it touches secrets.

import { can, type Findings, list, mark, nameOf, unknown } from './findings.ts';
import { path } from './paths.ts';
import { literal, type Word } from './word.ts';

const METADATA = new Set(['169.254.169.254', 'metadata.google.internal', '[fd00:ec2::254]']);

export function isPrivate(host: string): boolean {
  const name = host.toLowerCase().replace(/^\[|\]$/g, '');
  if (/(^|\.)(localhost|local|internal|home\.arpa|lan|intranet)\.?$/.test(name)) return true;
  if (/^(::1|f[cd][0-9a-f]{2}:.*|fe[89ab][0-9a-f]:.*)$/.test(name)) return true;
  const parts = /^(\d+)\.(\d+)\.\d+\.\d+$/.exec(name);
  if (!parts) return false;
  const [a, b] = [Number(parts[1]), Number(parts[2])];
  const carrier = a === 172 && b >= 16 && b <= 31;
  return a === 127 || a === 10 || carrier || (a === 192 && b === 168) || (a === 169 && b === 254);
}

/** `[user@]host[:port]`; a word that is not known is a host that is not known. */
export function host(found: Findings, word: Word): void {
  can(found, 'network');
  const text = word.text
    .replace(/^[^@]*@/, '')
    .replace(/^([^[\]:]+):.*$/, '$1')
    .toLowerCase();
  if (!word.known || text === '' || nameOf(text) === '?') {
    unknown(found, 'host');
    mark(found, 'publicHost');
    return;
  }
  list(found, 'hosts', text);
  if (!isPrivate(text)) mark(found, 'publicHost');
  if (METADATA.has(text)) can(found, 'secret');
}

/** A URL, or what curl takes for one: `host/path`. `file:` is a path. */
export function url(found: Findings, word: Word): void {
  if (!word.known && !/^[a-z]+:\/\/[^/$]+\//i.test(word.text)) return host(found, word);
  const text = /^[a-z][a-z0-9+.-]*:\/\//i.test(word.text) ? word.text : `http://${word.text}`;
  if (/^file:/i.test(text)) {
    can(found, 'read');
    path(found, literal(text.replace(/^file:\/*/i, '/')), 'r');
    return;
  }
  // Protocols whose URL carries what is sent.
  if (/^(gopher|dict|telnet|smtp|ldap|mqtt|tftp)s?:/i.test(text)) can(found, 'upload');
  const parsed = URL.parse(text);
  host(found, parsed?.hostname ? literal(parsed.hostname) : { ...word, known: false });
}
