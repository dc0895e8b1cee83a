// Sleep and wake. A laptop that slept has a dead connection and an old picture: on waking both are asked anew. A locked
// screen leaves the key as it is, for its 12 hours: it is noted, so that a reader of the journal sees when nobody was there.

import type { PowerMonitor } from 'electron';

export function followPower(
  monitor: PowerMonitor,
  does: { readonly woke: () => void; readonly note: (line: string) => void },
): void {
  monitor.on('suspend', () => does.note('the machine goes to sleep'));
  monitor.on('resume', () => {
    does.note('the machine is awake again');
    does.woke();
  });
  // macOS and Windows only; on Linux nothing tells.
  monitor.on('lock-screen', () => does.note('the screen is locked; the key stays as it is'));
}
