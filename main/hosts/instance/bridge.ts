// A Bridge over any way to call and to listen, made from the contract's own keys: nobody writes a channel name. Outputs and
// events are parsed, so that what a caller holds has the contract's shape, whoever sent it.

import type { BridgeOf, Contract, Member } from '../../../shared/ipc/define.ts';

export type Transport = {
  readonly call: (name: string, input: unknown) => Promise<unknown>;
  readonly listen: (tell: (event: string, payload: unknown) => void) => () => void;
};

export function bridgeOver<C extends Contract>(contract: C, transport: Transport): BridgeOf<C> {
  const groups = Object.entries(contract).map(([group, members]) => [
    group,
    Object.fromEntries(
      Object.entries(members).map(([name, member]) => [
        name,
        memberOver(`${group}.${name}`, member, transport),
      ]),
    ),
  ]);
  // Built from exactly the contract's groups and members, each by its kind.
  return Object.fromEntries(groups) as BridgeOf<C>;
}

function memberOver(name: string, member: Member, { call, listen }: Transport): unknown {
  if (member.kind === 'call') {
    return async (input: unknown) => member.output.parse(await call(name, input));
  }
  return (tell: (payload: unknown) => void) =>
    listen((event, payload) => {
      if (event === name) tell(member.payload.parse(payload));
    });
}
