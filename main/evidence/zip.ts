// One zip for one set of files: stored, sorted by name, no times, nothing optional (PKWARE APPNOTE 4.3). Reading takes only
// what writing gives: the archive is made again from what was read and compared, so no byte of it is without meaning.

import { utf8 } from '../../shared/bytes.ts';
import { fail, invariant, ok, type Result } from '../../shared/result.ts';

export type Files = ReadonlyMap<string, Uint8Array>;

/** The end record counts with 16 bits, and offsets have 32; zip64 is another format. */
export const MOST_FILES = 65_535;
const MOST_BYTES = 0xffff_ffff;
const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const LOCAL_BYTES = 30;
const CENTRAL_BYTES = 46;
const END_BYTES = 22;
/** 1980-01-01 00:00, the first moment that the format has. */
const NO_DATE = 0x0021;
/** A plain file that its owner may write and everybody read, as Unix has it. */
const MODE = (0o100644 << 16) >>> 0;

const NAME = /^(?!.*(?:^|\/)\.{1,2}(?:\/|$))[A-Za-z0-9._-]+(?:\/[A-Za-z0-9._-]+)*$/;

/** Names that unpack below one folder on every system. */
export const isFileName = (name: string): boolean => name.length <= 200 && NAME.test(name);

export const sortedNames = (files: Files): readonly string[] => [...files.keys()].toSorted();

export function zipOf(files: Files): Uint8Array {
  const names = sortedNames(files);
  invariant(names.length <= MOST_FILES && names.every(isFileName), 'a bundle fits a plain zip');
  const rows = names.map((name) => ({ name, bytes: files.get(name) ?? new Uint8Array(0) }));
  const heads = rows.reduce((sum, { name }) => sum + 2 * name.length, 0);
  const bodies = rows.reduce((sum, { bytes }) => sum + bytes.length, 0);
  const size = heads + bodies + rows.length * (LOCAL_BYTES + CENTRAL_BYTES) + END_BYTES;
  invariant(size <= MOST_BYTES, 'a bundle fits a plain zip');
  const out = new Uint8Array(size);
  const view = new DataView(out.buffer);
  const put = (at: number, fields: readonly (readonly [width: 2 | 4, value: number])[]): number =>
    fields.reduce((offset, [width, value]) => {
      if (width === 2) view.setUint16(offset, value, true);
      else view.setUint32(offset, value, true);
      return offset + width;
    }, at);
  let at = 0;
  const placed = rows.map(({ name, bytes }) => {
    const about = aboutOf(name, bytes);
    const start = at;
    at = put(at, [[4, LOCAL], ...about, [2, 0]]);
    out.set(utf8(name), at);
    out.set(bytes, at + name.length);
    at += name.length + bytes.length;
    return { name, about, start };
  });
  const directory = at;
  for (const { name, about, start } of placed) {
    // Made on Unix; no comment, first disk, no text flag.
    const more = [...Array(4).fill([2, 0]), [4, MODE], [4, start]] as [2 | 4, number][];
    at = put(at, [[4, CENTRAL], [2, 0x0314], ...about, ...more]);
    out.set(utf8(name), at);
    at += name.length;
  }
  const count = [2, rows.length] as const;
  put(at, [[4, END], [2, 0], [2, 0], count, count, [4, at - directory], [4, directory], [2, 0]]);
  return out;
}

/** What local and central header have in common: from the version to the length of the name. */
function aboutOf(name: string, bytes: Uint8Array): readonly (readonly [2 | 4, number])[] {
  const size = [4, bytes.length] as const;
  const sum = [4, crc32(bytes)] as const;
  return [[2, 20], [2, 0], [2, 0], [2, 0], [2, NO_DATE], sum, size, size, [2, name.length]];
}

/** 'zip': not exactly what `zipOf` writes. */
export function readZip(bytes: Uint8Array): Result<Files, 'zip'> {
  const files = new Map<string, Uint8Array>();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  while (at + LOCAL_BYTES <= bytes.length && view.getUint32(at, true) === LOCAL) {
    const size = view.getUint32(at + 18, true);
    const named = at + LOCAL_BYTES + view.getUint16(at + 26, true);
    if (named + size > bytes.length) return fail('zip', 'it is cut short');
    const name = String.fromCharCode(...bytes.subarray(at + LOCAL_BYTES, named));
    if (!isFileName(name) || files.has(name)) return fail('zip', 'a name that no bundle has');
    files.set(name, bytes.subarray(named, named + size));
    at = named + size;
  }
  if (files.size === 0 || files.size > MOST_FILES) return fail('zip', 'not a zip of evidence');
  return equal(zipOf(files), bytes) ? ok(files) : fail('zip', 'not byte for byte a bundle’s zip');
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let sum = byte;
  for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1;
  return sum;
});

/** CRC-32 of ISO 3309: the zip's own sum, which proves nothing. */
function crc32(bytes: Uint8Array): number {
  let sum = 0xffffffff;
  // The index is one byte.
  for (const byte of bytes) sum = (sum >>> 8) ^ (TABLE[(sum ^ byte) & 0xff] as number);
  return (sum ^ 0xffffffff) >>> 0;
}
