// Who joins believes the invitation and nothing that the broker says: one case a rule, each an answer that differs from an
// acceptable one in that alone.

import { describe, expect, test } from 'vitest';
import { fromUtf8, toHex } from '../../../shared/bytes.ts';
import type { Join } from '../../../shared/statement/join.ts';
import type { Keyring } from '../../../shared/statement/keyring.ts';
import { openEnrolment, type Wanted } from '../../../main/link/enrolment.ts';
import { formatInvitation, parseInvitation } from '../../../main/link/invitation.ts';
import { rootSetOf } from '../../../main/trust/keyring.ts';
import { joinKeyOf, openJoin, signJoin } from '../../../main/link/join-statement.ts';
import { systemRandom } from '../../../main/trust/digest.ts';
import { generateKeyPair, type KeyPair } from '../../../main/trust/ed25519.ts';
import { hold, makeTeam, next, NOW } from '../cli/keyring/world.ts';

const team = makeTeam();
const { guard } = team;
const join: Join = {
  kind: 'guard',
  id: 'ci',
  host: 'ci-host',
  agents: [],
  keys: { guard: joinKeyOf(guard.guard), session: joinKeyOf(guard.session) },
  clientVersion: 'test',
  issuedAt: new Date(NOW).toISOString(),
};
const invited = { org: 'acme', rootSet: rootSetOf(team.keyring) };
const broker = { keyId: team.broker.session.keyId, origin: 'acme/1' };
const wanted: Wanted = { join, invited, broker, nowMs: NOW };

const text = (keyring: Keyring, pairs: readonly KeyPair[] = team.roots): string =>
  fromUtf8(hold(keyring, pairs).envelope);
const open = (keyrings: readonly string[], change: Partial<Wanted> = {}) =>
  openEnrolment(keyrings, { ...wanted, ...change });
const code = (keyrings: readonly string[], change: Partial<Wanted> = {}) => {
  const opened = open(keyrings, change);
  return opened.ok ? 'ok' : opened.code;
};

test('a keyring that the invited roots have signed and that names every key is taken', () => {
  const opened = open([text(team.keyring)]);
  expect(opened).toMatchObject({ ok: true, value: { rootSet: invited.rootSet } });
});

describe('an organisation that the broker made up', () => {
  const evil = makeTeam();
  const made: Keyring = { ...team.keyring, roots: evil.keyring.roots };
  test('is refused with an invitation, under whatever name', () => {
    expect(code([text(made, evil.roots)])).toBe('otherRoots');
    expect(code([])).toBe('otherRoots');
  });
  test('is not taken as what follows the true one either', () => {
    const follows = next(team.held, { roots: made.roots });
    expect(code([text(team.keyring), text(follows, evil.roots)])).toBe('brokenChain');
  });
  test('has other words than the true one, where there is no invitation', () => {
    const opened = open([text(made, evil.roots)], { invited: undefined });
    expect(opened.ok && opened.value.rootSet).not.toBe(invited.rootSet);
  });
  test('with fewer signatures than its own threshold is none', () => {
    const one = { ...made, threshold: 1 };
    expect(rootSetOf(one)).not.toBe(rootSetOf(made));
    expect(code(['{}'], { invited: undefined })).toBe('noKeyring');
  });
});

test('other roots come by the chain from the invited ones', () => {
  const fresh = [generateKeyPair(), generateKeyPair()];
  const roots = fresh.map((pair) => joinKeyOf(pair));
  const second = next(team.held, { roots });
  const chain = [text(team.keyring), text(second, [...team.roots, ...fresh])];
  const opened = open(chain);
  expect(opened.ok && opened.value.held.keyring.version).toBe(2);
  expect(code(chain.slice(1))).toBe('otherRoots');
});

test('a version left out of the chain is noticed', () => {
  const second = hold(next(team.held), team.roots);
  const third = next(second, { roots: team.keyring.roots.toReversed(), threshold: 1 });
  expect(code([text(team.keyring), text(third)])).toBe('brokenChain');
});

const CASES: readonly (readonly [string, string, Partial<Keyring>, Partial<Wanted>])[] = [
  ['of another organisation', 'otherOrg', {}, { invited: { ...invited, org: 'other' } }],
  ['that has expired', 'expired', {}, { nowMs: NOW + 91 * 24 * 3600 * 1000 }],
  ['without this broker', 'otherBroker', {}, { broker: { ...broker, keyId: '0'.repeat(64) } }],
  ['of another log', 'otherBroker', {}, { broker: { ...broker, origin: 'acme/2' } }],
  ['that does not name this machine', 'notNamed', { guards: [] }, {}],
];

test.each(CASES)('a keyring %s is refused', (_, why, change, by) => {
  expect(code([text({ ...team.keyring, ...change })], by)).toBe(why);
});

