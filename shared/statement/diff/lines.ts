// Two lists of shown texts as lines that are the same, gone or new; a line in the place of another one names the words that
// differ. The texts are escaped already, so a piece is exactly what would stand on a card.

import { stepsBetween } from './lcs.ts';

export type DiffPiece = { readonly text: string; readonly is: 'same' | 'gone' | 'new' };
export type DiffLine = {
  readonly label: string;
  readonly is: 'same' | 'gone' | 'new';
  readonly pieces: readonly DiffPiece[];
};
/** `key` tells two lines apart where their texts would not. */
export type Shown = { readonly label: string; readonly text: string; readonly key: string };

/** A token or a newline of the escaped form is one word: half of one would be another character. */
const WORD = /⟦[^⟧]*⟧|⏎\n│ |··+|[\p{L}\p{N}_]+|[^\S\n]+|./gsu;

export function diffLines(before: readonly Shown[], after: readonly Shown[]): DiffLine[] {
  const out: DiffLine[] = [];
  let gone: Shown[] = [];
  let fresh: Shown[] = [];
  const settle = (): void => {
    out.push(...replaced(gone, fresh));
    gone = [];
    fresh = [];
  };
  for (const step of stepsBetween(before.map(keyOf), after.map(keyOf))) {
    // Every index is one of the list that the step was made from.
    if (step.is === 'gone') gone.push(before[step.before] as Shown);
    else if (step.is === 'new') fresh.push(after[step.after] as Shown);
    else {
      settle();
      const { label, text } = after[step.after] as Shown;
      out.push({ label, is: 'same', pieces: [{ text, is: 'same' }] });
    }
  }
  settle();
  return out;
}

const keyOf = ({ key }: Shown): string => key;

/** What is gone beside what came in its place, pair by pair; the rest of the longer list follows. */
function replaced(gone: readonly Shown[], fresh: readonly Shown[]): DiffLine[] {
  const out: DiffLine[] = [];
  for (let i = 0; i < Math.max(gone.length, fresh.length); i++) {
    const [old, now] = [gone[i], fresh[i]];
    const words =
      old !== undefined && now !== undefined ? diffWords(old.text, now.text) : undefined;
    if (old !== undefined)
      out.push({
        label: old.label,
        is: 'gone',
        pieces: words?.gone ?? [{ text: old.text, is: 'gone' }],
      });
    if (now !== undefined)
      out.push({
        label: now.label,
        is: 'new',
        pieces: words?.new ?? [{ text: now.text, is: 'new' }],
      });
  }
  return out;
}

function diffWords(before: string, after: string) {
  const [old, now] = [before.match(WORD) ?? [], after.match(WORD) ?? []];
  const gone: DiffPiece[] = [];
  const fresh: DiffPiece[] = [];
  for (const step of stepsBetween(old, now)) {
    if (step.is !== 'new') add(gone, old[step.before] ?? '', step.is);
    if (step.is !== 'gone') add(fresh, now[step.after] ?? '', step.is);
  }
  return { gone, new: fresh };
}

/** Neighbours of one kind are one piece. */
function add(to: DiffPiece[], text: string, is: DiffPiece['is']): void {
  const last = to.at(-1);
  if (last?.is === is) to[to.length - 1] = { text: last.text + text, is };
  else to.push({ text, is });
}

const SIGN = { same: ' ', gone: '-', new: '+' } as const;

/** `- Argument 2: “--all”`, for a terminal or a file: one line where the text is one. */
export const lineText = ({ label, is, pieces }: DiffLine): string =>
  `${SIGN[is]} ${label}: ${pieces.map(({ text }) => text).join('')}`;
