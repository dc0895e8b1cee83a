// The life of a request as the log tells it. `advance` is the only function that moves it;
// broker and app both run it over the same leaves, so they cannot disagree about what happened.

import { fail, ok, type Result } from '../result.ts';
import type { Verdict } from '../statement/decision.ts';
import type { EndingHow, Receipt } from '../statement/followups.ts';

export type Life = {
  readonly stage: 'open' | 'decided' | 'ended';
  /** Set from `decided` on, unless it ended undecided. */
  readonly verdict?: Verdict;
  readonly how?: EndingHow;
  readonly run?: Receipt['state'];
};

export type LifeEvent =
  | { readonly what: 'decision'; readonly verdict: Verdict; readonly enough: boolean }
  | { readonly what: 'ending'; readonly how: EndingHow }
  | { readonly what: 'receipt'; readonly state: Receipt['state'] };

const APPROVED: readonly EndingHow[] = ['approved', 'approvedWithChanges'];

export const NEW_LIFE: Life = { stage: 'open' };

/** 'notOpen' where the event comes after the stage that takes it; such a leaf changes nothing. */
export function advance(life: Life, event: LifeEvent): Result<Life, 'notOpen'> {
  switch (event.what) {
    case 'decision':
      if (life.stage !== 'open') return fail('notOpen');
      // The first denial decides; an approval decides once nobody else is needed.
      return ok(
        event.verdict === 'deny' || event.enough
          ? { ...life, stage: 'decided', verdict: event.verdict }
          : life,
      );
    case 'ending':
      if (life.stage === 'ended') return fail('notOpen');
      // Nothing ends approved that was not approved, whoever says so.
      if (APPROVED.includes(event.how) && life.verdict !== 'approve') return fail('notOpen');
      return ok({ ...life, stage: 'ended', how: event.how });
    case 'receipt':
      return ok({ ...life, run: event.state });
  }
}
