// Erasing over real sockets: the broker's rule by its codes, the bytes gone from its files, and the erasure carried to every
// copy, that of an app which was away included. A tree without the text still proves every leaf.

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { toB64, utf8 } from '../../shared/bytes.ts';
import { composeApp } from '../../main/app/compose.ts';
import type { Store } from '../../main/app/ports.ts';
import { sealToFile } from '../../main/app/keys.ts';
import { openAppStore } from '../../main/app/store/open.ts';
import { openSqliteStore } from '../../main/app/store/sqlite.ts';
import { systemTimers } from '../../main/link/system-ports.ts';
import { writeEndpoint } from '../../main/state/endpoint.ts';
import { type Home, openHome } from '../../main/state/home.ts';
import { loadOrCreateKey } from '../../main/state/key-file.ts';
import { sha256Hex, systemRandom } from '../../main/trust/digest.ts';
import { type Chain, erasureSaid } from '../kit/erasure-said.ts';
import type { WireClient } from '../kit/wire-client.ts';
import { type Visit, visit } from '../kit/wire-visit.ts';
import {
  decisionBy,
  endingBy,
  type HandTime,
  makeOrg,
  type Org,
  type Person,
  receiptBy,
  requestBy,
  type Signed,
} from '../kit/wire-world.ts';

const PASSPHRASE = 'correct horse battery';
const CHEAP = { testOnlyCost: 4 };
const MARKER = 'MARKER-customer-4711';

let org: Org;
let here: Visit;
let time: HandTime;
let guard: WireClient;
let alice: WireClient;
beforeEach(async () => {
  // Alice administers; Bob does not.
  org = makeOrg((keyring) => ({
    ...keyring,
    reviewers: keyring.reviewers.map((one) =>
      one.id === 'alice' ? { ...one, groups: [...one.groups, 'admin'] } : one,
    ),
  }));
  here = await visit(org);
  time = here.house.time;
  guard = await here.asGuard();
  alice = await here.asReviewer();
});
afterEach(() => here.leave());

const erasureBy = (
  who: Person,
  request: string,
  what: readonly string[],
  change: Parameters<typeof erasureSaid>[4] = {},
): Signed => erasureSaid(who, time, request, what, change);
const erase = (one: Signed, who = alice) => who.ask('erasure', { envelope: one.envelope });

/** A request, denied with a reason and ended; the marker stands in both. */
async function ended(): Promise<{ readonly request: Signed; readonly decision: Signed }> {
  const request = requestBy(org.guard, time, { reason: MARKER });
  await guard.ask('request', { envelope: request.envelope });
  const decision = decisionBy(org.alice, time, request.sha256, { verdict: 'deny', reason: MARKER });
  await alice.ask('decision', { envelope: decision.envelope });
  const ending = endingBy(org.guard, time, request.sha256, {
    how: 'denied',
    decisions: [decision.sha256],
  });
  expect(await guard.ask('ending', { envelope: ending.envelope })).toBeTypeOf('number');
  return { request, decision };
}
const after = (decision: Signed): Chain => ({ seq: 2, prev: decision.sha256 });

const bytesOnDisk = (): string =>
  ['', '-wal']
    .map((end) => here.house.logPath + end)
    .filter(existsSync)
    .map((path) => readFileSync(path, 'latin1'))
    .join('');

