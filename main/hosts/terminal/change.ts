// `change`: the arguments of the card on screen, one a line, edited by number; what is sent is a denial that proposes them, and
// nothing is sent before `send`. Text is typed as the card shows it: a token (⟦U+0007⟧) stands for what cannot be typed.

import {
  changesOf,
  type Form,
  formOf,
  typed,
  withNew,
  without,
  withText,
} from '../../../shared/domain/change-form.ts';
import { CHANGES_CODES, whyNotChanges } from '../../../shared/domain/changes.ts';
import type { Changes } from '../../../shared/statement/changes.ts';
import { actionOf, differing, diffActions } from '../../../shared/statement/diff/action.ts';
import { lineText } from '../../../shared/statement/diff/lines.ts';
import { decodeStatement } from '../../../shared/statement/statement.ts';
import type { Members } from '../../../shared/statement/view/part.ts';
import type { Lines } from './lines.ts';
import * as words from './words.ts';

export type Proposed = { readonly changes: Changes; readonly reason: string };

/** Undefined where the person stopped, or nothing can be changed. */
export async function askChanges(lines: Lines, payload: Uint8Array): Promise<Proposed | undefined> {
  const action = actionOf(payload);
  let form = formOf(action);
  const request = decodeStatement('request', payload);
  if (action === undefined || form === undefined || !request.ok) {
    lines.print(words.NO_CHANGE);
    return undefined;
  }
  show(lines, form);
  for (;;) {
    const line = await lines.ask(words.CHANGE_PROMPT);
    if (line === undefined || line.trim() === 'stop') return undefined;
    if (/^send(\s|$)/.test(line.trim())) {
      const changes = changesOf(form);
      const why = changes === undefined ? 'sameAction' : whyNotChanges(request.value, changes);
      if (changes !== undefined && why === undefined)
        return { changes, reason: line.trim().slice('send'.length).trim() };
      lines.print(words.cannotPropose(CHANGES_CODES[why ?? 'sameAction']));
      continue;
    }
    const next = edited(form, line);
    if (next === undefined) lines.print(words.CHANGE_HELP);
    else {
      form = next;
      show(lines, form);
      showDifference(lines, action, form);
    }
  }
}

/** `2 TEXT` puts it in place of argument 2, `+2 TEXT` adds one after it, `-2` takes it away. Undefined for anything else. */
function edited(form: Form, line: string): Form | undefined {
  const [, sign, number, text = ''] = /^\s*([+-]?)(\d{1,4})(?: (.*))?$/s.exec(line) ?? [];
  const item = number === undefined ? undefined : form.items[Number(number)];
  if (item === undefined || typed(text) === undefined) return undefined;
  if (sign === '-') return text === '' && form.kind === 'exec' ? without(form, item.id) : undefined;
  if (sign !== '+') return item.kept === undefined ? withText(form, item.id, text) : undefined;
  if (form.kind !== 'exec') return undefined;
  const { form: more, added } = withNew(form, item.id);
  return withText(more, added, text);
}

function show(lines: Lines, { items }: Form): void {
  for (const [place, { text, kept }] of items.entries())
    lines.print(
      words.item(place, kept === undefined ? escapedLines(text) : words.keptItem(kept.size)),
    );
}

/** What was typed has no control character but a newline, which the card marks. */
const escapedLines = (text: string): string => text.replaceAll('\n', '⏎\n│ ');

function showDifference(lines: Lines, action: Members, form: Form): void {
  const changes = changesOf(form);
  if (changes === undefined) return;
  // What is proposed is plain CJ-1 by its schema.
  for (const line of differing(diffActions(action, { ...action, ...changes } as Members)))
    lines.print(`  ${lineText(line)}`);
}
