// The contract's closed lists, without its schemas: importing those would load a parser into the window. The types hold
// both equal: a value that is missing here, or unknown there, does not compile.

import type { Tier } from '../../../shared/domain/tier.ts';
import type { ActionKind, HistoryEnding } from '../../../shared/ipc/history.ts';

const keysOf = <K extends string>(total: { readonly [N in K]: true }): readonly K[] =>
  // The object's type is its keys.
  Object.keys(total) as K[];

export const ACTION_KINDS = keysOf<ActionKind>({ exec: true, mcp: true, http: true, tool: true });

export const TIERS = keysOf<Tier>({ low: true, medium: true, high: true, critical: true });

export const HISTORY_ENDINGS = keysOf<HistoryEnding>({
  approved: true,
  approvedWithChanges: true,
  denied: true,
  expiredUnseen: true,
  expiredSeen: true,
  withdrawn: true,
  open: true,
});
