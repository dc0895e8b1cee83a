// The desk's keys. They choose and open; they never decide.

import { type RefObject, useEffect, useRef } from 'react';
import type { RequestSummary } from '../../../shared/ipc/snapshot.ts';
import { closeCard, openCard } from '../../store/commands.ts';
import { type Desk, useDesk } from '../../store/context.ts';
import { isTyping } from '../../ui/is-typing.ts';
import { rowId } from './RequestList.tsx';

type Lists = {
  readonly open: readonly RequestSummary[];
  readonly ended: readonly RequestSummary[];
};

export function useDeskKeys(lists: Lists, filter: RefObject<HTMLInputElement | null>): void {
  const desk = useDesk();
  const order = useRef<readonly string[]>([]);
  useEffect(() => {
    order.current = [...lists.open, ...lists.ended].map((request) => request.digest);
  });
  useEffect(() => {
    const down = (event: KeyboardEvent): void => {
      if (event.target === filter.current && event.key === 'Escape')
        return leaveFilter(desk, filter);
      if (isTyping(event)) return;
      if (act(event.key, desk, order.current, filter)) event.preventDefault();
    };
    document.addEventListener('keydown', down);
    return () => document.removeEventListener('keydown', down);
  }, [desk, filter]);
}

function act(
  key: string,
  desk: Desk,
  order: readonly string[],
  filter: RefObject<HTMLInputElement | null>,
): boolean {
  switch (key) {
    case 'j':
      choose(desk, order, 1);
      return true;
    case 'k':
      choose(desk, order, -1);
      return true;
    case 'o':
      open(desk);
      return true;
    case '/':
      filter.current?.focus();
      filter.current?.select();
      return true;
    case '?':
      desk.view.setState({ help: true });
      return true;
    case 'h':
      desk.view.setState({ screen: 'history' });
      return true;
    case ',':
      desk.view.setState({ screen: 'settings' });
      return true;
    case 'Escape':
      closeCard(desk);
      return true;
    default:
      return false;
  }
}

function choose(desk: Desk, order: readonly string[], step: 1 | -1): void {
  const { selected } = desk.view.getState();
  const at = order.indexOf(selected ?? '');
  const next = order[at < 0 ? 0 : Math.min(Math.max(at + step, 0), order.length - 1)];
  if (next === undefined) return;
  desk.view.setState({ selected: next });
  const row = document.getElementById(rowId(next));
  row?.focus({ preventScroll: true });
  row?.scrollIntoView({ block: 'nearest' });
}

function open(desk: Desk): void {
  const { selected } = desk.view.getState();
  if (selected === undefined) return;
  openCard(desk, selected);
  document.getElementById('card')?.focus();
}

function leaveFilter(desk: Desk, filter: RefObject<HTMLInputElement | null>): void {
  desk.view.setState({ filter: '' });
  filter.current?.blur();
}
