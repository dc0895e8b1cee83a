// The approve button: a click, or for the high tier a press held for a second. Off is said, not hidden. Only what the
// browser itself calls a person's input counts; main judges the order and the intervals.

import { type ReactNode, useEffect, useRef, useState } from 'react';
import type { Tier } from '../../../shared/domain/tier.ts';
import { classes } from '../../ui/classes.ts';
import { Button } from '../../ui/Button.tsx';
import { CARD } from '../../words/card.ts';
import { decideSays } from '../../words/decide.ts';
import button from '../../ui/Button.module.css';
import css from './card.module.css';
import { HOLD_KEY_EVENT } from './use-card-keys.ts';
import type { Gestures } from './use-gestures.ts';

/** A little over main's second: main's clock starts when the press arrives there. */
const HOLD_MS = 1080;

type ApproveProps = {
  readonly tier: Tier;
  readonly off: boolean;
  readonly busy: boolean;
  readonly gestures: Gestures;
  /** A whole press: checks the rest first. */
  readonly press: () => void;
  /** After a hold whose start was checked. */
  readonly approve: () => void;
  readonly complain: (says: string) => void;
};

export function Approve(props: ApproveProps): ReactNode {
  if (props.tier === 'high') return <Hold {...props} />;
  return (
    <span data-approve="">
      <Button
        look="yes"
        off={props.off}
        describedBy="verdict-note"
        {...(props.tier === 'critical' ? {} : { keys: 'a' })}
        onPress={(trusted) => {
          if (trusted) props.press();
        }}
      >
        {props.busy ? CARD.sending : CARD.approve}
      </Button>
    </span>
  );
}

function Hold({ off, busy, gestures, approve, complain }: ApproveProps): ReactNode {
  const [holding, setHolding] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const down = (): void => {
    if (off || timer.current !== undefined) return;
    if (gestures.tooSoon()) {
      gestures.tell('clicked');
      return complain(decideSays('tooSoon'));
    }
    gestures.tell('pressed');
    setHolding(true);
    timer.current = setTimeout(() => {
      timer.current = undefined;
      setHolding(false);
      approve();
    }, HOLD_MS);
  };
  const up = (): void => {
    if (timer.current === undefined) return;
    clearTimeout(timer.current);
    timer.current = undefined;
    setHolding(false);
    gestures.tell('released');
    complain(decideSays('notHeld'));
  };
  // The key `a` holds this button from anywhere on the card.
  const latest = useRef({ down, up });
  useEffect(() => {
    latest.current = { down, up };
  });
  useEffect(() => {
    const held = (event: Event): void => {
      if (event instanceof CustomEvent && event.detail === 'down') latest.current.down();
      else latest.current.up();
    };
    document.addEventListener(HOLD_KEY_EVENT, held);
    window.addEventListener('blur', held);
    return () => {
      document.removeEventListener(HOLD_KEY_EVENT, held);
      window.removeEventListener('blur', held);
      clearTimeout(timer.current);
    };
  }, []);
  return (
    <button
      type="button"
      data-approve=""
      data-holding={holding || undefined}
      className={classes(button['button'], button['yes'], css['hold'])}
      aria-disabled={off || undefined}
      aria-describedby="verdict-note"
      aria-keyshortcuts="a"
      onPointerDown={(event) => {
        if (event.isTrusted && event.button === 0) down();
      }}
      onPointerUp={up}
      onPointerLeave={up}
      onPointerCancel={up}
      onContextMenu={(event) => event.preventDefault()}
      onKeyDown={(event) => {
        if (event.key !== ' ' && event.key !== 'Enter') return;
        event.preventDefault();
        if (event.isTrusted && !event.repeat) down();
      }}
      onKeyUp={(event) => {
        if (event.key === ' ' || event.key === 'Enter') up();
      }}
      onBlur={up}
    >
      <span className={css['holdFill']} aria-hidden="true" />
      <span className={css['holdText']}>{busy ? CARD.sending : CARD.hold}</span>
    </button>
  );
}
