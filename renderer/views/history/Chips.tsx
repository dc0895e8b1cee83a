// The filters, one calm chip each: what is set is said in it. Beside them the saved views.

import type { ReactNode } from 'react';
import { ACTION_KINDS, HISTORY_ENDINGS, TIERS } from './filter-lists.ts';
import { useDesk, useView } from '../../store/context.ts';
import { EVERYTHING } from '../../store/view.ts';
import { Button } from '../../ui/Button.tsx';
import { ENDING_NAME, HISTORY, KIND_NAME, VERDICT_NAME } from '../../words/history.ts';
import { TIER_NAME } from '../../words/request.ts';
import css from './chips.module.css';
import { ListChip } from './ListChip.tsx';
import { SavedViews } from './SavedViews.tsx';
import { TimeChip } from './TimeChip.tsx';
import { ValueChip } from './ValueChip.tsx';

const VERDICTS = ['approve', 'deny'] as const;

export function Chips(): ReactNode {
  const { view } = useDesk();
  const { text, filters } = useView((state) => state.query);
  const set = Object.values(filters).some((value) => value !== undefined) || text !== '';
  return (
    <fieldset className={css['chips']} aria-label={HISTORY.filters}>
      <SavedViews />
      <ValueChip of="person" />
      <ValueChip of="agent" />
      <ListChip of="kind" values={ACTION_KINDS} names={KIND_NAME} />
      <ValueChip of="target" />
      <ValueChip of="host" />
      <ListChip of="tier" values={TIERS} names={TIER_NAME} />
      <ListChip of="ending" values={HISTORY_ENDINGS} names={ENDING_NAME} />
      <ValueChip of="reviewer" />
      {filters.reviewer !== undefined && (
        <ListChip of="verdict" values={VERDICTS} names={VERDICT_NAME} />
      )}
      <TimeChip />
      {set && (
        <Button look="link" onPress={() => view.setState({ query: EVERYTHING })}>
          {HISTORY.clear}
        </Button>
      )}
    </fieldset>
  );
}
