// The grammar of the card: a part writes one shape of value as labelled rows, and reads the value back from them.
// An object part is closed: a member it does not name, or lacks, is not shown half but not at all.

import { fromHex, utf8 } from '../../bytes.ts';
import type { Cj } from '../cj1.ts';
import { flagsOf, type ViewFlag } from './flags.ts';

/**
 * In the order in which a reviewer needs them: what runs; why, for whom, where and until when; then what is not needed
 * for every decision: the asker's context, the surroundings, the rules, the record. Must-see rows stand together on top.
 */
export const SECTIONS = ['action', 'why', 'who', 'where', 'rules', 'record'] as const;
export type SectionId = (typeof SECTIONS)[number];

/** One line or more of the view. `bytes` counts the value itself, before escaping. */
export type ViewRow = {
  readonly path: string;
  readonly section: SectionId;
  readonly label: string;
  readonly text: string;
  readonly must: boolean;
  readonly critical: boolean;
  readonly flags: readonly ViewFlag[];
  readonly bytes: number;
};

/** Where a value stands: its path in the request, and what its row is called. */
export type Spot = { readonly path: string; readonly label: string };
export type Style = {
  readonly section: SectionId;
  readonly must?: boolean;
  readonly critical?: boolean;
  /** Running text: a dash or a curly apostrophe in it is no warning. */
  readonly prose?: boolean;
};
/** A value's text on the card. `flags` are bits; `bytes` where the text is not itself the value. */
export type Shown = { readonly text: string; readonly flags?: number; readonly bytes?: number };

export type Writer = {
  readonly rows: ViewRow[];
  readonly attachments: ReadonlyMap<string, Uint8Array>;
  /** The row that already shows an attachment in full, by digest; by `digest ascii` for a critical row. */
  readonly shown: Map<string, string>;
  /** Why writing stopped, where it is about an attachment. */
  trouble: 'attachmentMissing' | 'attachmentDiffers' | undefined;
};
export type Reader = {
  /** Text by label. */
  readonly rows: ReadonlyMap<string, string>;
  /** Names in labels such as `Environment 3 PATH`, by `Environment 3`. */
  readonly names: ReadonlyMap<string, string>;
  readonly attachments: Map<string, Uint8Array>;
};

/** `write` answers false for a value of another shape; `read` answers undefined for rows that are not there. */
export type Part = {
  readonly write: (value: Cj, spot: Spot, to: Writer) => boolean;
  readonly read: (spot: Spot, from: Reader) => Cj | undefined;
};
export type Members = { readonly [name: string]: Cj };

export const under = (label: string, word: string): string =>
  label === '' || word === '' ? label + word : `${label} ${word}`;

export function addRow(to: Writer, spot: Spot, style: Style, shown: Shown): true {
  to.rows.push({
    path: spot.path,
    section: style.section,
    label: spot.label,
    text: shown.text,
    must: style.must === true,
    critical: style.critical === true,
    flags: flagsOf(shown.flags ?? 0),
    bytes: shown.bytes ?? utf8(shown.text).length,
  });
  return true;
}

export function membersOf(value: Cj | undefined): Members | undefined {
  if (typeof value !== 'object' || Array.isArray(value)) return undefined;
  // Not a scalar and not a list: the only other shape of a CJ-1 value.
  return value as Members;
}

/** One row for one value. */
export function row(
  style: Style,
  show: (value: Cj, style: Style) => Shown | undefined,
  read: (text: string) => Cj | undefined,
): Part {
  return {
    write: (value, spot, to) => {
      const shown = show(value, style);
      return shown !== undefined && addRow(to, spot, style, shown);
    },
    read: (spot, from) => {
      const text = from.rows.get(spot.label);
      return text === undefined ? undefined : read(text);
    },
  };
}

