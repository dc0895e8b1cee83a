// What is chosen before there are terms: which actions, how often, how long. Every bound is set; none can be left open but the
// hourly one.

import { type ReactNode, useState } from 'react';
import type { GrantForm, GrantWish } from '../../../shared/ipc/grants.ts';
import { Button } from '../../ui/Button.tsx';
import { Field } from '../../ui/Field.tsx';
import { Tick } from '../../ui/Tick.tsx';
import { DURATIONS, GRANT } from '../../words/grant.ts';
import css from './grant.module.css';

type BoundsProps = {
  readonly conditions: GrantForm['conditions'];
  readonly show: (wish: GrantWish) => void;
};

const OWN = 'own';
const SAME = 'same';
const HOUR_MS = 3_600_000;
const HUNDRED = /^(?:[1-9][0-9]?|100)$/;

export function Bounds({ conditions, show }: BoundsProps): ReactNode {
  const [what, setWhat] = useState(SAME);
  const [own, setOwn] = useState(conditions[0]?.when ?? '');
  const [uses, setUses] = useState('3');
  const [perHour, setPerHour] = useState('');
  const [forMs, setForMs] = useState(HOUR_MS);
  const when = what === SAME ? undefined : what === OWN ? own.trim() : what;
  const wish: GrantWish = {
    ...(when === undefined ? {} : { when }),
    uses: Number(uses),
    ...(perHour === '' ? {} : { perHour: Number(perHour) }),
    forMs,
  };
  const well = when !== '' && HUNDRED.test(uses) && (perHour === '' || HUNDRED.test(perHour));
  return (
    <form
      className={css['bounds']}
      onSubmit={(event) => {
        event.preventDefault();
        if (well) show(wish);
      }}
    >
      <fieldset>
        <legend>{GRANT.what}</legend>
        <Tick
          among="grant-what"
          label={GRANT.same}
          on={what === SAME}
          change={() => setWhat(SAME)}
        />
        {conditions.map(({ when: text, says }) => (
          <Tick
            key={text}
            among="grant-what"
            label={says}
            hint={text}
            on={what === text}
            change={() => setWhat(text)}
          />
        ))}
        <Tick among="grant-what" label={GRANT.own} on={what === OWN} change={() => setWhat(OWN)} />
        {what === OWN && (
          <Field
            label={GRANT.condition}
            hint={GRANT.conditionHint}
            value={own}
            onChange={setOwn}
            maxLength={1000}
            mono
          />
        )}
      </fieldset>
      <div className={css['often']}>
        <Field
          label={GRANT.uses}
          value={uses}
          onChange={setUses}
          maxLength={3}
          fault={HUNDRED.test(uses) ? undefined : GRANT.badUses}
        />
        <Field
          label={GRANT.perHour}
          value={perHour}
          onChange={setPerHour}
          maxLength={3}
          fault={perHour === '' || HUNDRED.test(perHour) ? undefined : GRANT.badHour}
        />
      </div>
      <fieldset className={css['long']}>
        <legend>{GRANT.howLong}</legend>
        {DURATIONS.map(([ms, name]) => (
          <Tick
            key={ms}
            among="grant-long"
            label={name}
            on={forMs === ms}
            change={() => setForMs(ms)}
          />
        ))}
      </fieldset>
      <p>
        <Button submit off={!well}>
          {GRANT.show}
        </Button>
      </p>
    </form>
  );
}
