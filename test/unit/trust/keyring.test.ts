// TUF's root rules, branch by branch: who may say who is who, in which order, and until when. Other implementations shipped
// broken rollback checks (security note 2.4), so every branch has a keyring that only it refuses.

import { describe, expect, test } from 'vitest';
import type { KeyPair } from '../../../main/trust/ed25519.ts';
import { sealMany } from '../../../main/trust/envelope.ts';
import {
  findKey,
  type HeldKeyring,
  keyringExpired,
  openFirstKeyring,
  openNextKeyring,
  type RootPin,
  validAt,
  validNow,
} from '../../../main/trust/keyring.ts';
import { sha256Hex } from '../../../main/trust/digest.ts';
import { concat, fromB64, toB64, utf8 } from '../../../shared/bytes.ts';
import type { Keyring } from '../../../shared/statement/keyring.ts';
import { encodeStatement, payloadTypeOf } from '../../../shared/statement/statement.ts';
import { SAMPLES } from '../../kit/sample-statements.ts';
import { fixedPair, hex } from './kit.ts';

const ROOTS = [fixedPair(1), fixedPair(2), fixedPair(3)] as const;
const [R1, R2, R3] = ROOTS;
const NEW_ROOT = fixedPair(4);
const STRANGER = fixedPair(9);
const rootRow = (pair: KeyPair) => ({ keyId: pair.keyId, spki: toB64(pair.spki) });
const keyRow = (number: number) => ({ ...rootRow(fixedPair(number)), fromIndex: 0 });

/** Two of three roots; the same organisation, people and log as the sample statement. */
const FIRST: Keyring = {
  ...SAMPLES.keyring,
  threshold: 2,
  roots: ROOTS.map(rootRow),
  brokers: [{ id: 'broker', keys: [{ ...keyRow(11), use: 'log' }] }],
  reviewers: [
    {
      id: 'maya',
      name: 'Maya Chen',
      groups: ['oncall'],
      keys: [{ ...keyRow(12), use: 'decision', device: 'maya-laptop', fromIndex: 5 }],
    },
    { id: 'omar', name: 'Omar', groups: [], keys: [] },
  ],
  guards: [
    {
      id: 'guard-1',
      host: 'build-7',
      agents: [],
      maxTier: 'high',
      keys: [{ ...keyRow(13), use: 'guard', untilIndex: 900 }],
    },
  ],
};
const PIN: RootPin = { org: FIRST.org, roots: FIRST.roots, threshold: 2 };
const TYPE = payloadTypeOf('keyring');

const sealed = (keyring: Keyring, pairs: readonly KeyPair[]): Uint8Array =>
  sealMany(TYPE, encodeStatement('keyring', keyring), pairs);

const first = (keyring: Keyring = FIRST, pairs: readonly KeyPair[] = [R1, R2], pin = PIN) =>
  openFirstKeyring(sealed(keyring, pairs), pin);

function held(): HeldKeyring {
  const opened = first();
  if (!opened.ok) throw new Error(opened.code);
  return opened.value;
}

const HELD = held();
const SECOND: Keyring = { ...FIRST, version: 2, prevSha256: HELD.sha256 };
const next = (keyring: Keyring = SECOND, pairs: readonly KeyPair[] = [R1, R2]) =>
  openNextKeyring(HELD, sealed(keyring, pairs));

/** The keyring with another key for its reviewer. */
const withKey = (keyId: string, spki: string): Keyring => ({
  ...FIRST,
  reviewers: [
    {
      id: 'maya',
      name: 'Maya Chen',
      groups: [],
      keys: [{ keyId, spki, fromIndex: 0, use: 'decision', device: 'maya-laptop' }],
    },
  ],
});

