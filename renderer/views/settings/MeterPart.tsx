// The reviewer's own figures: how many they decided, how quickly, how many without opening the card. For nobody's eyes but theirs.

import { type ReactNode, useEffect, useState } from 'react';
import type { HistoryCharts } from '../../../shared/ipc/history.ts';
import { ask } from '../../store/commands.ts';
import { useDesk, useMirror } from '../../store/context.ts';
import { NOT_REACHED } from '../../words/failures.ts';
import { METER, meterSays } from '../../words/meter.ts';
import { Part } from './Part.tsx';
import css from './settings.module.css';

const SPAN_MS = 30 * 24 * 3600 * 1000;
type Meter = HistoryCharts['load'][number] | 'counting' | 'none' | 'failed';

export function MeterPart(): ReactNode {
  const { bridge } = useDesk();
  const me = useMirror((mirror) => mirror.snapshot?.person?.id);
  const [meter, setMeter] = useState<Meter>('counting');
  useEffect(() => {
    if (me === undefined) return;
    let current = true;
    const from = new Date(Date.now() - SPAN_MS).toISOString();
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    void ask(bridge.history.charts({ filters: { reviewer: me, from }, zone })).then((answer) => {
      if (!current) return;
      // Requests of two reviewers count for both: only this person's own row is theirs.
      if (answer?.ok === true) setMeter(answer.value.load.find(({ id }) => id === me) ?? 'none');
      else setMeter('failed');
    });
    return () => {
      current = false;
    };
  }, [bridge, me]);
  if (me === undefined) return null;
  return (
    <Part title={METER.title}>
      {meter === 'counting' && <p aria-busy="true">{METER.counting}</p>}
      {meter === 'none' && <p>{METER.none}</p>}
      {meter === 'failed' && <p role="alert">{NOT_REACHED}</p>}
      {typeof meter === 'object' && meterSays(meter).map((line) => <p key={line}>{line}</p>)}
      <p className={css['soft']}>{METER.note}</p>
    </Part>
  );
}
