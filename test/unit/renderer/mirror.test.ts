import { describe, expect, test } from 'vitest';
import { createMirror } from '../../../renderer/store/mirror.ts';
import type { Wire, WireState } from '../../../renderer/socket-wire.ts';
import { FakeMain } from '../../kit/fake-bridge.ts';
import type { Bridge } from '../../../shared/ipc/contract.ts';
import type { Change, RequestSummary } from '../../../shared/ipc/snapshot.ts';

type Changed = { readonly revision: number; readonly changes: Change[] };

/** A wire to a fake main whose events and answers the test lets through by hand. */
function wireTo(main: FakeMain) {
  let tell: (changed: Changed) => void = () => {};
  let turn: (state: WireState) => void = () => {};
  const waiting: (() => void)[] = [];
  let asked = 0;
  let raise: () => void = () => {};
  const frames: (() => void)[] = [];
  const app: Bridge['app'] = {
    snapshot: () => {
      asked++;
      const { snapshot } = main;
      return new Promise((done) => {
        waiting.push(() => done(snapshot));
      });
    },
    changed: (listen) => {
      tell = listen;
      return () => {};
    },
    raised: (listen) => {
      raise = () => listen({});
      return () => {};
    },
  };
  const wire: Wire = {
    // The mirror uses this group alone.
    bridge: { app } as Bridge,
    state: () => 'open',
    listen: (listen) => {
      turn = listen;
      return () => {};
    },
  };
  const answer = async (): Promise<void> => {
    waiting.shift()?.();
    await new Promise((done) => {
      setImmediate(done);
    });
  };
  return {
    wire,
    answer,
    asked: () => asked,
    tell: (changed: Changed) => tell(changed),
    turn: (state: WireState) => turn(state),
    raise: () => raise(),
    frame: (then: () => void) => void frames.push(then),
    /** The next frame is drawn. */
    draw: () => {
      for (const run of frames.splice(0)) run();
    },
  };
}

const online = (why: string): Change => ({
  what: 'link',
  value: { state: 'offline', since: '2026-11-22T01:00:00.000Z', why },
});

const request = (index: number): RequestSummary => ({
  digest: `request ${index}`,
  requestId: '00'.repeat(16),
  index,
  title: 'run export.js',
  target: 'export.js',
  reason: 'nightly',
  agent: 'night-agent',
  onBehalfOf: 'ada',
  guard: 'build-guard',
  host: 'ada-laptop',
  tier: 'medium',
  createdAt: '2026-11-22T01:00:00.000Z',
  expiresAt: '2026-11-22T01:10:00.000Z',
  stage: 'open',
  guardState: 'here',
  decisions: [],
});

