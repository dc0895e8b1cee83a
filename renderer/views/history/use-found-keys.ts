// The list's keys: j, k and the arrows choose a row, Enter and o tell its story. Where the chosen row has been scrolled away,
// the first one on screen is next.

import { type RefObject, useEffect, useRef, useState } from 'react';
import { useDesk } from '../../store/context.ts';
import { isTyping } from '../../ui/is-typing.ts';
import { ROW_PX, type Run } from './found-rows.ts';

type OnScreen = {
  readonly box: RefObject<HTMLElement | null>;
  readonly run: Run;
  readonly from: number;
  readonly to: number;
};

const STEPS: Readonly<Record<string, 1 | -1>> = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 };

/** Digest of the chosen row while it is in the page. */
export function useFoundKeys(screen: OnScreen): string | undefined {
  const { view } = useDesk();
  const [active, setActive] = useState<string>();
  const latest = useRef({ screen, active });
  useEffect(() => {
    latest.current = { screen, active };
  });
  useEffect(() => {
    const down = (event: KeyboardEvent): void => {
      if (isTyping(event)) return;
      const now = latest.current;
      const inside = event.target === now.screen.box.current;
      const step = STEPS[event.key];
      if (step !== undefined && (inside || event.key.length === 1)) {
        event.preventDefault();
        const next = stepTo(now.screen, now.active, step);
        if (next === undefined) return;
        setActive(next);
        // With a story open, the rows are walked through by their stories.
        if (view.getState().story !== undefined) view.setState({ story: next });
      } else if (event.key === 'o' || (inside && event.key === 'Enter')) {
        const row = now.screen.run.rows.find(({ digest }) => digest === now.active);
        if (row !== undefined) view.setState({ story: row.digest });
      }
    };
    document.addEventListener('keydown', down);
    return () => document.removeEventListener('keydown', down);
  }, [view]);
  const { run, from, to } = screen;
  const at = run.first + run.rows.findIndex(({ digest }) => digest === active);
  return at >= from && at < to ? active : undefined;
}

function stepTo(screen: OnScreen, active: string | undefined, step: 1 | -1): string | undefined {
  const { run, box } = screen;
  if (box.current === null) return undefined;
  const { scrollTop, clientHeight } = box.current;
  const first = Math.ceil(scrollTop / ROW_PX);
  const last = Math.floor((scrollTop + clientHeight) / ROW_PX) - 1;
  const at = run.rows.findIndex(({ digest }) => digest === active);
  const place = run.first + at;
  const near = at >= 0 && place >= first - 1 && place <= last + 1;
  const next = near ? place + step : first;
  const row = run.rows[next - run.first];
  if (row === undefined) return undefined;
  if (next < first) box.current.scrollTop = next * ROW_PX;
  if (next > last) box.current.scrollTop = (next + 1) * ROW_PX - clientHeight;
  box.current.focus({ preventScroll: true });
  return row.digest;
}
