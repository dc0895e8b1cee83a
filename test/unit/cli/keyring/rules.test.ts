// What a root key does not sign: one case a rule, each a draft that differs from an acceptable one in that alone.

import { describe, expect, test } from 'vitest';
import type { Keyring } from '../../../../shared/statement/keyring.ts';
import { type Edits, nextVersion, NO_EDITS } from '../../../../main/cli/keyring/edit.ts';
import { logOf } from '../../../../main/cli/keyring/first.ts';
import { type Judged, refusals } from '../../../../main/cli/keyring/rules.ts';
import { generateKeyPair } from '../../../../main/trust/ed25519.ts';
import type { HeldKeyring } from '../../../../main/trust/keyring.ts';
import { hold, makeTeam, next, NOW, publicOf } from './world.ts';

const team = makeTeam();
const { keyring, held } = team;

const judge = (change: Partial<Judged> = {}): readonly string[] =>
  refusals({
    keyring: next(held),
    before: held,
    current: undefined,
    nowMs: NOW,
    mayLower: false,
    mayBeginAgain: false,
    ...change,
  });

test('a next version and a first one are signed', () => {
  expect(judge()).toEqual([]);
  expect(judge({ keyring, before: undefined })).toEqual([]);
  expect(judge({ current: held })).toEqual([]);
});

const withKeys = (keys: Keyring['reviewers'][number]['keys']): Keyring['reviewers'] =>
  keyring.reviewers.map((one) => ({ ...one, keys }));
const [annDecision, annSession] = keyring.reviewers[0]?.keys ?? [];
if (!annDecision || !annSession) throw new Error('Ann has two keys');
const [brokerSession, brokerLog] = keyring.brokers[0]?.keys ?? [];
if (!brokerSession || !brokerLog) throw new Error('the broker has two keys');
const brokers = (keys: Keyring['brokers'][number]['keys']) => [{ id: 'broker', keys }];

const CHANGES: readonly (readonly [string, Partial<Keyring>, RegExp])[] = [
  ['skips a version', { version: 3 }, /^it is version 3, and after 1 comes 2$/],
  ['goes back', { version: 1 }, /after 1 comes 2/],
  ['follows another', { prevSha256: '0'.repeat(64) }, /does not follow version 1 that is in/],
  [
    'is of another organisation',
    { org: 'evil' },
    /^it is of evil, and the version before of acme$/,
  ],
  ['names another log', { log: { ...keyring.log, origin: 'acme/2' } }, /names another log/],
  [
    'has no live log key',
    { brokers: brokers([brokerSession, { ...brokerLog, untilIndex: 5 }]) },
    /^no broker has a live key of the log$/,
  ],
  [
    'has no live broker session',
    { brokers: brokers([{ ...brokerSession, untilIndex: 5 }, brokerLog]) },
    /no broker has a live session key/,
  ],
  [
    'leaves nobody to publish the next',
    { reviewers: withKeys([annDecision, { ...annSession, untilIndex: 5 }]) },
    /nobody in the group admin has a live session key/,
  ],
  ['lowers the threshold', { threshold: 1 }, /lowers the threshold from 2 to 1/],
  ['can never be signed', { threshold: 3 }, /^3 of 2 root keys can never sign$/],
  [
    'has a root twice',
    { roots: [keyring.roots[0], keyring.roots[0]].filter((one) => one !== undefined) },
    /a root key stands twice/,
  ],
  ['becomes solo again', { solo: true }, /a team does not become solo again/],
  ['has expired', { expires: new Date(NOW).toISOString() }, /it has expired/],
  [
    'lives too long',
    { expires: new Date(NOW + 91 * 24 * 3600 * 1000).toISOString() },
    /lives longer than 90 days/,
  ],
  [
    'has a key under another id',
    { roots: [...keyring.roots, { ...publicOf(generateKeyPair()), keyId: '0'.repeat(64) }] },
    /a key of the organisation is not an acceptable key/,
  ],
  [
    'has a key that is no sound point',
    {
      roots: [
        ...keyring.roots,
        { keyId: '0'.repeat(64), spki: `MCowBQYDK2VwAyEA${'A'.repeat(43)}=` },
      ],
    },
    /not an acceptable key/,
  ],
  [
    'has one key for two uses',
    { reviewers: withKeys([annDecision, annSession, { ...annSession, use: 'witness' }]) },
    /a key of person ann stands twice/,
  ],
  [
    'has a person twice',
    { reviewers: [...keyring.reviewers, { id: 'ann', name: 'Eve', groups: [], keys: [] }] },
    /person ann stands twice/,
  ],
  [
    'drops a key',
    { reviewers: withKeys([annSession]) },
    /drops a key of person ann: end it instead/,
  ],
];

test.each(CHANGES)('a draft that %s is not signed', (_, change, why) => {
  expect(judge({ keyring: next(held, change) })[0]).toMatch(why);
});

test('a lower threshold is signed only where the signer says so', () => {
  const lower = next(held, { threshold: 1 });
  expect(judge({ keyring: lower })).toHaveLength(1);
  expect(judge({ keyring: lower, mayLower: true })).toEqual([]);
});

