// What was found against the log or against this device's own key outlives the app: it is on disk before anybody is told,
// and nothing is approved until a person has moved the file away. Other alarms are of one run: they come again or are over.

import { join } from 'node:path';
import * as z from 'zod';
import { KeyId, Time } from '../../shared/statement/fields.ts';
import { ForkEvidence } from '../../shared/statement/fork.ts';
import { writeAtomic } from '../state/atomic-file.ts';
import type { Home } from '../state/home.ts';
import { jsonBytes, readJsonFile } from '../state/json-file.ts';

/** Each has a file of its own: a later one hides no evidence of an earlier. */
const FILES = {
  otherHistory: 'alarm.json',
  logCut: 'alarm-log-cut.json',
  wentBackwards: 'alarm-own-key.json',
} as const;
export type KeptCode = keyof typeof FILES;
/** The most severe first. */
export const KEPT_CODES = ['otherHistory', 'logCut', 'wentBackwards'] as const;

const KeptAlarm = z.strictObject({
  version: z.literal(1),
  code: z.enum(KEPT_CODES),
  detail: z.string().max(1000),
  at: Time,
  /** Signed notes, as they came: the one that was held, the one that does not agree. */
  notes: z.array(z.string().max(4096)).max(8),
  /** Where the two convict the log by themselves: `countersign verify` reads this file. */
  fork: ForkEvidence.optional(),
  /** The key that somebody else may have: its end is the alarm's. */
  key: KeyId.optional(),
});
export type KeptAlarm = Omit<z.infer<typeof KeptAlarm>, 'version'>;

export const alarmPath = (home: Pick<Home, 'app'>, code: KeptCode = 'otherHistory'): string =>
  join(home.app, FILES[code]);

/** False where it could not be written: the alarm then lasts as long as the app does. */
export const keepAlarm = (home: Pick<Home, 'app'>, alarm: KeptAlarm): boolean =>
  writeAtomic(alarmPath(home, alarm.code), jsonBytes({ version: 1, ...alarm })).ok;

/** True where it is kept. The first of a kind stays; only proof takes the place of what had none. */
export function keepFirst(home: Pick<Home, 'app'>, alarm: KeptAlarm): boolean {
  const before = keptAlarm(home, alarm.code);
  const proves = before !== 'unreadable' && before?.fork === undefined && alarm.fork !== undefined;
  return before !== undefined && !proves ? true : keepAlarm(home, alarm);
}

/** A file that is there and cannot be read is an alarm too: somebody has touched the evidence. */
export function keptAlarm(
  home: Pick<Home, 'app'>,
  code: KeptCode = 'otherHistory',
): KeptAlarm | 'unreadable' | undefined {
  const file = readJsonFile(alarmPath(home, code), KeptAlarm);
  if (file.ok) return file.value.code === code ? file.value : 'unreadable';
  return file.code === 'missing' ? undefined : 'unreadable';
}

export const TOLD =
  'another machine has found two histories of this log, both signed by its key; this machine has checked the evidence';
/** `index`: of the entry. */
export const notMine = (what: string, index: number): string =>
  `entry ${index} of the log is a ${what} by the key of this device that is not in its own copy: the copy is older than the ` +
  'log, or somebody else has the key';
export const READ_ONLY =
  'the broker says that its log does not agree with itself, and takes nothing new: a new epoch of the log must be started';

export const keptSays = (kept: KeptAlarm | 'unreadable', path: string): string =>
  kept === 'unreadable'
    ? `the evidence of an earlier alarm cannot be read: ${path}`
    : `${kept.detail} (since ${kept.at}; the evidence is ${path}, approvals stay off until it is moved away${
        kept.key === undefined ? '' : ' or the keyring ends the key'
      })`;
