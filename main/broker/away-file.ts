// Until when people are away, as they have said: `away.json` in the broker's folder, so that a restart keeps it. Not logged,
// not signed, and no more than a reason to ask somebody else first.

import { join } from 'node:path';
import * as z from 'zod';
import { Id, Time } from '../../shared/statement/fields.ts';
import { writeAtomic } from '../state/atomic-file.ts';
import { jsonBytes, readJsonFile } from '../state/json-file.ts';
import type { Alarm, Clock } from './ports.ts';

const AwayFile = z.strictObject({ v: z.literal(1), away: z.record(Id, Time) });

export type Aways = {
  /** Wall clock, ms; undefined once it is over. */
  readonly until: (id: string) => number | undefined;
  readonly all: () => readonly { readonly id: string; readonly until: string }[];
  /** Without a time: here again. False where it could not be kept. */
  readonly set: (id: string, until: string | undefined) => boolean;
};

export function openAways(folder: string, clock: Pick<Clock, 'now'>, alarm: Alarm): Aways {
  const path = join(folder, 'away.json');
  const read = readJsonFile(path, AwayFile);
  if (!read.ok && read.code !== 'missing')
    alarm(`who is away is not known: ${read.detail ?? read.code}`);
  const known = new Map(Object.entries(read.ok ? read.value.away : {}));
  const running = (): [string, string][] =>
    [...known].filter(([, until]) => Date.parse(until) > clock.now());
  return {
    until: (id) => {
      const at = Date.parse(known.get(id) ?? '');
      return at > clock.now() ? at : undefined;
    },
    all: () => running().map(([id, until]) => ({ id, until })),
    set: (id, until) => {
      const next = new Map(running().filter(([one]) => one !== id));
      if (until !== undefined && Date.parse(until) > clock.now()) next.set(id, until);
      const written = writeAtomic(path, jsonBytes({ v: 1, away: Object.fromEntries(next) }));
      if (!written.ok) return false;
      known.clear();
      for (const [one, at] of next) known.set(one, at);
      return true;
    },
  };
}
