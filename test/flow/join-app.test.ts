// A second reviewer's device, from its first key to a request on its desk: the keys are made there, the roots sign, and the
// app runs over what joining left behind. Its broker is on another machine, so there is none of its own to start.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Keyring } from '../../shared/statement/keyring.ts';
import { composeApp, type ReviewerApp } from '../../main/app/compose.ts';
import { acceptEnrolment, beginJoin, judgeAnswer, unfinishedJoin } from '../../main/app/join.ts';
import { rootSetOf } from '../../main/trust/keyring.ts';
import { askToJoin } from '../../main/link/join.ts';
import type { OpenedJoin } from '../../main/link/join-statement.ts';
import { systemTimers } from '../../main/link/system-ports.ts';
import { type Home, openHome } from '../../main/state/home.ts';
import { systemRandom } from '../../main/trust/digest.ts';
import { type Visit, visit } from '../kit/wire-visit.ts';
import { makeOrg, nextKeyring, type Org, requestBy } from '../kit/wire-world.ts';
import { memoryStore } from '../unit/app/memory-store.ts';

const PASSPHRASE = 'correct horse battery';
const CHEAP = { testOnlyCost: 10 };

let org: Org;
let here: Visit;
let folder: string;
let home: Home;
beforeEach(async () => {
  org = makeOrg((keyring) => ({
    ...keyring,
    reviewers: keyring.reviewers.map((one) => ({ ...one, groups: [...one.groups, 'admin'] })),
  }));
  here = await visit(org);
  folder = mkdtempSync(join(tmpdir(), 'countersign-join-'));
  const opened = openHome(join(folder, 'state'), { uid: process.getuid?.(), create: true });
  if (!opened.ok) throw new Error(opened.code);
  home = opened.value;
});
afterEach(async () => {
  await here.leave();
  rmSync(folder, { recursive: true, force: true });
});

const carol = { id: 'carol', name: 'Carol', device: 'carol-laptop', org: 'org' };
const ports = () => ({ clock: here.house.time, random: systemRandom, version: 'test' });

const enrolling = ({ join: asked }: OpenedJoin): string =>
  nextKeyring(org, (keyring) => {
    if (asked.kind !== 'reviewer') throw new Error('a reviewer asks');
    const { decision, session, witness } = asked.keys;
    const row: Keyring['reviewers'][number] = {
      id: asked.id,
      name: asked.name,
      groups: [],
      keys: [
        { ...decision, use: 'decision', device: asked.device, fromIndex: 0 },
        { ...session, use: 'session', device: asked.device, fromIndex: 0 },
        { ...witness, use: 'witness', device: asked.device, fromIndex: 0 },
      ],
    };
    return { ...keyring, reviewers: [...keyring.reviewers, row] };
  });

async function joinAs(opened: OpenedJoin) {
  const alice = await here.asReviewer(org.alice);
  const address = { url: here.house.broker.url };
  const answer = askToJoin({
    address,
    envelope: opened.envelope,
    clock: here.house.time,
    timers: systemTimers,
    random: systemRandom,
    onState: () => {},
    signal: new AbortController().signal,
  });
  await alice.wait('proposals', ({ body }) => body.proposals.length === 1);
  await alice.ask('keyring', { envelope: enrolling(opened) });
  here.house.time.advance(1_000);
  const answered = await answer;
  if (!answered.ok) throw new Error(answered.code);
  const invited = { org: 'org', rootSet: rootSetOf(org.keyring) };
  const enrolment = judgeAnswer(opened, invited, answered.value, here.house.time.now());
  if (!enrolment.ok) throw new Error(enrolment.detail);
  return acceptEnrolment(home, opened, enrolment.value, answered.value, address);
}

function appOver(): ReviewerApp {
  return composeApp({
    clock: here.house.time,
    timers: systemTimers,
    random: systemRandom,
    store: memoryStore(),
    broker: { start: async () => {}, stop: async () => {} },
    surface: { kind: 'terminal', raise: () => {} },
    journal: { note: () => {} },
    home,
    version: 'test',
    hostName: carol.device,
    account: carol.id,
    testOnly: CHEAP,
  });
}

test('a joined device logs in, unlocks and has requests on its desk', async () => {
  const opened = await beginJoin(home, carol, PASSPHRASE, ports(), CHEAP);
  if (!opened.ok) throw new Error(opened.code);
  expect(await joinAs(opened.value)).toMatchObject({ ok: true });
  const guard = await here.asGuard();
  await guard.ask('request', { envelope: requestBy(org.guard, here.house.time).envelope });
  const app = appOver();
  await app.start();
  try {
    const caller = { surface: 'terminal', caller: 'test' } as const;
    expect(await app.answers.key.unlock({ passphrase: PASSPHRASE }, caller)).toMatchObject({
      ok: true,
    });
    const { promise, resolve } = Promise.withResolvers<void>();
    const look = async (): Promise<void> => {
      const { requests } = await app.answers.app.snapshot({}, caller);
      if (requests.length === 1) resolve();
    };
    app.listen(() => void look());
    await look();
    await promise;
    const snapshot = await app.answers.app.snapshot({}, caller);
    expect(snapshot.person).toEqual({
      id: 'carol',
      name: 'Carol',
      device: 'carol-laptop',
      solo: false,
    });
    expect(snapshot.link.state).toBe('online');
  } finally {
    await app.stop();
  }
});

test('what was begun is what is gone on with, under the same words', async () => {
  const opened = await beginJoin(home, carol, PASSPHRASE, ports(), CHEAP);
  expect(opened.ok && unfinishedJoin(home)).toEqual(opened);
});

test('a short passphrase and a name that is none make no keys', async () => {
  expect(await beginJoin(home, carol, 'short', ports(), CHEAP)).toMatchObject({
    code: 'passphraseTooShort',
  });
  expect(await beginJoin(home, { ...carol, id: 'a b' }, PASSPHRASE, ports(), CHEAP)).toMatchObject({
    code: 'name',
  });
  expect(unfinishedJoin(home)).toEqual({ ok: true, value: undefined });
});

test('a device that is in joins nothing else', async () => {
  const opened = await beginJoin(home, carol, PASSPHRASE, ports(), CHEAP);
  if (!opened.ok) throw new Error(opened.code);
  await joinAs(opened.value);
  expect(await beginJoin(home, carol, PASSPHRASE, ports(), CHEAP)).toMatchObject({
    code: 'joined',
  });
  expect(unfinishedJoin(home)).toMatchObject({ code: 'joined' });
});
