// Picks the screen from the state; nothing else.

import type { ReactNode } from 'react';
import { Banners } from './parts/Banners.tsx';
import { Help } from './parts/Help.tsx';
import { Live } from './parts/Live.tsx';
import { TopBar } from './parts/TopBar.tsx';
import { useMirror, useView } from './store/context.ts';
import css from './parts/shell.module.css';
import { Desk } from './views/desk/Desk.tsx';
import { History } from './views/history/History.tsx';
import { Refused } from './views/setup/Refused.tsx';
import { Setup } from './views/setup/Setup.tsx';
import { Unlock } from './views/unlock/Unlock.tsx';
import { STARTING } from './words/first-run.ts';

export function App(): ReactNode {
  const wire = useMirror((mirror) => mirror.wire);
  const key = useMirror((mirror) => mirror.snapshot?.key.state);
  const screen = useView((view) => view.screen);
  const looking = useView((view) => view.looking);
  if (wire === 'refused') return <Refused />;
  if (key === undefined)
    return (
      <main className={css['starting']} aria-busy="true">
        <h1 className="unseen">Countersign</h1>
        <p>{STARTING}</p>
      </main>
    );
  if (key === 'absent') return <Setup />;
  if (key === 'locked' && !looking) return <Unlock />;
  return (
    <div className={css['shell']}>
      <TopBar />
      <Banners />
      {screen === 'desk' ? <Desk /> : <History />}
      <Help />
      <Live />
    </div>
  );
}
