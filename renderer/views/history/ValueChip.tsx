// A filter whose values are names in the log: the most frequent first, found by their beginning.

import { type ReactNode, useEffect, useState } from 'react';
import type { ValueField } from '../../../shared/ipc/history.ts';
import { plain } from '../../parts/Plain.tsx';
import { ask } from '../../store/commands.ts';
import { useDesk } from '../../store/context.ts';
import { Button } from '../../ui/Button.tsx';
import { Drop } from '../../ui/Drop.tsx';
import { Field } from '../../ui/Field.tsx';
import { NOT_REACHED } from '../../words/failures.ts';
import { FILTER, FILTER_NAME } from '../../words/history.ts';
import { amount } from '../../words/time.ts';
import css from './chips.module.css';
import { useFilters } from './use-filter.ts';

const SHOWN = 12;
type Values = readonly { readonly value: string; readonly count: number }[];

export function ValueChip({ of }: { of: ValueField }): ReactNode {
  const { filters, put } = useFilters();
  const chosen = filters[of];
  const label = chosen === undefined ? FILTER_NAME[of] : FILTER.set(FILTER_NAME[of], plain(chosen));
  return (
    <Drop
      className={chosen === undefined ? css['chip'] : css['chipSet']}
      label={label}
      text={label}
    >
      {(close) => (
        <Choices
          of={of}
          chosen={chosen}
          choose={(value) => {
            // What a reviewer said is about that reviewer only.
            put(
              of === 'reviewer' && value === undefined
                ? { reviewer: undefined, verdict: undefined }
                : { [of]: value },
            );
            close();
          }}
        />
      )}
    </Drop>
  );
}

type ChoicesProps = {
  readonly of: ValueField;
  readonly chosen: string | undefined;
  readonly choose: (value: string | undefined) => void;
};

function Choices({ of, chosen, choose }: ChoicesProps): ReactNode {
  const { bridge } = useDesk();
  const [starts, setStarts] = useState('');
  const [values, setValues] = useState<Values>();
  const [complaint, setComplaint] = useState<string>();
  useEffect(() => {
    let current = true;
    void ask(
      bridge.history.values({ of, limit: SHOWN, ...(starts === '' ? {} : { starts }) }),
    ).then((answer) => {
      if (!current) return;
      setValues(answer?.values);
      setComplaint(answer === undefined ? NOT_REACHED : undefined);
    });
    return () => {
      current = false;
    };
  }, [bridge, of, starts]);
  return (
    <form
      className={css['choices']}
      onSubmit={(event) => {
        event.preventDefault();
        const whole = values?.find(({ value }) => value === starts) ?? values?.[0];
        if (starts !== '' && whole !== undefined) choose(whole.value);
      }}
    >
      <Field
        label={FILTER.begins}
        value={starts}
        onChange={setStarts}
        maxLength={100}
        fault={complaint}
      />
      <ul>
        {chosen !== undefined && (
          <li>
            <Button look="quiet" onPress={() => choose(undefined)}>
              {FILTER.any}
            </Button>
          </li>
        )}
        {values?.map(({ value, count }) => (
          <li key={value}>
            <Button look="quiet" pressed={value === chosen} onPress={() => choose(value)}>
              <span className={css['choice']}>{plain(value)}</span>
              <span className={css['soft']}>{amount(count)}</span>
            </Button>
          </li>
        ))}
      </ul>
      {values?.length === 0 && <p className={css['soft']}>{FILTER.noneBegin}</p>}
    </form>
  );
}
