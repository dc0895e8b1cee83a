// Whose erasure a copy honours, and how a check of the log tells a text that was erased from one that is missing.

import { describe, expect, test } from 'vitest';
import { utf8 } from '../../../shared/bytes.ts';
import { entitled, erasersAt } from '../../../main/app/erasures.ts';
import { openErasedCount } from '../../../main/app/history-erased.ts';
import { markOf } from '../../../main/app/history-mark.ts';
import { openLeaf } from '../../../main/app/open-leaf.ts';
import type { StoredLeaf } from '../../../main/app/ports.ts';
import { parseEnvelope } from '../../../main/trust/envelope.ts';
import { openFirstKeyring } from '../../../main/trust/keyring.ts';
import { leafOf } from '../../../main/trust/leaf.ts';
import { ENVELOPE_LIMITS } from '../../../main/trust/limits.ts';
import { NO_DECISION } from '../../../shared/statement/decision.ts';
import { makeOrg, type Org, type Person, signed, START } from '../../kit/wire-world.ts';

const REQUEST = 'ab'.repeat(32);

/** Alice administers; with `change` the keyring in force says otherwise. */
const orgWith = (admins: readonly string[]): Org =>
  makeOrg((keyring) => ({
    ...keyring,
    reviewers: keyring.reviewers.map((one) =>
      admins.includes(one.id) ? { ...one, groups: [...one.groups, 'admin'] } : one,
    ),
  }));

function heldBy(org: Org) {
  const held = openFirstKeyring(org.envelope, org.keyring);
  if (!held.ok) throw new Error(held.code);
  return held.value;
}

function stored(index: number, envelope: string, org: Org) {
  const read = parseEnvelope(utf8(envelope), ENVELOPE_LIMITS.keyring);
  if (!read.ok) throw new Error(read.code);
  const leaf = leafOf(read.value);
  const opened = openLeaf(index, leaf, read.value.payload, heldBy(org));
  if (!opened.ok) throw new Error(opened.code);
  const one: StoredLeaf = {
    index,
    leaf,
    payload: read.value.payload,
    type: opened.value.type,
    request: REQUEST,
    at: undefined,
    mark: markOf(opened.value),
  };
  return { stored: one, opened: opened.value };
}

const erasureBy = (who: Person, by = who.decision): string => {
  const { envelope } = signed(
    'erasure',
    {
      request: REQUEST,
      what: [REQUEST],
      reason: 'it held a record',
      reviewer: {
        id: who.id,
        keyId: who.decision.keyId,
        device: who.device,
        seq: 1,
        prev: NO_DECISION,
      },
      at: new Date(START).toISOString(),
    },
    by,
  );
  return envelope;
};

describe('an erasure', () => {
  test('by an administrator erases, by anybody else it is only kept', () => {
    const org = orgWith(['alice']);
    const ring = stored(0, Buffer.from(org.envelope).toString(), org).stored;
    const erasers = erasersAt([ring], heldBy(org));
    const hers = stored(1, erasureBy(org.alice), org);
    expect(entitled(hers.stored, hers.opened, erasers).mark).toMatchObject({ erases: [REQUEST] });
    const his = stored(1, erasureBy(org.bob), org);
    expect(his.opened.signature).toBe('verified');
    expect(entitled(his.stored, his.opened, erasers).mark).toBeUndefined();
  });

  test('is judged by the keyring before it, not by what came later', () => {
    const org = orgWith(['alice']);
    const hers = stored(5, erasureBy(org.alice), org);
    const ids = (...names: string[]): ReadonlySet<string> => new Set(names);
    const mark = (erasers: Parameters<typeof entitled>[2]) =>
      entitled(hers.stored, hers.opened, erasers).mark;
    expect(
      mark([
        { from: 0, ids: ids('alice') },
        { from: 6, ids: ids() },
      ]),
    ).toBeDefined();
    expect(
      mark([
        { from: 0, ids: ids() },
        { from: 6, ids: ids('alice') },
      ]),
    ).toBeUndefined();
    expect(
      mark([
        { from: 0, ids: ids('alice') },
        { from: 4, ids: ids() },
      ]),
    ).toBeUndefined();
  });

  test('with a signature that does not fit, or by a session key, is nobody’s', () => {
    const org = orgWith(['alice', 'bob']);
    const erasers = erasersAt([], heldBy(org));
    for (const by of [org.bob.decision, org.alice.session]) {
      const forged = stored(1, erasureBy(org.alice, by), org);
      expect(entitled(forged.stored, forged.opened, erasers).mark).toBeUndefined();
    }
  });
});

describe('a check of the log', () => {
  const withoutText = (org: Org) => {
    const request = signed(
      'notice',
      {
        request: REQUEST,
        what: 'opened',
        by: { id: 'alice', keyId: org.alice.session.keyId, device: org.alice.device },
        at: new Date(START).toISOString(),
      },
      org.alice.session,
    );
    const { opened } = stored(0, request.envelope, org);
    return { ...opened, leaf: { ...opened.leaf, payloadSha256: REQUEST } };
  };
  const says = async (org: Org, by: number, ...met: ReturnType<typeof stored>[]) => {
    const count = openErasedCount({ erasedBy: async () => new Map([[REQUEST, by]]) }, heldBy(org));
    const gone = withoutText(org);
    const { stored: asked } = stored(0, erasureBy(org.alice), org);
    await count.look([{ ...asked, type: 'request' }]);
    expect(count.claims(gone)).toBe(true);
    for (const one of met) count.met(one.stored, one.opened);
    return count.settle(false);
  };

  test('counts a text that an administrator’s erasure took', async () => {
    const org = orgWith(['alice']);
    expect(await says(org, 7, stored(7, erasureBy(org.alice), org))).toEqual({
      count: 1,
      problems: [],
    });
  });

  test('reports one whose erasure is not there, or by nobody who might', async () => {
    const org = orgWith(['alice']);
    for (const met of [
      [],
      [stored(7, erasureBy(org.bob), org)],
      [stored(8, erasureBy(org.alice), org)],
    ])
      expect((await says(org, 7, ...met)).problems).toEqual([
        { index: 0, says: 'its text is missing, and the erasure at 7 does not say so' },
      ]);
  });
});
