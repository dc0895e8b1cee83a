// Strangers who ask to join, over real sockets: what the broker keeps, whom it shows it to, when it answers, and what they
// can't do to it. Then what changes at once when the keyring does: who is let in, and who is out.

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fromUtf8, utf8 } from '../../shared/bytes.ts';
import { LIMITS } from '../../shared/protocol/limits.ts';
import type { Join } from '../../shared/statement/join.ts';
import type { Keyring } from '../../shared/statement/keyring.ts';
import { openEnrolment } from '../../main/link/enrolment.ts';
import { rootSetOf } from '../../main/trust/keyring.ts';
import { askToJoin, type JoinState } from '../../main/link/join.ts';
import { joinKeyOf, type OpenedJoin, signJoin } from '../../main/link/join-statement.ts';
import { systemClock, systemTimers } from '../../main/link/system-ports.ts';
import { systemRandom } from '../../main/trust/digest.ts';
import { generateKeyPair, type KeyPair } from '../../main/trust/ed25519.ts';
import { openNextKeyring, openFirstKeyring } from '../../main/trust/keyring.ts';
import { type Visit, visit } from '../kit/wire-visit.ts';
import { makeOrg, nextKeyring, type Org, requestBy } from '../kit/wire-world.ts';

let org: Org;
let here: Visit;
/** Alice administers, Bob does not. */
const withAdmin = (keyring: Keyring): Keyring => ({
  ...keyring,
  reviewers: keyring.reviewers.map((one) =>
    one.id === 'alice' ? { ...one, groups: [...one.groups, 'admin'] } : one,
  ),
});
beforeEach(async () => {
  org = makeOrg(withAdmin);
  here = await visit(org);
});
afterEach(() => here.leave());

type NewGuard = { readonly guard: KeyPair; readonly session: KeyPair; readonly opened: OpenedJoin };

function newGuard(id: string): NewGuard {
  const [guard, session] = [generateKeyPair(), generateKeyPair()];
  const join: Join = {
    kind: 'guard',
    id,
    host: `${id}.host`,
    agents: [],
    keys: { guard: joinKeyOf(guard), session: joinKeyOf(session) },
    clientVersion: 'test',
    issuedAt: here.house.time.iso(),
  };
  return { guard, session, opened: signJoin(join, session) };
}

/** The next keyring, with this guard in it. */
const enrolling = ({ opened: { join } }: NewGuard): string =>
  nextKeyring(org, (keyring) => ({
    ...keyring,
    guards: [
      ...keyring.guards,
      {
        id: join.id,
        host: `${join.id}.host`,
        agents: [],
        maxTier: 'high',
        keys: Object.entries(join.keys).map(([use, key]) => ({
          ...key,
          use: use === 'guard' ? 'guard' : 'session',
          fromIndex: 0,
        })),
      },
    ],
  }));

const ask = async ({ opened }: NewGuard) => {
  const client = here.connect();
  await client.wait('hello');
  const said = await client.ask('join', { envelope: opened.envelope });
  return { client, said };
};

