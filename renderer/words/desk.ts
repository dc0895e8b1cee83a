// What the desk says around its rows, and the three steps of a first run.

export const DESK = {
  requests: 'Requests',
  filterLabel: 'Filter requests',
  filter: 'Filter',
  open: 'Open',
  ended: 'Ended',
  none: 'Nothing waits.',
  noneMatch: 'Nothing here has those words.',
  card: 'Card',
  forWhom: (agent: string, person: string, host: string): string =>
    `${agent} for ${person} on ${host}`,
} as const;

export const EMPTY = {
  title: 'Nothing waits for you',
  text: 'A request appears here the moment an agent asks. To hold a command, put this before it:',
  command: 'npx countersign run --reason "why" -- your command',
} as const;

export const STEPS = {
  title: 'Three steps to your first decision',
  short: 'First steps',
  lead: 'Run each line in a terminal on this machine. Both are harmless, and both wait here for you.',
  keys: 'Your keys are made',
  approve: 'Approve a request',
  deny: 'Deny a request',
  hide: 'Hide these steps',
  isDone: 'done',
  isNext: 'next',
} as const;

export const STEP_COMMAND = {
  approve: 'npx countersign run --reason "my first approval" -- echo hello',
  deny: 'npx countersign run --reason "my first denial" -- echo goodbye',
} as const;
