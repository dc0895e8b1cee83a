// The polite live region: what arrived and what came of a decision, for those who listen instead of look.

import { type ReactNode, useEffect, useRef } from 'react';
import type { RequestSummary } from '../../shared/ipc/snapshot.ts';
import { say } from '../store/commands.ts';
import { useDesk, useMirror, useView } from '../store/context.ts';
import { moreSay } from '../words/counts.ts';
import { standing } from '../words/request.ts';
import { plain } from './Plain.tsx';

export function Live(): ReactNode {
  const desk = useDesk();
  const said = useView((view) => view.said);
  const requests = useMirror((mirror) => mirror.snapshot?.requests);
  const known = useRef<ReadonlyMap<string, RequestSummary> | undefined>(undefined);
  useEffect(() => {
    if (requests === undefined) return;
    const before = known.current;
    known.current = new Map(requests.map((one) => [one.digest, one]));
    if (before === undefined) return;
    const news = requests.filter((one) => isNews(before.get(one.digest), one));
    const last = news.at(-1);
    if (last === undefined) return;
    const more = news.length > 1 ? ` ${moreSay(news.length - 1)}` : '';
    say(desk, `${standing(last)}: ${plain(last.title)}.${more}`);
  }, [desk, requests]);
  return (
    <output className="unseen" aria-live="polite">
      {said}
    </output>
  );
}

/** What is the same object says the same: thousands need no words to be compared. */
const isNews = (before: RequestSummary | undefined, now: RequestSummary): boolean =>
  before !== now && (before === undefined || standing(before) !== standing(now));
