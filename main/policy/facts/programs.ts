// Which row a program has, by the name it is started as. Rows are read when they are first needed and then kept: the
// tables never change, so keeping them changes no answer.

import { readRow, type Spec, type Table } from './spec.ts';
import { BUILDS } from './tables/builds.ts';
import { CLOUDS } from './tables/clouds.ts';
import { CONTAINERS } from './tables/containers.ts';
import { DATABASES } from './tables/databases.ts';
import { DOCUMENTS } from './tables/documents.ts';
import { FILES } from './tables/files.ts';
import { GIT } from './tables/git.ts';
import { INTERPRETERS } from './tables/interpreters.ts';
import { KUBERNETES } from './tables/kubernetes.ts';
import { NETWORK } from './tables/network.ts';
import { PACKAGES } from './tables/packages.ts';
import { SHELLS } from './tables/shells.ts';
import { SYSTEM } from './tables/system.ts';
import { TEXT } from './tables/text.ts';
import { WRAPPERS } from './tables/wrappers.ts';
import { lastPart } from './word.ts';

const TABLES: readonly Table[] = [
  BUILDS,
  CLOUDS,
  CONTAINERS,
  DATABASES,
  DOCUMENTS,
  FILES,
  GIT,
  INTERPRETERS,
  KUBERNETES,
  NETWORK,
  PACKAGES,
  SHELLS,
  SYSTEM,
  TEXT,
  WRAPPERS,
];

type Entry = { readonly rest: readonly string[]; readonly row: string };
type Rows = ReadonlyMap<string, readonly Entry[]>;

const once = <T>(make: () => T): (() => T) => {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
};

const rows = once((): Rows => {
  const all = new Map<string, Entry[]>();
  for (const table of TABLES)
    for (const [key, row] of Object.entries(table)) {
      const [first = '', ...rest] = key.split(' ');
      for (const name of first.split('|')) {
        const entries = all.get(name) ?? [];
        entries.push({ rest, row });
        all.set(name, entries);
      }
    }
  return all;
});
const specs = once(() => new Map<string, Spec>());

/** Of several rows that fit, the last: a table goes from the general to the particular. */
function rowOf(path: readonly string[]): string | undefined {
  const [name = '', ...rest] = path;
  return rows()
    .get(name)
    ?.findLast(
      (entry) =>
        entry.rest.length === rest.length &&
        entry.rest.every((part, at) => part.split('|').includes(rest[at] ?? '')),
    )?.row;
}

/** The name under which a program is known: `/usr/bin/python3.11` is python. Undefined where it has no row. */
export function familyOf(name: string): string | undefined {
  const file = lastPart(name);
  const plain = file.replace(/\.exe$/i, '');
  const candidates = [
    file,
    plain,
    plain.replace(/[-.]?\d+(\.\d+)*$/, ''),
    plain.replace(/\.[a-z_]+$/, ''),
  ];
  return candidates.find((each) => each !== '' && rows().has(each));
}

/** `name`: a program's name, or that and its subcommands between spaces. */
export function specOf(name: string): Spec | undefined {
  const kept = specs().get(name);
  if (kept) return kept;
  const row = rowOf(name.split(' '));
  if (row === undefined) return undefined;
  const spec = row.startsWith('>') ? specOf(row.slice(1)) : readRow(row);
  // A hostile stream of names must not fill the memory: there are fewer rows than this.
  if (spec && specs().size < 4096) specs().set(name, spec);
  return spec;
}

/** The row of a subcommand; where the program is another name of a program, that one's. */
export function childOf(
  path: readonly string[],
  word: string,
): { readonly name: string; readonly spec: Spec } | undefined {
  if (word === '' || word.includes(' ')) return undefined;
  const row = rowOf(path.slice(0, 1));
  const root = row?.startsWith('>') === true ? row.slice(1) : (path[0] ?? '');
  const spec = specOf([root, ...path.slice(1), word].join(' '));
  return spec === undefined ? undefined : { name: word, spec };
}

/** For tests: every row, with the names it has. */
export const allRows = (): readonly (readonly [names: string, row: string])[] =>
  TABLES.flatMap((table) => Object.entries(table));