describe('the broker', () => {
  test('erases the texts of an ended request, and neither file holds them any more', async () => {
    const { request, decision } = await ended();
    const one = erasureBy(org.alice, request.sha256, [request.sha256, decision.sha256], {
      chain: after(decision),
    });
    expect(bytesOnDisk()).toContain(MARKER);
    expect(await erase(one)).toBeTypeOf('number');
    await alice.wait('leaves', ({ body }) =>
      body.entries.some((e) => e.leaf.includes('erasure.v1')),
    );
    await here.house.broker.stop();
    expect(bytesOnDisk()).not.toContain(MARKER);
    await here.house.restart();
    const again = await here.asReviewer(org.bob);
    const { body } = await again.wait('leaves');
    const found = body.entries.filter(({ leaf }) => leaf.includes(request.sha256));
    expect(found).toHaveLength(1);
    expect(found[0]).not.toHaveProperty('payload');
    const told = body.entries.find(({ leaf }) => leaf.includes('erasure.v1'));
    expect(told?.payload).toBeTypeOf('string');
  });

  test('overwrites them while it runs, before anybody stops it', async () => {
    const { request, decision } = await ended();
    // Company, so that pages have been split and filled before.
    for (let i = 0; i < 20; i += 1)
      await guard.ask('request', { envelope: requestBy(org.guard, time).envelope });
    const what = [request.sha256, decision.sha256];
    await erase(erasureBy(org.alice, request.sha256, what, { chain: after(decision) }));
    // A turn later: what was asked after it is answered after the files were cleaned.
    await guard.ask('request', { envelope: requestBy(org.guard, time).envelope });
    expect(bytesOnDisk()).not.toContain(MARKER);
  });

  test('takes one that names only the decision, and keeps the request', async () => {
    const { request, decision } = await ended();
    const one = erasureBy(org.alice, request.sha256, [decision.sha256], { chain: after(decision) });
    expect(await erase(one)).toBeTypeOf('number');
    const bob = await here.asReviewer(org.bob);
    const { body } = await bob.wait('leaves');
    expect(body.entries.find(({ leaf }) => leaf.includes(request.sha256))).toHaveProperty(
      'payload',
    );
    expect(body.entries.find(({ leaf }) => leaf.includes(decision.sha256))).not.toHaveProperty(
      'payload',
    );
  });

  test('refuses it of an open request', async () => {
    const request = requestBy(org.guard, time);
    await guard.ask('request', { envelope: request.envelope });
    expect(await erase(erasureBy(org.alice, request.sha256, [request.sha256]))).toBe('stillOpen');
  });

  test('refuses who is no administrator', async () => {
    const { request } = await ended();
    const bob = await here.asReviewer(org.bob);
    expect(await erase(erasureBy(org.bob, request.sha256, [request.sha256]), bob)).toBe('notYours');
  });

  test("refuses one by another's session, and one signed by a session key", async () => {
    const { request, decision } = await ended();
    const bob = await here.asReviewer(org.bob);
    const chain = after(decision);
    const one = erasureBy(org.alice, request.sha256, [request.sha256], { chain });
    expect(await erase(one, bob)).toBe('notYours');
    const weak = { ...org.alice, decision: org.alice.session };
    expect(await erase(erasureBy(weak, request.sha256, [request.sha256], { chain }))).toBe(
      'unknownKey',
    );
  });

  test('refuses a place that is not next in the chain of decisions', async () => {
    const { request } = await ended();
    expect(await erase(erasureBy(org.alice, request.sha256, [request.sha256]))).toBe('badSequence');
  });

  test('refuses what is no text of it: a keyring, an ending, another request, an erasure, twice', async () => {
    const { request, decision } = await ended();
    const other = requestBy(org.guard, time);
    await guard.ask('request', { envelope: other.envelope });
    const ending = endingBy(org.guard, time, other.sha256);
    await guard.ask('ending', { envelope: ending.envelope });
    const receipt = receiptBy(org.guard, time, request.sha256);
    await guard.ask('receipt', { envelope: receipt.envelope });
    const chain = after(decision);
    const ring = alice.heard.flatMap((one) =>
      one.t === 'leaves' ? one.body.entries.map(({ leaf }) => leaf) : [],
    )[0];
    const ringSha = /"payloadSha256":"([0-9a-f]{64})"/.exec(ring ?? '')?.[1] ?? '';
    for (const what of [ringSha, other.sha256, ending.sha256, receipt.sha256])
      expect(await erase(erasureBy(org.alice, request.sha256, [what], { chain }))).toBe(
        'notErasable',
      );
    const one = erasureBy(org.alice, request.sha256, [request.sha256], { chain });
    expect(await erase(one)).toBeTypeOf('number');
    const next = { seq: 3, prev: one.sha256 };
    for (const what of [one.sha256, request.sha256])
      expect(await erase(erasureBy(org.alice, request.sha256, [what], { chain: next }))).toBe(
        'notErasable',
      );
    const unknown = sha256Hex(utf8('nobody'));
    expect(await erase(erasureBy(org.alice, unknown, [unknown], { chain: next }))).toBe(
      'unknownRequest',
    );
  });

  test('drops the attachments with the last request that names them', async () => {
    const bytes = utf8(`${MARKER}-attached`.repeat(300));
    const sha256 = sha256Hex(bytes);
    await guard.ask('chunk', { sha256, size: bytes.length, offset: 0, bytes: toB64(bytes) });
    const attachments = [{ sha256, size: bytes.length, mediaType: 'text/plain', name: 'a.txt' }];
    const [one, two] = [1, 2].map(() => requestBy(org.guard, time, { attachments }));
    if (one === undefined || two === undefined) throw new Error('two');
    for (const each of [one, two]) {
      expect(await guard.ask('request', { envelope: each.envelope })).toBeTypeOf('number');
      await guard.ask('ending', { envelope: endingBy(org.guard, time, each.sha256).envelope });
    }
    const first = erasureBy(org.alice, one.sha256, [one.sha256]);
    expect(await erase(first)).toBeTypeOf('number');
    expect(bytesOnDisk()).toContain(`${MARKER}-attached`);
    const chain = { seq: 2, prev: first.sha256 };
    expect(await erase(erasureBy(org.alice, two.sha256, [two.sha256], { chain }))).toBeTypeOf(
      'number',
    );
    await guard.ask('request', { envelope: requestBy(org.guard, time).envelope });
    expect(bytesOnDisk()).not.toContain(`${MARKER}-attached`);
  });
});

