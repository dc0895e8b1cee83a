// Whether the editor of a change is open. Closed, the focus goes back to the button that opened it.

import { useMemo, useState } from 'react';
import { decodeCj } from '../../../shared/statement/cj1.ts';
import { membersOf } from '../../../shared/statement/view/part.ts';
import { MAX_PAYLOAD_BYTES } from '../../../shared/statement/view/render.ts';
import type { CardState } from './use-card.ts';

export type Change = {
  /** The request's own bytes; undefined where nothing can be changed, or the card is not there yet. */
  readonly payload: Uint8Array | undefined;
  readonly editing: boolean;
  readonly open: () => void;
  readonly close: () => void;
  readonly toggle: () => void;
};

/** What a guard sends on itself has no part that a person may edit. */
const KINDS: readonly unknown[] = ['exec', 'mcp', 'tool'];

export function useChange(card: CardState): Change {
  const [editing, setEditing] = useState(false);
  const whole = card.state === 'ready' ? card.payload : undefined;
  const payload = useMemo(() => (whole && canChange(whole) ? whole : undefined), [whole]);
  const close = (): void => {
    setEditing(false);
    document.querySelector<HTMLElement>('[data-change]')?.closest('button')?.focus();
  };
  return {
    payload,
    editing: editing && payload !== undefined,
    open: () => setEditing(payload !== undefined),
    close,
    toggle: () => (editing ? close() : setEditing(true)),
  };
}

function canChange(payload: Uint8Array): boolean {
  const request = decodeCj(payload, MAX_PAYLOAD_BYTES);
  const action = request.ok ? membersOf(membersOf(request.value)?.['action']) : undefined;
  return KINDS.includes(action?.['kind']);
}
