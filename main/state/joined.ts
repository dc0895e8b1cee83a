// What joining leaves on a machine: the join while it waits, so that a later try says the same words, and in the end
// keyring, endpoint and, last, the pin. A machine that has a pin joins nothing: its root of trust is never replaced.

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { fail, ok, type Result } from '../../shared/result.ts';
import type { Keyring } from '../../shared/statement/keyring.ts';
import { publishExclusive, writeAtomic } from './atomic-file.ts';
import { type Endpoint, readEndpoint, writeEndpoint } from './endpoint.ts';
import { errorCode } from './errno.ts';
import type { Home } from './home.ts';
import { jsonBytes, readJsonFile } from './json-file.ts';
import { Pin } from './pin.ts';

export type JoinerKind = 'reviewer' | 'guard';

const Waiting = z.strictObject({
  v: z.literal(1),
  envelope: z.string().max(16 * 1024),
  /** As it was given: whom to ask, and which roots to believe, after a restart. */
  invitation: z.string().max(2048).optional(),
});

const folderOf = (home: Home, kind: JoinerKind): string =>
  kind === 'reviewer' ? home.app : home.guard;

/** 'joined' where this machine is in an organisation already. */
export function mayJoin(home: Home, kind: JoinerKind): Result<void, 'joined'> {
  const pin = readJsonFile(join(folderOf(home, kind), 'pin.json'), Pin);
  if (pin.ok) return fail('joined', `this machine is in ${pin.value.org} already`);
  if (pin.code !== 'missing') return fail('joined', pin.detail);
  return ok(undefined);
}

/** Text of the envelope of the join that waits; undefined where there is none. */
export function waitingJoin(home: Home, kind: JoinerKind): Result<string | undefined, 'broken'> {
  const file = readJsonFile(join(folderOf(home, kind), 'join.json'), Waiting);
  if (file.ok) return ok(file.value.envelope);
  return file.code === 'missing' ? ok(undefined) : fail('broken', file.detail);
}

/** Undefined where none was kept: whoever goes on has to give it again. */
export function waitingInvitation(home: Home, kind: JoinerKind): string | undefined {
  const file = readJsonFile(join(folderOf(home, kind), 'join.json'), Waiting);
  return file.ok ? file.value.invitation : undefined;
}

export function keepJoin(
  home: Home,
  kind: JoinerKind,
  envelope: string,
  invitation?: string,
): Result<void, 'io'> {
  const content = { v: 1, envelope, ...(invitation === undefined ? {} : { invitation }) };
  return writeAtomic(join(folderOf(home, kind), 'join.json'), jsonBytes(content));
}

/** The join that waits, then the files that it names: what nothing trusts yet is thrown away. */
export function dropJoin(
  home: Home,
  kind: JoinerKind,
  keyFiles: readonly string[],
): Result<void, 'joined' | 'io'> {
  const may = mayJoin(home, kind);
  if (!may.ok) return may;
  for (const path of [join(folderOf(home, kind), 'join.json'), ...keyFiles]) {
    try {
      rmSync(path, { force: true });
    } catch (error) {
      return fail('io', `${path}: ${errorCode(error)}`);
    }
  }
  return ok(undefined);
}

export type Joined = {
  readonly keyring: Keyring;
  /** Of that keyring. */
  readonly envelope: Uint8Array;
  readonly endpoint: Endpoint;
  /** A guard says which it is. */
  readonly guard?: NonNullable<Pin['guard']>;
};

/** From here on the machine trusts the keyring's roots. 'other' where it looks to another organisation's broker already. */
export function finishJoin(
  home: Home,
  kind: JoinerKind,
  { keyring, envelope, endpoint, guard }: Joined,
): Result<void, 'other' | 'io'> {
  const there = readEndpoint(home);
  if (there.ok && there.value.origin !== endpoint.origin)
    return fail('other', `this state folder looks to ${there.value.origin} already`);
  const { org, log, roots, threshold } = keyring;
  const pin = Pin.parse({ v: 1, org, log, roots, threshold, ...(guard && { guard }) });
  const folder = folderOf(home, kind);
  const kept = writeAtomic(join(folder, 'keyring.json'), envelope);
  if (!kept.ok) return kept;
  const told = writeEndpoint(home, endpoint);
  if (!told.ok) return told;
  const pinned = publishExclusive(join(folder, 'pin.json'), jsonBytes(pin));
  if (pinned.ok) return ok(undefined);
  return pinned.code === 'exists'
    ? fail('other', 'another process has joined meanwhile')
    : fail('io', pinned.detail);
}
