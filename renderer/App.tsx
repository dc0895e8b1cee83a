// Picks the screen from the state; nothing else. The desk is there at once; what is not needed to decide comes when asked for.

import { lazy, type ReactNode, Suspense } from 'react';
import { Banners } from './parts/Banners.tsx';
import { Help } from './parts/Help.tsx';
import { LastSeconds } from './parts/LastSeconds.tsx';
import { Live } from './parts/Live.tsx';
import css from './parts/shell.module.css';
import { TopBar } from './parts/TopBar.tsx';
import { useMirror, useView } from './store/context.ts';
import { Desk } from './views/desk/Desk.tsx';
import { Refused } from './views/setup/Refused.tsx';
import { Unlock } from './views/unlock/Unlock.tsx';
import { STARTING } from './words/first-run.ts';
import { APP_NAME, SHELL } from './words/shell.ts';

const History = lazy(async () => ({
  default: (await import('./views/history/History.tsx')).History,
}));
const Settings = lazy(async () => ({
  default: (await import('./views/settings/Settings.tsx')).Settings,
}));

const Granted = lazy(async () => ({
  default: (await import('./views/granted/Granted.tsx')).Granted,
}));

/** Once in the life of a machine. */
const Setup = lazy(async () => ({ default: (await import('./views/setup/Setup.tsx')).Setup }));

const SCREENS = {
  desk: <Desk />,
  granted: <Granted />,
  history: <History />,
  settings: <Settings />,
} as const;

export function App(): ReactNode {
  const wire = useMirror((mirror) => mirror.wire);
  const key = useMirror((mirror) => mirror.snapshot?.key.state);
  const screen = useView((view) => view.screen);
  const looking = useView((view) => view.looking);
  if (wire === 'refused') return <Refused />;
  if (key === undefined)
    return (
      <main className={css['starting']} aria-busy="true">
        <h1 className="unseen">{APP_NAME}</h1>
        <p>{STARTING}</p>
      </main>
    );
  if (key === 'absent')
    return (
      <Suspense fallback={<Coming />}>
        <Setup />
      </Suspense>
    );
  if (key === 'locked' && !looking) return <Unlock />;
  return (
    <div className={css['shell']}>
      <TopBar />
      <Banners />
      <Suspense fallback={<Coming />}>{SCREENS[screen]}</Suspense>
      <Help />
      <Live />
      <LastSeconds />
    </div>
  );
}

const Coming = (): ReactNode => (
  <main className={css['starting']} aria-busy="true">
    <p>{SHELL.loading}</p>
  </main>
);
