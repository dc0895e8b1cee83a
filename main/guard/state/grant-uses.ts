// Which uses of a grant this guard has made, and which grants it has seen end: one exclusive file a use, on disk before
// anything is done with it. Of any number of runs at once each takes another number, and none takes one twice.

import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { type GrantRefusal, whyNoUse } from '../../../shared/domain/grant.ts';
import { fail, ok, type Result } from '../../../shared/result.ts';
import { Digest, Time } from '../../../shared/statement/fields.ts';
import { type GrantTerms, MAX_GRANT_USES } from '../../../shared/statement/grant.ts';
import { publishExclusive } from '../../state/atomic-file.ts';
import type { Home } from '../../state/home.ts';
import { jsonBytes, readJsonFile } from '../../state/json-file.ts';
import { folderOnce } from './had.ts';
import { namesIn } from './names.ts';

const UseFile = z.strictObject({ v: z.literal(1), action: Digest, at: Time });
const OverFile = z.strictObject({ v: z.literal(1), why: z.enum(['ended', 'over']), at: Time });
const NAME = /^use-[0-9]{3}$/;
/** Others take numbers at the same time: at most so many have gone first. */
const MAX_TRIES = 2 * MAX_GRANT_USES;

export type GrantUses = {
  /** 'ended' or 'over' where any run of this guard has seen that, whatever the broker or the clock says now. */
  readonly whyOver: (terms: string) => GrantRefusal | undefined;
  /** Remembered for every later run. */
  readonly end: (terms: string, why: 'ended' | 'over', now: number) => void;
  /** The number of this use, once it is on disk. `terms.sha256` is of their CJ-1 bytes. */
  readonly take: (
    terms: { readonly sha256: string; readonly says: GrantTerms },
    action: string,
    now: number,
  ) => Result<number, GrantRefusal>;
};

export function openGrantUses(home: Pick<Home, 'guard'>): GrantUses {
  // A digest is 64 hex digits: safe as a name.
  const folderOf = (terms: string): string => join(home.guard, 'grants', Digest.parse(terms));
  const whyOver = (terms: string): GrantRefusal | undefined => {
    const path = join(folderOf(terms), 'over.json');
    if (!existsSync(path)) return undefined;
    const kept = readJsonFile(path, OverFile);
    // What can't be read was put there to say that it is over.
    return kept.ok ? kept.value.why : 'ended';
  };
  return {
    whyOver,
    end: (terms, why, now) => {
      const folder = folderOf(terms);
      if (makeFolder(home, folder))
        publishExclusive(join(folder, 'over.json'), jsonBytes({ v: 1, why, at: iso(now) }));
    },
    take: ({ sha256, says }, action, now) => {
      const folder = folderOf(sha256);
      if (!makeFolder(home, folder)) return fail('useNotWritten', folder);
      for (let attempt = 0; attempt < MAX_TRIES; attempt++) {
        const over = whyOver(sha256);
        if (over) return fail(over);
        const used = timesIn(folder);
        const why = whyNoUse(says, used, now);
        if (why) return fail(why);
        const use = used.length + 1;
        const name = `use-${String(use).padStart(3, '0')}`;
        // Whoever creates number n has seen all before it: the count and the hour were judged on exactly those.
        const made = publishExclusive(
          join(folder, name),
          jsonBytes({ v: 1, action, at: iso(now) }),
        );
        if (made.ok) return ok(use);
        if (made.code !== 'exists') return fail('useNotWritten', made.detail);
      }
      return fail('useNotWritten', 'others take numbers all the time');
    },
  };
}

/** When each use was made, by number. One that can't be read counts, and as made at a time that no clock can pass. */
function timesIn(folder: string): readonly number[] {
  const names = namesIn(folder, NAME);
  // A number that is missing below another one was taken too.
  const last = Number(names.at(-1)?.slice(-3) ?? 0);
  return Array.from({ length: last }, (_, at) => {
    const path = join(folder, `use-${String(at + 1).padStart(3, '0')}`);
    const kept = readJsonFile(path, UseFile);
    return kept.ok ? Date.parse(kept.value.at) : Number.NaN;
  });
}

const iso = (now: number): string => new Date(now).toISOString();

function makeFolder(home: Pick<Home, 'guard'>, folder: string): boolean {
  if (!folderOnce(home, 'grants').ok) return false;
  try {
    mkdirSync(folder, { mode: 0o700, recursive: true });
    return true;
  } catch {
    return false;
  }
}