describe('a first keyring', () => {
  test('is believed where any two of the three pinned roots have signed', () => {
    for (const pairs of [[R1, R2], [R3, R1], [R2, R3], ROOTS])
      expect(first(FIRST, pairs)).toMatchObject({ ok: true, value: { keyring: FIRST } });
    expect(HELD.sha256).toBe(sha256Hex(encodeStatement('keyring', FIRST)));
  });

  test('may be of any version', () => {
    expect(first({ ...FIRST, version: 41, prevSha256: 'ab'.repeat(32) }).ok).toBe(true);
  });

  test.each([
    ['one root alone', [R1]],
    ['one root and a stranger', [R1, STRANGER]],
    ['strangers', [STRANGER, fixedPair(8)]],
  ])('is not believed by %s', (_, pairs) => {
    expect(first(FIRST, pairs)).toMatchObject({ ok: false, code: 'keyringThreshold' });
  });

  test('needs the pinned roots, not those that it names itself', () => {
    const own: Keyring = { ...FIRST, threshold: 1, roots: [rootRow(STRANGER)] };
    expect(first(own, [STRANGER])).toMatchObject({ code: 'keyringThreshold' });
  });

  test('needs a threshold of the roots that it names, too', () => {
    const other: Keyring = { ...FIRST, roots: [R1, NEW_ROOT, fixedPair(5)].map(rootRow) };
    expect(first(other, [R1, R2])).toMatchObject({ code: 'keyringThreshold' });
    expect(first(other, [R1, R2, NEW_ROOT]).ok).toBe(true);
  });

  test('counts keys, not rows: a root that is pinned twice signs once', () => {
    const twice = { ...PIN, roots: [rootRow(R1), rootRow(R1)] };
    expect(first({ ...FIRST, threshold: 1 }, [R1], twice)).toMatchObject({
      code: 'keyringThreshold',
    });
  });

  test('counts no signature that does not fit, whoever it names', () => {
    const text = new TextDecoder().decode(sealed(FIRST, [R1, STRANGER]));
    const posing = utf8(text.replace(STRANGER.keyId, R2.keyId));
    expect(openFirstKeyring(posing, PIN)).toMatchObject({ code: 'keyringThreshold' });
  });

  test('is of the pinned organisation', () => {
    expect(first({ ...FIRST, org: 'other' })).toMatchObject({ ok: false, code: 'keyringOrg' });
  });

  test('is an envelope of a keyring and nothing else', () => {
    const payload = encodeStatement('keyring', FIRST);
    const asLogin = sealMany(payloadTypeOf('login'), payload, [R1, R2]);
    for (const bytes of [asLogin, utf8('{}'), concat(sealed(FIRST, [R1, R2]), utf8(' '))])
      expect(openFirstKeyring(bytes, PIN)).toMatchObject({ code: 'keyringEnvelope' });
    const spoiled = utf8(new TextDecoder().decode(payload).replace('"solo":false', '"solo":0'));
    expect(openFirstKeyring(sealMany(TYPE, spoiled, [R1, R2]), PIN)).toMatchObject({
      code: 'keyringSchema',
    });
  });
});

describe('the keys of a keyring', () => {
  test('are found by their id, with whose they are', () => {
    expect(findKey(HELD, fixedPair(12).keyId)).toMatchObject({
      kind: 'reviewer',
      id: 'maya',
      use: 'decision',
      device: 'maya-laptop',
      groups: ['oncall'],
    });
    expect(findKey(HELD, fixedPair(13).keyId)).toMatchObject({ kind: 'guard', device: 'guard-1' });
    expect(findKey(HELD, R1.keyId)).toBeUndefined();
  });

  test('are refused where one is of small order, though its id is right (E1)', () => {
    const spki = concat(hex('302a300506032b6570032100'), hex(`01${'00'.repeat(31)}`));
    expect(first(withKey(sha256Hex(spki), toB64(spki)))).toMatchObject({ code: 'keyringKey' });
  });

  test('are refused where one stands under the id of another', () => {
    expect(first(withKey(fixedPair(12).keyId, toB64(fixedPair(14).spki)))).toMatchObject({
      code: 'keyringKey',
    });
  });

  test('are of one person and one use each', () => {
    const [maya] = FIRST.reviewers;
    if (maya === undefined) throw new Error('maya');
    const [key] = maya.keys;
    if (key === undefined) throw new Error('a key');
    const two: Keyring = { ...FIRST, reviewers: [maya, { ...maya, id: 'omar' }] };
    expect(first(two)).toMatchObject({ code: 'keyringKey' });
    const uses: Keyring = {
      ...FIRST,
      reviewers: [{ ...maya, keys: [key, { ...key, use: 'session' }] }],
    };
    expect(first(uses)).toMatchObject({ code: 'keyringKey' });
  });

  test('are of people who stand once', () => {
    const [maya] = FIRST.reviewers;
    if (maya === undefined) throw new Error('maya');
    const twice: Keyring = { ...FIRST, reviewers: [maya, { ...maya, keys: [] }] };
    expect(first(twice)).toMatchObject({ code: 'keyringKey' });
  });

  test('hold from their first index up to, without, their last', () => {
    const maya = findKey(HELD, fixedPair(12).keyId);
    const guard = findKey(HELD, fixedPair(13).keyId);
    if (maya === undefined || guard === undefined) throw new Error('both are there');
    expect([4, 5, 1_000_000].map((index) => validAt(maya, index))).toEqual([false, true, true]);
    expect([0, 899, 900].map((index) => validAt(guard, index))).toEqual([true, true, false]);
    expect([899, 900, 901].map((size) => validNow(guard, size))).toEqual([true, false, false]);
    expect(validNow(maya, 1_000_000)).toBe(true);
  });
});

