// What is in the editor of a change: one argument an item, as text that can be typed. A newline is a newline; whatever cannot be
// typed or seen stands as its token (⟦U+202E⟧, ⟦x9F⟧), and both ways lose nothing.

import type { Changes } from '../statement/changes.ts';
import type { LongField } from '../statement/fields.ts';
import { bytesOfRaw, rawOf } from '../statement/text.ts';
import { escapeText, GUTTER, pointToken } from '../statement/view/escape.ts';
import type { Members } from '../statement/view/part.ts';
import { unescapeText } from '../statement/view/unescape.ts';

export type Item = {
  /** The same item wherever it is moved. */
  readonly id: number;
  readonly text: string;
  /** A long value that stays as it is; it can be taken away, not edited. */
  readonly kept?: Extract<LongField, { readonly attachment: string }>;
};
export type Form = { readonly kind: Changes['kind']; readonly items: readonly Item[] };

const NEWLINE = `⏎\n${GUTTER}`;
/** Our own signs in a text that was typed: themselves. A tab's sign stays, since nobody can type a tab. */
const SIGNS = /[“”│·⏎]/gu;

export const typable = (bytes: Uint8Array): string =>
  escapeText(bytes, { ascii: false }).replaceAll(NEWLINE, '\n').replaceAll('·', ' ');

/** Undefined for text with half a token in it. */
export const typed = (text: string): Uint8Array | undefined =>
  unescapeText(
    text.replace(SIGNS, (sign) => pointToken(sign.codePointAt(0) ?? 0)).replaceAll('\n', NEWLINE),
  );

/** Undefined for an action that nobody can change. */
export function formOf(action: Members | undefined): Form | undefined {
  const { kind, argv, argumentsRaw, inputRaw } = action ?? {};
  // The card has been rendered from the same bytes, so each has its schema's shape.
  const items = (values: readonly unknown[]): readonly Item[] =>
    values.map((value, id) => itemOf(value as LongField, id));
  if (kind === 'exec' && Array.isArray(argv)) return { kind, items: items(argv) };
  if (kind === 'mcp' && argumentsRaw !== undefined) return { kind, items: items([argumentsRaw]) };
  if (kind === 'tool' && inputRaw !== undefined) return { kind, items: items([inputRaw]) };
  return undefined;
}

const itemOf = (value: LongField, id: number): Item =>
  typeof value === 'object' && 'attachment' in value
    ? { id, text: '', kept: value }
    : { id, text: typable(bytesOfRaw(value)) };

/** The items whose text is no value. */
export const faults = ({ items }: Form): readonly number[] =>
  items.filter((item) => valueOf(item) === undefined).map(({ id }) => id);

/** Undefined while an item has a fault. */
export function changesOf(form: Form): Changes | undefined {
  const values = form.items.map(valueOf);
  const whole = values.filter((value) => value !== undefined);
  const [first] = whole;
  if (whole.length < values.length || first === undefined) return undefined;
  switch (form.kind) {
    case 'exec':
      return { kind: 'exec', argv: whole };
    case 'mcp':
      return { kind: 'mcp', argumentsRaw: first };
    case 'tool':
      return { kind: 'tool', inputRaw: first };
  }
}

function valueOf({ text, kept }: Item): LongField | undefined {
  if (kept !== undefined) return kept;
  const bytes = typed(text);
  return bytes && rawOf(bytes);
}

/** What was typed or pasted, as it is shown: nothing hidden stands in the editor as itself. Half a token stays as it is. */
export function withText(form: Form, id: number, text: string): Form {
  const bytes = typed(text);
  const shown = bytes === undefined ? text : typable(bytes);
  return {
    ...form,
    items: form.items.map((item) => (item.id === id ? { ...item, text: shown } : item)),
  };
}

/** An empty one after `id`, with its own id. */
export function withNew(form: Form, id: number): { readonly form: Form; readonly added: number } {
  const added = Math.max(-1, ...form.items.map((item) => item.id)) + 1;
  const at = form.items.findIndex((item) => item.id === id) + 1;
  const items = form.items.toSpliced(at === 0 ? form.items.length : at, 0, { id: added, text: '' });
  return { form: { ...form, items }, added };
}

export const without = (form: Form, id: number): Form => ({
  ...form,
  items: form.items.filter((item) => item.id !== id),
});

/** One place up (-1) or down (1), where there is one. */
export function moved(form: Form, id: number, by: -1 | 1): Form {
  const at = form.items.findIndex((item) => item.id === id);
  const item = form.items[at];
  const to = at + by;
  if (item === undefined || to < 0 || to >= form.items.length) return form;
  return { ...form, items: form.items.toSpliced(at, 1).toSpliced(to, 0, item) };
}
