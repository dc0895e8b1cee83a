// A parent whose text is not here: its leaf is enough to know that it exists, and not to say what was proposed. Each request is
// looked up once.

import { expect, test } from 'vitest';
import type { DeskEntry } from '../../../main/app/desk.ts';
import { openParents } from '../../../main/app/parents.ts';
import type { StoredLeaf } from '../../../main/app/ports.ts';
import { openFirstKeyring } from '../../../main/trust/keyring.ts';
import { NEW_LIFE } from '../../../shared/domain/life.ts';
import { invariant } from '../../../shared/result.ts';
import type { Request } from '../../../shared/statement/request.ts';
import { keyringOf, makeKeys, signKeyring } from '../../kit/guard-world.ts';
import { EXEC, requestOf, unchanged } from '../statement/view-samples.ts';

const keys = makeKeys();
const keyring = keyringOf(keys, Date.now());
const { roots, threshold, org } = keyring;
const opened = openFirstKeyring(signKeyring(keyring, keys.root), { roots, threshold, org });
invariant(opened.ok, 'the roots have signed it');
const held = opened.value;

const entry = (digest: string, request: Request, index: number): DeskEntry => ({
  digest,
  index,
  request,
  payload: new Uint8Array(),
  signed: true,
  life: NEW_LIFE,
  decisions: [],
  receipt: undefined,
  guardState: 'here',
  asked: [],
  nextAsked: undefined,
  sending: undefined,
});
const withoutText: StoredLeaf = {
  index: 3,
  leaf: new TextEncoder().encode('a leaf that nobody reads here'),
  payload: undefined,
  type: 'request',
  request: 'p',
  at: undefined,
};

function parents(leaves: readonly StoredLeaf[], here: readonly DeskEntry[] = []) {
  const asked: string[] = [];
  const known: string[] = [];
  const made = openParents({
    desk: { get: (digest) => here.find((one) => one.digest === digest) },
    store: {
      ofRequest: async (digest) => {
        asked.push(digest);
        return leaves;
      },
    },
    keyring: () => held,
    known: (digest) => known.push(digest),
    failed: (error) => {
      throw error;
    },
  });
  return { ...made, asked, known };
}
const child = entry('c', { ...unchanged(requestOf(EXEC)), parent: 'p' }, 9);

test('a request without a parent needs no look', () => {
  const { check, asked } = parents([]);
  expect(check(entry('a', unchanged(requestOf(EXEC)), 1))).toBe('none');
  expect(asked).toEqual([]);
});

test('a parent whose leaf is here and whose text is not is unread; one without a leaf is another', async () => {
  const unread = parents([withoutText]);
  expect(unread.check(child)).toBe('looking');
  expect((await unread.look(child)).state).toBe('unread');
  expect(unread.check(child)).toBe('unread');
  expect((await parents([]).look(child)).state).toBe('other');
});

test('a parent that stands behind its child, or that its guard did not sign, is another', async () => {
  const request = unchanged(requestOf(EXEC));
  const late = parents([], [entry('p', request, 10)]);
  expect((await late.look(child)).state).toBe('other');
  const unsigned = parents([], [{ ...entry('p', request, 2), signed: false }]);
  expect(await unsigned.look(child)).toEqual({ state: 'other', parent: undefined });
});

test('says once that it is known', async () => {
  const found = parents([withoutText]);
  expect([found.check(child), found.check(child)]).toEqual(['looking', 'looking']);
  await found.look(child);
  await Promise.resolve();
  expect(found.check(child)).toBe('unread');
  expect(found.known).toEqual(['c']);
});
