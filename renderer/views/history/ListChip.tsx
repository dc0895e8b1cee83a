// A filter with a few known values.

import type { ReactNode } from 'react';
import { Button } from '../../ui/Button.tsx';
import { Drop } from '../../ui/Drop.tsx';
import { FILTER, FILTER_NAME } from '../../words/history.ts';
import css from './chips.module.css';
import { useFilters } from './use-filter.ts';

type ListChipProps<V extends string> = {
  readonly of: 'kind' | 'tier' | 'ending' | 'verdict';
  readonly values: readonly V[];
  readonly names: { readonly [N in V]: string };
};

export function ListChip<V extends string>({ of, values, names }: ListChipProps<V>): ReactNode {
  const { filters, put } = useFilters();
  const chosen = values.find((value) => value === filters[of]);
  const label = chosen === undefined ? FILTER_NAME[of] : FILTER.set(FILTER_NAME[of], names[chosen]);
  return (
    <Drop
      className={chosen === undefined ? css['chip'] : css['chipSet']}
      label={label}
      text={label}
    >
      {(close) => (
        <ul>
          {[undefined, ...values].map((value) => (
            <li key={value ?? ''}>
              <Button
                look="quiet"
                pressed={value === chosen}
                onPress={() => {
                  put({ [of]: value });
                  close();
                }}
              >
                {value === undefined ? FILTER.any : names[value]}
              </Button>
            </li>
          ))}
        </ul>
      )}
    </Drop>
  );
}
