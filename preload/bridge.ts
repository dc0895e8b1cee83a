// Contract -> one frozen object of calls and listeners. It carries nothing of Electron: the two functions it needs are
// handed in, and a channel name is only ever `group.member` of the contract itself.

import { type Bridge, CONTRACT } from '../shared/ipc/contract.ts';

export type Ipc = {
  readonly invoke: (channel: string, input: unknown) => Promise<unknown>;
  /** Returns its own end. */
  readonly listen: (channel: string, listen: (payload: unknown) => void) => () => void;
};

export function makeBridge(ipc: Ipc): Bridge {
  const groups = Object.entries(CONTRACT).map(([group, members]) => {
    const made = Object.entries(members).map(([member, { kind }]) => {
      const channel = `${group}.${member}`;
      const use =
        kind === 'event'
          ? (listen: (payload: unknown) => void) => ipc.listen(channel, listen)
          : (input: unknown) => ipc.invoke(channel, input);
      return [member, use] as const;
    });
    return [group, Object.freeze(Object.fromEntries(made))] as const;
  });
  // Made from the contract's own keys; main parses what goes in and what comes out.
  return Object.freeze(Object.fromEntries(groups)) as unknown as Bridge;
}
