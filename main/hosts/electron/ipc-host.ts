// The contract over Electron's IPC: one `handle` for every call, which admits only our own page in the main frame of our
// own window and passes on what the contract's parser takes. Handlers live on that window alone, not on the process.

import type { IpcMainInvokeEvent, WebContents } from 'electron';
import { type Caller, CONTRACT } from '../../../shared/ipc/contract.ts';
import type { Contract } from '../../../shared/ipc/define.ts';
import type { Served } from '../instance/calls.ts';
import { mayCall } from './origin.ts';

/** Calls a page may have open: it asks for a few, never for hundreds. */
const MAX_OPEN = 64;

export type IpcHostOptions = {
  readonly contents: Pick<WebContents, 'ipc' | 'mainFrame'>;
  readonly served: Pick<Served, 'answer'>;
  /** Asked at each call: a page that was loaded again is another caller. */
  readonly caller: () => Caller;
  readonly note: (line: string) => void;
};

export function hostCalls({ contents, served, caller, note }: IpcHostOptions): void {
  let open = 0;
  const handle = (channel: string): void => {
    contents.ipc.handle(channel, async (event: IpcMainInvokeEvent, input: unknown) => {
      if (!mayCall(event.senderFrame, contents.mainFrame)) {
        note(`refused: ${channel} from a frame that is not the window's own page`);
        throw new Error('refused');
      }
      if (open >= MAX_OPEN) throw new Error('tooManyCalls');
      open += 1;
      try {
        const answer = await served.answer(channel, input, caller());
        if ('failed' in answer) throw new Error(answer.failed);
        return answer.output;
      } finally {
        open -= 1;
      }
    });
  };
  const contract: Contract = CONTRACT;
  for (const [group, members] of Object.entries(contract)) {
    for (const [member, { kind }] of Object.entries(members)) {
      if (kind === 'call') handle(`${group}.${member}`);
    }
  }
}
