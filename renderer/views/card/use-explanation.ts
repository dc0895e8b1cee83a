// The explanation of one request, asked for with its card and again with each decision: who is missing changes by them. The
// card waits for the first answer, so that nothing moves under a reader's eyes afterwards.

import { useEffect, useState } from 'react';
import type { RequestSummary } from '../../../shared/ipc/snapshot.ts';
import type { CardExplanation } from '../../../shared/ipc/explain.ts';
import { ask } from '../../store/commands.ts';
import { useDesk, useMirror } from '../../store/context.ts';
import { WHY_FAILED } from '../../words/explain.ts';
import { NOT_REACHED } from '../../words/failures.ts';

export type Explained =
  | { readonly state: 'here'; readonly value: CardExplanation }
  | { readonly state: 'failed'; readonly says: string };

/** Undefined until the app has answered. */
export function useExplanation({
  digest,
  decisions,
  stage,
  approveOff,
}: RequestSummary): Explained | undefined {
  const { bridge } = useDesk();
  const reachable = useMirror((mirror) => mirror.wire === 'open');
  const [explained, setExplained] = useState<Explained>();
  // What the policy was missing for may have come: the button's own reason says when.
  const asked = `${decisions.length} ${stage} ${approveOff === 'policyMissing'}`;
  useEffect(() => {
    if (!reachable) return;
    let current = true;
    void ask(bridge.request.explain({ digest })).then((answer) => {
      if (!current) return;
      if (answer === undefined) setExplained({ state: 'failed', says: NOT_REACHED });
      else if (answer.ok) setExplained({ state: 'here', value: answer.value });
      else setExplained({ state: 'failed', says: WHY_FAILED[answer.code] });
    });
    return () => {
      current = false;
    };
  }, [bridge, digest, reachable, asked]);
  return explained;
}
