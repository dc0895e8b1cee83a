// Joining a team by the contract that the window uses, with a real broker: keys and words, the wait over a restart, the
// compared roots, the refusals; and in the end an app that is open without another start.

import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { keyWords } from '../../shared/domain/key-words.ts';
import type { Joining } from '../../shared/ipc/snapshot.ts';
import type { Keyring } from '../../shared/statement/keyring.ts';
import { composeApp, type ReviewerApp } from '../../main/app/compose.ts';
import { unfinishedJoin } from '../../main/app/join.ts';
import { sealedPath, sessionPath } from '../../main/app/keys.ts';
import type { Vault } from '../../main/app/ports.ts';
import { wrappedPath } from '../../main/app/vault-keys.ts';
import { formatInvitation } from '../../main/link/invitation.ts';
import { rootSetOf } from '../../main/trust/keyring.ts';
import { systemTimers } from '../../main/link/system-ports.ts';
import { type Home, openHome } from '../../main/state/home.ts';
import { keepJoin } from '../../main/state/joined.ts';
import { systemRandom } from '../../main/trust/digest.ts';
import { ok } from '../../shared/result.ts';
import { type Visit, visit } from '../kit/wire-visit.ts';
import { makeOrg, nextKeyring, type Org, requestBy } from '../kit/wire-world.ts';
import { memoryStore } from '../unit/app/memory-store.ts';

const PASSPHRASE = 'correct horse battery';
const CALLER = { surface: 'window', caller: 'test' } as const;
const CAROL = { id: 'carol', name: 'Carol', passphrase: PASSPHRASE };

let org: Org;
let here: Visit;
let folder: string;
let home: Home;
let app: ReviewerApp;
beforeEach(async () => {
  org = makeOrg((keyring) => ({
    ...keyring,
    reviewers: keyring.reviewers.map((one) => ({ ...one, groups: [...one.groups, 'admin'] })),
  }));
  here = await visit(org);
  folder = mkdtempSync(join(tmpdir(), 'countersign-join-window-'));
  const opened = openHome(join(folder, 'state'), { uid: process.getuid?.(), create: true });
  if (!opened.ok) throw new Error(opened.code);
  home = opened.value;
  app = await started();
});
afterEach(async () => {
  await app.stop();
  await here.leave();
  rmSync(folder, { recursive: true, force: true });
});

async function started(vault?: Vault): Promise<ReviewerApp> {
  const made = composeApp({
    clock: here.house.time,
    timers: systemTimers,
    random: systemRandom,
    store: memoryStore(),
    broker: { start: async () => {}, stop: async () => {} },
    surface: { kind: 'browser', raise: () => {} },
    journal: { note: () => {} },
    home,
    version: 'test',
    hostName: 'carol-laptop',
    account: 'carol',
    vault,
    testOnly: { testOnlyCost: 10 },
  });
  await made.start();
  return made;
}

const snapshot = () => app.answers.app.snapshot({}, CALLER);
const invitation = (): string => formatInvitation(here.house.broker.url, org.keyring);
const joinBy = (text: string, part: object = {}) =>
  app.answers.setup.join({ invitation: text, ...CAROL, ...part }, CALLER);

/** Once the state is so. */
async function until(reached: (now: Awaited<ReturnType<typeof snapshot>>) => boolean) {
  const { promise, resolve } = Promise.withResolvers<void>();
  const look = async (): Promise<void> => {
    if (reached(await snapshot())) resolve();
  };
  const end = app.listen(() => void look());
  await look();
  await promise;
  end();
  return snapshot();
}
const untilJoining = async (state: Joining['state']): Promise<Joining> => {
  const { joining } = await until((now) => now.joining?.state === state);
  if (joining === undefined) throw new Error('nobody joins');
  return joining;
};