describe('a log that begins again', () => {
  const fresh = { session: generateKeyPair(), log: generateKeyPair() };
  const broker = { id: 'broker-2', session: publicOf(fresh.session), log: publicOf(fresh.log) };
  const log = logOf('acme/2', broker);
  if (!log.ok) throw new Error(log.detail);
  const epoch = { log: log.value, broker };
  const make = (before: HeldKeyring, edits: Partial<Edits>): Keyring => {
    const made = nextVersion(
      before,
      { ...NO_EDITS, ...edits },
      { nowMs: NOW, days: 90, index: undefined },
    );
    if (!made.ok) throw new Error(made.detail);
    return made.value;
  };
  const ended = withKeys([
    { ...annDecision, untilIndex: 50, why: 'lost' },
    { ...annSession, fromIndex: 30 },
  ]);
  const before = hold({ ...keyring, reviewers: ended }, team.roots);

  test('is signed only where the signer says so', () => {
    const drafted = make(before, { epoch });
    expect(judge({ keyring: drafted, before })).toEqual([
      'it names another log, which begins empty: if the old one is lost, say --new-log',
    ]);
    expect(judge({ keyring: drafted, before, mayBeginAgain: true })).toEqual([]);
  });

  test('does not bring keys back that were ended in the old one, and lets the others in from its start', () => {
    const drafted = make(before, { epoch });
    const keys = drafted.reviewers[0]?.keys.map(({ fromIndex, untilIndex }) => [
      fromIndex,
      untilIndex,
    ]);
    expect(keys).toEqual([
      [0, 0],
      [0, undefined],
    ]);
    const back = { ...drafted, reviewers: ended };
    expect(judge({ keyring: back, before, mayBeginAgain: true })).toEqual([
      'in the new log a key of person ann that was ended would be valid again',
    ]);
  });

  test('ends the brokers of the old one, and the same broker may keep the new one', () => {
    const drafted = make(before, { epoch });
    expect(drafted.brokers.map(({ id, keys }) => [id, keys.map((key) => key.untilIndex)])).toEqual([
      ['broker', [0, 0]],
      ['broker-2', [undefined, undefined]],
    ]);
    const old = {
      id: 'broker',
      session: publicOf(team.broker.session),
      log: publicOf(team.broker.log),
    };
    const again = logOf('acme/2', old);
    if (!again.ok) throw new Error(again.detail);
    const same = make(before, { epoch: { log: again.value, broker: old } });
    expect(same.brokers).toHaveLength(1);
    expect(judge({ keyring: same, before, mayBeginAgain: true })).toEqual([]);
  });

  test('needs another name', () => {
    const old = {
      id: 'broker',
      session: publicOf(team.broker.session),
      log: publicOf(team.broker.log),
    };
    const made = nextVersion(
      before,
      { ...NO_EDITS, epoch: { log: keyring.log, broker: old } },
      { nowMs: NOW, days: 90, index: undefined },
    );
    expect(made).toMatchObject({ code: 'edit' });
  });
});

test('a key that was ended does not come back, nor end later', () => {
  const ended = withKeys([{ ...annDecision, untilIndex: 5 }, annSession]);
  const before = hold({ ...keyring, reviewers: ended }, team.roots);
  const later = withKeys([{ ...annDecision, untilIndex: 6 }, annSession]);
  const sooner = withKeys([{ ...annDecision, untilIndex: 4 }, annSession]);
  for (const reviewers of [keyring.reviewers, later])
    expect(judge({ keyring: next(before, { reviewers }), before })).toEqual([
      'it brings a key of person ann back to life that was ended',
    ]);
  expect(judge({ keyring: next(before, { reviewers: sooner }), before })).toEqual([]);
});

test('a first version that claims to be a later one is not signed', () => {
  expect(judge({ keyring: next(held), before: undefined })[0]).toMatch(/does not hold the version/);
});

test('what does not follow the version that this machine holds is not signed', () => {
  const second = hold(next(held), team.roots);
  const other = hold({ ...keyring, policies: [] }, team.roots);
  expect(judge({ current: second })).toEqual(['this machine already holds version 2 of acme']);
  expect(judge({ current: other })).toEqual([
    'it does not follow version 1 that this machine holds',
  ]);
  // A root key's machine may be in an organisation of its own.
  expect(judge({ current: hold({ ...keyring, org: 'solo.1' }, team.roots) })).toEqual([]);
});

test('a machine that is behind signs what its own roots have carried on, and nothing else', () => {
  const second = hold(next(held), team.roots);
  expect(judge({ keyring: next(second), before: second, current: held })).toEqual([]);
  const strangers = [generateKeyPair(), generateKeyPair()];
  const usurped = hold(next(held, { roots: strangers.map(publicOf) }), strangers);
  expect(judge({ keyring: next(usurped), before: usurped, current: held })).toEqual([
    'it does not follow version 1 that this machine holds',
  ]);
});