describe('a join', () => {
  test('is kept and shown to administrators, and to nobody else', async () => {
    const alice = await here.asReviewer(org.alice);
    const bob = await here.asReviewer(org.bob);
    const guard = newGuard('new');
    const { said } = await ask(guard);
    expect(said).toBe('kept');
    const { body } = await alice.wait('proposals', (one) => one.body.proposals.length === 1);
    expect(body.proposals).toEqual([
      {
        id: guard.opened.id,
        since: here.house.time.iso(),
        here: true,
        envelope: guard.opened.envelope,
      },
    ]);
    // An answer to a later question: whatever was to come before it has come.
    await bob.ask('notice', { envelope: '{}' });
    expect(bob.heard.some(({ t }) => t === 'proposals')).toBe(false);
  });

  test('is shown to an administrator who comes later', async () => {
    const guard = newGuard('new');
    await ask(guard);
    const alice = await here.asReviewer(org.alice);
    const { body } = await alice.wait('proposals');
    expect(body.proposals.map(({ id }) => id)).toEqual([guard.opened.id]);
  });

  test('gets no keyring before one names its keys, and then all that it needs', async () => {
    const alice = await here.asReviewer(org.alice);
    const guard = newGuard('new');
    const { client } = await ask(guard);
    here.house.time.advance(5_000);
    expect(client.heard.map(({ t }) => t)).toEqual(['hello', 'ack']);
    await alice.ask('keyring', { envelope: enrolling(guard) });
    here.house.time.advance(1_000);
    const { body } = await client.wait('enrolled');
    const opened = openEnrolment(body.keyrings, {
      join: guard.opened.join,
      invited: { org: 'org', rootSet: rootSetOf(org.keyring) },
      broker: { keyId: org.broker.session.keyId, origin: org.keyring.log.origin },
      nowMs: here.house.time.now(),
    });
    expect(opened.ok && opened.value.held.keyring.version).toBe(2);
    await alice.wait('proposals', (one) => one.body.proposals.length === 0);
  });

  test('that somebody else gets in by does not bring its keyring along', async () => {
    const alice = await here.asReviewer(org.alice);
    const { client } = await ask(newGuard('one'));
    await alice.ask('keyring', { envelope: enrolling(newGuard('two')) });
    here.house.time.advance(5_000);
    await alice.ask('notice', { envelope: '{}' });
    expect(client.heard.some(({ t }) => t === 'enrolled')).toBe(false);
    // And it still waits.
    const shown = alice.heard.findLast((one) => one.t === 'proposals');
    expect(shown?.t === 'proposals' && shown.body.proposals.map((one) => one.here)).toEqual([true]);
  });

  test('is answered at once on a later try, and the guard works without anybody restarting', async () => {
    const alice = await here.asReviewer(org.alice);
    const guard = newGuard('new');
    const first = await ask(guard);
    first.client.close();
    await alice.ask('keyring', { envelope: enrolling(guard) });
    const { client } = await ask(guard);
    await client.wait('enrolled');
    const session = here.connect();
    await session.login('guard', guard.session);
    const request = requestBy(
      { id: 'new', guard: guard.guard, session: guard.session },
      here.house.time,
    );
    expect(await session.ask('request', { envelope: request.envelope })).toBeTypeOf('number');
  });

  test('enrols nobody: its keys are strangers until the roots have signed', async () => {
    const guard = newGuard('new');
    await ask(guard);
    const client = here.connect();
    await expect(client.login('guard', guard.session)).rejects.toThrow(/4001/);
    const second = here.connect();
    await expect(second.login('reviewer', guard.session)).rejects.toThrow(/4001/);
  });
});

describe('a stranger', () => {
  const bad = (make: () => string, what: RegExp) => async () => {
    const client = here.connect();
    await client.wait('hello');
    client.tell('join', { envelope: make() });
    const { code, reason } = await client.ended;
    expect(`${code} ${reason}`).toMatch(what);
  };

  test(
    'without a signature by the session key is out',
    bad(() => signJoin(newGuard('x').opened.join, generateKeyPair()).envelope, /4008 badJoin/),
  );
  test(
    'with no join at all is out',
    bad(() => '{}', /4008 badJoin/),
  );
  test(
    'with more than 8 KiB is out',
    bad(() => 'x'.repeat(LIMITS.joinMaxBytes), /4000 badFrame/),
  );
  test(
    'who names a key that the keyring has for something else is out',
    bad(() => {
      const guard = newGuard('x');
      const keys = { guard: joinKeyOf(org.alice.decision), session: joinKeyOf(guard.session) };
      const { join } = guard.opened;
      return signJoin(join.kind === 'guard' ? { ...join, keys } : join, guard.session).envelope;
    }, /4008 badJoin/),
  );

  test('says one thing and no more', async () => {
    const { client } = await ask(newGuard('new'));
    client.tell('prove', { first: 1, second: 1 });
    expect((await client.ended).code).toBe(4000);
  });

  test('has three places from one address; who has gone makes room, who waits does not', async () => {
    const all = [];
    for (const id of ['a', 'b', 'c']) all.push(await ask(newGuard(id)));
    expect((await ask(newGuard('d'))).said).toBe('busy');
    all[0]?.client.close();
    await all[0]?.client.ended;
    const alice = await here.asReviewer(org.alice);
    await alice.wait('proposals', ({ body }) => body.proposals.some((one) => !one.here));
    expect((await ask(newGuard('e'))).said).toBe('kept');
  });

  test('is forgotten after a day', async () => {
    const { client } = await ask(newGuard('new'));
    client.close();
    here.house.time.advance(LIMITS.joinKeptMs);
    const alice = await here.asReviewer(org.alice);
    await alice.ask('notice', { envelope: '{}' });
    expect(alice.heard.filter(({ t }) => t === 'proposals')).toEqual([]);
  });
});

