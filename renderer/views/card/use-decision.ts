// From a press to an intent: hash what is on screen now, ask main, wait. Never optimistic: `asking` lasts until main has
// answered, and the card shows a decision only once the mirror has it.

import { type RefObject, useCallback, useRef, useState } from 'react';
import type { Changes } from '../../../shared/statement/changes.ts';
import { decide } from '../../store/commands.ts';
import { useDesk } from '../../store/context.ts';
import { digestOnScreen } from './screen-text.ts';

export type Given = {
  readonly reason?: string;
  readonly typed?: string;
  readonly passphrase?: string;
  readonly changes?: Changes;
};

export type Decision = {
  readonly asking: 'approve' | 'deny' | undefined;
  /** Why the last attempt was not taken. */
  readonly complaint: string | undefined;
  readonly complain: (says: string) => void;
  readonly decide: (verdict: 'approve' | 'deny', given: Given) => Promise<void>;
};

export function useDecision(digest: string, card: RefObject<HTMLElement | null>): Decision {
  const desk = useDesk();
  const busy = useRef(false);
  const [asking, setAsking] = useState<'approve' | 'deny'>();
  const [complaint, setComplaint] = useState<string>();
  const run = useCallback(
    async (verdict: 'approve' | 'deny', given: Given) => {
      if (card.current === null || busy.current) return;
      busy.current = true;
      // Read first: nothing of ours may change the screen between the press and the hash.
      const viewSha256 = await digestOnScreen(card.current);
      setAsking(verdict);
      const says = await decide(desk, { digest, verdict, viewSha256, ...given });
      busy.current = false;
      setAsking(undefined);
      setComplaint(says);
    },
    [desk, digest, card],
  );
  return { asking, complaint, complain: setComplaint, decide: run };
}
