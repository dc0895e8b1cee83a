// What a verification has found so far: what failed, what could not be looked at, and how much of what was.

export const PARTS = [
  'files',
  'places',
  'keyrings',
  'signatures',
  'views',
  'approvals',
  'actions',
  'grants',
  'heads',
  'witnessed',
] as const;
export type Part = (typeof PARTS)[number];

export type Problem = { readonly where: string; readonly says: string };

export type Findings = {
  readonly fail: (where: string, says: string) => void;
  /** Said once, however often it is found. */
  readonly leaveOpen: (says: string) => void;
  readonly count: (part: Part, more?: number) => void;
  readonly problems: readonly Problem[];
  /** Also of those that were too many to keep. */
  readonly failures: () => number;
  readonly open: () => readonly string[];
  readonly counts: Readonly<Record<Part, number>>;
};

const MOST = 200;

export function openFindings(): Findings {
  const problems: Problem[] = [];
  const open = new Set<string>();
  const counts: Record<Part, number> = {
    files: 0,
    places: 0,
    keyrings: 0,
    signatures: 0,
    views: 0,
    approvals: 0,
    actions: 0,
    grants: 0,
    heads: 0,
    witnessed: 0,
  };
  let failures = 0;
  return {
    fail: (where, says) => {
      failures += 1;
      if (problems.length < MOST) problems.push({ where, says });
    },
    leaveOpen: (says) => void open.add(says),
    count: (part, more = 1) => {
      counts[part] += more;
    },
    problems,
    failures: () => failures,
    open: () => [...open],
    counts,
  };
}

export const entryAt = (index: number): string => `entry ${index}`;
