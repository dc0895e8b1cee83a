// A person denied the action and proposed another one: the guard builds that one itself, measures its world anew and asks
// again, as a child of what was denied. What was denied never runs. A chain is bounded, and the agent hears first what changes.

import {
  type ChangesCode,
  isChanged,
  MAX_CHANGES,
  whyNotChanges,
} from '../../shared/domain/changes.ts';
import { textOf } from '../../shared/bytes.ts';
import { fail, type Result } from '../../shared/result.ts';
import type { Changes } from '../../shared/statement/changes.ts';
import type { LongField } from '../../shared/statement/fields.ts';
import { bytesOfRaw } from '../../shared/statement/text.ts';
import type { DiffLine } from '../../shared/statement/diff/lines.ts';
import { differing, diffActions } from '../../shared/statement/diff/action.ts';
import type { Members } from '../../shared/statement/view/part.ts';
import type { Asked } from './ask.ts';
import { closeHeld, measureChanged, type World, type WorldCode } from './exec/world.ts';
import type { RunEnd, RunEvent } from './run.ts';

/**
 * `notWanted`: whoever started this takes no changes. `tooMany`: this action was changed as often as may be. `differs`: what
 * was measured is not what was proposed. The rest: it is no change of this request, or its program cannot be measured.
 */
export type UnchangedCode = 'notWanted' | 'tooMany' | 'differs' | ChangesCode | WorldCode;

export const UNCHANGED: { readonly [C in 'notWanted' | 'tooMany' | 'differs']: string } = {
  notWanted: 'this run takes no changes',
  tooMany: `it was changed ${MAX_CHANGES} times already`,
  differs: 'what is here now is not what was proposed',
};

/** What a person proposed, and why it was not asked, where it was not. */
export type Proposal = {
  readonly changes: Changes;
  readonly lines: readonly DiffLine[];
  readonly unchanged?: UnchangedCode;
  readonly detail?: string | undefined;
};

export type OneEnd = RunEnd & { readonly request?: Asked };
/** Asks about one world; `parent` is the denied request that it changes. */
export type AskOnce = (world: World, parent: string | undefined) => Promise<OneEnd>;

export type ChangesPorts = {
  /** `refuse`: a proposal is told and never asked. */
  readonly changes?: 'ask' | 'refuse' | undefined;
  readonly tell: (event: RunEvent) => void;
};

/** Asks until it is decided, with whatever changes people propose on the way. */
export async function askWithChanges(
  first: World,
  ports: ChangesPorts,
  once: AskOnce,
): Promise<OneEnd> {
  let world = first;
  let parent: string | undefined;
  try {
    for (let made = 0; ; made++) {
      const end = await once(world, parent);
      if (end.how !== 'denied' || end.proposes === undefined || end.request === undefined)
        return end;
      const { proposes: changes, request } = end;
      const lines = differing(diffChanges(request, changes));
      const next = await changedWorld(world, request, changes, ports, made);
      if (!next.ok)
        return {
          ...end,
          proposal: { changes, lines, unchanged: next.code, detail: next.detail },
        };
      if (world !== first) await closeHeld(world.held);
      world = next.value;
      parent = request.digest;
      ports.tell({ what: 'changed', who: end.who, digest: parent, lines });
    }
  } finally {
    // The first one is its caller's, and so is standard input.
    if (world !== first) await closeHeld(world.held);
  }
}

async function changedWorld(
  world: World,
  { request, attachments }: Asked,
  changes: Changes,
  ports: ChangesPorts,
  made: number,
): Promise<Result<World, UnchangedCode>> {
  if (ports.changes === 'refuse') return fail('notWanted');
  if (made >= MAX_CHANGES) return fail('tooMany');
  const refusal = whyNotChanges(request, changes);
  if (refusal !== undefined) return fail(refusal);
  if (changes.kind !== 'exec') return fail('otherKind');
  const argv = changes.argv.map((value) => wordOf(value, attachments));
  if (!argv.every((word) => word !== undefined)) return fail('notHere');
  const changed = await measureChanged(world, argv);
  if (!changed.ok) return changed;
  if (isChanged(changed.value.action, request.action, changes)) return changed;
  await closeHeld(changed.value.held);
  return fail('differs');
}

/** What was proposed beside what was asked; the world is not measured yet, so only the words differ. */
function diffChanges({ request }: Asked, changes: Changes): readonly DiffLine[] {
  // Both have passed their schemas, and an action is plain CJ-1 by its own.
  return diffActions(
    request.action as unknown as Members,
    { ...request.action, ...changes } as unknown as Members,
  );
}

function wordOf(
  value: LongField,
  attachments: ReadonlyMap<string, Uint8Array>,
): string | undefined {
  const bytes =
    typeof value === 'object' && 'attachment' in value
      ? attachments.get(value.attachment)
      : bytesOfRaw(value);
  return bytes && textOf(bytes);
}
