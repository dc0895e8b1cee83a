// The desk's keys. They choose and open; they never decide.

import { type RefObject, useEffect, useRef } from 'react';
import { flushSync } from 'react-dom';
import { closeCard, openCard } from '../../store/commands.ts';
import { type Desk, useDesk } from '../../store/context.ts';
import type { DeskLists } from '../../store/select.ts';
import { isTyping } from '../../ui/is-typing.ts';
import { rowId } from './RequestList.tsx';

export function useDeskKeys(lists: DeskLists, filter: RefObject<HTMLInputElement | null>): void {
  const desk = useDesk();
  const latest = useRef(lists);
  useEffect(() => {
    latest.current = lists;
  });
  useEffect(() => {
    const down = (event: KeyboardEvent): void => {
      if (event.target === filter.current && event.key === 'Escape')
        return leaveFilter(desk, filter);
      if (isTyping(event)) return;
      if (act(event.key, desk, latest.current, filter)) event.preventDefault();
    };
    document.addEventListener('keydown', down);
    return () => document.removeEventListener('keydown', down);
  }, [desk, filter]);
}

function act(
  key: string,
  desk: Desk,
  lists: DeskLists,
  filter: RefObject<HTMLInputElement | null>,
): boolean {
  switch (key) {
    case 'j':
      choose(desk, lists, 1);
      return true;
    case 'k':
      choose(desk, lists, -1);
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

function choose(desk: Desk, { open: waiting, ended, folds }: DeskLists, step: 1 | -1): void {
  const { selected: picked } = desk.view.getState();
  const selected = (picked === undefined ? undefined : folds.behind.get(picked)) ?? picked;
  const order = [...waiting, ...ended];
  const at = order.findIndex(({ digest }) => digest === selected);
  const next = order[at < 0 ? 0 : Math.min(Math.max(at + step, 0), order.length - 1)]?.digest;
  if (next === undefined) return;
  // The row that is chosen is always in the page, so it can be gone to wherever the list is scrolled to.
  flushSync(() => desk.view.setState({ selected: next }));
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
