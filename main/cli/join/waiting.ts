// Whether this machine's person has asked to join by the command line and has no answer yet. A join that the window began
// keeps its invitation, and the app goes on with it by itself.

import type { Machine } from '../../hosts/processes/machine.ts';
import { openHome, stateHome } from '../../state/home.ts';
import { mayJoin, waitingInvitation, waitingJoin } from '../../state/joined.ts';

export function leftWaiting(machine: Machine): boolean {
  const root = stateHome(machine.env, machine.platform, machine.homedir);
  const home = root.ok ? openHome(root.value, { uid: machine.uid, create: false }) : root;
  // What cannot be opened is for the app to say.
  if (!home.ok || !mayJoin(home.value, 'reviewer').ok) return false;
  const waits = waitingJoin(home.value, 'reviewer');
  return (
    waits.ok && waits.value !== undefined && waitingInvitation(home.value, 'reviewer') === undefined
  );
}
