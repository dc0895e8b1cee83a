// When it was asked: a recent span in one click, or from and until in this machine's own time.

import { type ReactNode, useId, useState } from 'react';
import { Button } from '../../ui/Button.tsx';
import { Drop } from '../../ui/Drop.tsx';
import { FILTER, timeSays } from '../../words/history.ts';
import css from './chips.module.css';
import { useFilters } from './use-filter.ts';

const HOUR_MS = 3_600_000;
const RECENT = [
  [FILTER.hour, HOUR_MS],
  [FILTER.day, 24 * HOUR_MS],
  [FILTER.week, 7 * 24 * HOUR_MS],
  [FILTER.month, 30 * 24 * HOUR_MS],
] as const;

export function TimeChip(): ReactNode {
  const { filters, put } = useFilters();
  const said = timeSays(filters);
  const label = said === undefined ? FILTER.time : FILTER.set(FILTER.time, said);
  const none = { from: undefined, to: undefined };
  return (
    <Drop className={said === undefined ? css['chip'] : css['chipSet']} label={label} text={label}>
      {(close) => (
        <>
          <ul>
            <li>
              <Button
                look="quiet"
                onPress={() => {
                  put(none);
                  close();
                }}
              >
                {FILTER.any}
              </Button>
            </li>
            {RECENT.map(([name, ms]) => (
              <li key={name}>
                <Button
                  look="quiet"
                  onPress={() => {
                    put({ ...none, from: new Date(Date.now() - ms).toISOString() });
                    close();
                  }}
                >
                  {name}
                </Button>
              </li>
            ))}
          </ul>
          <Between
            choose={(from, to) => {
              put({ from, to });
              close();
            }}
          />
        </>
      )}
    </Drop>
  );
}

type Choose = (from: string | undefined, to: string | undefined) => void;

function Between({ choose }: { choose: Choose }): ReactNode {
  const id = useId();
  const [from, setFrom] = useState('');
  const [to, setTo] = useState('');
  return (
    <form
      className={css['between']}
      onSubmit={(event) => {
        event.preventDefault();
        choose(isoOf(from), isoOf(to));
      }}
    >
      <label htmlFor={`${id}-from`}>{FILTER.from}</label>
      <input
        id={`${id}-from`}
        type="datetime-local"
        value={from}
        onChange={(event) => setFrom(event.target.value)}
      />
      <label htmlFor={`${id}-to`}>{FILTER.to}</label>
      <input
        id={`${id}-to`}
        type="datetime-local"
        value={to}
        onChange={(event) => setTo(event.target.value)}
      />
      <Button submit>{FILTER.apply}</Button>
    </form>
  );
}

/** The field's local time as a moment; undefined where it is empty. */
export function isoOf(local: string): string | undefined {
  const at = new Date(local);
  return local === '' || Number.isNaN(at.getTime()) ? undefined : at.toISOString();
}