test('who joins by the client waits, is told, and gets what the broker has', async () => {
  const guard = newGuard('new');
  const states: JoinState['kind'][] = [];
  const alice = await here.asReviewer(org.alice);
  const stop = new AbortController();
  const answer = askToJoin({
    address: { url: here.house.broker.url },
    envelope: guard.opened.envelope,
    clock: systemClock,
    timers: systemTimers,
    random: systemRandom,
    onState: ({ kind }) => states.push(kind),
    signal: stop.signal,
  });
  await alice.wait('proposals');
  await alice.ask('keyring', { envelope: enrolling(guard) });
  here.house.time.advance(1_000);
  const answered = await answer;
  expect(states).toEqual(['connecting', 'waiting']);
  expect(answered).toMatchObject({
    ok: true,
    value: { broker: { keyId: org.broker.session.keyId }, exposed: false },
  });
  expect(answered.ok && answered.value.keyrings).toHaveLength(2);
});

describe('a revocation', () => {
  /** Alice's device is revoked from the present end of the log on. */
  const revoking = (id: string, untilIndex: number): string =>
    nextKeyring(org, (keyring) => ({
      ...keyring,
      reviewers: keyring.reviewers.map((one) =>
        one.id === id ? { ...one, keys: one.keys.map((key) => ({ ...key, untilIndex })) } : one,
      ),
      guards: keyring.guards.map((one) =>
        one.id === id ? { ...one, keys: one.keys.map((key) => ({ ...key, untilIndex })) } : one,
      ),
    }));

  test.each(['bob', 'guard-1'])(
    'closes the sessions of %s within 5 s, and only those',
    async (id) => {
      const alice = await here.asReviewer(org.alice);
      const out = id === 'bob' ? await here.asReviewer(org.bob) : await here.asGuard();
      const stays = id === 'bob' ? await here.asGuard() : await here.asReviewer(org.bob);
      const began = performance.now();
      await alice.ask('keyring', { envelope: revoking(id, 1) });
      expect(await out.ended).toEqual({ code: 4004, reason: 'revoked' });
      expect(performance.now() - began).toBeLessThan(5_000);
      await stays.wait('keyring');
      expect(stays.socket.readyState).toBe(stays.socket.OPEN);
      const again = here.connect();
      const login = again.login(
        id === 'bob' ? 'reviewer' : 'guard',
        id === 'bob' ? org.bob.session : org.guard.session,
      );
      await expect(login).rejects.toThrow(/4004/);
    },
  );

  test('at an index that lies ahead leaves the session until then', async () => {
    const alice = await here.asReviewer(org.alice);
    const bob = await here.asReviewer(org.bob);
    await alice.ask('keyring', { envelope: revoking('bob', 50) });
    await bob.wait('keyring');
    expect(bob.socket.readyState).toBe(bob.socket.OPEN);
  });

  test('is a keyring of the chain: a broker that makes one up convinces nobody', () => {
    const held = openFirstKeyring(org.envelope, org.keyring);
    if (!held.ok) throw new Error(held.code);
    const forged = nextKeyring({ ...org, root: generateKeyPair() }, (same) => same);
    expect(openNextKeyring(held.value, utf8(forged))).toMatchObject({ code: 'keyringThreshold' });
    expect(fromUtf8(org.envelope)).not.toBe(forged);
  });
});
