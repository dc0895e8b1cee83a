// What stands over everything: the link, the log, the window's own connection. Most severe first; one at a time.

import type { Snapshot } from '../../shared/ipc/snapshot.ts';
import type { WireState } from '../socket-wire.ts';
import { onCallTrouble } from './on-call.ts';
import { atClock } from './time.ts';

export type Banner = {
  readonly kind: 'alarm' | 'warning';
  readonly title: string;
  readonly text: string;
};

/** Over every screen, where nothing but a look at it would show a request. */
const UNREACHABLE = {
  title: 'Nothing can reach you',
  text: 'Keep this window in sight, or see Settings.',
} as const;

const EXPOSED = {
  title: 'This connection is not encrypted',
  text: 'Others on the network can read every request and every decision along with you. They can’t change them: those stay signed.',
} as const;

export function bannersOf(snapshot: Snapshot, wire: WireState): readonly Banner[] {
  const { link, log } = snapshot;
  const out: Banner[] = [];
  if (log.alarm !== undefined)
    out.push({
      kind: 'alarm',
      title:
        log.alarm.code === 'wentBackwards'
          ? 'Your key has signed what this device has not'
          : 'The log does not agree with itself',
      text: `${log.alarm.detail} Nothing may be approved. Since ${atClock(log.alarm.at)}, code ${log.alarm.code}.`,
    });
  if (link.state === 'stranger')
    out.push({
      kind: 'alarm',
      title: 'A stranger answers at the broker’s address',
      text: `It is not the broker of your keyring, and it was told nothing. Since ${atClock(link.since)}.`,
    });
  if (wire !== 'open')
    out.push({
      kind: 'warning',
      title: 'The app is not answering',
      text: 'What you see may be old. Trying again.',
    });
  else if (link.state === 'offline')
    out.push({
      kind: 'warning',
      title: 'Offline',
      text: `The broker can’t be reached since ${atClock(link.since)} (${link.why}). Requests stay held. Trying again.`,
    });
  // Who is on call has more to lose by it: said in its place.
  const onCall = snapshot.onCall && onCallTrouble(snapshot.onCall, snapshot.reach);
  if (out.length === 0 && onCall !== undefined) out.push({ kind: 'warning', ...onCall });
  else if (out.length === 0 && snapshot.reach?.by === 'nothing')
    out.push({ kind: 'warning', ...UNREACHABLE });
  // For as long as it is so: it comes beside what else is wrong, and hides nothing of it.
  if (link.state === 'online' && link.exposed === true) out.push({ kind: 'warning', ...EXPOSED });
  return out;
}

/** Beside the person's name, always. */
export function linkSays(snapshot: Snapshot, wire: WireState): string {
  if (wire !== 'open') return 'App not answering';
  switch (snapshot.link.state) {
    case 'starting':
      return 'Connecting';
    case 'online':
      return snapshot.link.exposed === true ? 'Connected, not encrypted' : 'Connected';
    case 'offline':
      return 'Offline';
    case 'stranger':
      return 'Stranger at the address';
  }
}