describe('two apps', () => {
  const homes: string[] = [];
  const apps: { readonly stop: () => Promise<void> }[] = [];
  afterEach(async () => {
    for (const app of apps.splice(0)) await app.stop();
    for (const folder of homes.splice(0)) rmSync(folder, { recursive: true, force: true });
  });

  /** A device as joining leaves it behind. */
  function homeOf(who: Person): Home {
    const folder = mkdtempSync(join(tmpdir(), 'countersign-erasure-'));
    homes.push(folder);
    const opened = openHome(join(folder, 'state'), { uid: process.getuid?.(), create: true });
    if (!opened.ok) throw new Error(opened.code);
    const home = opened.value;
    for (const use of ['session', 'witness'] as const)
      loadOrCreateKey(join(home.app, `${use}.pem`), () => who[use]);
    const { org: name, roots, threshold, log } = org.keyring;
    const pin = { v: 1, org: name, roots, threshold, log };
    writeFileSync(join(home.app, 'pin.json'), JSON.stringify(pin), { mode: 0o600 });
    writeFileSync(join(home.app, 'keyring.json'), org.envelope, { mode: 0o600 });
    return home;
  }

  async function start(
    who: Person,
    home: Home,
    key?: Uint8Array,
    before: (store: Store) => Promise<void> = async () => {},
  ) {
    await sealToFile(home, 'decision', who.decision, PASSPHRASE, systemRandom, CHEAP);
    const brokerKeyId = org.broker.session.keyId;
    writeEndpoint(home, {
      url: here.house.broker.url,
      origin: org.keyring.log.origin,
      brokerKeyId,
    });
    const path = join(home.app, 'replica.db');
    const opened = openAppStore(path, time.now(), key);
    if (!opened.ok) throw new Error(opened.detail);
    await before(opened.value.store);
    const app = composeApp({
      clock: time,
      timers: systemTimers,
      random: systemRandom,
      store: opened.value.store,
      broker: { start: async () => {}, stop: async () => {} },
      surface: { kind: 'terminal', raise: () => {} },
      journal: { note: () => {} },
      home,
      version: 'test',
      hostName: who.device,
      account: who.id,
      testOnly: CHEAP,
    });
    apps.push(app);
    await app.start();
    const until = async (holds: () => Promise<boolean>): Promise<void> => {
      const { promise, resolve } = Promise.withResolvers<void>();
      const look = async (): Promise<void> => {
        if (await holds()) resolve();
      };
      const stop = app.listen(() => void look());
      await look();
      await promise;
      stop();
    };
    return { app, path, store: opened.value.store, until };
  }
  const CALLER = { surface: 'terminal', caller: 'test' } as const;
  const onDisk = (path: string): string =>
    ['', '-wal']
      .map((end) => path + end)
      .filter(existsSync)
      .map((file) => readFileSync(file, 'latin1'))
      .join('');

  test('one erases, the other was away: both lose the text, keep the tree and say by whom and why', async () => {
    const { request, decision } = await ended();
    const bobHome = homeOf(org.bob);
    const first = await start(org.bob, bobHome);
    await first.until(async () => (await first.store.ofRequest(request.sha256)).length >= 3);
    expect(onDisk(first.path)).toContain(MARKER);
    await first.app.stop();

    // Her device has signed the denial: what it sent is in its own copy too, and goes from there.
    const mine = await start(org.alice, homeOf(org.alice), undefined, (store) =>
      store.putDecision({
        sha256: decision.sha256,
        keyId: org.alice.decision.keyId,
        seq: 1,
        request: request.sha256,
        envelope: utf8(decision.envelope),
        messageId: 'ab'.repeat(16),
        state: 'logged',
        code: undefined,
      }),
    );
    await mine.until(async () => (await mine.store.ofRequest(request.sha256)).length >= 3);
    const wish = { digest: request.sha256, what: 'all', reason: 'it held a record' } as const;
    const { erase: asked } = mine.app.answers.request;
    expect(await asked(wish, CALLER)).toMatchObject({ ok: false, code: 'locked' });
    expect(await asked({ ...wish, passphrase: PASSPHRASE }, CALLER)).toMatchObject({
      ok: true,
      value: { texts: 2 },
    });
    await mine.until(async () => (await mine.store.erasedBy([request.sha256])).size === 1);
    expect(onDisk(mine.path)).not.toContain(MARKER);

    const again = await start(org.bob, bobHome);
    await again.until(async () => (await again.store.erasedBy([request.sha256])).size === 1);
    expect(onDisk(again.path)).not.toContain(MARKER);
    const told = await again.app.answers.history.story({ digest: request.sha256 }, CALLER);
    const steps = told.ok ? told.value.steps.map(({ type, says }) => [type, says]) : [];
    expect(steps).toContainEqual(['request', 'erased by alice: it held a record']);
    expect(steps).toContainEqual(['decision', 'erased by alice: it held a record']);
    expect(steps).toContainEqual(['erasure', 'erased 2 texts of it: it held a record']);
    expect(await again.app.answers.request.open({ digest: request.sha256 }, CALLER)).toMatchObject({
      code: 'erased',
    });
    expect(
      (await again.app.answers.history.search({ text: MARKER, filters: {}, limit: 5 }, CALLER))
        .rows,
    ).toEqual([]);
    const report = await again.app.answers.history.verify({}, CALLER);
    expect(report).toMatchObject({ problems: [], erased: 2, withoutBody: 0 });
    expect(await asked({ ...wish, passphrase: PASSPHRASE }, CALLER)).toMatchObject({
      code: 'erased',
    });
  });

  test('who is no administrator signs nothing', async () => {
    const { request } = await ended();
    const bob = await start(org.bob, homeOf(org.bob));
    await bob.until(async () => (await bob.store.ofRequest(request.sha256)).length >= 3);
    const wish = {
      digest: request.sha256,
      what: 'all',
      reason: 'mine',
      passphrase: PASSPHRASE,
    } as const;
    expect(await bob.app.answers.request.erase(wish, CALLER)).toMatchObject({ code: 'notAllowed' });
  });

  test('with a data key nothing but the index is in clear, and a copy from before is sealed too', async () => {
    const { request } = await ended();
    const home = homeOf(org.bob);
    const narrative = 'MARKER-told-by-the-agent';
    const told = requestBy(org.guard, time, { narrative });
    await guard.ask('request', { envelope: told.envelope });
    const clear = await start(org.bob, home);
    await clear.until(async () => (await clear.store.ofRequest(told.sha256)).length === 1);
    expect(onDisk(clear.path)).toContain(narrative);
    await clear.app.stop();
    const key = systemRandom(32);
    const sealed = await start(org.bob, home, key);
    for (let i = 0; i < 100 && onDisk(sealed.path).includes(narrative); i += 1)
      await new Promise((resolve) => setTimeout(resolve, 30));
    expect(onDisk(sealed.path)).not.toContain(narrative);
    const later = requestBy(org.guard, time, { narrative: `${narrative}-2` });
    await guard.ask('request', { envelope: later.envelope });
    await sealed.until(async () => (await sealed.store.ofRequest(later.sha256)).length === 1);
    expect(onDisk(sealed.path)).not.toContain(narrative);
    expect((await sealed.store.ofRequest(request.sha256))[0]?.payload).toBeInstanceOf(Uint8Array);
    await sealed.app.stop();
    expect(openAppStore(sealed.path, 1)).toMatchObject({ ok: false, code: 'sealed' });
    const reader = openSqliteStore(sealed.path);
    if (!reader.ok) throw new Error(reader.detail);
    expect((await reader.value.ofRequest(told.sha256))[0]).toMatchObject({
      payload: undefined,
      sealed: true,
    });
    await reader.value.close();
    // The key is gone for good: another one, an empty copy, and all of it again from the broker.
    const other = await start(org.bob, home, systemRandom(32));
    await other.until(async () => (await other.store.ofRequest(later.sha256)).length === 1);
    expect((await other.store.ofRequest(told.sha256))[0]?.payload).toBeInstanceOf(Uint8Array);
  });
});
