// How many of what, as whole phrases: a language is free to put the number where it wants it.

import { say } from './plural.ts';

const counted =
  (pattern: string) =>
  (count: number): string =>
    say(pattern, { count });

export const bytesSay = counted('{count, plural, one {# byte} other {# bytes}}');
export const entriesSay = counted('{count, plural, one {# entry} other {# entries}}');
export const waitSay = counted('{count, plural, one {# request waits} other {# requests wait}}');
export const grantsSay = counted(
  '{count, plural, one {# grant in force} other {# grants in force}}',
);
export const signaturesSay = counted('{count, plural, one {# signature} other {# signatures}}');
export const problemsSay = counted('{count, plural, one {# problem} other {# problems}}');
export const requestsSay = counted('{count, plural, one {# request} other {# requests}}');
export const newerSay = counted('{count, plural, one {Show # newer entry} other {Show # newer}}');
export const moreSay = counted('{count, plural, one {And # more.} other {And # more.}}');
export const timesSay = counted('{count, plural, one {Asked # time} other {Asked # times}}');
export const sameSay = counted(
  '{count, plural, one {# more like it waits; each is decided by itself.} other {# more like it wait; each is decided by itself.}}',
);
export const unseenSay = counted(
  '{count, plural, one {# line that must be read has} other {# lines that must be read have}} not been on screen.',
);