describe('a next keyring', () => {
  test('is the next version, after this very one, by its roots', () => {
    expect(next()).toMatchObject({ ok: true, value: { keyring: { version: 2 } } });
  });

  test.each([0, 1, 3, 4, 1_000_000])('is not version %i', (version) => {
    // A version is at least 1, so 0 fails its schema; its payload is made by hand.
    const payload = utf8(
      new TextDecoder()
        .decode(encodeStatement('keyring', SECOND))
        .replace('"version":2', `"version":${version}`),
    );
    const answer = openNextKeyring(HELD, sealMany(TYPE, payload, [R1, R2]));
    expect(answer).toMatchObject({
      ok: false,
      code: version === 0 ? 'keyringSchema' : 'keyringVersion',
    });
  });

  test('is not the one that is held, signed again', () => {
    expect(next(FIRST, ROOTS)).toMatchObject({ ok: false, code: 'keyringVersion' });
  });

  test('follows the one that is held, and none other', () => {
    expect(next({ ...SECOND, prevSha256: 'ab'.repeat(32) })).toMatchObject({
      code: 'keyringPrevious',
    });
    const { prevSha256: _, ...orphan } = SECOND;
    expect(next(orphan)).toMatchObject({ ok: false, code: 'keyringPrevious' });
  });

  test('needs a threshold of the roots before it, and of its own', () => {
    const moved: Keyring = { ...SECOND, roots: [R1, NEW_ROOT, fixedPair(5)].map(rootRow) };
    for (const [pairs, ok] of [
      [[R1, R2, NEW_ROOT], true],
      [[R1, NEW_ROOT], false],
      [[R1, R2], false],
      [[NEW_ROOT, fixedPair(5)], false],
    ] as const)
      expect(next(moved, pairs).ok).toBe(ok);
  });

  test('cannot lower the threshold by itself', () => {
    const lower: Keyring = { ...SECOND, threshold: 1 };
    expect(next(lower, [R1])).toMatchObject({ ok: false, code: 'keyringThreshold' });
    expect(next(lower, [R1, R2]).ok).toBe(true);
  });

  test('is of the same organisation', () => {
    expect(next({ ...SECOND, org: 'other' })).toMatchObject({ ok: false, code: 'keyringOrg' });
  });
});

test('a keyring has expired from its very millisecond on', () => {
  const at = Date.parse(FIRST.expires);
  expect([at - 1, at, at + 1].map((now) => keyringExpired(HELD, now))).toEqual([false, true, true]);
});

test('no changed byte of a keyring is believed', () => {
  const bytes = sealed(FIRST, [R1, R2]);
  const text = new TextDecoder().decode(bytes);
  const start = text.indexOf('"signatures"');
  let refused = 0;
  // Every byte outside the payload's base64, and every 37th inside it.
  const places = [...bytes.keys()].filter((i) => i < 12 || i >= start - 80 || i % 37 === 0);
  for (const i of places) {
    const changed = bytes.with(i, (bytes[i] ?? 0) ^ 1);
    if (!openFirstKeyring(changed, PIN).ok) refused += 1;
  }
  expect(refused).toBe(places.length);
  expect(fromB64(text.slice('{"payload":"'.length, start - 50).split('"')[0] ?? '')).toBeDefined();
});
