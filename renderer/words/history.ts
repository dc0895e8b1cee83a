// What history says about the log, its rows, its filters and what was checked.

import type { Bridge } from '../../shared/ipc/contract.ts';
import type {
  ActionKind,
  Exported,
  HistoryEnding,
  HistoryFilters,
  RequestRow,
} from '../../shared/ipc/history.ts';
import type { StatementType } from '../../shared/statement/statement.ts';
import { entriesSay, problemsSay, requestsSay, signaturesSay } from './counts.ts';
import { say } from './plural.ts';
import { atDay } from './time.ts';

export type Checked = Awaited<ReturnType<Bridge['history']['verify']>>;
export type Story = Extract<
  Awaited<ReturnType<Bridge['history']['story']>>,
  { readonly ok: true }
>['value'];
export type StoryStep = Story['steps'][number];

export const TYPE_NAME: { readonly [T in StatementType]: string } = {
  request: 'Request',
  decision: 'Decision',
  notice: 'Notice',
  ending: 'Ending',
  receipt: 'Receipt',
  auto: 'Policy alone',
  erasure: 'Erasure',
  grant: 'Grant',
  grantEnd: 'Grant ended',
  escalation: 'Asked',
  keyring: 'Keyring',
  login: 'Login',
  welcome: 'Welcome',
};

export const SIGNATURE_SAYS: { readonly [S in StoryStep['signature']]: string } = {
  verified: 'Signature verified',
  failed: 'Signature does not fit',
  unknownKey: 'Signed by a key that the keyring does not know',
};

export const NO_HISTORY =
  'The log is empty. What agents ask and what people decide will stand here.';

export const TAB_NAME = { requests: 'Requests', charts: 'Charts', entries: 'Log entries' } as const;

export const HISTORY = {
  title: 'History',
  views: 'How to look at history',
  search: 'Search history',
  searchHint: 'Words, "a phrase", begin*',
  searching: 'Searching',
  none: 'No request has all of this.',
  clear: 'Clear all',
  filters: 'Filters',
  results: 'Requests, newest first',
  entries: 'Entries of the log',
  older: 'Load older',
  entry: 'Entry',
  when: 'When',
  what: 'What',
  who: 'Who',
  story: 'Story',
  steps: 'Steps',
  signedText: 'Signed text',
  close: 'Close',
  erased: 'Text erased',
  keyId: (id: string): string => `key ${id}`,
  atEntry: (entry: string): string => `, entry ${entry}`,
  anyway: 'approved unopened',
  found: (count: number, all: boolean): string =>
    all ? requestsSay(count) : say('more than {count} requests', { count }),
} as const;

export const ENDING_NAME: { readonly [E in HistoryEnding]: string } = {
  approved: 'Approved',
  approvedWithChanges: 'Approved with changes',
  denied: 'Denied',
  expiredUnseen: 'Expired unseen',
  expiredSeen: 'Expired',
  withdrawn: 'Withdrawn',
  open: 'No ending yet',
};

export const KIND_NAME: { readonly [K in ActionKind]: string } = {
  exec: 'Program',
  mcp: 'MCP tool',
  http: 'HTTP request',
  tool: 'Agent tool',
};

export const VERDICT_NAME = { approve: 'Approved by them', deny: 'Denied by them' } as const;

export const FILTER_NAME: { readonly [F in keyof Required<HistoryFilters>]: string } = {
  person: 'Person',
  agent: 'Agent',
  reviewer: 'Decided by',
  kind: 'Action',
  target: 'Target',
  host: 'Host',
  tier: 'Tier',
  ending: 'Ending',
  verdict: 'Verdict',
  from: 'From',
  to: 'Until',
};

export const FILTER = {
  any: 'Any',
  begins: 'Begins with',
  noneBegin: 'Nothing begins with that.',
  whole: (value: string): string => `Exactly “${value}”`,
  set: (name: string, value: string): string => `${name}: ${value}`,
  time: 'Time',
  hour: 'Last hour',
  day: 'Last 24 hours',
  week: 'Last 7 days',
  month: 'Last 30 days',
  from: 'From',
  to: 'Until',
  apply: 'Show this time',
  since: (at: string): string => `since ${at}`,
  until: (at: string): string => `until ${at}`,
  between: (from: string, to: string): string => `${from} to ${to}`,
} as const;

export const SAVED = {
  open: 'Saved views',
  none: 'No view is saved yet.',
  name: 'Save this view as',
  save: 'Save',
  remove: (name: string): string => `Remove ${name}`,
  full: 'There is no room for another view. Remove one first.',
} as const;

export const EXPORT = {
  open: 'Export',
  csv: 'As CSV',
  jsonl: 'As JSON lines',
  evidence: 'Evidence (zip)',
  note: 'Everything that the search and the filters select, into a private folder of the app.',
  evidenceNote:
    'Evidence is every log entry between the filter’s dates, whatever else is selected: an auditor checks it without this app, and sees that nothing was left out.',
  busy: 'Another export is still running.',
  failed: 'The file could not be written.',
  cancel: 'Stop the export',
  cancelled: 'Export stopped. Nothing was kept.',
  progress: 'Export',
  reading: 'Reading the log',
} as const;

export function exportSays(exported: Exported): string {
  if (exported.failed !== undefined) return exported.failed;
  if (exported.cancelled === true) return EXPORT.cancelled;
  if (exported.evidence === true)
    return exported.path === undefined
      ? EXPORT.reading
      : say(
          '{rows, plural, one {Evidence of # log entry} other {Evidence of # log entries}} written to',
          exportedRows(exported),
        );
  return exported.path === undefined
    ? say(
        '{rows, plural, one {# request written} other {# requests written}}',
        exportedRows(exported),
      )
    : say('{rows, plural, one {# request} other {# requests}} written to', exportedRows(exported));
}
const exportedRows = ({ rows }: Exported): { readonly rows: number } => ({ rows });

export const VERIFY = {
  go: 'Verify the log',
  going: 'Checking',
  cancel: 'Stop checking',
  progress: 'Entries checked',
  checked: 'Checked',
  root: 'Root',
  logKey: 'Log key',
  signers: 'Head signed by',
  checkpoint: 'Checkpoint',
  stopped: 'Stopped: this is about the entries up to there only.',
  withoutBody: (count: number): string =>
    `${entriesSay(count)} without a text on this machine: the place in the log is checked, the text is not.`,
  problem: (index: string): string => `Entry ${index}: `,
} as const;

export const verifySays = (checked: Checked): string =>
  checked.problems.length === 0
    ? `${entriesSay(checked.leaves)} hashed again, ${signaturesSay(checked.signatures)} checked: all as it should be.`
    : `${problemsSay(checked.problems.length)} in ${entriesSay(checked.leaves)}.`;

/** Who decided what, beside a row. */
export function rowSays(row: RequestRow): string {
  const by = row.reviewer === undefined ? '' : ` by ${row.reviewer.name}`;
  return `${ENDING_NAME[row.ending]}${by}`;
}

export function timeSays({ from, to }: HistoryFilters): string | undefined {
  if (from !== undefined && to !== undefined) return FILTER.between(atDay(from), atDay(to));
  if (from !== undefined) return FILTER.since(atDay(from));
  return to === undefined ? undefined : FILTER.until(atDay(to));
}
