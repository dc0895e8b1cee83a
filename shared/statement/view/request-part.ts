// How a whole request stands on the card, in the reviewer's order: every member of request.ts has its row here.
// Must-see is what changes what runs, and who asks, for whom, why, where, at which tier and until when.

import type { Cj } from '../cj1.ts';
import { utf8 } from '../../bytes.ts';
import { actionPart } from './action-part.ts';
import { readAttached, writeAttached } from './long.ts';
import { facts } from './named.ts';
import { field, list, membersOf, object, type Part, row, type Style, under } from './part.ts';
import {
  hex,
  ID,
  id,
  isTime,
  line,
  numberOf,
  origin,
  quoted,
  raw,
  textOfQuoted,
  texts,
  time,
  word,
} from './values.ts';

const WHY: Style = { section: 'why', prose: true };
const ASKER: Style = { section: 'why', must: true, critical: true };
const CONTEXT: Style = { section: 'who', prose: true };
const WHERE: Style = { section: 'where' };
const RULES: Style = { section: 'rules' };
const RECORD: Style = { section: 'record' };

const MODES = {
  run: 'run: starts the command itself',
  mcp: 'mcp: stands before an MCP server',
  hook: 'hook: answers an agent runtime that acts later',
  proxy: 'proxy: forwards the request itself',
  sdk: 'sdk: inside the program that asks',
  api: 'api: for a program that asks over the network',
};

const guard = object([
  field('host', 'Host', line(ASKER)),
  field('id', 'Guard', id(WHERE)),
  field('mode', 'Guard mode', word(WHERE, MODES)),
  field('keyId', 'Guard key', hex(RECORD, 32)),
]);

const agent = object([
  field('id', 'Agent', id(ASKER)),
  field('onBehalfOf', 'On behalf of', id(ASKER)),
  field(
    'authn',
    'Agent known by',
    word(
      { section: 'who' },
      {
        declared: 'its own word on the command line',
        account: 'the account it runs under',
        token: 'a token that the guard checked',
      },
    ),
  ),
  field('session', 'Agent session', line({ section: 'who' })),
]);

const need = row(
  { section: 'rules' },
  (value) => {
    const { group, count, ...others } = membersOf(value) ?? {};
    if (typeof group !== 'string' || typeof count !== 'number' || !ID.test(group)) return undefined;
    return Object.keys(others).length > 0 ? undefined : { text: `${count} from ${group}` };
  },
  (text) => {
    const [count, group] = text.split(' from ');
    const number = numberOf(count ?? '');
    return number === undefined || group === undefined ? undefined : { count: number, group };
  },
);

const TIERS = { low: 'low', medium: 'medium', high: 'high', critical: 'critical' };
const policy = object([
  field('tier', 'Tier', word({ ...WHY, must: true }, TIERS)),
  field('needs', 'Approvals needed', list(RULES, 'Approvals needed', need)),
  field('rules', 'Policy rules', texts(RULES)),
  field('sha256', 'Policy digest', hex(RECORD, 32)),
]);

const OUTCOMES = { passed: 'passed', failed: 'failed', notApplicable: 'not applicable' };
const verdict = row(
  RULES,
  (value) => {
    const { name, outcome } = membersOf(value) ?? {};
    const said = Object.entries(OUTCOMES).find(([key]) => key === outcome)?.[1];
    if (said === undefined || typeof name !== 'string') return undefined;
    const shown = quoted(utf8(name), RULES);
    return { ...shown, text: `${said}: ${shown.text}` };
  },
  (text) => {
    const cut = text.indexOf(': ');
    const outcome = Object.entries(OUTCOMES).find(([, said]) => said === text.slice(0, cut))?.[0];
    const name = textOfQuoted(text.slice(cut + 2));
    return outcome === undefined || name === undefined ? undefined : { outcome, name };
  },
);
const check = object([
  field('name outcome', '', verdict),
  field('why', 'why', raw({ ...RULES, prose: true })),
]);

/** One row has both times and the span between them, so that no two of them can disagree on the card. */
const life = row(
  { ...WHY, must: true },
  (value) => {
    const { createdAt, ttlMs } = membersOf(value) ?? {};
    if (!isTime(createdAt) || typeof ttlMs !== 'number') return undefined;
    const end = new Date(Date.parse(createdAt) + ttlMs);
    if (Number.isNaN(end.getTime())) return undefined;
    return { text: `${end.toISOString()}, ${ttlMs} ms after ${createdAt}` };
  },
  (text) => {
    const found = /, (\d+) ms after (\S+)$/.exec(text);
    const ttlMs = numberOf(found?.[1] ?? '');
    return ttlMs === undefined ? undefined : { createdAt: found?.[2] ?? '', ttlMs };
  },
);

const listed = object([
  field('name', '', raw(RECORD)),
  field('mediaType', 'type', line(RECORD)),
  field('size', 'size', row(RECORD, sizeShown, sizeRead)),
  field('sha256', 'listed digest', hex(RECORD, 32)),
]);
function sizeShown(value: Cj): { text: string } | undefined {
  return typeof value === 'number' ? { text: `${value} bytes` } : undefined;
}
function sizeRead(text: string): Cj | undefined {
  return text.endsWith(' bytes') ? numberOf(text.slice(0, -6)) : undefined;
}

/** What no value of the request has shown stands here in full: a preview. It comes last, when all others are shown. */
const PREVIEW: Style = { section: 'action', must: true };
const attachment: Part = {
  write: (value, spot, to) => {
    const digest = membersOf(value)?.['sha256'];
    if (typeof digest !== 'string' || !listed.write(value, spot, to)) return false;
    const shown = to.shown.has(digest) || to.shown.has(`${digest} ascii`);
    return shown || writeAttached(digest, contentSpot(spot), PREVIEW, to);
  },
  read: (spot, from) => {
    readAttached(contentSpot(spot), from);
    return listed.read(spot, from);
  },
};
const contentSpot = ({ path, label }: { path: string; label: string }) => ({
  path,
  label: under(label, 'content'),
});

// Inside a section rows stand in the order of this list: the host before what the action says about it.
export const requestPart: Part = object([
  field('reason', 'Reason', raw({ ...WHY, must: true })),
  field('agent', '', agent),
  field('guard', '', guard),
  field('org', 'Organisation', id(WHERE)),
  field('action', '', actionPart),
  field('trigger', 'Trigger', raw(CONTEXT)),
  field('narrative', 'Narrative of the agent, unverified', raw(CONTEXT)),
  field('createdAt ttlMs', 'Expires', life),
  field('policy', '', policy),
  field('checks', 'Check', list(RULES, 'Checks', check)),
  field('facts', 'Fact', facts(RULES)),
  field('evaluatedAt', 'Policy evaluated', time(RECORD)),
  field('requestId', 'Request id', hex(RECORD, 16)),
  field('nonce', 'Nonce', hex(RECORD, 32)),
  field('log', 'Log', origin(RECORD)),
  field('parent', 'Changes the request', hex(RECORD, 32), true),
  field('attachments', 'Attachment', list(RECORD, 'Attachments', attachment)),
]);
