// Two signed histories are evidence, and evidence outlives the app: both notes are on disk before anybody is told, and
// nothing is approved until a person has moved the file away. Other alarms are of one run: they come again or are over.

import { join } from 'node:path';
import * as z from 'zod';
import { Time } from '../../shared/statement/fields.ts';
import { ForkEvidence } from '../../shared/statement/fork.ts';
import { writeAtomic } from '../state/atomic-file.ts';
import type { Home } from '../state/home.ts';
import { jsonBytes, readJsonFile } from '../state/json-file.ts';

const KeptAlarm = z.strictObject({
  version: z.literal(1),
  code: z.literal('otherHistory'),
  detail: z.string().max(1000),
  at: Time,
  /** Signed notes, as they came: the one that was held, the one that does not agree. */
  notes: z.array(z.string().max(4096)).max(8),
  /** Where the two convict the log by themselves: `countersign verify` reads this file. */
  fork: ForkEvidence.optional(),
});
export type KeptAlarm = Omit<z.infer<typeof KeptAlarm>, 'version'>;

export const alarmPath = (home: Pick<Home, 'app'>): string => join(home.app, 'alarm.json');

/** False where it could not be written: the alarm then lasts as long as the app does. */
export const keepAlarm = (home: Pick<Home, 'app'>, alarm: KeptAlarm): boolean =>
  writeAtomic(alarmPath(home), jsonBytes({ version: 1, ...alarm })).ok;

/** A file that is there and cannot be read is an alarm too: somebody has touched the evidence. */
export function keptAlarm(home: Pick<Home, 'app'>): KeptAlarm | 'unreadable' | undefined {
  const file = readJsonFile(alarmPath(home), KeptAlarm);
  if (file.ok) return file.value;
  return file.code === 'missing' ? undefined : 'unreadable';
}

export const TOLD =
  'another machine has found two histories of this log, both signed by its key; this machine has checked the evidence';
export const NOT_MINE =
  'the log has a decision by the key of this device that is not in its own copy: the copy is older than the log, or ' +
  'somebody else has the key';

export const keptSays = (kept: KeptAlarm | 'unreadable', path: string): string =>
  kept === 'unreadable'
    ? `the evidence of an earlier alarm cannot be read: ${path}`
    : `${kept.detail} (since ${kept.at}; the evidence is ${path}, approvals stay off until it is moved away)`;
