// Not now: quiet about this one for a while, or leave it to the others. The request stays held and goes on expiring;
// whether somebody else may decide it meanwhile is main's answer, said as it is.

import { type ReactNode, useEffect } from 'react';
import { handOver, snooze, type Told } from '../../store/attention.ts';
import { useDesk } from '../../store/context.ts';
import { Button } from '../../ui/Button.tsx';
import { Drop, DropNote, WithMark } from '../../ui/Drop.tsx';
import { isTyping } from '../../ui/is-typing.ts';
import { LATER } from '../../words/card.ts';
import css from './card.module.css';

const MINUTE_MS = 60_000;

type LaterProps = {
  readonly digest: string;
  /** What came of it, in words. */
  readonly tell: (told: Told) => void;
};

export function Later({ digest, tell }: LaterProps): ReactNode {
  const desk = useDesk();
  useLaterKey();
  const choices: readonly (readonly [string, () => Promise<Told>])[] = [
    [LATER.quarter, () => snooze(desk, 15 * MINUTE_MS, digest)],
    [LATER.hour, () => snooze(desk, 60 * MINUTE_MS, digest)],
    [LATER.handOver, () => handOver(desk, digest)],
  ];
  return (
    <Drop
      look="quiet"
      label={LATER.label}
      keys="s"
      className={css['later']}
      text={
        <span data-later="">
          <WithMark>{LATER.open}</WithMark>
        </span>
      }
      end
    >
      {(close) => (
        <>
          <ul>
            {choices.map(([name, choose]) => (
              <li key={name}>
                <Button
                  look="quiet"
                  onPress={() => {
                    close();
                    void choose().then(tell);
                  }}
                >
                  {name}
                </Button>
              </li>
            ))}
          </ul>
          <DropNote>{LATER.note}</DropNote>
        </>
      )}
    </Drop>
  );
}

/** `s` opens the box; it chooses nothing. */
function useLaterKey(): void {
  useEffect(() => {
    const down = (event: KeyboardEvent): void => {
      if (event.key !== 's' || event.repeat || isTyping(event)) return;
      event.preventDefault();
      document.querySelector<HTMLElement>('[data-later]')?.closest('button')?.click();
    };
    document.addEventListener('keydown', down);
    return () => document.removeEventListener('keydown', down);
  }, []);
}
