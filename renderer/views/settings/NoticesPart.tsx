// What a notification gives away, to eyes and to ears.

import { type ReactNode, useState } from 'react';
import type { Settings } from '../../../shared/ipc/settings.ts';
import { Tick } from '../../ui/Tick.tsx';
import { SETTINGS_WORDS, SOUND_NAME } from '../../words/settings.ts';
import { Part } from './Part.tsx';
import css from './settings.module.css';
import type { Put } from './use-settings.ts';

type Sound = Settings['sound'];
// Their order is that of the words' own table.
const SOUNDS = Object.keys(SOUND_NAME) as readonly Sound[];

type NoticesPartProps = { readonly values: Settings; readonly put: Put };

export function NoticesPart({ values, put }: NoticesPartProps): ReactNode {
  const [fault, setFault] = useState<{ readonly details?: string; readonly sound?: string }>({});
  const putDetails = async (on: boolean): Promise<void> => {
    const says = await put({ details: on });
    setFault(says === undefined ? {} : { details: says });
  };
  const putSound = async (sound: Sound): Promise<void> => {
    const says = await put({ sound });
    setFault(says === undefined ? {} : { sound: says });
  };
  return (
    <Part title={SETTINGS_WORDS.appearance}>
      <Tick
        label={SETTINGS_WORDS.details}
        hint={SETTINGS_WORDS.detailsHint}
        on={values.details}
        change={(on) => void putDetails(on)}
        fault={fault.details}
      />
      <fieldset className={css['choices']}>
        <legend>{SETTINGS_WORDS.sound}</legend>
        {SOUNDS.map((sound) => (
          <Tick
            key={sound}
            among="sound"
            label={SOUND_NAME[sound]}
            on={values.sound === sound}
            change={() => void putSound(sound)}
          />
        ))}
        {fault.sound !== undefined && (
          <p className={css['fault']} role="alert">
            {fault.sound}
          </p>
        )}
      </fieldset>
    </Part>
  );
}
