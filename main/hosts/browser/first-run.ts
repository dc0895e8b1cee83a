// A first run that no browser could be opened for: the terminal asks for the passphrase too, and whichever of the two is
// first has made the keys. The other one is told.

import type { Bridge } from '../../../shared/ipc/contract.ts';
import type { Machine } from '../processes/machine.ts';
import type { Stops } from '../processes/stopping.ts';
import type { Stopper } from '../processes/until-stopped.ts';
import { setUpByAsking } from '../terminal/key.ts';
import { openLines } from '../terminal/lines.ts';

/** Returns at once; asks in the background until answered, set up elsewhere, or stopped. */
export function askOnFirstRun(options: {
  readonly machine: Machine;
  readonly bridge: Bridge;
  readonly stops: Stops;
  readonly stopper: Stopper;
}): void {
  const { machine, bridge, stops, stopper } = options;
  const made = new AbortController();
  const stop = bridge.app.changed(({ changes }) => {
    const other = changes.some(
      (one) =>
        (one.what === 'key' && one.value.state !== 'absent') ||
        (one.what === 'joining' && one.value !== undefined),
    );
    if (other) made.abort();
  });
  const ask = async (): Promise<void> => {
    const { key, joining } = await bridge.app.snapshot({});
    if (key.state !== 'absent' || joining !== undefined) return;
    const lines = openLines(machine.terminal, stopper.ask);
    stops.add('the prompt', lines.close);
    await setUpByAsking(bridge, lines, made.signal);
    lines.close();
  };
  // The window asks as well: what goes wrong here keeps nobody from setting up.
  void ask()
    .catch(() => {})
    .finally(stop);
}