/** An administrator sees the proposal, and the roots sign for it. */
async function enrol(change: (row: Keyring['reviewers'][number]) => typeof row = (row) => row) {
  const opened = unfinishedJoin(home);
  if (!opened.ok || opened.value?.join.kind !== 'reviewer') throw new Error('no join waits');
  const asked = opened.value.join;
  const alice = await here.asReviewer(org.alice);
  await alice.wait('proposals', ({ body }) => body.proposals.length === 1);
  const { decision, session, witness } = asked.keys;
  const at = { device: asked.device, fromIndex: 0 };
  const row = change({
    id: asked.id,
    name: asked.name,
    groups: [],
    keys: [
      { ...decision, ...at, use: 'decision' },
      { ...session, ...at, use: 'session' },
      { ...witness, ...at, use: 'witness' },
    ],
  });
  const envelope = nextKeyring(org, (keyring) => ({
    ...keyring,
    reviewers: [...keyring.reviewers, row],
  }));
  await alice.ask('keyring', { envelope });
  here.house.time.advance(1_000);
}

test('from an invitation to a request on the desk, without another start', async () => {
  const asked = await joinBy(invitation());
  const waits = await untilJoining('waiting');
  expect(asked).toEqual({ ok: true, value: { id: waits.id, words: waits.words } });
  expect(waits.words).toBe(keyWords(waits.id));
  expect(waits).toMatchObject({ org: 'org', person: { id: 'carol', device: 'carol-laptop' } });
  expect(existsSync(join(home.app, 'pin.json'))).toBe(false);
  await enrol();
  const open = await until((now) => now.joining === undefined);
  expect(open).toMatchObject({
    person: { id: 'carol', name: 'Carol', device: 'carol-laptop', solo: false },
    key: { state: 'locked' },
  });
  expect(await app.answers.key.unlock({ passphrase: PASSPHRASE }, CALLER)).toMatchObject({
    ok: true,
  });
  const guard = await here.asGuard();
  await guard.ask('request', { envelope: requestBy(org.guard, here.house.time).envelope });
  const { link } = await until(({ requests }) => requests.length === 1);
  expect(link.state).toBe('online');
});

test('a join that was cut off goes on at the next start, with the same words', async () => {
  await joinBy(invitation());
  const { words } = await untilJoining('waiting');
  await app.stop();
  app = await started();
  expect((await untilJoining('waiting')).words).toBe(words);
  await enrol();
  expect((await until((now) => now.joining === undefined)).person?.id).toBe('carol');
});

test('without the roots in the invitation nothing is trusted before a person has compared them', async () => {
  await joinBy(here.house.broker.url);
  await untilJoining('waiting');
  expect(await app.answers.setup.confirmRoots({ yes: true }, CALLER)).toMatchObject({
    code: 'notComparing',
  });
  await enrol();
  const { rootWords, org: named } = await untilJoining('compare');
  expect({ rootWords, named }).toEqual({
    rootWords: keyWords(rootSetOf(org.keyring)),
    named: 'org',
  });
  expect(existsSync(join(home.app, 'pin.json'))).toBe(false);

  await app.answers.setup.confirmRoots({ yes: false }, CALLER);
  expect(await untilJoining('stopped')).toMatchObject({ trouble: { code: 'rootsDiffer' } });
  expect(existsSync(join(home.app, 'pin.json'))).toBe(false);

  await app.answers.setup.askAgain({}, CALLER);
  await untilJoining('compare');
  expect(await app.answers.setup.confirmRoots({ yes: true }, CALLER)).toEqual(ok({}));
  expect((await snapshot()).person?.id).toBe('carol');
  expect((await snapshot()).joining).toBeUndefined();
});

test('a keyring that is not of the roots of the invitation is not taken', async () => {
  const other = formatInvitation(here.house.broker.url, { ...org.keyring, threshold: 9 });
  await joinBy(other);
  await untilJoining('waiting');
  await enrol();
  expect(await untilJoining('stopped')).toMatchObject({
    trouble: { code: 'notAccepted', detail: expect.stringContaining('roots of the invitation') },
  });
  expect((await snapshot()).key.state).toBe('absent');
  expect(existsSync(join(home.app, 'pin.json'))).toBe(false);
});

