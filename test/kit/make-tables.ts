// Writes shared/statement/view/tables.ts from the Unicode properties of the Node that runs it:
//   node test/kit/make-tables.ts > shared/statement/view/tables.ts && npx biome format --write shared/statement/view/tables.ts
// The renderer never asks the runtime for a property: two runtimes with other tables would sign other texts.

const FIRST = 0x80;
const LAST = 0x10ffff;
const CJK = ['Han', 'Hiragana', 'Katakana', 'Hangul', 'Bopomofo'];
const SCRIPTS = [
  'Latin',
  'Greek',
  'Cyrillic',
  ...CJK,
  'Armenian',
  'Cherokee',
  'Hebrew',
  'Arabic',
].concat(['Devanagari', 'Thai']);

const invisible =
  /^(?:\p{Cf}|\p{Z}|\p{Default_Ignorable_Code_Point}|\p{Bidi_Control}|\p{Variation_Selector})$/u;
const unassigned = /^(?:\p{Cn}|\p{Co}|\p{Cs})$/u;
const mark = /^\p{M}$/u;
const noScript = /^(?:\p{Script=Common}|\p{Script=Inherited}|\p{Script=Unknown})$/u;
const scripts = SCRIPTS.map((name) => [name, new RegExp(`^\\p{Script=${name}}$`, 'u')] as const);

type Range = [first: number, last: number];

function scriptOf(char: string): string | undefined {
  if (noScript.test(char)) return undefined;
  return scripts.find(([, pattern]) => pattern.test(char))?.[0] ?? 'Other';
}

/** The tables a code point is in. */
function tablesOf(char: string): string[] {
  if (invisible.test(char)) return ['INVISIBLE'];
  if (unassigned.test(char)) return ['UNASSIGNED'];
  const script = scriptOf(char)?.toUpperCase();
  return [...(mark.test(char) ? ['MARKS'] : []), ...(script === undefined ? [] : [script])];
}

/** Ranges by table. What is never shown may fall inside the range of a mark or a script: the range gets longer. */
function allRanges(): Map<string, Range[]> {
  const names = ['INVISIBLE', 'UNASSIGNED', 'MARKS', ...SCRIPTS, 'Other'];
  const out = new Map<string, Range[]>(names.map((name) => [name.toUpperCase(), []]));
  const open = new Map<string, Range>();
  for (let point = FIRST; point <= LAST; point++) {
    const tables = tablesOf(String.fromCodePoint(point));
    const hidden = tables[0] === 'INVISIBLE' || tables[0] === 'UNASSIGNED';
    for (const name of open.keys())
      if (!tables.includes(name) && !(hidden && name !== 'INVISIBLE' && name !== 'UNASSIGNED'))
        open.delete(name);
    for (const name of tables) {
      const range = open.get(name) ?? [point, point];
      if (!open.has(name)) out.get(name)?.push(range);
      range[1] = point;
      open.set(name, range);
    }
  }
  return out;
}

/** Pairs of (gap since the last end, length - 1) in base 36. */
function pack(list: readonly Range[]): string {
  let end = 0;
  const words: string[] = [];
  for (const [first, last] of list) {
    words.push((first - end).toString(36), (last - first).toString(36));
    end = last;
  }
  return words.join(' ');
}

function literal(text: string): string {
  const lines: string[] = [];
  for (let rest = text; rest.length > 0; ) {
    const cut = rest.length <= 90 ? rest.length : rest.lastIndexOf(' ', 90) + 1;
    lines.push(`'${rest.slice(0, cut)}'`);
    rest = rest.slice(cut);
  }
  return lines.join(' +\n  ');
}

/** The whole text of tables.ts, before formatting. */
export function makeTables(): string {
  const version = process.versions['unicode'] ?? '';
  const head = [
    `// Unicode ${version} in ranges, packed. Made by test/kit/make-tables.ts: change that, not this.`,
    '// Each is a list of (gap since the last end, length - 1) in base 36, over U+007F only.',
    '',
    `export const UNICODE = '${version}';`,
  ];
  const bodies = [...allRanges()].map(
    ([name, list]) => `export const ${name} =\n  ${literal(pack(list))};`,
  );
  return `${[...head, ...bodies].join('\n')}\n`;
}

if (import.meta.main) process.stdout.write(makeTables());
