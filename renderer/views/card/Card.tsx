// One request, whole: its bar, then every row of its view in the order in which a reviewer needs them, then its bytes.
// The parent gives it a key: another request is another card, with a memory of its own.

import { lazy, type ReactNode, Suspense, useRef } from 'react';
import type { RequestSummary } from '../../../shared/ipc/snapshot.ts';
import { closeCard } from '../../store/commands.ts';
import { useDesk, useMirror } from '../../store/context.ts';
import { Plain } from '../../parts/Plain.tsx';
import { TierMark } from '../../parts/TierMark.tsx';
import { Countdown } from '../../parts/Countdown.tsx';
import { Button } from '../../ui/Button.tsx';
import { Scroll } from '../../ui/Scroll.tsx';
import { CARD } from '../../words/card.ts';
import { FLAG_SAYS } from '../../words/flags.ts';
import { SOLO_LINE, tierTakes } from '../../words/request.ts';
import { AskedLine } from './AskedLine.tsx';
import css from './card.module.css';
import { Outcome } from './Outcome.tsx';
import { Past } from './Past.tsx';
import { RawBytes } from './RawBytes.tsx';
import { Rows } from './Rows.tsx';
import { Same } from './Same.tsx';
import { useCard } from './use-card.ts';
import { useExplanation } from './use-explanation.ts';
import { useGestures } from './use-gestures.ts';
import { useSeen } from './use-seen.ts';
import { Verdict } from './Verdict.tsx';

const Changed = lazy(async () => ({ default: (await import('./Changed.tsx')).Changed }));
const Why = lazy(async () => ({ default: (await import('./Why.tsx')).Why }));
const Proposed = lazy(async () => ({ default: (await import('./Changed.tsx')).Proposed }));

export function Card({ request }: { request: RequestSummary }): ReactNode {
  const desk = useDesk();
  const solo = useMirror((mirror) => mirror.snapshot?.person?.solo === true);
  const box = useRef<HTMLElement>(null);
  const pane = useRef<HTMLElement>(null);
  const card = useCard(request.digest);
  const explained = useExplanation(request);
  const ready = card.state === 'ready' && explained !== undefined;
  const seen = useSeen(pane, ready);
  const gestures = useGestures(request.digest, box, ready, seen.left === 0);
  return (
    <article ref={box} className={css['card']} id="card" tabIndex={-1} aria-labelledby="card-title">
      <header
        className={css['bar']}
        data-tier={request.stage === 'open' ? request.tier : undefined}
      >
        <div className={css['back']}>
          <Button look="link" onPress={() => closeCard(desk)}>
            {CARD.back}
          </Button>
        </div>
        <p className={css['facts']}>
          <TierMark tier={request.tier} named />
          <span className={css['takes']}>{tierTakes(request.tier, solo)}</span>
          {request.stage === 'open' && <Countdown request={request} full />}
          {solo && <span className={css['solo']}>{SOLO_LINE}</span>}
          <Same request={request} />
        </p>
        <h2 id="card-title" className={css['title']}>
          <Plain>{request.title}</Plain>
        </h2>
        {request.asked !== undefined && <AskedLine request={request} asked={request.asked} />}
        {request.stage === 'open' ? (
          <Verdict request={request} card={card} box={box} gestures={gestures} seen={seen} />
        ) : (
          <Outcome request={request} />
        )}
      </header>
      <Scroll ref={pane} className={css['pane']} label={CARD.whole}>
        {card.state !== 'failed' && !ready && <p className={css['quiet']}>{CARD.reading}</p>}
        {card.state === 'failed' && (
          <p className={css['failed']} role="alert">
            {card.says}
          </p>
        )}
        {card.state === 'ready' && explained !== undefined && (
          <>
            <Suspense>
              {card.parent !== undefined && <Changed parent={card.parent} />}
              {request.decisions.some(({ changes }) => changes !== undefined) && (
                <Proposed request={request} payload={card.payload} />
              )}
            </Suspense>
            {card.view.flags.length > 0 && (
              <ul className={css['warnings']} aria-label={CARD.warnings}>
                {card.view.flags.map((flag) => (
                  <li key={flag}>{FLAG_SAYS[flag]}</li>
                ))}
              </ul>
            )}
            <Rows
              rows={card.view.rows}
              between={
                <Suspense fallback={null}>
                  <Why explained={explained} />
                </Suspense>
              }
            />
            <Past digest={request.digest} />
            <RawBytes payload={card.payload} />
          </>
        )}
      </Scroll>
    </article>
  );
}
