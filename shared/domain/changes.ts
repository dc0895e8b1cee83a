// Approve with changes: a denial may propose another action, and only a request for exactly that action, by the same guard for
// the same agent, is its child. Pure: guard, broker, app and auditor all ask here. A child is approved like any request.

import { sameBytes, textOf, utf8 } from '../bytes.ts';
import type { Action } from '../statement/action.ts';
import type { Changes } from '../statement/changes.ts';
import { type Cj, encodeCj } from '../statement/cj1.ts';
import type { LongField } from '../statement/fields.ts';
import type { EndingHow } from '../statement/followups.ts';
import type { Request } from '../statement/request.ts';
import { bytesOfRaw } from '../statement/text.ts';

/** How often one action may be changed before its agent has to ask anew. */
export const MAX_CHANGES = 3;

/** As UTF-8 of its JSON, so that a decision with it still fits. A value over 4 KiB can stay, by its digest, and not be edited. */
export const MAX_CHANGES_BYTES = 5 * 1024;

export const CHANGES_CODES = {
  otherKind: 'the change is of another kind of action',
  sameAction: 'nothing was changed',
  notHere: 'the change names a long value that the request does not have',
  notAWord:
    'an argument can be neither empty where it names the program, nor hold NUL or bytes that are not UTF-8',
  notJson: 'the arguments of a tool must be JSON',
  tooLarge: 'a proposal holds 5 KiB at most',
} as const;
export type ChangesCode = keyof typeof CHANGES_CODES;

/** The part of an action that a person may edit; undefined where there is none. */
export function editableOf(action: Action): Changes | undefined {
  switch (action.kind) {
    case 'exec':
      return { kind: 'exec', argv: action.argv };
    case 'mcp':
      return { kind: 'mcp', argumentsRaw: action.argumentsRaw };
    case 'tool':
      return { kind: 'tool', inputRaw: action.inputRaw };
    case 'http':
      return undefined;
  }
}

/** What a change leaves as it is. Everything else the guard measures anew, and the card shows where it differs. */
function keptOf(action: Action): Cj {
  switch (action.kind) {
    case 'exec':
      return [action.cwd as Cj, action.uid, action.gid];
    case 'mcp':
      return [action.server, action.tool, action.definitionSha256];
    case 'tool':
      return [action.runtime, action.tool, action.cwd as Cj];
    case 'http':
      return [];
  }
}

/** Why nobody can propose this of that request, or undefined. */
export function whyNotChanges(
  request: Pick<Request, 'action' | 'attachments'>,
  changes: Changes,
): ChangesCode | undefined {
  const editable = editableOf(request.action);
  if (editable?.kind !== changes.kind) return 'otherKind';
  if (utf8(JSON.stringify(changes)).length > MAX_CHANGES_BYTES) return 'tooLarge';
  if (same(editable, changes)) return 'sameAction';
  const values = valuesOf(changes);
  const isHere = (value: LongField): boolean =>
    !isAttached(value) ||
    request.attachments.some(
      ({ sha256, size }) => sha256 === value.attachment && size === value.size,
    );
  if (!values.every(isHere)) return 'notHere';
  if (changes.kind === 'exec')
    return changes.argv.every(isWord) && changes.argv[0] !== '' ? undefined : 'notAWord';
  return changes.kind === 'mcp' && !values.every(isJson) ? 'notJson' : undefined;
}

export type ChildCode = 'otherGuard' | 'otherAgent' | 'otherAction';

/** Why `child` is not what was proposed when `parent` was denied, or undefined. */
export function whyNotChild(
  child: Pick<Request, 'action' | 'agent' | 'guard'>,
  parent: Pick<Request, 'action' | 'agent' | 'guard'>,
  changes: Changes,
): ChildCode | undefined {
  const { guard } = child;
  if (guard.id !== parent.guard.id || guard.mode !== parent.guard.mode) return 'otherGuard';
  if (!same(child.agent, parent.agent)) return 'otherAgent';
  return isChanged(child.action, parent.action, changes) ? undefined : 'otherAction';
}

/** Is `after` the action that `changes` make of `before`: the proposed part exactly, and what a change must leave. */
export function isChanged(after: Action, before: Action, changes: Changes): boolean {
  const editable = editableOf(after);
  return (
    after.kind === before.kind &&
    editable !== undefined &&
    same(editable, changes) &&
    same(keptOf(after), keptOf(before))
  );
}

/** An approval of a changed action is told as such, and no other is. */
export const endingFits = (how: EndingHow, request: Pick<Request, 'parent'>): boolean =>
  how === 'approvedWithChanges'
    ? request.parent !== undefined
    : how !== 'approved' || request.parent === undefined;

const valuesOf = (changes: Changes): readonly LongField[] => {
  switch (changes.kind) {
    case 'exec':
      return changes.argv;
    case 'mcp':
      return [changes.argumentsRaw];
    case 'tool':
      return [changes.inputRaw];
  }
};

type Attached = Extract<LongField, { readonly attachment: string }>;
const isAttached = (value: LongField): value is Attached =>
  typeof value === 'object' && 'attachment' in value;

const isWord = (value: LongField): boolean => {
  const text = isAttached(value) ? '' : textOf(bytesOfRaw(value));
  return text !== undefined && !text.includes('\u0000');
};

const isJson = (value: LongField): boolean => {
  if (isAttached(value)) return true;
  try {
    JSON.parse(textOf(bytesOfRaw(value)) ?? '');
    return true;
  } catch {
    return false;
  }
};

// What is compared has passed its schema, and is plain CJ-1 by that.
const same = (a: unknown, b: unknown): boolean => sameBytes(encodeCj(a as Cj), encodeCj(b as Cj));
