// The person's settings: kept whole in one private file, and refused where a value is not one of the table's.

import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { openSettings, settingsPath } from '../../../main/app/settings.ts';
import { DEFAULT_SETTINGS, SETTING_KEYS } from '../../../shared/ipc/settings.ts';
import { emptyHome } from './solo-home.ts';

const SOME = {
  quietHours: { from: '22:30', to: '07:00' },
  snoozeUntil: '2026-11-22T09:15:00.000Z',
  criticalBreaksThrough: false,
  sound: 'all',
  details: false,
} as const;

function opened() {
  const home = emptyHome();
  const notes: string[] = [];
  const open = () => openSettings(home, { note: (line) => void notes.push(line) });
  return { home, notes, open, path: settingsPath(home), [Symbol.dispose]: home[Symbol.dispose] };
}

describe('settings', () => {
  test('begin with the defaults and without a file or a word about it', () => {
    using one = opened();
    expect(one.open().get()).toEqual(DEFAULT_SETTINGS);
    expect(one.notes).toEqual([]);
  });

  test('come back as they were set, from a file that is this user’s alone', () => {
    using one = opened();
    expect(one.open().set(SOME)).toEqual({ ok: true, value: SOME });
    expect(one.open().get()).toEqual(SOME);
    expect(statSync(one.path).mode & 0o777).toBe(0o600);
    expect(Object.keys(JSON.parse(readFileSync(one.path, 'utf8')))).toEqual(SETTING_KEYS);
  });

  test('change one by one; what is not named stays', () => {
    using one = opened();
    const settings = one.open();
    settings.set({ sound: 'off' });
    settings.set({ details: false });
    expect(settings.get()).toEqual({ ...DEFAULT_SETTINGS, sound: 'off', details: false });
  });

  test.each<[string, object]>([
    ['an hour that no clock has', { quietHours: { from: '24:00', to: '07:00' } }],
    ['quiet hours of no length', { quietHours: { from: '07:00', to: '07:00' } }],
    ['half of the quiet hours', { quietHours: { from: '07:00' } }],
    ['a time that is not RFC 3339', { snoozeUntil: 'tomorrow' }],
    ['a sound that is not offered', { sound: 'loud' }],
    ['text for a switch', { details: 'yes' }],
    ['a key that is not in the table', { approveAll: true }],
  ])('refuse %s, and nothing changes', (_, change) => {
    using one = opened();
    const settings = one.open();
    settings.set({ sound: 'all' });
    expect(settings.set(change)).toMatchObject({ ok: false, code: 'badValue' });
    expect(settings.get()).toEqual({ ...DEFAULT_SETTINGS, sound: 'all' });
    expect(one.open().get()).toEqual({ ...DEFAULT_SETTINGS, sound: 'all' });
  });

  test.each([
    '',
    'null',
    '[]',
    '{"sound":"loud"}',
    '{"quietHours":null,"more":1}',
    '{"__proto__":{"sound":"all"},"x":1}',
  ])('a file that holds %j is refused whole: the defaults hold, and one line says so', (text) => {
    using one = opened();
    writeFileSync(one.path, text, { mode: 0o600 });
    expect(one.open().get()).toEqual(DEFAULT_SETTINGS);
    expect(one.notes).toHaveLength(1);
    expect(readFileSync(one.path, 'utf8')).toBe(text);
  });

  test('that others may read are not used', () => {
    using one = opened();
    one.open().set({ sound: 'all' });
    chmodSync(one.path, 0o644);
    expect(one.open().get()).toEqual(DEFAULT_SETTINGS);
    expect(one.notes[0]).toContain('may be opened by others');
  });
});
