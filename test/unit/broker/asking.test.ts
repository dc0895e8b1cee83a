// Who the guard is told is asked.

import { expect, test } from 'vitest';
import { askingOf } from '../../../main/broker/asking.ts';
import { Desk } from '../../../main/broker/desk.ts';
import { decodeStatement } from '../../../shared/statement/statement.ts';
import type { Keyring } from '../../../shared/statement/keyring.ts';
import { HandTime, makeOrg, requestBy } from '../../kit/wire-world.ts';

test('a person whose keys were ended is not among them', () => {
  const org = makeOrg();
  const { envelope } = requestBy(org.guard, new HandTime());
  const { payload } = JSON.parse(envelope) as { payload: string };
  const request = decodeStatement('request', new Uint8Array(Buffer.from(payload, 'base64')));
  if (!request.ok) throw new Error(request.code);
  const open = new Desk().put('0'.repeat(64), request.value);
  const people = (keyring: Keyring) =>
    askingOf(open, keyring, new Set(), undefined).body.people.map(({ id }) => id);
  expect(people(org.keyring)).toEqual(['alice', 'bob']);
  const reviewers = org.keyring.reviewers.map((one) =>
    one.id === 'bob'
      ? { ...one, keys: one.keys.map((key) => ({ ...key, untilIndex: 3, why: 'left' })) }
      : one,
  );
  expect(people({ ...org.keyring, reviewers })).toEqual(['alice']);
});
