// The requester of a system that keeps a run in its own process: its run is stopped and kept, the text goes to the approver
// over a relay that writes nothing, and the decision takes the run up again. The approver is the floor's.

import { connectFloor } from './floor.ts';
import type { Connect } from './line.ts';

/** A run that stops for its approval. Both resolve once what they did is on disk. */
export type Held = {
  readonly ask: (text: string) => Promise<void>;
  readonly resume: (decision: string) => Promise<void>;
};

export function connectHeld(
  open: (folder: string) => Promise<Held>,
  name: (text: string) => string,
): Connect {
  return async (role, to, heard) => {
    if (role === 'approver') return connectFloor(role, to, heard);
    const held = await open(to.folder);
    const fail = (error: unknown): void =>
      // As every other client does: it ends the run.
      void setImmediate(() => {
        throw error instanceof Error ? error : new Error(`${name('')} failed`);
      });
    const send = await connectFloor(role, to, (decision) => {
      held.resume(decision).then(() => heard(decision), fail);
    });
    return (text) => void held.ask(text).then(() => send(text), fail);
  };
}

/** The request's id, under which a run is kept: both texts have it. */
export const idOf = (text: string): string => (JSON.parse(text) as { readonly id: string }).id;
