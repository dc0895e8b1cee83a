// What the child will read. A terminal and a live pipe are not bound, and the action says so; a regular file, or a pipe
// on request, is read to its end before asking and the child gets a private, unlinked copy of exactly those bytes.

import { fstatSync, read, type Stats, statSync } from 'node:fs';
import { type FileHandle, mkdtemp, open, rm } from 'node:fs/promises';
import { devNull } from 'node:os';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { isatty } from 'node:tty';
import { promisify } from 'node:util';
import { fail, ok, type Result } from '../../../shared/result.ts';
import type { ExecAction } from '../../../shared/statement/action.ts';
import { sha256Hex } from '../../trust/digest.ts';
import { errorCode, hashHandle } from './measure.ts';

/** `auto`: a file is bound, a pipe is live. */
export type StdinChoice = 'auto' | 'bound' | 'live' | 'nothing';

export type StdinSource = {
  /** 0, outside tests. */
  readonly fd: number;
  readonly choice: StdinChoice;
  /** A pipe whose content nobody approved is refused. */
  readonly strict: boolean;
  /** A folder of ours alone (0700), where the copy is made and unlinked. */
  readonly scratch: string;
};

export type HeldStdin = {
  readonly shown: ExecAction['stdin'];
  /** `copy`: what was read. `fd`: the descriptor itself. undefined: /dev/null. */
  readonly feeds: { readonly copy: FileHandle } | { readonly fd: number } | undefined;
  /** Of the descriptor when it was measured; a bound copy cannot move. */
  readonly seen: string;
};

const MAX_BOUND = 8 * 1024 * 1024;

export async function measureStdin(source: StdinSource): Promise<Result<HeldStdin, 'usage'>> {
  const kind = kindOf(source.fd);
  const seen = kind.mark;
  const { choice } = source;
  if (choice === 'nothing' || kind.is === 'nothing') {
    return ok({ shown: { from: 'nothing' }, feeds: undefined, seen });
  }
  if (kind.is === 'terminal') {
    if (choice === 'bound') return fail('usage', '--stdin bound: a terminal has no end to read to');
    return ok({ shown: { from: 'terminal' }, feeds: { fd: source.fd }, seen });
  }
  if (choice === 'bound' || (choice === 'auto' && kind.is === 'file')) return bind(source, seen);
  if (source.strict) {
    const way = '--stdin bound reads it first, --stdin nothing closes it';
    return fail('usage', `--strict: what comes through stdin would not be approved; ${way}`);
  }
  return ok({ shown: { from: 'live' }, feeds: { fd: source.fd }, seen });
}

async function bind(source: StdinSource, seen: string): Promise<Result<HeldStdin, 'usage'>> {
  const bytes = await readToEnd(source.fd);
  if (bytes === undefined) {
    return fail(
      'usage',
      'stdin is over 8 MiB: pass a file with --input, or --stdin live to leave it open',
    );
  }
  const copy = await privateCopy(bytes, source.scratch);
  return ok({
    shown: { from: 'bound', sha256: sha256Hex(bytes), size: bytes.length },
    feeds: { copy },
    seen,
  });
}

/** False where the descriptor is no longer what it was, or the copy not what was hashed. */
export async function sameStdin(held: HeldStdin, fd: number): Promise<boolean> {
  if (held.shown.from !== 'bound') return kindOf(fd).mark === held.seen;
  if (!held.feeds || !('copy' in held.feeds)) return false;
  return (await hashHandle(held.feeds.copy)).sha256 === held.shown.sha256;
}

type Kind = { readonly is: 'terminal' | 'nothing' | 'file' | 'stream'; readonly mark: string };

function kindOf(fd: number): Kind {
  let stat: Stats;
  try {
    stat = fstatSync(fd);
  } catch (error) {
    // Closed: Node itself opens /dev/null in its place at start, other hosts may not.
    if (errorCode(error) !== 'EBADF') throw error;
    return { is: 'nothing', mark: 'closed' };
  }
  const mark = `${stat.dev}:${stat.ino}:${stat.rdev}:${stat.mode}`;
  if (isatty(fd)) return { is: 'terminal', mark };
  if (stat.isFile()) return { is: 'file', mark };
  if (stat.isCharacterDevice() && stat.rdev === statSync(devNull).rdev)
    return { is: 'nothing', mark };
  return { is: 'stream', mark };
}

// From the descriptor's own offset, and moving it, as the child's reading would have.
async function readToEnd(fd: number): Promise<Uint8Array | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for (;;) {
    const buffer = Buffer.allocUnsafe(64 * 1024);
    const count = await readSome(fd, buffer);
    if (count === 0) return Buffer.concat(chunks);
    size += count;
    if (size > MAX_BOUND) return undefined;
    chunks.push(buffer.subarray(0, count));
  }
}

const readAt = promisify(read);

/** Bytes read; 0 at the end. */
async function readSome(fd: number, buffer: Buffer): Promise<number> {
  for (;;) {
    try {
      // Position null: at the descriptor's offset.
      return (await readAt(fd, buffer, 0, buffer.length, null)).bytesRead;
    } catch (error) {
      // A pipe that its other end made non-blocking has nothing yet; Windows reports the end of a pipe as EOF.
      const code = errorCode(error);
      if (code === 'EOF') return 0;
      if (code !== 'EAGAIN') throw error;
      await after(10);
    }
  }
}

// Opened for reading before its name goes: the child gets that descriptor, at offset 0 and never ours to write.
async function privateCopy(bytes: Uint8Array, scratch: string): Promise<FileHandle> {
  const folder = await mkdtemp(join(scratch, 'stdin-'));
  try {
    const path = join(folder, 'stdin');
    const writer = await open(path, 'wx', 0o600);
    await writer.writeFile(bytes);
    await writer.close();
    return await open(path, 'r');
  } finally {
    await rm(folder, { recursive: true });
  }
}
