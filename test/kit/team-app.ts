// A reviewer's app of a team on a state folder of its own, as joining leaves one behind, and a hand on it that looks at a
// card for as long as a person must and then decides. Everything below the surface is the real app.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fromB64, utf8 } from '../../shared/bytes.ts';
import type { Endpoint } from '../../main/link/handshake.ts';
import type { RequestSummary, Snapshot } from '../../shared/ipc/snapshot.ts';
import { invariant } from '../../shared/result.ts';
import type { Changes } from '../../shared/statement/changes.ts';
import type { Keyring } from '../../shared/statement/keyring.ts';
import type { Request } from '../../shared/statement/request.ts';
import { decodeStatement } from '../../shared/statement/statement.ts';
import { renderView, viewText } from '../../shared/statement/view/render.ts';
import { composeApp, type ReviewerApp } from '../../main/app/compose.ts';
import { sealToFile } from '../../main/app/keys.ts';
import type { Store } from '../../main/app/ports.ts';
import { openAppStore } from '../../main/app/store/open.ts';
import type { Clock, Timers } from '../../main/link/ports.ts';
import { systemClock, systemTimers } from '../../main/link/system-ports.ts';
import { writeAtomic } from '../../main/state/atomic-file.ts';
import { writeEndpoint } from '../../main/state/endpoint.ts';
import { type Home, openHome } from '../../main/state/home.ts';
import { jsonBytes } from '../../main/state/json-file.ts';
import { loadOrCreateKey } from '../../main/state/key-file.ts';
import { sha256Hex, systemRandom } from '../../main/trust/digest.ts';
import type { Person } from './guard-world.ts';

const PASSPHRASE = 'correct horse battery';
const CHEAP = { testOnlyCost: 10 };
/** The app ignores a press within 600 ms of the card appearing: design, Gestures. */
const LOOK_MS = 620;
const CALLER = { surface: 'window', caller: 'test' } as const;

/** What a machine goes by, and how a test waits on it. */
export type MachineTime = {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly pass: (ms: number) => Promise<void>;
};
const REAL: MachineTime = {
  clock: systemClock,
  timers: systemTimers,
  pass: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};

export type TeamApp = {
  readonly home: Home;
  readonly snapshot: () => Promise<Snapshot>;
  /** Resolves once the app's state holds it. */
  readonly until: (holds: (snapshot: Snapshot) => boolean) => Promise<Snapshot>;
  /** The first request that can be approved, looked at and approved: 'decided', or the code of why not. */
  readonly approve: () => Promise<string>;
  /** The first request that waits, looked at and denied, with what to ask instead of it. */
  readonly propose: (changed: (request: Request) => Changes) => Promise<string>;
  /** The first request that waits, denied as it is. */
  readonly deny: () => Promise<string>;
  readonly answers: () => ReviewerApp['answers'];
  /** From now on this machine dials another address. */
  readonly dial: (endpoint: Endpoint) => void;
  readonly restart: () => Promise<void>;
  /** The passphrase again, where its twelve hours are over. */
  readonly unlock: () => Promise<void>;
  /** The lid is closed; `restart` opens it again. */
  readonly sleep: () => Promise<void>;
  readonly stop: () => Promise<void>;
};

