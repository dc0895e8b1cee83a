// A request's card from its signed bytes: fetched, compared with the digest that names them, rendered here. Attachments
// are fetched by digest and hashed again. Anything that does not fit is a card that cannot be shown.

import { useEffect, useState } from 'react';
import { fromB64 } from '../../../shared/bytes.ts';
import type { Bridge } from '../../../shared/ipc/contract.ts';
import { renderView, type View } from '../../../shared/statement/view/render.ts';
import { ask } from '../../store/commands.ts';
import { useDesk, useMirror } from '../../store/context.ts';
import { CARD_FAILED, type CardFailure, NOT_REACHED, OPEN_FAILED } from '../../words/failures.ts';
import type { Parent } from './parent-of.ts';
import { sha256 } from './screen-text.ts';

export type CardState =
  | { readonly state: 'loading' }
  | { readonly state: 'failed'; readonly says: string }
  | {
      readonly state: 'ready';
      readonly payload: Uint8Array;
      readonly view: View;
      /** Only of a request that changes another one. */
      readonly parent?: Parent;
    };

export function useCard(digest: string): CardState {
  const { bridge } = useDesk();
  const reachable = useMirror((mirror) => mirror.wire === 'open');
  const [card, setCard] = useState<CardState>({ state: 'loading' });
  const wanted = reachable && card.state !== 'ready';
  useEffect(() => {
    if (!wanted) return;
    let current = true;
    void loadCard(bridge, digest).then((loaded) => {
      if (current) setCard(loaded);
    });
    return () => {
      current = false;
    };
  }, [bridge, digest, wanted]);
  return card;
}

const failed = (why: CardFailure, detail?: string): CardState => ({
  state: 'failed',
  says: detail === undefined ? CARD_FAILED[why] : `${CARD_FAILED[why]} (${detail})`,
});

async function loadCard(bridge: Bridge, digest: string): Promise<CardState> {
  const opened = await ask(bridge.request.open({ digest }));
  if (opened === undefined) return { state: 'failed', says: NOT_REACHED };
  if (!opened.ok) return { state: 'failed', says: OPEN_FAILED[opened.code] };
  const payload = fromB64(opened.value.payload);
  if (payload === undefined || (await sha256(payload)) !== digest) return failed('digest');
  const attachments = new Map<string, Uint8Array>();
  for (const { sha256: wanted } of opened.value.attachments) {
    const bytes = await attachment(bridge, digest, wanted);
    if (bytes === undefined) return failed('attachment');
    attachments.set(wanted, bytes);
  }
  const view = renderView(payload, attachments);
  if (!view.ok) return failed('render', view.code);
  // Whether it is verified is main's to say as it happens, on the row: the checkpoint may come after the card.
  const said = opened.value.parent;
  const parent = said && (await (await import('./parent-of.ts')).parentOf(payload, said));
  return { state: 'ready', payload, view: view.value, ...(parent ? { parent } : {}) };
}

async function attachment(
  bridge: Bridge,
  digest: string,
  wanted: string,
): Promise<Uint8Array | undefined> {
  const got = await ask(bridge.request.attachment({ digest, sha256: wanted }));
  const bytes = got?.ok === true ? fromB64(got.value.bytes) : undefined;
  return bytes !== undefined && (await sha256(bytes)) === wanted ? bytes : undefined;
}
