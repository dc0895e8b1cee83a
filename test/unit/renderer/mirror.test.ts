import { describe, expect, test } from 'vitest';
import { createMirror } from '../../../renderer/store/mirror.ts';
import type { Wire, WireState } from '../../../renderer/socket-wire.ts';
import { FakeMain } from '../../kit/fake-bridge.ts';
import type { Bridge } from '../../../shared/ipc/contract.ts';
import type { Change } from '../../../shared/ipc/snapshot.ts';

type Changed = { readonly revision: number; readonly changes: Change[] };

/** A wire to a fake main whose events and answers the test lets through by hand. */
function wireTo(main: FakeMain) {
  let tell: (changed: Changed) => void = () => {};
  let turn: (state: WireState) => void = () => {};
  const waiting: (() => void)[] = [];
  let asked = 0;
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
    raised: () => () => {},
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
  };
}

const online = (why: string): Change => ({
  what: 'link',
  value: { state: 'offline', since: '2026-11-22T01:00:00.000Z', why },
});

describe('the mirror', () => {
  test('applies changes in order and drops what is stale', async () => {
    const main = new FakeMain();
    const ends = wireTo(main);
    const mirror = createMirror(ends.wire);
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
    const mirror = createMirror(ends.wire);
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
    const mirror = createMirror(ends.wire);
    mirror.start();
    ends.tell({ revision: 2, changes: [online('early')] });
    await ends.answer();
    expect(mirror.store.getState().snapshot).toMatchObject({ revision: 2, link: { why: 'early' } });
  });

  test('a wire that comes back fetches again', async () => {
    const ends = wireTo(new FakeMain());
    const mirror = createMirror(ends.wire);
    mirror.start();
    await ends.answer();
    ends.turn('lost');
    expect(mirror.store.getState().wire).toBe('lost');
    ends.turn('open');
    expect(ends.asked()).toBe(2);
  });
});