export async function openTeamApp(
  who: Person,
  keyring: Keyring,
  envelope: Uint8Array,
  endpoint: Endpoint,
  time: MachineTime = REAL,
): Promise<TeamApp> {
  const folder = mkdtempSync(join(tmpdir(), `countersign-${who.id}-`));
  const home = openHome(join(folder, 'state'), { uid: process.getuid?.(), create: true });
  invariant(home.ok, 'a new folder is a home');
  await settleReviewer(home.value, who, keyring, envelope);
  writeEndpoint(home.value, endpoint);
  let app = await start(home.value, who, time);
  const listeners = new Set<() => void>();
  const listen = (): void => void app.listen(() => listeners.forEach((look) => look()));
  listen();
  const snapshot = (): Promise<Snapshot> => app.answers.app.snapshot({}, CALLER);
  const until: TeamApp['until'] = (holds) =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        snapshot().then((now) => {
          if (!holds(now)) return;
          listeners.delete(look);
          resolve(now);
        }, reject);
      };
      listeners.add(look);
      look();
    });
  const waiting = async (): Promise<string> => {
    const open = (one: RequestSummary): boolean =>
      one.stage === 'open' && one.denyOff === undefined;
    const { requests } = await until((now) => now.requests.some(open));
    const digest = requests.find(open)?.digest;
    invariant(digest, 'it was there a moment ago');
    return digest;
  };
  return {
    home: home.value,
    snapshot,
    until,
    dial: (next) => void writeEndpoint(home.value, next),
    approve: async () => {
      const open = (one: RequestSummary): boolean =>
        one.stage === 'open' && one.approveOff === undefined;
      const { requests } = await until((now) => now.requests.some(open));
      const request = requests.find(open);
      invariant(request, 'it was there a moment ago');
      const { digest } = request;
      const viewSha256 = await look(app, digest, time);
      const input = { digest, viewSha256, verdict: 'approve' } as const;
      const decided = await app.answers.request.decide(input, CALLER);
      return decided.ok ? 'decided' : decided.code;
    },
    deny: async () => {
      const digest = await waiting();
      const viewSha256 = await look(app, digest, time);
      const input = { digest, viewSha256, verdict: 'deny' } as const;
      const decided = await app.answers.request.decide(input, CALLER);
      return decided.ok ? 'decided' : decided.code;
    },
    propose: async (changed) => {
      const digest = await waiting();
      const viewSha256 = await look(app, digest, time);
      const opened = await app.answers.request.open({ digest }, CALLER);
      const payload = opened.ok ? fromB64(opened.value.payload) : undefined;
      const request = payload && decodeStatement('request', payload);
      invariant(request?.ok, 'what is on the desk is a request');
      const changes = changed(request.value);
      const input = { digest, viewSha256, verdict: 'deny', changes } as const;
      const decided = await app.answers.request.decide(input, CALLER);
      return decided.ok ? 'decided' : decided.code;
    },
    answers: () => app.answers,
    restart: async () => {
      await app.stop();
      app = await start(home.value, who, time);
      listen();
    },
    unlock: async () => {
      if ((await snapshot()).key.state === 'locked') await unlock(app);
    },
    sleep: () => app.stop(),
    stop: async () => {
      await app.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function settleReviewer(
  home: Home,
  who: Person,
  keyring: Keyring,
  envelope: Uint8Array,
): Promise<void> {
  const { org, log, roots, threshold } = keyring;
  writeAtomic(join(home.app, 'pin.json'), jsonBytes({ v: 1, org, log, roots, threshold }));
  writeAtomic(join(home.app, 'keyring.json'), envelope);
  loadOrCreateKey(join(home.app, 'session.pem'), () => who.session);
  loadOrCreateKey(join(home.app, 'witness.pem'), () => who.witness);
  await sealToFile(home, 'decision', who.decision, PASSPHRASE, systemRandom, CHEAP);
}

async function start(home: Home, who: Person, time: MachineTime): Promise<ReviewerApp> {
  const app = composeApp({
    clock: time.clock,
    timers: time.timers,
    random: systemRandom,
    store: storeAt(home),
    broker: { start: async () => {}, stop: async () => {} },
    surface: { kind: 'browser', raise: () => {} },
    journal: { note: () => {} },
    home,
    version: 'test',
    hostName: who.device,
    account: who.id,
    testOnly: CHEAP,
  });
  await app.start();
  await unlock(app);
  return app;
}

async function unlock(app: ReviewerApp): Promise<void> {
  const unlocked = await app.answers.key.unlock({ passphrase: PASSPHRASE }, CALLER);
  invariant(unlocked.ok, 'the passphrase fits');
}

function storeAt(home: Home): Store {
  const opened = openAppStore(join(home.app, 'replica.db'), Date.now());
  invariant(opened.ok, 'a copy of the log opens');
  return opened.value.store;
}

async function look(app: ReviewerApp, digest: string, time: MachineTime): Promise<string> {
  const opened = await app.answers.request.open({ digest }, CALLER);
  invariant(opened.ok, 'the card opens');
  const view = renderView(fromB64(opened.value.payload) ?? new Uint8Array(), new Map());
  invariant(view.ok, 'the card renders');
  await app.answers.request.gesture({ digest, what: 'appeared' }, CALLER);
  await app.answers.request.gesture({ digest, what: 'seenAll' }, CALLER);
  await time.pass(LOOK_MS);
  return sha256Hex(utf8(viewText(view.value)));
}
