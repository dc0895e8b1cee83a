// Writes shared/statement/view/tables.ts from the Unicode properties of the Node that runs it:
//   node test/kit/make-tables.mjs > shared/statement/view/tables.ts
// The renderer never asks the runtime for a property: two runtimes with other tables would sign other texts.

const MAX = 0x10ffff;
const OVER_NAMED = [
  'Latin',
  'Greek',
  'Cyrillic',
  'Han',
  'Hiragana',
  'Katakana',
  'Hangul',
  'Bopomofo',
];
const NAMED = [...OVER_NAMED, 'Armenian', 'Cherokee', 'Hebrew', 'Arabic', 'Devanagari', 'Thai'];

const invisible =
  /^(?:\p{Cf}|\p{Z}|\p{Default_Ignorable_Code_Point}|\p{Bidi_Control}|\p{Variation_Selector})$/u;
const unassigned = /^(?:\p{Cn}|\p{Co}|\p{Cs})$/u;
const mark = /^\p{M}$/u;
const scripts = NAMED.map((name) => [name, new RegExp(`^\\p{Script=${name}}$`, 'u')]);
const noScript = /^(?:\p{Script=Common}|\p{Script=Inherited}|\p{Script=Unknown})$/u;

function scriptOf(char) {
  if (noScript.test(char)) return undefined;
  return scripts.find(([, pattern]) => pattern.test(char))?.[0] ?? 'Other';
}

/** Ranges of the code points over U+007F that `has`; what `skips` may fall inside a range, to make it longer. */
function ranges(has, skips = () => false) {
  const out = [];
  let open;
  for (let point = 0x80; point <= MAX; point++) {
    const char = String.fromCodePoint(point);
    if (has(char)) {
      if (open) open[1] = point;
      else out.push((open = [point, point]));
    } else if (!skips(char)) open = undefined;
  }
  return out;
}

/** Pairs of (gap since the last end, length - 1) in base 36. */
function pack(list) {
  let end = 0;
  const words = [];
  for (const [first, last] of list) {
    words.push((first - end).toString(36), (last - first).toString(36));
    end = last;
  }
  return words.join(' ');
}

function literal(text) {
  const lines = [];
  for (let rest = text; rest.length > 0; ) {
    const cut = rest.length <= 90 ? rest.length : rest.lastIndexOf(' ', 90) + 1;
    lines.push(`'${rest.slice(0, cut)}'`);
    rest = rest.slice(cut);
  }
  return lines.join(' +\n  ');
}

/** The whole text of tables.ts. */
export function makeTables() {
  const escaped = (char) => invisible.test(char) || unassigned.test(char);
  const tables = {
    INVISIBLE: ranges((char) => invisible.test(char)),
    UNASSIGNED: ranges((char) => unassigned.test(char) && !invisible.test(char)),
    MARKS: ranges((char) => mark.test(char) && !escaped(char), escaped),
  };
  for (const name of [...NAMED, 'Other'])
    tables[name.toUpperCase()] = ranges(
      (char) => !escaped(char) && scriptOf(char) === name,
      escaped,
    );
  const head = [
    `// Unicode ${process.versions.unicode} in ranges, packed. Made by test/kit/make-tables.mjs: change that, not this.`,
    '// Each is a list of (gap since the last end, length - 1) in base 36, over U+007F only.',
    '',
    `export const UNICODE = '${process.versions.unicode}';`,
  ];
  const bodies = Object.entries(tables).map(
    ([name, list]) => `export const ${name} =\n  ${literal(pack(list))};`,
  );
  return `${[...head, ...bodies].join('\n')}\n`;
}

if (process.argv[1] === new URL(import.meta.url).pathname) process.stdout.write(makeTables());
