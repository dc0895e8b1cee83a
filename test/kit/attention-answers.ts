// Answers about settings and attention for apps without either: the settings keep what they are told, nothing is shown.

import type { Answers } from '../../shared/ipc/contract.ts';
import type { Diagnosis } from '../../shared/ipc/reach.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../shared/ipc/settings.ts';
import { fail, ok } from '../../shared/result.ts';

const NOTHING: Diagnosis = {
  reach: { by: 'page', notices: 'noSurface', troubles: [] },
  buttons: false,
  maxBytes: 0,
  maxLines: 0,
};

export function attentionAnswers(): Pick<Answers, 'settings' | 'attention'> {
  let settings: Settings = DEFAULT_SETTINGS;
  let login = false;
  const loginState = () => ({ state: login ? ('on' as const) : ('off' as const) });
  const change = (part: object): Settings => {
    const given = Object.entries(part).filter(([, value]) => value !== undefined);
    settings = { ...settings, ...Object.fromEntries(given) };
    return settings;
  };
  return {
    settings: {
      get: async () => settings,
      set: async (part) => ok(change(part)),
      startAtLogin: async () => loginState(),
      setStartAtLogin: async ({ on }) => {
        login = on;
        return ok(loginState());
      },
    },
    attention: {
      snooze: async ({ until, request }) => {
        if (request === undefined) change({ snoozeUntil: until });
        return ok({ handsOver: false });
      },
      handOver: async () => fail('nobodyElse'),
      away: async () => ok({}),
      test: async () => fail('noSurface'),
      diagnosis: async () => NOTHING,
    },
  };
}