/** Members `names` of an object; several share one part, which gets them as an object. None: a row made of the whole. */
export type Field = {
  readonly names: readonly string[];
  readonly label: string;
  readonly part: Part;
  readonly optional?: boolean;
};
export const field = (names: string, label: string, part: Part, optional = false): Field => ({
  names: names === '' ? [] : names.split(' '),
  label,
  part,
  optional,
});

export function object(fields: readonly Field[]): Part {
  const known = new Set(fields.flatMap((each) => each.names));
  return {
    write: (value, spot, to) => {
      const members = membersOf(value);
      if (!members || Object.keys(members).some((name) => !known.has(name))) return false;
      return fields.every((each) => writeField(each, members, spot, to));
    },
    read: (spot, from) => {
      const out: Record<string, Cj> = {};
      for (const each of fields) {
        if (each.names.length === 0) continue;
        const value = each.part.read(fieldSpot(each, spot), from);
        if (value === undefined && !each.optional) return undefined;
        if (each.names.length === 1 && value !== undefined) out[each.names[0] ?? ''] = value;
        else Object.assign(out, value);
      }
      return out;
    },
  };
}

function fieldSpot({ names, label }: Field, spot: Spot): Spot {
  const name = names.length > 1 ? `{${names.join(',')}}` : (names[0] ?? '');
  const path = spot.path === '' || name === '' ? spot.path + name : `${spot.path}.${name}`;
  return { path, label: under(spot.label, label) };
}

function writeField(each: Field, members: Members, spot: Spot, to: Writer): boolean {
  const at = fieldSpot(each, spot);
  if (each.names.length === 0) return each.part.write(members, at, to);
  const there = each.names.filter((name) => Object.hasOwn(members, name));
  if (there.length === 0) return each.optional === true;
  if (there.length < each.names.length) return false;
  const first = members[each.names[0] ?? ''];
  if (each.names.length === 1) return first !== undefined && each.part.write(first, at, to);
  return each.part.write(pick(members, each.names), at, to);
}

const pick = (members: Members, names: readonly string[]): Members =>
  Object.fromEntries(Object.entries(members).filter(([name]) => names.includes(name)));

/** Rows numbered from `first` under the spot's label; an empty list is one row that says so. */
export function list(style: Style, empty: string, item: Part, first = 1): Part {
  return {
    write: (value, spot, to) => {
      if (!Array.isArray(value)) return false;
      if (value.length === 0)
        return addRow(to, { path: spot.path, label: empty }, { section: style.section }, NONE);
      return value.every((each: Cj, i) => item.write(each, itemSpot(spot, i, first), to));
    },
    read: (spot, from) => {
      if (from.rows.get(empty) === NONE.text) return [];
      const out: Cj[] = [];
      for (;;) {
        const value = item.read(itemSpot(spot, out.length, first), from);
        if (value === undefined) return out.length === 0 ? undefined : out;
        out.push(value);
      }
    },
  };
}
const NONE: Shown = { text: 'none' };

const itemSpot = (spot: Spot, i: number, first: number): Spot => ({
  path: `${spot.path}.${i}`,
  label: `${spot.label} ${i + first}`,
});

/** An object whose member `tag` says which part has the other members. */
export function choice(
  tag: string,
  tagLabel: string,
  named: Part,
  parts: Readonly<Record<string, Part>>,
): Part {
  return {
    write: (value, spot, to) => {
      const { [tag]: kind, ...others } = membersOf(value) ?? {};
      if (typeof kind !== 'string' || !Object.hasOwn(parts, kind)) return false;
      const at = { path: `${spot.path}.${tag}`, label: tagLabel };
      return named.write(kind, at, to) && parts[kind]?.write(others, spot, to) === true;
    },
    read: (spot, from) => {
      const kind = named.read({ path: '', label: tagLabel }, from);
      if (typeof kind !== 'string') return undefined;
      const others = parts[kind]?.read(spot, from);
      return others === undefined ? undefined : { ...membersOf(others), [tag]: kind };
    },
  };
}

export const isHex = (text: string, bytes: number): boolean =>
  text.length === 2 * bytes && fromHex(text) !== undefined;
