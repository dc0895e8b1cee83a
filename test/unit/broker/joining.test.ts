// How many strangers may wait, and for how long: with peers from many addresses, which one machine's sockets can't be.

import { expect, test } from 'vitest';
import { LIMITS } from '../../../shared/protocol/limits.ts';
import type { AnyServerMessage } from '../../../shared/protocol/messages.ts';
import type { Join } from '../../../shared/statement/join.ts';
import { Joining } from '../../../main/broker/joining.ts';
import type { Peer, Session } from '../../../main/broker/peer.ts';
import { joinKeyOf, signJoin } from '../../../main/link/join-statement.ts';
import { generateKeyPair } from '../../../main/trust/ed25519.ts';
import { findKey, type HeldKeyring } from '../../../main/trust/keyring.ts';
import { HandTime } from '../../kit/wire-world.ts';
import { hold, makeTeam, next } from '../cli/keyring/world.ts';

const team = makeTeam();

class FakePeer {
  readonly sent: AnyServerMessage[] = [];
  readonly address: string;
  session: Session | undefined;
  ended: string | undefined;
  constructor(address: string) {
    this.address = address;
  }
  send(message: AnyServerMessage): void {
    this.sent.push(message);
  }
  ack(ref: string): void {
    this.send({ t: 'ack', ref, body: {} });
  }
  refuse(ref: string, code: 'busy' | 'badJoin'): void {
    this.send({ t: 'refused', ref, body: { code } });
  }
  hangUp(code: string): void {
    this.ended = code;
  }
}

// The real `Peer` needs a socket; Joining uses exactly what stands above.
const asPeer = (fake: FakePeer): Peer => fake as unknown as Peer;

function stage() {
  const time = new HandTime();
  let held: HeldKeyring = team.held;
  const joining = new Joining({
    clock: time,
    timers: time,
    size: () => 1,
    held: () => held,
    keyrings: () => ['the chain'],
  });
  const ask = (address: string, guard = newGuard()) => {
    const peer = new FakePeer(address);
    const waits = joining.take(asPeer(peer), {
      t: 'join',
      id: '0'.repeat(32),
      body: { envelope: guard.envelope },
    });
    return { peer, waits, guard };
  };
  const admin = new FakePeer('10.0.0.1');
  const session = findKey(held, team.ann.session.keyId);
  admin.session = session && { ...session, kind: 'reviewer' };
  joining.entered(asPeer(admin));
  const shown = () => {
    time.advance(1_000);
    const last = admin.sent.at(-1);
    return last?.t === 'proposals' ? last.body.proposals : [];
  };
  return { time, joining, ask, shown, admin, enrol: (next_: HeldKeyring) => (held = next_) };
}

function newGuard() {
  const [guard, session] = [generateKeyPair(), generateKeyPair()];
  const join: Join = {
    kind: 'guard',
    id: 'new',
    host: 'new-host',
    agents: [],
    keys: { guard: joinKeyOf(guard), session: joinKeyOf(session) },
    clientVersion: 'test',
    issuedAt: '2026-11-22T09:00:00.000Z',
  };
  return signJoin(join, session);
}

test('twenty may wait from many addresses, and the next is told to come back', () => {
  const { ask, shown } = stage();
  for (let i = 0; i < LIMITS.maxJoins; i++) expect(ask(`10.0.1.${i}`).waits).toBe(true);
  const late = ask('10.0.2.1');
  expect(late.waits).toBe(false);
  expect(late.peer.sent).toMatchObject([{ t: 'refused', body: { code: 'busy' } }]);
  expect(shown()).toHaveLength(LIMITS.maxJoins);
});

test('who has gone makes room for who comes, the oldest first', () => {
  const { ask, shown, joining } = stage();
  const all = Array.from({ length: LIMITS.maxJoins }, (_, i) => ask(`10.0.1.${i}`));
  for (const i of [3, 7]) joining.left(asPeer(all[i]?.peer ?? new FakePeer('')));
  expect(ask('10.0.2.1').waits).toBe(true);
  const ids = shown().map(({ id }) => id);
  expect(ids).not.toContain(all[3]?.guard.id);
  expect(ids).toContain(all[7]?.guard.id);
});

test('the same join again is the same proposal, and its older connection ends', () => {
  const { ask, shown } = stage();
  const first = ask('10.0.1.1');
  const again = ask('10.0.1.1', first.guard);
  expect([again.waits, first.peer.ended, shown().length]).toEqual([true, 'tooMany', 1]);
});

test('after a day it is forgotten, also while it waits', () => {
  const { ask, shown, time } = stage();
  const old = ask('10.0.1.1');
  time.advance(LIMITS.joinKeptMs);
  const fresh = ask('10.0.1.2');
  expect(old.peer.ended).toBe('tooMany');
  expect(shown().map(({ id }) => id)).toEqual([fresh.guard.id]);
});

test('a keyring that names some of its keys, elsewhere, is no answer', () => {
  const { ask, time, enrol } = stage();
  const { peer, guard } = ask('10.0.1.1');
  const guards = team.keyring.guards.map((one) => ({
    ...one,
    keys: [...one.keys, { ...guard.join.keys.session, use: 'guard' as const, fromIndex: 0 }],
  }));
  enrol(hold(next(team.held, { guards }), team.roots));
  time.advance(1_000);
  expect(peer.sent.map(({ t }) => t)).toEqual(['ack']);
  expect(peer.ended).toBe('badJoin');
});

test('administrators hear of a flood of strangers twice a second, not once a stranger', () => {
  const { ask, admin, time } = stage();
  for (let i = 0; i < LIMITS.maxJoins; i++) ask(`10.0.1.${i}`);
  expect(admin.sent).toHaveLength(1);
  time.advance(500);
  const last = admin.sent.at(-1);
  expect(admin.sent).toHaveLength(2);
  expect(last?.t === 'proposals' && last.body.proposals).toHaveLength(LIMITS.maxJoins);
});

test('in solo mode the one person sees who asks, without any group', () => {
  const { ask, joining, enrol, time } = stage();
  const keyring = { ...team.keyring, solo: true };
  enrol(
    hold(
      { ...keyring, reviewers: keyring.reviewers.map((one) => ({ ...one, groups: [] })) },
      team.roots,
    ),
  );
  const [person, nobody] = [new FakePeer('10.0.0.2'), new FakePeer('10.0.0.3')];
  const session = findKey(team.held, team.ann.session.keyId);
  person.session = session && { ...session, groups: [], kind: 'reviewer' };
  for (const peer of [person, nobody]) joining.entered(asPeer(peer));
  ask('10.0.1.1');
  time.advance(1_000);
  expect(person.sent.map(({ t }) => t)).toContain('proposals');
  expect(nobody.sent).toEqual([]);
});

test('nothing is looked for while nobody waits', () => {
  const { time, ask, joining } = stage();
  const { peer } = ask('10.0.1.1');
  joining.closeAll();
  expect(peer.ended).toBe('shuttingDown');
  time.advance(10_000);
  expect(peer.sent.map(({ t }) => t)).toEqual(['ack']);
});
