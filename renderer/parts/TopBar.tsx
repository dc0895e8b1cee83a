// The name, the two screens, whether we are connected, whose key it is and until when it is open.

import type { ReactNode } from 'react';
import { lock } from '../store/commands.ts';
import { useDesk, useMirror, useView } from '../store/context.ts';
import { waitingCount } from '../store/select.ts';
import { Button } from '../ui/Button.tsx';
import { linkSays } from '../words/banners.ts';
import { atClock, counted } from '../words/time.ts';
import css from './shell.module.css';

export function TopBar(): ReactNode {
  const desk = useDesk();
  const screen = useView((view) => view.screen);
  const snapshot = useMirror((mirror) => mirror.snapshot);
  const wire = useMirror((mirror) => mirror.wire);
  if (snapshot === undefined) return null;
  const waiting = waitingCount(snapshot);
  const well = wire === 'open' && snapshot.link.state === 'online';
  const { key, person } = snapshot;
  return (
    <header className={css['top']}>
      <h1 className={css['name']}>Countersign</h1>
      <nav className={css['screens']} aria-label="Screens">
        {(['desk', 'history'] as const).map((name) => (
          <button
            key={name}
            type="button"
            aria-current={screen === name ? 'page' : undefined}
            onClick={() => desk.view.setState({ screen: name })}
          >
            {name === 'desk' ? 'Desk' : 'History'}
            {name === 'desk' && waiting > 0 && (
              <span className={css['count']}>
                <span aria-hidden="true">{waiting}</span>
                <span className="unseen">{counted(waiting, 'request waits', 'requests wait')}</span>
              </span>
            )}
          </button>
        ))}
      </nav>
      <p className={css['link']} data-well={well || undefined}>
        <svg viewBox="0 0 10 10" width="9" height="9" aria-hidden="true">
          {well ? (
            <circle cx="5" cy="5" r="4" fill="currentColor" />
          ) : (
            <path d="M1 1l8 8M9 1l-8 8" stroke="currentColor" strokeWidth="2" />
          )}
        </svg>
        {linkSays(snapshot, wire)}
      </p>
      <p className={css['person']}>
        {person?.name}
        {key.state === 'unlocked' && (
          <Button
            look="link"
            label={`Lock the key, open until ${atClock(key.until)}`}
            onPress={() => lock(desk)}
          >
            Lock
          </Button>
        )}
        {key.state === 'locked' && (
          <Button look="link" onPress={() => desk.view.setState({ looking: false })}>
            Unlock
          </Button>
        )}
        <Button
          look="link"
          label="Keys and help"
          keys="?"
          onPress={() => desk.view.setState({ help: true })}
        >
          Keys
        </Button>
      </p>
    </header>
  );
}
