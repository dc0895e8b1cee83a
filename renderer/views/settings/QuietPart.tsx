// When nothing is announced: quiet hours of every day, and a snooze that begins now. Requests stay held meanwhile.

import { type ReactNode, useId, useState } from 'react';
import type { QuietHours, Settings } from '../../../shared/ipc/settings.ts';
import { snooze, type Told } from '../../store/attention.ts';
import { useDesk } from '../../store/context.ts';
import { Button } from '../../ui/Button.tsx';
import { Tick } from '../../ui/Tick.tsx';
import { useNow } from '../../ui/use-now.ts';
import { SETTINGS_WORDS } from '../../words/settings.ts';
import { atDay } from '../../words/time.ts';
import { Part } from './Part.tsx';
import css from './settings.module.css';
import type { Put } from './use-settings.ts';

const NIGHT: QuietHours = { from: '22:00', to: '07:00' };
const MINUTE_MS = 60_000;

type QuietPartProps = {
  readonly values: Settings;
  readonly put: Put;
  readonly reload: () => void;
};

export function QuietPart({ values, put, reload }: QuietPartProps): ReactNode {
  const [fault, setFault] = useState<{ readonly hours?: string; readonly breaks?: string }>({});
  const { quietHours } = values;
  const putHours = async (hours: QuietHours | null): Promise<void> => {
    const same = hours !== null && hours.from === hours.to;
    const says = same ? SETTINGS_WORDS.sameTime : await put({ quietHours: hours });
    setFault(says === undefined ? {} : { hours: says });
  };
  const putBreaks = async (on: boolean): Promise<void> => {
    const says = await put({ criticalBreaksThrough: on });
    setFault(says === undefined ? {} : { breaks: says });
  };
  return (
    <Part title={SETTINGS_WORDS.quiet}>
      <Snooze until={values.snoozeUntil} reload={reload} />
      <Tick
        label={SETTINGS_WORDS.quietHours}
        on={quietHours !== null}
        change={(on) => void putHours(on ? NIGHT : null)}
        fault={fault.hours}
      />
      {quietHours !== null && (
        <div className={css['hours']}>
          <Hour
            label={SETTINGS_WORDS.from}
            value={quietHours.from}
            change={(from) => void putHours({ ...quietHours, from })}
          />
          <Hour
            label={SETTINGS_WORDS.to}
            value={quietHours.to}
            change={(to) => void putHours({ ...quietHours, to })}
          />
        </div>
      )}
      <Tick
        label={SETTINGS_WORDS.breaks}
        on={values.criticalBreaksThrough}
        change={(on) => void putBreaks(on)}
        fault={fault.breaks}
      />
    </Part>
  );
}

type HourProps = {
  readonly label: string;
  readonly value: string;
  readonly change: (value: string) => void;
};

function Hour({ label, value, change }: HourProps): ReactNode {
  const id = useId();
  return (
    <div className={css['hour']}>
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        type="time"
        value={value}
        onChange={(event) => {
          // Empty while it is being typed.
          if (event.target.value !== '') change(event.target.value);
        }}
      />
    </div>
  );
}

function Snooze({ until, reload }: { until: string | null; reload: () => void }): ReactNode {
  const desk = useDesk();
  const now = useNow();
  const [told, setTold] = useState<Told>();
  const on = until !== null && Date.parse(until) > now;
  const go = async (forMs: number): Promise<void> => {
    const came = await snooze(desk, forMs);
    setTold(came.well && forMs < 0 ? { well: true, says: SETTINGS_WORDS.snoozeEnded } : came);
    reload();
  };
  return (
    <fieldset className={css['choices']} aria-label={SETTINGS_WORDS.snooze}>
      <p>{on ? SETTINGS_WORDS.snoozedUntil(atDay(until)) : SETTINGS_WORDS.notSnoozed}</p>
      <p className={css['act']}>
        <span className={css['soft']}>{SETTINGS_WORDS.snooze}</span>
        <Button onPress={() => void go(15 * MINUTE_MS)}>{SETTINGS_WORDS.quarter}</Button>
        <Button onPress={() => void go(60 * MINUTE_MS)}>{SETTINGS_WORDS.hour}</Button>
        {on && (
          <Button look="link" onPress={() => void go(-MINUTE_MS)}>
            {SETTINGS_WORDS.endSnooze}
          </Button>
        )}
      </p>
      {told !== undefined && (
        <output className={told.well ? css['soft'] : css['fault']}>{told.says}</output>
      )}
    </fieldset>
  );
}
