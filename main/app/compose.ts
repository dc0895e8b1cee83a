// The reviewer app without a screen or an operating system: every part built here from the ports it is handed, started
// in one order and stopped in the reverse. Surfaces speak to `answers` and listen; they hold nothing else.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Answers } from '../../shared/ipc/contract.ts';
import { invariant } from '../../shared/result.ts';
import type { Home } from '../state/home.ts';
import { loadKey } from '../state/key-file.ts';
import { pinPath } from '../state/pin.ts';
import type { RandomBytes } from '../trust/digest.ts';
import type { TestOnly } from '../trust/passphrase.ts';
import { type AnswerPorts, buildAnswers } from './answers.ts';
import { attend } from './attention/attend.ts';
import { openJoining } from './joining.ts';
import { type KeyringFile, openKeyringFile } from './keyring-file.ts';
import { openKeys, witnessPath } from './keys.ts';
import { openAtStart } from './keys-answers.ts';
import type {
  BundledBroker,
  Clock,
  Journal,
  Notifier,
  Store,
  Surface,
  Timers,
  Vault,
} from './ports.ts';
import { openSession, type Session } from './session.ts';
import { finishSolo } from './solo.ts';
import { ownTimers } from './own-timers.ts';
import { openState, type Tell } from './state.ts';

export type AppPorts = {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: RandomBytes;
  readonly store: Store;
  readonly broker: BundledBroker;
  readonly surface: Surface;
  /** Absent where the host can show nothing beside the app. */
  readonly notifier?: Notifier;
  /** Absent where the host has no key store to offer. */
  readonly vault?: Vault | undefined;
  readonly journal: Journal;
  readonly home: Home;
  readonly version: string;
  /** This machine's id: the reviewer's device and the guard's host. */
  readonly hostName: string;
  /** Name of the account this runs under. */
  readonly account: string;
  readonly testOnly?: TestOnly;
};

export type ReviewerApp = {
  readonly answers: Answers;
  /** A screen: what it is told of counts as shown to the person. */
  readonly listen: (tell: Tell) => () => void;
  /** The same events for what shows nobody a request: an icon, a count. */
  readonly watch: (tell: Tell) => () => void;
  /** Resolves when a surface can be used; setup or unlock may still be wanted. */
  readonly start: () => Promise<void>;
  readonly stop: () => Promise<void>;
  /** Somebody asked for the app: a second start, a notification. */
  readonly raise: () => void;
  /** The machine slept: the connection may be dead, and what has expired meanwhile is looked for. */
  readonly wake: () => void;
};

export function composeApp(given: AppPorts): ReviewerApp {
  const own = ownTimers(given.timers);
  const ports = { ...given, timers: own.timers };
  const keys = openKeys(ports.home, ports.clock, ports.testOnly, ports.vault);
  const state = openState({
    host: ports.surface.kind,
    version: ports.version,
    key: { state: 'absent' },
    link: { state: 'starting' },
    log: { size: 0 },
    requests: [],
  });
  let session: Session | undefined;
  let keyrings: KeyringFile | undefined;
  let stopped = false;
  const attention = attend({ ports, keys, state, session: () => session });

  /** The organisation's log has begun a new epoch: the old copy is kept aside, and the desk fills from the new one. */
  const beginAgain = (): void => {
    const ended = session;
    if (ended === undefined || stopped) return;
    session = undefined;
    ended.stop();
    ports.journal.note('the log has begun a new epoch; the copy of the one before is kept');
    for (const { digest } of ended.desk.all()) state.change({ what: 'requestGone', digest });
    void openSessionNow().catch((error: unknown) =>
      ports.journal.note(`the new log: ${error instanceof Error ? error.message : 'failed'}`),
    );
  };

  const openFromDisk = async (): Promise<void> => {
    const file = openKeyringFile(ports.home);
    if (!file.ok) {
      // Before the first run there is nothing to say.
      if (existsSync(pinPath(ports.home)))
        ports.journal.note(file.detail ?? 'the keyring is missing');
      attention.start();
      openKey();
      joining.resume();
      return;
    }
    keyrings = file.value;
    const { keyring } = keyrings.held();
    const finished = keyring.solo ? finishSolo(ports.home, keyring) : undefined;
    if (finished?.ok === false) ports.journal.note(`no pin for the guard: ${finished.detail}`);
    // A device that joined a team has no broker of its own.
    if (existsSync(join(ports.home.broker, 'pin.json'))) await ports.broker.start();
    await openSessionNow();
    state.change({ what: 'key', value: { state: 'locked' } });
    attention.start();
    openKey();
  };
  const openSessionNow = async (): Promise<void> => {
    invariant(keyrings, 'a session opens under a keyring');
    const sessionKey = keys.session();
    invariant(sessionKey.ok, 'the keyring is here and this device has no session key');
    const witness = loadKey(witnessPath(ports.home));
    session = await openSession({
      ...ports,
      keys,
      keyrings,
      sessionKey: sessionKey.value,
      witnessKey: witness.ok ? witness.value : undefined,
      state,
      logEnded: beginAgain,
    });
    const { me } = session;
    const { solo } = keyrings.held().keyring;
    state.change({ what: 'person', value: { id: me.id, name: me.name, device: me.device, solo } });
  };
  const joining = openJoining({ ports, state, keys, open: () => openFromDisk() });
  const by: AnswerPorts = {
    ports,
    keys,
    state,
    session: () => session,
    attention,
    joining,
    open: openFromDisk,
  };
  // Not waited for: a key store may first ask the person for its own password.
  const openKey = (): void =>
    void openAtStart(by).catch((error: unknown) =>
      ports.journal.note(`the key store: ${error instanceof Error ? error.message : 'failed'}`),
    );

  return {
    answers: buildAnswers(by),
    listen: (tell) => {
      const end = state.listen(tell);
      attention.surfaces(1);
      for (const entry of session?.desk.all() ?? []) session?.say(entry.digest, 'shown');
      let ended = false;
      return () => {
        if (!ended) attention.surfaces(-1);
        ended = true;
        end();
      };
    },
    watch: state.listen,
    start: openFromDisk,
    stop: async () => {
      if (stopped) return;
      stopped = true;
      joining.stop();
      attention.stop();
      keys.lock();
      session?.stop();
      await ports.broker.stop();
      await ports.store.close();
      own.stop();
    },
    raise: () => {
      ports.surface.raise();
      state.raise();
    },
    wake: () => {
      session?.link.nudge();
      session?.refresh();
    },
  };
}
