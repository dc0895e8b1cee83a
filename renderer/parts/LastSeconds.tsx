// The assertive live region: once, when the request on screen has half a minute left. What is said stays the same while
// the seconds run, so it is announced once and never counted down.

import type { ReactNode } from 'react';
import { useMirror, useView } from '../store/context.ts';
import { isWaiting, requestOf } from '../store/select.ts';
import { useNarrow } from '../ui/use-narrow.ts';
import { useNow } from '../ui/use-now.ts';
import { CARD } from '../words/card.ts';
import { plain } from './Plain.tsx';

const LAST_MS = 30_000;

export function LastSeconds(): ReactNode {
  const selected = useView((view) => view.selected);
  const opened = useView((view) => view.opened);
  const onDesk = useView((view) => view.screen === 'desk');
  const request = useMirror((mirror) => requestOf(mirror.snapshot, selected));
  const narrow = useNarrow();
  const now = useNow();
  const onScreen = onDesk && (opened || !narrow);
  const left = request === undefined ? 0 : Date.parse(request.expiresAt) - now;
  const last = onScreen && request !== undefined && isWaiting(request) && left > 0;
  return (
    <p className="unseen" role="alert">
      {last && left <= LAST_MS && CARD.lastSeconds(plain(request.title))}
    </p>
  );
}
