// Answers the contract's calls over any channel that carries JSON: parses the frame, passes the call on with what the host
// knows about the caller, and forwards events. Nothing a peer sends can name its own surface.

import { CallFrame, type ServerFrame } from '../../../shared/ipc/frames.ts';
import type { Caller } from '../../../shared/ipc/contract.ts';
import type { ReviewerApp } from '../../app/compose.ts';

export type AnswerCall = (
  name: string,
  input: unknown,
  caller: Caller,
) => Promise<
  { readonly output: unknown } | { readonly failed: 'unknownCall' | 'badInput' | 'internal' }
>;

/** What a host shows to its peers. */
export type Served = { readonly answer: AnswerCall; readonly listen: ReviewerApp['listen'] };

export type CallSession = {
  /** False where the text is not a call frame: the channel is then closed. */
  readonly take: (text: string) => boolean;
  readonly close: () => void;
};

/** Calls one peer may have open: a page asks for a few, never for hundreds. */
const MAX_OPEN = 64;

export function callSession(
  served: Served,
  caller: Caller,
  send: (frame: ServerFrame) => void,
): CallSession {
  let open = 0;
  let closed = false;
  const stopListening = served.listen((event, payload) => send({ event, payload }));
  const reply = (frame: ServerFrame): void => {
    open -= 1;
    if (!closed) send(frame);
  };
  return {
    take: (text) => {
      const frame = CallFrame.safeParse(jsonOf(text));
      if (!frame.success || open >= MAX_OPEN) return false;
      const { call, id, input } = frame.data;
      open += 1;
      served.answer(call, input, caller).then(
        (answer) => reply({ reply: id, ...answer }),
        () => reply({ reply: id, failed: 'internal' }),
      );
      return true;
    },
    close: () => {
      closed = true;
      stopListening();
    },
  };
}

export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
