// How many more of the very same wait: each has its own card and its own decision, and this leads from one to the next.

import type { ReactNode } from 'react';
import type { RequestSummary } from '../../../shared/ipc/snapshot.ts';
import { openCard } from '../../store/commands.ts';
import { useDesk, useMirror } from '../../store/context.ts';
import { sameWaiting } from '../../store/select.ts';
import { Button } from '../../ui/Button.tsx';
import { CARD } from '../../words/card.ts';
import { sameSay } from '../../words/counts.ts';

const NONE: readonly RequestSummary[] = [];

export function Same({ request }: { request: RequestSummary }): ReactNode {
  const desk = useDesk();
  const requests = useMirror((mirror) => mirror.snapshot?.requests) ?? NONE;
  const others = sameWaiting(requests, request);
  // The next one after this, then from the oldest on: pressing it goes round all of them.
  const next = others.find(({ index }) => index > request.index) ?? others[0];
  if (next === undefined) return null;
  return (
    <span>
      {sameSay(others.length)}{' '}
      <Button look="link" onPress={() => openCard(desk, next.digest)}>
        {CARD.nextSame}
      </Button>
    </span>
  );
}
