// The closed words that facts are made of. Policy is written against them, so a word is never renamed or given a second
// meaning; what fits none of them is `unknown`.

export const CAPABILITIES = [
  'delete',
  'deploy',
  'download',
  'execute',
  'export',
  'history',
  'network',
  'permission',
  'privilege',
  'process',
  'read',
  'schema',
  'secret',
  'unknown',
  'upload',
  'write',
] as const;
export type Capability = (typeof CAPABILITIES)[number];

/** What of an action was not understood. Each of them comes with the capability `unknown`. */
export const UNKNOWN_PARTS = [
  'arguments',
  'attachment',
  'code',
  'depth',
  'encoding',
  'host',
  'option',
  'program',
  'script',
  'sql',
  'stdin',
  'subcommand',
  'syntax',
  'tool',
  'tooLong',
  'tooMany',
  'variable',
] as const;
export type UnknownPart = (typeof UNKNOWN_PARTS)[number];

/** Members that are simply true or false of the whole action. */
export const MARKS = [
  'inlineCode',
  'interactive',
  'force',
  'recursive',
  'dryRun',
  'wildcard',
  'outside',
  'systemPath',
  'homeDot',
  'secretPath',
  'rootPath',
  'writesOutside',
  'publicHost',
  'sql',
  'sqlDdl',
  'sqlUnbounded',
  'sqlUnknown',
] as const;
export type Mark = (typeof MARKS)[number];

const words: ReadonlySet<string> = new Set(CAPABILITIES);
const marks: ReadonlySet<string> = new Set(MARKS);
export const isCapability = (word: string): word is Capability => words.has(word);
export const isMark = (word: string): word is Mark => marks.has(word);
