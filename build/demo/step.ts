// What each action of the demo is made of: something prepared, a command to hold, and a look at the world afterwards.

import type { Result } from '../../shared/result.ts';

export const STEP_IDS = ['force-push', 'export', 'rotate-key', 'drop-table'] as const;
export type StepId = (typeof STEP_IDS)[number];

/** What the world shows, whatever the exit code was. */
export type Seen = {
  readonly what: 'happened' | 'didNot' | 'half';
  readonly lines: readonly string[];
};

export type Prepared = {
  readonly cwd: string;
  readonly argv: readonly string[];
  readonly look: () => Seen;
};

export type Step = {
  readonly id: StepId;
  readonly title: string;
  readonly about: readonly string[];
  readonly reason: string;
  /** `scratch` is an absolute path to a private folder that exists. 'skip': `detail` says why, in a few words. */
  readonly prepare: (scratch: string) => Result<Prepared, 'skip'>;
};
