// The person's settings in <home>/app/settings.json, 0600: the table of shared/ipc/settings.ts and nothing else. A file with
// a key or a value that is not in the table is refused as a whole: the defaults hold, and the journal says so in one line.

import { join } from 'node:path';
import {
  DEFAULT_SETTINGS,
  type Settings,
  SettingsChange,
  SettingsValues,
} from '../../shared/ipc/settings.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import { writeAtomic } from '../state/atomic-file.ts';
import type { Home } from '../state/home.ts';
import { jsonBytes, readJsonFile } from '../state/json-file.ts';
import type { Journal } from './ports.ts';

export type SettingsFile = {
  readonly get: () => Settings;
  /** On disk when it returns; on a failure nothing has changed. */
  readonly set: (change: SettingsChange) => Result<Settings, 'badValue' | 'notStored'>;
};

export const settingsPath = (home: Pick<Home, 'app'>): string => join(home.app, 'settings.json');

export function openSettings(home: Pick<Home, 'app'>, journal: Journal): SettingsFile {
  const path = settingsPath(home);
  const read = readJsonFile(path, SettingsChange);
  if (!read.ok && read.code !== 'missing')
    journal.note(`settings are not used, the defaults hold: ${read.detail ?? read.code}`);
  let values: Settings = { ...DEFAULT_SETTINGS, ...(read.ok ? given(read.value) : {}) };
  return {
    get: () => values,
    set: (change) => {
      const parsed = SettingsValues.safeParse({ ...values, ...given(change) });
      if (!parsed.success) return fail('badValue', parsed.error.issues[0]?.message);
      const written = writeAtomic(path, jsonBytes(parsed.data));
      if (!written.ok) return fail('notStored', written.detail);
      values = parsed.data;
      return ok(values);
    },
  };
}

/** A key that is there without a value is one that was not given. */
const given = (change: object): Partial<Settings> =>
  Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
