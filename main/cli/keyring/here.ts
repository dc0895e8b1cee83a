// What this machine knows of its organisation, where it is in one at all: the keyring it holds, the head of its copy of
// the log, and a reviewer's connection to the broker. Root keys may live on machines that have none of this.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { utf8 } from '../../../shared/bytes.ts';
import type { ServerMessageOf } from '../../../shared/protocol/messages.ts';
import { fail, ok, type Result } from '../../../shared/result.ts';
import { type KeyringFile, openKeyringFile } from '../../app/keyring-file.ts';
import { sessionPath } from '../../app/keys.ts';
import { openStoreProcess } from '../../app/store/client.ts';
import { childEnvironment } from '../../hosts/processes/environment.ts';
import type { Machine } from '../../hosts/processes/machine.ts';
import { type Link, type LinkState, openLink } from '../../link/link.ts';
import { type Endpoint, readEndpoint } from '../../state/endpoint.ts';
import { type Home, openHome, stateHome } from '../../state/home.ts';
import { openIdentity } from '../../guard/state/identity.ts';
import { loadKey } from '../../state/key-file.ts';
import { claimedSize } from '../../trust/checkpoint.ts';
import type { HeldKeyring } from '../../trust/keyring.ts';
import type { SeenHeads } from './log-end.ts';

export type Here = { readonly home: Home; readonly keyrings: KeyringFile };

/** 'absent': this machine is in no organisation; the detail says what stood in the way, if anything did. */
export function openHere(machine: Machine): Result<Here, 'absent'> {
  const root = stateHome(machine.env, machine.platform, machine.homedir);
  if (!root.ok) return fail('absent', root.detail);
  const home = openHome(root.value, { uid: machine.uid, create: false });
  if (!home.ok) return home.code === 'missing' ? fail('absent') : fail('absent', home.detail);
  if (!existsSync(join(home.value.app, 'pin.json'))) return fail('absent');
  const keyrings = openKeyringFile(home.value);
  return keyrings.ok ? ok({ home: home.value, keyrings: keyrings.value }) : keyrings;
}

/** The keyring that this machine's reviewer holds, else the one of its guard. */
export function heldHere(
  machine: Machine,
): Result<{ readonly home: Home; readonly held: HeldKeyring }, 'absent'> {
  const here = openHere(machine);
  if (here.ok) return ok({ home: here.value.home, held: here.value.keyrings.held() });
  const root = stateHome(machine.env, machine.platform, machine.homedir);
  const home = root.ok ? openHome(root.value, { uid: machine.uid, create: false }) : root;
  const guard = home.ok ? openIdentity(home.value, machine.random) : home;
  return home.ok && guard.ok
    ? ok({ home: home.value, held: guard.value.trust().keyring })
    : fail('absent', here.detail);
}

/** The head that this machine's own copy of the log holds as verified; undefined where there is none. */
export async function copyHead(machine: Machine, { home }: Here): Promise<SeenHeads['copy']> {
  const store = await openStoreProcess({
    entry: machine.files.store,
    path: join(home.app, 'replica.db'),
    env: childEnvironment(machine.env),
    execPath: machine.execPath,
    use: 'reader',
  });
  if (!store.ok) return undefined;
  try {
    const { frontier, note, wentBackwards } = await store.value.store.load();
    const whole = note !== undefined && frontier.size >= (claimedSize(note) ?? Infinity);
    if (!whole || wentBackwards !== undefined) return undefined;
    const latest = await store.value.store.newest(undefined, LATEST);
    return { note, newest: latest.find(({ at }) => at !== undefined)?.at };
  } finally {
    await store.value.store.close();
  }
}

/** Not every kind of entry has a time. */
const LATEST = 32;

export type Reviewing = {
  readonly link: Link;
  readonly endpoint: Endpoint;
  /** The note that the broker's hello showed: its newest head, by its own word. */
  readonly checkpoint: string;
  readonly proposals: () => ServerMessageOf<'proposals'>['body']['proposals'];
};

const REACH_MS = 10_000;

/** A session by this machine's session key, for as long as `use` takes; 'broker' with one sentence. */
export async function withReviewer<T>(
  machine: Machine,
  { home, keyrings }: Here,
  use: (reviewing: Reviewing) => Promise<T>,
): Promise<Result<T, 'broker'>> {
  const endpoint = readEndpoint(home);
  const sessionKey = loadKey(sessionPath(home));
  if (!endpoint.ok) return fail('broker', 'this machine knows no broker: is the app running?');
  if (!sessionKey.ok) return fail('broker', sessionKey.detail);
  const { clock, timers, random, version } = machine;
  let proposals: ServerMessageOf<'proposals'>['body']['proposals'] = [];
  const reached = Promise.withResolvers<LinkState | undefined>();
  const link = openLink({
    role: 'reviewer',
    sessionKey: sessionKey.value,
    endpoint: async () => endpoint.value,
    keyring: keyrings.held,
    version: `countersign/${version}`,
    clock,
    timers,
    random,
    onMessage: (message) => {
      if (message.t === 'proposals') proposals = message.body.proposals;
    },
    onState: (state) => {
      // Later versions come in force here too, by the chain alone.
      if (state.kind === 'online')
        for (const envelope of state.session.keyrings) keyrings.offer(utf8(envelope));
      if (state.kind !== 'connecting') reached.resolve(state);
    },
  });
  const cancel = timers.after(REACH_MS, () => reached.resolve(undefined));
  try {
    const state = await reached.promise;
    if (state?.kind !== 'online') return fail('broker', whyNot(state));
    const { checkpoint } = state.session;
    return ok(
      await use({ link, endpoint: endpoint.value, checkpoint, proposals: () => proposals }),
    );
  } finally {
    cancel();
    link.stop();
  }
}

function whyNot(state: LinkState | undefined): string {
  if (state?.kind === 'stranger')
    return 'the program at the broker’s address is not the broker of this keyring';
  if (state?.kind === 'refused') return `the broker refuses this machine (${state.code})`;
  return 'the broker was not reached';
}
