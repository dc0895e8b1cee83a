// Leaves come one frame after the other. The next are read while the store still writes those before, and yet count only at
// their turn: after what was before them, and by the keyring that is in force then.

import { describe, expect, test } from 'vitest';
import { openDesk } from '../../../main/app/desk.ts';
import { openInbox } from '../../../main/app/inbox.ts';
import type { Store } from '../../../main/app/ports.ts';
import { openReplica } from '../../../main/app/replica.ts';
import type { OpenedLeaf } from '../../../main/app/open-leaf.ts';
import {
  type HeldKeyring,
  openFirstKeyring,
  openNextKeyring,
} from '../../../main/trust/keyring.ts';
import { utf8 } from '../../../shared/bytes.ts';
import { invariant } from '../../../shared/result.ts';
import { HandTime, makeOrg, nextKeyring, type Org, requestBy } from '../../kit/wire-world.ts';
import { memoryStore } from './memory-store.ts';
import { TestLog } from './test-log.ts';

/** Two requests of a guard. */
function requestsOf(org: Org): TestLog {
  const log = new TestLog(org.keyring.log.origin, org.broker.log);
  for (let i = 0; i < 2; i++) log.append(utf8(requestBy(org.guard, new HandTime()).envelope));
  return log;
}

function firstKeyring(org: Org): HeldKeyring {
  const held = openFirstKeyring(org.envelope, org.keyring);
  invariant(held.ok, 'a keyring of the kit');
  return held.value;
}

/** Its leaves are on disk only once `write` is called; `asked` resolves once the first are to be written. */
function slowStore() {
  const store = memoryStore();
  const asked = Promise.withResolvers<void>();
  const written = Promise.withResolvers<void>();
  const append: Store['append'] = async (...batch) => {
    asked.resolve();
    await written.promise;
    return store.append(...batch);
  };
  return { store: { ...store, append }, kept: store, asked: asked.promise, write: written.resolve };
}

async function open(store: Store, org: Org) {
  let held = firstKeyring(org);
  let reads = 0;
  let waits: { readonly count: number; readonly resolve: () => void } | undefined;
  const alarms: string[] = [];
  const touched: OpenedLeaf[] = [];
  const alarm = (code: string, detail: string): void => void alarms.push(`${code} ${detail}`);
  const { vkey } = org.keyring.log;
  const replica = await openReplica({ store, vkey, alarm, now: () => 0 });
  const inbox = openInbox({
    replica,
    desk: openDesk(),
    keyring: () => {
      reads += 1;
      if (reads === waits?.count) waits.resolve();
      return held;
    },
    offerKeyring: () => {},
    keyringBefore: store.keyringBefore,
    alarm,
    fork: () => {},
    onCall: () => {},
    touched: (_digests, leaves) => void touched.push(...leaves),
    gone: () => {},
    logMoved: () => {},
    got: () => {},
  });
  return {
    replica,
    inbox,
    alarms,
    touched,
    /** Resolves once so many frames have been read: each asks for the keyring. */
    readFrames: (count: number): Promise<void> =>
      new Promise((resolve) => {
        waits = { count, resolve };
        if (reads >= count) resolve();
      }),
    change: (next: HeldKeyring) => {
      held = next;
    },
  };
}

describe('leaves whose turn has not come', () => {
  test('are read while the store writes, and taken only after', async () => {
    const org = makeOrg();
    const log = requestsOf(org);
    const { store, kept, asked, write } = slowStore();
    const app = await open(store, org);
    app.inbox.take({ t: 'leaves', body: log.frames(0, 1) });
    app.inbox.take({ t: 'leaves', body: log.frames(1) });
    await asked;
    await app.readFrames(2);
    expect([app.replica.size(), kept.leaves.length, app.touched.length]).toEqual([1, 0, 0]);
    write();
    await app.inbox.settled();
    expect([app.replica.size(), kept.leaves.length, app.alarms]).toEqual([2, 2, []]);
    expect(app.touched.map(({ index, signature }) => [index, signature])).toEqual([
      [0, 'verified'],
      [1, 'verified'],
    ]);
  });

  test('are judged by the keyring that is in force at their turn', async () => {
    const org = makeOrg();
    const log = requestsOf(org);
    const { store, asked, write } = slowStore();
    const app = await open(store, org);
    app.inbox.take({ t: 'leaves', body: log.frames(0, 1) });
    app.inbox.take({ t: 'leaves', body: log.frames(1) });
    await asked;
    await app.readFrames(2);
    const without = nextKeyring(org, (keyring) => ({
      ...keyring,
      guards: keyring.guards.filter(({ id }) => id !== org.guard.id),
    }));
    const next = openNextKeyring(firstKeyring(org), utf8(without));
    invariant(next.ok, 'the next keyring');
    app.change(next.value);
    write();
    await app.inbox.settled();
    expect(app.touched.map(({ signature }) => signature)).toEqual(['verified', 'unknownKey']);
  });

  test('raise their alarm at their turn, after what was before them is stored', async () => {
    const org = makeOrg();
    const log = requestsOf(org);
    const { store, kept, asked, write } = slowStore();
    const app = await open(store, org);
    const { from, entries } = log.frames(1);
    app.inbox.take({ t: 'leaves', body: log.frames(0, 1) });
    app.inbox.take({ t: 'leaves', body: { from, entries: [{ leaf: `${entries[0]?.leaf} ` }] } });
    await asked;
    await app.readFrames(2);
    expect(app.alarms).toEqual([]);
    write();
    await app.inbox.settled();
    expect([kept.leaves.length, app.alarms.length, app.alarms[0]]).toEqual([
      1,
      1,
      expect.stringMatching(/^badLeaf entry 1: leaf/),
    ]);
  });

  test('that a resumed stream repeats are left out', async () => {
    const org = makeOrg();
    const log = requestsOf(org);
    const { store, kept, asked, write } = slowStore();
    const app = await open(store, org);
    app.inbox.take({ t: 'leaves', body: log.frames(0, 1) });
    app.inbox.take({ t: 'leaves', body: log.frames(1) });
    app.inbox.take({ t: 'leaves', body: log.frames(0) });
    await asked;
    await app.readFrames(3);
    write();
    await app.inbox.settled();
    expect([kept.leaves.map(({ index }) => index), app.alarms]).toEqual([[0, 1], []]);
  });

  test('do not count where the store could not write those before', async () => {
    const org = makeOrg();
    const log = requestsOf(org);
    const { store, kept, asked, write } = slowStore();
    const app = await open(store, org);
    app.inbox.take({ t: 'leaves', body: log.frames(0, 1) });
    app.inbox.take({ t: 'leaves', body: log.frames(1) });
    await asked;
    await app.readFrames(2);
    kept.breakDown();
    write();
    await app.inbox.settled();
    expect([app.touched, kept.leaves]).toEqual([[], []]);
    expect(app.alarms[0]).toMatch(/^copyBroken/);
  });
});