describe('the mirror', () => {
  test('applies changes in order and drops what is stale', async () => {
    const main = new FakeMain();
    const ends = wireTo(main);
    const mirror = createMirror(ends.wire, ends.frame);
    mirror.start();
    await ends.answer();
    ends.tell({ revision: 2, changes: [online('first')] });
    ends.tell({ revision: 2, changes: [online('again')] });
    expect(mirror.store.getState().snapshot?.link).toMatchObject({ why: 'first' });
    expect(ends.asked()).toBe(1);
  });

  test('a gap fetches a new snapshot', async () => {
    const main = new FakeMain();
    const ends = wireTo(main);
    const mirror = createMirror(ends.wire, ends.frame);
    mirror.start();
    await ends.answer();
    main.change(online('missed'));
    main.change(online('second'));
    ends.tell({ revision: 3, changes: [online('second')] });
    expect(ends.asked()).toBe(2);
    await ends.answer();
    expect(mirror.store.getState().snapshot).toEqual(main.snapshot);
  });

  test('changes that come while a snapshot is fetched are applied on top of it', async () => {
    const main = new FakeMain();
    const ends = wireTo(main);
    const mirror = createMirror(ends.wire, ends.frame);
    mirror.start();
    ends.tell({ revision: 2, changes: [online('early')] });
    await ends.answer();
    expect(mirror.store.getState().snapshot).toMatchObject({ revision: 2, link: { why: 'early' } });
  });

  test('a wire that comes back fetches again', async () => {
    const ends = wireTo(new FakeMain());
    const mirror = createMirror(ends.wire, ends.frame);
    mirror.start();
    await ends.answer();
    ends.turn('lost');
    expect(mirror.store.getState().wire).toBe('lost');
    ends.turn('open');
    expect(ends.asked()).toBe(2);
  });

  describe('changes of one frame', () => {
    test('are joined into one update, in order, after the first, which is shown at once', async () => {
      const ends = wireTo(new FakeMain());
      const mirror = createMirror(ends.wire, ends.frame);
      mirror.start();
      await ends.answer();
      const seen = watching(mirror.store);
      for (let at = 2; at <= 501; at++) ends.tell({ revision: at, changes: [online(`${at}`)] });
      expect(seen).toEqual(['2']);
      ends.draw();
      expect(seen).toEqual(['2', '501']);
      expect(mirror.store.getState().snapshot?.revision).toBe(501);
      expect(ends.asked()).toBe(1);
    });

    test('while they keep coming there is one update a frame', async () => {
      const ends = wireTo(new FakeMain());
      const mirror = createMirror(ends.wire, ends.frame);
      mirror.start();
      await ends.answer();
      const seen = watching(mirror.store);
      for (let at = 2; at < 42; at += 4) {
        for (const one of [0, 1, 2, 3])
          ends.tell({ revision: at + one, changes: [online(`${at + one}`)] });
        ends.draw();
      }
      expect(seen).toHaveLength(11);
      expect(seen.at(-1)).toBe('41');
    });

    test('after a frame without any, the next one is shown at once again', async () => {
      const ends = wireTo(new FakeMain());
      const mirror = createMirror(ends.wire, ends.frame);
      mirror.start();
      await ends.answer();
      const seen = watching(mirror.store);
      ends.tell({ revision: 2, changes: [online('first')] });
      ends.draw();
      ends.tell({ revision: 3, changes: [online('second')] });
      expect(seen).toEqual(['first', 'second']);
    });

    test('a gap among them shows what came before it and fetches the rest', async () => {
      const main = new FakeMain();
      const ends = wireTo(main);
      const mirror = createMirror(ends.wire, ends.frame);
      mirror.start();
      await ends.answer();
      const seen = watching(mirror.store);
      for (const why of ['2', '3', '4', '5']) main.change(online(why));
      ends.tell({ revision: 2, changes: [online('2')] });
      ends.tell({ revision: 3, changes: [online('3')] });
      ends.tell({ revision: 5, changes: [online('5')] });
      ends.tell({ revision: 6, changes: [online('6')] });
      ends.draw();
      expect(seen).toEqual(['2', '3']);
      expect(ends.asked()).toBe(2);
      ends.tell({ revision: 7, changes: [online('7')] });
      await ends.answer();
      expect(seen).toEqual(['2', '3', '7']);
      expect(mirror.store.getState().snapshot?.revision).toBe(7);
    });

    test('are shown before a request is raised and before the wire is said to be lost', async () => {
      const ends = wireTo(new FakeMain());
      const mirror = createMirror(ends.wire, ends.frame);
      mirror.start();
      await ends.answer();
      const seen = watching(mirror.store);
      ends.tell({ revision: 2, changes: [online('2')] });
      ends.tell({ revision: 3, changes: [online('3')] });
      ends.raise();
      expect(seen).toEqual(['2', '3']);
      ends.tell({ revision: 4, changes: [online('4')] });
      ends.turn('lost');
      expect(seen).toEqual(['2', '3', '4', '4']);
    });

    test('however they are cut into frames, what is shown in the end is what main has', async () => {
      for (let seed = 1; seed <= 50; seed++) {
        const random = randomOf(seed);
        const main = new FakeMain();
        const ends = wireTo(main);
        main.listen((name, payload) => {
          if (name === 'app.changed') ends.tell(payload as Changed);
        });
        const mirror = createMirror(ends.wire, ends.frame);
        mirror.start();
        await ends.answer();
        const digests: string[] = [];
        const arrive = (index: number): void => {
          digests.push(`request ${index}`);
          main.change({ what: 'request', value: request(index) });
        };
        for (let step = 0; step < 60; step++) {
          const known = digests[Math.floor(random() * digests.length)];
          if (random() < 0.3) ends.draw();
          if (random() < 0.4 || known === undefined) arrive(step);
          else if (random() < 0.7) main.update(known, { stage: 'decided' });
          else {
            main.change({ what: 'requestGone', digest: known });
            digests.splice(digests.indexOf(known), 1);
          }
        }
        ends.draw();
        expect(mirror.store.getState().snapshot).toEqual(main.snapshot);
        expect(ends.asked()).toBe(1);
      }
    });
  });
});

/** What the link said in each update. */
function watching(store: ReturnType<typeof createMirror>['store']): (string | undefined)[] {
  const seen: (string | undefined)[] = [];
  store.subscribe(({ snapshot }) => {
    seen.push(snapshot?.link.state === 'offline' ? snapshot.link.why : undefined);
  });
  return seen;
}

/** Park and Miller's generator: the same for the same seed. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