test('what is typed wrong makes no keys', async () => {
  const whole = invitation();
  expect(await joinBy(whole.slice(0, -3))).toMatchObject({ code: 'invitation' });
  expect(await joinBy('broker.example')).toMatchObject({ code: 'invitation' });
  expect(await joinBy('ws://broker.example:8750')).toMatchObject({ code: 'notEncrypted' });
  expect(await joinBy(whole, { passphrase: 'short' })).toMatchObject({
    code: 'passphraseTooShort',
  });
  expect(await joinBy(whole, { name: 'a\ud800b' })).toMatchObject({ code: 'failed' });
  expect(await joinBy(whole, { passphrase: '', inVault: true })).toMatchObject({ code: 'failed' });
  expect(unfinishedJoin(home)).toEqual(ok(undefined));
  expect((await snapshot()).joining).toBeUndefined();
});

test('who gives up leaves no key, and may work alone or join anew with other words', async () => {
  await joinBy(invitation());
  const { words } = await untilJoining('waiting');
  expect(await joinBy(invitation())).toMatchObject({ code: 'done' });
  expect(await app.answers.setup.solo(CAROL, CALLER)).toMatchObject({ code: 'failed' });
  expect(await app.answers.setup.stopJoining({}, CALLER)).toEqual(ok({}));
  expect((await snapshot()).joining).toBeUndefined();
  expect([sealedPath(home, 'decision'), sessionPath(home)].some(existsSync)).toBe(false);
  await joinBy(invitation(), { id: 'caroline' });
  expect((await untilJoining('waiting')).words).not.toBe(words);
});

test('a device that is in gives nothing up', async () => {
  await joinBy(invitation());
  await untilJoining('waiting');
  await enrol();
  await until((now) => now.joining === undefined);
  expect(await app.answers.setup.stopJoining({}, CALLER)).toMatchObject({ code: 'failed' });
  expect(existsSync(sessionPath(home))).toBe(true);
});

test('a join of the command line goes on here under its own name only', async () => {
  await joinBy(here.house.broker.url);
  const { words } = await untilJoining('waiting');
  await app.stop();
  // What the command line keeps: the join, and no invitation.
  const opened = unfinishedJoin(home);
  if (!opened.ok || opened.value === undefined) throw new Error('no join waits');
  keepJoin(home, 'reviewer', opened.value.envelope);
  app = await started();
  expect((await snapshot()).joining).toBeUndefined();
  expect(await joinBy(invitation(), { id: 'dora' })).toMatchObject({
    code: 'otherName',
    detail: 'Carol, carol',
  });
  expect(await joinBy(invitation())).toMatchObject({ value: { words } });
});

test('a decision key in the key store opens by itself once the device is in', async () => {
  await app.stop();
  const vault: Vault = {
    available: async () => ok('gnome_libsecret'),
    wrap: async (secret) => ok(secret.map((byte) => byte ^ 0xff)),
    unwrap: async (blob) => ok({ secret: blob.map((byte) => byte ^ 0xff), stale: false }),
  };
  app = await started(vault);
  await joinBy(invitation(), { passphrase: '', inVault: true });
  await untilJoining('waiting');
  expect(existsSync(wrappedPath(home, 'decision'))).toBe(true);
  expect(existsSync(sealedPath(home, 'decision'))).toBe(false);
  await enrol();
  expect((await until(({ key }) => key.state === 'unlocked')).person?.id).toBe('carol');
});

test('no broker there: it says so, keeps the words and tries again', async () => {
  await joinBy('ws://127.0.0.1:9');
  expect((await untilJoining('offline')).words).toMatch(/^(\S+ ){7}\S+$/);
});
