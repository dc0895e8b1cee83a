// The name, the screens, whether we are connected, whose key it is and until when it is open.

import type { ReactNode } from 'react';
import { lock } from '../store/commands.ts';
import { useDesk, useMirror, useView } from '../store/context.ts';
import { waitingCount } from '../store/select.ts';
import { Button } from '../ui/Button.tsx';
import tabs from '../ui/Tabs.module.css';
import { linkSays } from '../words/banners.ts';
import { grantsSay, waitSay } from '../words/counts.ts';
import { APP_NAME, SCREEN_NAME, SHELL } from '../words/shell.ts';
import { atClock } from '../words/time.ts';
import css from './shell.module.css';

const SCREEN_NAMES = ['desk', 'granted', 'history', 'settings'] as const;

export function TopBar(): ReactNode {
  const desk = useDesk();
  const screen = useView((view) => view.screen);
  const snapshot = useMirror((mirror) => mirror.snapshot);
  const wire = useMirror((mirror) => mirror.wire);
  if (snapshot === undefined) return null;
  const waiting = waitingCount(snapshot);
  const granted = snapshot.grants?.filter(({ state }) => state === 'live').length ?? 0;
  const well = wire === 'open' && snapshot.link.state === 'online';
  const { key, person } = snapshot;
  return (
    <header className={css['top']}>
      <h1 className={css['name']}>{APP_NAME}</h1>
      <nav className={tabs['tabs']} aria-label={SHELL.screens}>
        {SCREEN_NAMES.map((name) => (
          <button
            key={name}
            type="button"
            aria-current={screen === name ? 'page' : undefined}
            onClick={() => desk.view.setState({ screen: name })}
          >
            {SCREEN_NAME[name]}
            {name === 'desk' && waiting > 0 && (
              <span className={css['count']}>
                <span aria-hidden="true">{waiting}</span>
                <span className="unseen">{waitSay(waiting)}</span>
              </span>
            )}
            {name === 'granted' && granted > 0 && (
              <span className={css['count']}>
                <span aria-hidden="true">{granted}</span>
                <span className="unseen">{grantsSay(granted)}</span>
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
            label={key.until === undefined ? SHELL.lockKey : SHELL.lockUntil(atClock(key.until))}
            onPress={() => lock(desk)}
          >
            {SHELL.lock}
          </Button>
        )}
        {key.state === 'locked' && (
          <Button look="link" onPress={() => desk.view.setState({ looking: false })}>
            {SHELL.unlock}
          </Button>
        )}
        <Button
          look="link"
          label={SHELL.keysLabel}
          keys="?"
          onPress={() => desk.view.setState({ help: true })}
        >
          {SHELL.keys}
        </Button>
      </p>
    </header>
  );
}
