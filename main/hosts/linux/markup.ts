// Notification servers may read a body as markup, with or without saying so, and some read the title too. What we send
// is text to each of them.

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
/** A title is no markup by the specification: an entity would be shown as it is, so look-alikes stand in. */
const LIKE: Readonly<Record<string, string>> = { '&': '+', '<': '(', '>': ')' };

/** Printable ASCII alone, with line feeds kept apart from `oneLine`. An argument can't hold a NUL. */
const ascii = (text: string, oneLine: boolean): string =>
  text.replace(oneLine ? /[^\x20-\x7e]/gu : /[^\n\x20-\x7e]/gu, '?');

export const titleText = (text: string): string =>
  ascii(text, true).replace(/[&<>]/g, (sign) => LIKE[sign] ?? '?');

export const bodyText = (text: string): string =>
  ascii(text, false).replace(/[&<>]/g, (sign) => ENTITIES[sign] ?? '?');