describe('keys under another name, machine or use', () => {
  const [row] = team.keyring.guards;
  if (!row) throw new Error('the team has a guard');
  const guards = (change: Partial<typeof row>) => ({
    ...team.keyring,
    guards: [{ ...row, ...change }],
  });
  const swapped = row.keys.map((key) => ({
    ...key,
    use: key.use === 'guard' ? ('session' as const) : ('guard' as const),
  }));
  const ended = row.keys.map((key) => ({ ...key, untilIndex: 9 }));
  test.each([
    ['name', guards({ id: 'other' })],
    ['use', guards({ keys: swapped })],
    ['end', guards({ keys: ended })],
  ])('another %s', (_, keyring) => expect(code([text(keyring)])).toBe('otherPlace'));
});

test('a guard’s session key as a person’s of the same name is another place', () => {
  const [row] = team.keyring.guards;
  const [ann] = team.keyring.reviewers;
  if (!row || !ann) throw new Error('the team has a guard and a person');
  const session = row.keys.filter((key) => key.use === 'session');
  const keyring: Keyring = {
    ...team.keyring,
    guards: [{ ...row, keys: row.keys.filter((key) => key.use === 'guard') }],
    reviewers: [
      ann,
      {
        ...ann,
        id: 'ci',
        keys: session.map((key) => ({ ...key, use: 'session', device: 'ci-host' })),
      },
    ],
  };
  expect(code([text(keyring)])).toBe('otherPlace');
});

test('a person’s keys on another device than they asked for are another place', () => {
  const [decision, session, witness] = [generateKeyPair(), generateKeyPair(), generateKeyPair()];
  const keys = {
    decision: joinKeyOf(decision),
    session: joinKeyOf(session),
    witness: joinKeyOf(witness),
  };
  const { clientVersion, issuedAt } = join;
  const bob: Join = {
    kind: 'reviewer',
    id: 'bob',
    name: 'Bob',
    device: 'laptop',
    keys,
    clientVersion,
    issuedAt,
  };
  const on = (device: string): Keyring => ({
    ...team.keyring,
    reviewers: [
      ...team.keyring.reviewers,
      {
        id: 'bob',
        name: 'Bob',
        groups: [],
        keys: (['decision', 'session', 'witness'] as const).map((use) => ({
          ...keys[use],
          use,
          device,
          fromIndex: 0,
        })),
      },
    ],
  });
  expect(code([text(on('laptop'))], { join: bob })).toBe('ok');
  expect(code([text(on('ci-host'))], { join: bob })).toBe('otherPlace');
});

describe('an invitation', () => {
  const url = 'wss://broker.acme.example:8750';
  const whole = formatInvitation(url, team.keyring);
  test('is read back as it was written', () => {
    expect(parseInvitation(whole)).toEqual({ ok: true, value: { url, invited } });
    expect(parseInvitation(url)).toEqual({ ok: true, value: { url, invited: undefined } });
  });
  test.each([
    `${url}#`,
    `${url}#acme`,
    whole.slice(0, -1),
    `${whole}A`,
    // Spare bits: the same digest has one spelling.
    `${whole.slice(0, -1)}B`,
    `${whole}#x`,
    `https://broker#${whole.split('#')[1]}`,
    'broker:8750',
    'wss://user@broker:8750',
  ])('%s is not whole: half of one would compare nothing', (text_) => {
    expect(parseInvitation(text_).ok).toBe(false);
  });
  test('covers who may sign, how many of them, and for whom', () => {
    const { roots, org } = team.keyring;
    const others = [
      { org, roots, threshold: 1 },
      { org: 'acme2', roots, threshold: 2 },
      { org, roots: roots.slice(1), threshold: 2 },
    ].map(rootSetOf);
    expect(new Set([...others, invited.rootSet]).size).toBe(4);
    expect(rootSetOf({ org, roots: roots.toReversed(), threshold: 2 })).toBe(invited.rootSet);
  });
});

describe('a join', () => {
  const signed = signJoin(join, guard.session);
  test('opens, and its id covers every member', () => {
    expect(openJoin(signed.envelope)).toEqual({ ok: true, value: signed });
    const other = signJoin({ ...join, host: 'other' }, guard.session);
    expect(other.id).not.toBe(signed.id);
  });
  test('is refused unless its own session key signed it', () => {
    expect(openJoin(signJoin(join, guard.guard).envelope)).toMatchObject({ code: 'signature' });
  });
  test('is refused with one key for two uses, or a key under another id', () => {
    const twice = { ...join, keys: { guard: join.keys.session, session: join.keys.session } };
    expect(openJoin(signJoin(twice, guard.session).envelope)).toMatchObject({ code: 'key' });
    const keyId = toHex(systemRandom(32));
    const named = { ...join, keys: { ...join.keys, guard: { ...joinKeyOf(guard.guard), keyId } } };
    expect(openJoin(signJoin(named, guard.session).envelope)).toMatchObject({ code: 'key' });
  });
  test('is refused as any other text', () => {
    expect(openJoin('{}')).toMatchObject({ code: 'form' });
    expect(openJoin(text(team.keyring))).toMatchObject({ code: 'form' });
  });
});
