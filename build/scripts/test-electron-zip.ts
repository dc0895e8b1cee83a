// Reads a zip of regular files: the central directory by the format's own offsets, then each wanted entry, stored or
// deflated, with its CRC checked. Nothing but Node is needed. No zip64, no encryption, no links: such a file is refused.

import { closeSync, mkdirSync, openSync, readSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { crc32, inflateRawSync } from 'node:zlib';

type Entry = {
  readonly name: string;
  readonly method: number;
  readonly crc: number;
  readonly packed: number;
  readonly at: number;
  readonly mode: number;
};

const END = 0x06054b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
const END_SIZE = 22;
const MAX_COMMENT = 0xffff;
const NAME = /^[A-Za-z0-9_][A-Za-z0-9_.-]*(\/[A-Za-z0-9_][A-Za-z0-9_.-]*)*$/;

/** Writes the entries that `rename` gives a relative path for; returns how many. Throws on a file it does not understand. */
export function unzip(
  file: string,
  folder: string,
  rename: (name: string) => string | undefined,
): number {
  const fd = openSync(file, 'r');
  try {
    let count = 0;
    for (const entry of directory(fd, statSync(file).size)) {
      const path = entry.name.endsWith('/') ? undefined : rename(entry.name);
      if (path === undefined) continue;
      if (!NAME.test(path)) throw new Error(`the archive has a name that is not plain: ${path}`);
      const target = join(folder, path);
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, contents(fd, entry), { mode: entry.mode & 0o111 ? 0o755 : 0o644 });
      count += 1;
    }
    return count;
  } finally {
    closeSync(fd);
  }
}

function read(fd: number, at: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  if (readSync(fd, bytes, 0, length, at) !== length) throw new Error('the archive ends early');
  return bytes;
}

function directory(fd: number, size: number): readonly Entry[] {
  const tailSize = Math.min(size, END_SIZE + MAX_COMMENT);
  const tail = read(fd, size - tailSize, tailSize);
  let end = tail.length - END_SIZE;
  while (end >= 0 && tail.readUInt32LE(end) !== END) end -= 1;
  if (end < 0) throw new Error('this is not a zip archive');
  const bytes = read(fd, tail.readUInt32LE(end + 16), tail.readUInt32LE(end + 12));
  const entries: Entry[] = [];
  for (let at = 0; at < bytes.length; ) {
    if (bytes.readUInt32LE(at) !== CENTRAL) throw new Error('the archive’s directory is broken');
    const [nameSize, extraSize, commentSize] = [28, 30, 32].map((o) => bytes.readUInt16LE(at + o));
    const nameEnd = at + 46 + (nameSize ?? 0);
    entries.push({
      name: bytes.toString('utf8', at + 46, nameEnd),
      method: bytes.readUInt16LE(at + 10),
      crc: bytes.readUInt32LE(at + 16),
      packed: bytes.readUInt32LE(at + 20),
      mode: bytes.readUInt16LE(at + 40),
      at: bytes.readUInt32LE(at + 42),
    });
    at = nameEnd + (extraSize ?? 0) + (commentSize ?? 0);
  }
  return entries;
}

function contents(fd: number, entry: Entry): Buffer {
  const local = read(fd, entry.at, 30);
  if (local.readUInt32LE(0) !== LOCAL) throw new Error(`${entry.name} is not where it should be`);
  const start = entry.at + 30 + local.readUInt16LE(26) + local.readUInt16LE(28);
  const packed = read(fd, start, entry.packed);
  if (entry.method !== 0 && entry.method !== 8) throw new Error(`${entry.name}: unknown method`);
  const bytes = entry.method === 0 ? packed : inflateRawSync(packed);
  if (crc32(bytes) !== entry.crc) throw new Error(`${entry.name} is damaged`);
  return bytes;
}
