// The reviewer's side of a trip: every request that its stream brings is approved at once, by a real decision in the chain of
// the reviewer's key, over the newest head that came. What an app does before a person sees a request (verifying, rendering)
// and the person are left out: every peer's approver only signs too.

import { fromUtf8, toB64, utf8 } from '../../shared/bytes.ts';
import type { AnyServerMessage } from '../../shared/protocol/messages.ts';
import { NO_DECISION } from '../../shared/statement/decision.ts';
import type { Request } from '../../shared/statement/request.ts';
import { sha256Hex } from '../../main/trust/digest.ts';
import { decisionBy, type Person } from '../kit/wire-world.ts';
import { keyringDigest, VIEW } from './ours-guard.ts';
import type { OursConfig } from './ours-house.ts';
import { RealTime } from './ours-request.ts';
import { bytesOf, keyOf, openWire, type Wire } from './ours-wire.ts';

const REQUEST = '"application/vnd.countersign.request.v1+json"';

export async function openReviewer(config: OursConfig): Promise<void> {
  await openReviewing(config, 'alice');
}

/** Follows from the log's end at the moment it logs in. */
export async function openReviewing(config: OursConfig, id: string): Promise<Pick<Wire, 'close'>> {
  const decision = keyOf(config.keys.decision);
  const session = keyOf(config.keys.reviewerSession);
  const who: Person = { id, decision, session, witness: session, device: `${id}-laptop` };
  const time = new RealTime();
  const keyring = { version: 1, sha256: keyringDigest(config) };
  let chain = { seq: 1, prev: NO_DECISION as string };
  let note = '';
  const decide = (payload: Uint8Array): void => {
    // The broker has checked its schema.
    const { policy } = JSON.parse(fromUtf8(payload)) as Request;
    const { sha256, rules } = policy;
    const change = {
      chain,
      policy: { sha256, rules },
      checkpoint: toB64(utf8(note)),
      view: { ...VIEW, flags: [] },
      keyring,
    };
    const signed = decisionBy(who, time, sha256Hex(payload), change);
    chain = { seq: chain.seq + 1, prev: signed.sha256 };
    void wire.ask('decision', { envelope: signed.envelope });
  };
  const wire: Wire = await openWire(config, 'reviewer', session, (message: AnyServerMessage) => {
    if (message.t === 'checkpoint') ({ note } = message.body);
    if (message.t !== 'leaves') return;
    const { from, entries } = message.body;
    for (const { leaf, payload } of entries) {
      if (payload !== undefined && leaf.includes(REQUEST)) decide(bytesOf(payload));
    }
    wire.tell('got', { cursor: from + entries.length });
  });
  note = wire.session.checkpoint;
  wire.tell('follow', { cursor: Number(note.split('\n')[1]) });
  return wire;
}
