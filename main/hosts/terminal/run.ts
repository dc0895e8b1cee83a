// `countersign review` as a whole: with the app that runs, once the passphrase is proved; where none runs, with the app in
// this process, its store and broker started and stopped in the same way as under a window.

import type { Socket } from 'node:net';
import { ok, type Result } from '../../../shared/result.ts';
import type { Home } from '../../state/home.ts';
import { type Claim, claimInstance, findInstance } from '../instance/claim.ts';
import { enterReview } from '../instance/client.ts';
import { localBridge, servedBy, unlockOf } from '../instance/local.ts';
import { instancePlace, type Place } from '../instance/place.ts';
import { servePeers } from '../instance/serve.ts';
import type { Machine } from '../processes/machine.ts';
import { type Compose, startParts } from '../processes/parts.ts';
import { startHome } from '../processes/start-home.ts';
import { stopsInReverse } from '../processes/stopping.ts';
import { untilStopped } from '../processes/until-stopped.ts';
import { openKey, passphraseFromFile, setUpByAsking, unlockByAsking } from './key.ts';
import { type Lines, openLines } from './lines.ts';
import { type ReviewOptions, runReview } from './review.ts';
import * as words from './words.ts';

const NOT_CONFIGURED = 78;
const UNAVAILABLE = 75;

/** The exit code: 0 left, 75 the app is away, 77 the passphrase was refused, 78 the state can't be used. */
export async function reviewInTerminal(
  machine: Machine,
  compose: Compose,
  talk: Talk = runReview,
): Promise<number> {
  const say = (sentence: string | undefined, code: number): number => {
    machine.terminal.errors.write(`countersign: ${sentence ?? 'failed'}\n`);
    return code;
  };
  const home = startHome(machine);
  if (!home.ok) return say(home.detail, NOT_CONFIGURED);
  const passphrase = passphraseFromFile(machine.env);
  if (!passphrase.ok) return say(passphrase.detail, NOT_CONFIGURED);
  const place = instancePlace(home.value, machine);
  if (!place.ok) return say(place.detail, NOT_CONFIGURED);
  const claimed = await claimInstance(place.value, machine);
  if (!claimed.ok) return say(claimed.detail, UNAVAILABLE);
  const given = passphrase.value;
  if ('second' in claimed.value) {
    claimed.value.second.destroy();
    return reviewRemote(machine, place.value, given, say, talk);
  }
  const { first } = claimed.value;
  return reviewHere({ machine, compose, home: home.value, claim: first, given, say, talk });
}

/** What is done once the key is open; the exit code. */
export type Talk = (options: ReviewOptions) => Promise<number>;
type Say = (sentence: string | undefined, code: number) => number;

async function reviewRemote(
  machine: Machine,
  place: Place,
  given: string | undefined,
  say: Say,
  talk: Talk,
): Promise<number> {
  const stopper = untilStopped(machine);
  const lines = openLines(machine.terminal, stopper.ask);
  stopper.signal.addEventListener('abort', lines.close, { once: true });
  let peer: Socket | undefined;
  try {
    const passphrase = given ?? (await lines.ask(words.ASK_PASSPHRASE, { hidden: true }));
    if (passphrase === undefined) return 0;
    // Only now: the app drops a peer that says nothing for 5 s, and typing may take longer.
    const found = await findInstance(place, machine);
    if (typeof found === 'string') return say(words.APP_GONE, UNAVAILABLE);
    peer = found;
    const entered = await enterReview(peer, passphrase);
    if (!entered.ok) {
      if (entered.code === 'gone') return say(entered.detail, UNAVAILABLE);
      return say(words.unlockSays(entered.code), 77);
    }
    const { bridge, closed, close } = entered.value;
    const code = await talk({ bridge, lines, closed });
    close();
    return code;
  } finally {
    peer?.destroy();
    lines.close();
    stopper.forget();
  }
}

type Here = {
  readonly machine: Machine;
  readonly compose: Compose;
  readonly home: Home;
  readonly claim: Claim;
  readonly given: string | undefined;
  readonly say: Say;
  readonly talk: Talk;
};

async function reviewHere(here: Here): Promise<number> {
  const { machine, compose, home, claim, given, say, talk } = here;
  const stopper = untilStopped(machine);
  const lines = openLines(machine.terminal, stopper.ask);
  stopper.signal.addEventListener('abort', lines.close, { once: true });
  const journal = { note: (line: string) => lines.print(line) };
  const stops = stopsInReverse(journal.note);
  stops.add('the instance', claim.close);
  try {
    const surface = { kind: 'terminal', raise: () => {} } as const;
    const app = await startParts({ machine, home, compose, surface, journal, stops });
    if (!app.ok) return say(app.detail, app.code === 'store' ? NOT_CONFIGURED : UNAVAILABLE);
    const served = servedBy(app.value, journal);
    const front = async (): Promise<readonly string[]> => [words.RUNS_HERE];
    const unlock = unlockOf(app.value);
    claim.serve(servePeers({ served, front, unlock, timers: machine.timers }));
    const bridge = localBridge(served, CALLER);
    const ready = given === undefined ? await askKey(bridge, lines) : await openKey(bridge, given);
    if (!ready.ok) return say(ready.detail, NOT_CONFIGURED);
    return ready.value === false ? 0 : await talk({ bridge, lines });
  } finally {
    await stops.all();
    lines.close();
    stopper.forget();
  }
}

const CALLER = { surface: 'terminal', caller: 'terminal' } as const;

/** False: the person left. */
async function askKey(
  bridge: ReturnType<typeof localBridge>,
  lines: Lines,
): Promise<Result<boolean, 'key'>> {
  const { key } = await bridge.app.snapshot({});
  if (key.state === 'unlocked') return ok(true);
  return ok(
    key.state === 'absent'
      ? await setUpByAsking(bridge, lines)
      : await unlockByAsking(bridge, lines),
  );
}
