// One filter of the query: its value, and how to set or clear it.

import type { HistoryFilters } from '../../../shared/ipc/history.ts';
import { useDesk, useView } from '../../store/context.ts';

export type FilterName = keyof Required<HistoryFilters>;

export function useFilters(): {
  readonly filters: HistoryFilters;
  readonly put: (part: { readonly [F in FilterName]?: HistoryFilters[F] | undefined }) => void;
} {
  const { view } = useDesk();
  const filters = useView((state) => state.query.filters);
  return {
    filters,
    put: (part) =>
      view.setState(({ query }) => {
        const all = Object.entries({ ...query.filters, ...part });
        // Absent is not set; the entries are those of the two objects.
        const kept = Object.fromEntries(
          all.filter(([, value]) => value !== undefined),
        ) as HistoryFilters;
        return { query: { ...query, filters: kept } };
      }),
  };
}
