// What a person typed, as an FTS5 query: words that must all occur, "quoted" ones as they stand, `word*` for a beginning.
// Every word goes in as a string, so that nothing typed is an operator, and no input is an error.

/** More than this is no search; the rest is left out. */
const MAX_PIECES = 16;

/** 'any': nothing was typed. 'none': what was typed has nothing that can be searched. */
export function matchOf(text: string | undefined): { readonly match: string } | 'any' | 'none' {
  const typed = text?.trim() ?? '';
  if (typed === '') return 'any';
  const pieces = [...typed.matchAll(/"([^"]*)"?|([^\s"]+)/g)].flatMap(([, quoted, bare]) =>
    quoted === undefined ? piece(bare ?? '') : piece(quoted, false),
  );
  return pieces.length === 0 ? 'none' : { match: pieces.slice(0, MAX_PIECES).join(' AND ') };
}

/**
 * A private-use character, a letter to the tokenizer: before a number it makes a word that stands for one name as a whole
 * (an agent, a tier). Neither what is indexed nor what is typed can have it.
 */
const NAME = '\uE000';

export const nameWord = (id: number): string => `${NAME}${id}`;

/** Text as it may be indexed or looked for. */
export const typeable = (text: string): string => text.replaceAll(NAME, ' ');

function piece(typed: string, mayBegin = true): string[] {
  const text = typeable(typed);
  // The tokenizer's letters and digits: a piece without any would match nothing, or everything.
  if (!/[\p{L}\p{N}\p{Co}]/u.test(text)) return [];
  const begins = mayBegin && text.endsWith('*');
  // A zero would end the string inside SQLite.
  const words = text.replaceAll('"', '""').replaceAll('\0', ' ');
  return [begins ? `"${words.slice(0, -1)}"*` : `"${words}"`];
}

/** A request's digest, or enough of its beginning to mean nothing else. */
export const digestIn = (text: string | undefined): string | undefined =>
  /^[0-9a-f]{8,64}$/.exec(text?.trim() ?? '')?.[0];
