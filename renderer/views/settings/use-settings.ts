// The settings as main has them, and how to change one. What is shown is always main's answer, never the wish.

import { useCallback, useEffect, useState } from 'react';
import type { Settings, SettingsChange } from '../../../shared/ipc/settings.ts';
import { ask } from '../../store/commands.ts';
import { useDesk } from '../../store/context.ts';
import { NOT_REACHED } from '../../words/failures.ts';
import { SETTINGS_WORDS } from '../../words/settings.ts';

/** Why it was not taken; undefined where it was. */
export type Put = (part: Omit<SettingsChange, 'snoozeUntil'>) => Promise<string | undefined>;

export type SettingsHere =
  | { readonly state: 'reading' | 'failed' }
  | {
      readonly state: 'here';
      readonly values: Settings;
      readonly put: Put;
      readonly reload: () => void;
    };

export function useSettings(): SettingsHere {
  const { bridge } = useDesk();
  const [values, setValues] = useState<Settings>();
  const [failed, setFailed] = useState(false);
  const reload = useCallback(() => {
    void ask(bridge.settings.get({})).then((answer) => {
      setFailed(answer === undefined);
      if (answer !== undefined) setValues(answer);
    });
  }, [bridge]);
  useEffect(reload, [reload]);
  const put: Put = async (part) => {
    const answer = await ask(bridge.settings.set(part));
    if (answer === undefined) return NOT_REACHED;
    if (!answer.ok) return SETTINGS_WORDS.notStored;
    setValues(answer.value);
    return undefined;
  };
  if (values !== undefined) return { state: 'here', values, put, reload };
  return { state: failed ? 'failed' : 'reading' };
}
