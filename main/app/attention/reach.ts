// Whether anything can reach this person now, put together from the app's state and what the OS's adapter knows.

import type { NoticeTrouble, Reach, ReachTrouble } from '../../../shared/ipc/reach.ts';
import type { Snapshot } from '../../../shared/ipc/snapshot.ts';
import type { AttentionFacts } from '../attention.ts';
import type { NotifierCapabilities } from '../ports.ts';

export type ReachFacts = Pick<AttentionFacts, 'quiet' | 'failed' | 'held' | 'heldForOthers'> & {
  /** Absent where the host has no adapter. */
  readonly capabilities: NotifierCapabilities | undefined;
  /** Pages, windows and terminals that are connected. */
  readonly surfaces: number;
  /** Somebody else is enrolled. */
  readonly others: boolean;
};

export function reachOf(
  snapshot: Pick<Snapshot, 'key' | 'link' | 'log'>,
  facts: ReachFacts,
): Reach {
  const notices: NoticeTrouble | undefined =
    facts.capabilities === undefined ? 'noSurface' : (facts.capabilities.trouble ?? facts.failed);
  const troubles = troublesOf(snapshot);
  const arrives = !troubles.some((one) => NO_NEWS.includes(one));
  const surface = facts.surfaces > 0 ? 'page' : 'nothing';
  const { quiet } = facts;
  return {
    by: !arrives ? 'nothing' : notices === undefined ? 'notification' : surface,
    ...(notices === undefined ? {} : { notices }),
    troubles,
    ...(quiet === undefined
      ? {}
      : {
          quiet: {
            why: quiet.why,
            until: new Date(quiet.until).toISOString(),
            handsOver: facts.others && facts.held === facts.heldForOthers,
          },
        }),
  };
}

/** Without these nothing comes in, whatever could be shown. */
const NO_NEWS: readonly ReachTrouble[] = ['noKeys', 'offline', 'stranger'];

function troublesOf({ key, link, log }: Pick<Snapshot, 'key' | 'link' | 'log'>): ReachTrouble[] {
  if (key.state === 'absent') return ['noKeys'];
  const troubles: ReachTrouble[] = [];
  if (log.alarm !== undefined) troubles.push('alarm');
  if (link.state === 'stranger') troubles.push('stranger');
  if (link.state === 'offline' || link.state === 'starting') troubles.push('offline');
  if (key.state === 'locked') troubles.push('locked');
  return troubles;
}
