// What the person may set about being reached: one table of keys, each with its parser and its default. Nothing here
// changes what an approval takes.

import * as z from 'zod';
import { Time } from '../statement/fields.ts';

/** Local wall time, `22:30`. */
const TimeOfDay = z.string().regex(/^([01][0-9]|2[0-3]):[0-5][0-9]$/);

const QuietHours = z
  .strictObject({ from: TimeOfDay, to: TimeOfDay })
  .refine(({ from, to }) => from !== to, 'quiet hours begin and end at one time');
export type QuietHours = z.infer<typeof QuietHours>;

type Row<T> = { readonly parser: z.ZodType<T>; readonly default: T };
const row = <T>(parser: z.ZodType<T>, value: NoInfer<T>): Row<T> => ({ parser, default: value });

export const SETTINGS = {
  /** Every day, past midnight where `to` is before `from`; null is never. */
  quietHours: row(QuietHours.nullable(), null),
  /** Nothing is announced before this; null is not snoozed. */
  snoozeUntil: row(Time.nullable(), null),
  /** A critical request is announced in quiet hours and while snoozed. */
  criticalBreaksThrough: row(z.boolean(), true),
  sound: row(z.enum(['off', 'critical', 'all']), 'critical'),
  /** Whether a notification says what is asked, or only that something is. */
  details: row(z.boolean(), true),
} as const;

/** Not in the table: the OS keeps it. `cannot`: this host has no such thing. */
export const START_AT_LOGIN = ['on', 'off', 'cannot'] as const;
export type StartAtLogin = (typeof START_AT_LOGIN)[number];

export type SettingKey = keyof typeof SETTINGS;
export type Settings = { readonly [K in SettingKey]: z.infer<(typeof SETTINGS)[K]['parser']> };
export const SETTING_KEYS = Object.keys(SETTINGS) as SettingKey[];

type Shape = { readonly [K in SettingKey]: (typeof SETTINGS)[K]['parser'] };
// Object.fromEntries keeps each key's own parser, which its type does not say.
const shape = Object.fromEntries(
  SETTING_KEYS.map((key) => [key, SETTINGS[key].parser]),
) as unknown as Shape;

/** Every key. */
export const SettingsValues = z.strictObject(shape);
/** Those that change. */
export const SettingsChange = SettingsValues.partial();
export type SettingsChange = z.infer<typeof SettingsChange>;

// As above: each key's own default.
export const DEFAULT_SETTINGS = Object.fromEntries(
  SETTING_KEYS.map((key) => [key, SETTINGS[key].default]),
) as unknown as Settings;
