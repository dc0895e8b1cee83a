// What protects the keys, whether anything can reach this person, and when it may. Each thing is stored as it is changed,
// and a failure stands where it was set.

import type { ReactNode } from 'react';
import { useScreenKeys } from '../../ui/use-screen-keys.ts';
import { Scroll } from '../../ui/Scroll.tsx';
import { SETTINGS_WORDS } from '../../words/settings.ts';
import { SHELL } from '../../words/shell.ts';
import { KeysPart } from './KeysPart.tsx';
import { MeterPart } from './MeterPart.tsx';
import { NoticesPart } from './NoticesPart.tsx';
import { OnCallPart } from './OnCallPart.tsx';
import { QuietPart } from './QuietPart.tsx';
import { ReachPart } from './ReachPart.tsx';
import { StartPart } from './StartPart.tsx';
import css from './settings.module.css';
import { useSettings } from './use-settings.ts';

export function Settings(): ReactNode {
  const settings = useSettings();
  useScreenKeys();
  return (
    <main className={css['screen']}>
      <Scroll className={css['page']} labelledBy="settings-title">
        <div className={css['column']}>
          <h2 id="settings-title">{SETTINGS_WORDS.title}</h2>
          <KeysPart />
          <ReachPart />
          <OnCallPart />
          <MeterPart />
          {settings.state === 'reading' && <p aria-busy="true">{SHELL.loading}</p>}
          {settings.state === 'failed' && <p role="alert">{SETTINGS_WORDS.notRead}</p>}
          {settings.state === 'here' && (
            <>
              <QuietPart values={settings.values} put={settings.put} reload={settings.reload} />
              <NoticesPart values={settings.values} put={settings.put} />
            </>
          )}
          <StartPart />
        </div>
      </Scroll>
    </main>
  );
}
