// What differs between two actions, computed from their signed bytes: arguments and tool texts line by line with what stayed
// around them, every other member only where it differs. No schema is loaded here: the window uses it too.

import { fromUtf8 } from '../../bytes.ts';
import { fail, ok, type Result } from '../../result.ts';
import { type Cj, decodeCj, encodeCj } from '../cj1.ts';
import { escapeText } from '../view/escape.ts';
import { membersOf, type Members } from '../view/part.ts';
import { MAX_PAYLOAD_BYTES } from '../view/render.ts';
import { rawBytes } from '../view/values.ts';
import { type DiffLine, diffLines, type Shown } from './lines.ts';

/** Shown whole, with what stayed; in the order of the card. */
const TEXTS = { argumentsRaw: 'Tool arguments', inputRaw: 'Tool input' } as const;
const LABELS: Readonly<Record<string, string>> = {
  executable: 'Program',
  script: 'Script',
  interpreterArgs: 'Interpreter options',
  cwd: 'Folder',
  uid: 'User',
  gid: 'Group',
  umask: 'Umask',
  env: 'Environment',
  stdin: 'Standard input',
  inputs: 'Input files',
  runs: 'Bound by',
  server: 'Server',
  tool: 'Tool',
  definitionSha256: 'Tool definition digest',
  runtime: 'Runtime',
};

/** Of two requests' payloads; 'cj1' where one is not a request's bytes. */
export function diffRequests(
  before: Uint8Array,
  after: Uint8Array,
): Result<readonly DiffLine[], 'cj1'> {
  const [old, now] = [actionOf(before), actionOf(after)];
  return old === undefined || now === undefined ? fail('cj1') : ok(diffActions(old, now));
}

/** The action in a request's bytes, as plain CJ-1. */
export function actionOf(payload: Uint8Array): Members | undefined {
  const request = decodeCj(payload, MAX_PAYLOAD_BYTES);
  return request.ok ? membersOf(membersOf(request.value)?.['action']) : undefined;
}

export function diffActions(before: Members, after: Members): readonly DiffLine[] {
  const lines = diffLines(argumentsOf(before['argv']), argumentsOf(after['argv']));
  for (const [name, label] of Object.entries(TEXTS))
    lines.push(...diffLines(textOf(label, before[name]), textOf(label, after[name])));
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  for (const name of names)
    if (name !== 'argv' && !Object.hasOwn(TEXTS, name))
      lines.push(...whole(LABELS[name] ?? name, before[name], after[name]));
  return lines;
}

/** The lines that are not the same in both. */
export const differing = (lines: readonly DiffLine[]): readonly DiffLine[] =>
  lines.filter((line) => line.is !== 'same');

const argumentsOf = (argv: Cj | undefined): Shown[] =>
  listOf(argv).map((value, i) => {
    const text = shownValue(value);
    return { label: `Argument ${i}`, text, key: text };
  });

/** Line by line where it has several. */
function textOf(label: string, value: Cj | undefined): Shown[] {
  if (value === undefined) return [];
  const lines = shownValue(value).split(/(?<=⏎)\n│ /u);
  return lines.map((text) => ({ label, text, key: text }));
}

function whole(label: string, before: Cj | undefined, after: Cj | undefined): DiffLine[] {
  const lines = diffLines(membersShown(label, before), membersShown(label, after));
  return lines.filter((line) => line.is !== 'same');
}

/** Each leaf of a member, or each element of a list, on a line of its own. */
function membersShown(label: string, value: Cj | undefined): Shown[] {
  if (value === undefined) return [];
  if (Array.isArray(value))
    return listOf(value).map((each) => {
      const text = leavesOf(each).join(', ');
      return { label, text, key: text };
    });
  const members = isLeaf(value) ? undefined : membersOf(value);
  if (members === undefined) return [{ label, text: shownValue(value), key: shownValue(value) }];
  return Object.entries(members).map(([name, each]) => {
    const text = shownValue(each);
    return { label: `${label} ${name}`, text, key: `${name} ${text}` };
  });
}

function leavesOf(value: Cj): readonly string[] {
  if (isLeaf(value)) return [shownValue(value)];
  return Object.entries(membersOf(value) ?? {}).map(
    ([name, each]) => `${name} ${shownValue(each)}`,
  );
}

const listOf = (value: Cj | undefined): readonly Cj[] => (Array.isArray(value) ? value : []);

const isLeaf = (value: Cj): boolean => {
  const members = typeof value === 'object' ? membersOf(value) : undefined;
  return typeof value !== 'object' || rawBytes(value) !== undefined || isAttached(members);
};

const isAttached = (members: Members | undefined): boolean =>
  typeof members?.['attachment'] === 'string';

/** As on the card: text from outside between “ and ”, our own words bare. */
function shownValue(value: Cj): string {
  const bytes = rawBytes(value);
  if (bytes !== undefined) return `“${escapeText(bytes, { ascii: false })}”`;
  const { attachment, size } = membersOf(value) ?? {};
  if (typeof attachment === 'string' && typeof size === 'number')
    return `${size} bytes, digest ${attachment}`;
  return escapeText(typeof value === 'object' ? fromUtf8(encodeCj(value)) : String(value), {
    ascii: false,
  });
}
