// What is shown before a signature is all that changes: every leaf of a keyring, changed alone, is one line or more.

import { expect, test } from 'vitest';
import type { Keyring } from '../../../../shared/statement/keyring.ts';
import { changesOf } from '../../../../main/cli/keyring/facts.ts';
import { makeTeam, next } from './world.ts';

const { held } = makeTeam();
const keyring: Keyring = {
  ...next(held),
  reviewers: held.keyring.reviewers.map((one) => ({
    ...one,
    keys: one.keys.map((key) => ({ ...key, untilIndex: 7, why: 'lost' })),
  })),
};

type Path = readonly (string | number)[];

function leavesOf(value: unknown, path: Path = []): readonly Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([name, one]) => leavesOf(one, [...path, name]));
}

function changedAt(value: unknown, [name, ...rest]: Path): unknown {
  if (name === undefined) {
    if (typeof value === 'number') return value + 1;
    return typeof value === 'boolean' ? !value : `${String(value).slice(0, -1)}#`;
  }
  const copy: Record<string, unknown> = { ...(value as Record<string, unknown>) };
  copy[name] = changedAt(copy[name], rest);
  return Array.isArray(value) ? Object.values(copy) : copy;
}

// The key itself is named by its id, which is its digest: rules refuse an id that is not its key's.
const paths = leavesOf(keyring).filter((path) => path.at(-1) !== 'spki' && path.at(-1) !== 'keyId');

test('a keyring of this size has so many leaves', () => expect(paths.length).toBeGreaterThan(40));

test.each(paths.map((path) => [path.join('.'), path] as const))('%s', (_, path) => {
  const changed = changedAt(keyring, path) as Keyring;
  expect(changesOf(keyring, changed)).not.toEqual([]);
});

test('another key in a place is shown with its words', () => {
  const other = makeTeam().keyring;
  const lines = changesOf(keyring, { ...keyring, guards: other.guards, roots: other.roots });
  expect(
    lines.filter((line) => /^[+-] root key [0-9a-f]{64}: ([a-z]+ ){7}[a-z]+$/.test(line)),
  ).toHaveLength(4);
  expect(lines.filter((line) => line.includes('guard ci: guard key'))).toHaveLength(2);
});

test('what stands in two places of one name is not shown as one', () => {
  const twice = [...keyring.owners, { agent: 'claude', owner: 'eve' }];
  expect(changesOf(keyring, { ...keyring, owners: twice })).toEqual([
    '~ agent claude: answered for by: ann -> ann, and again eve',
  ]);
});

test('the same keyring has no change, and a first one is all new', () => {
  expect(changesOf(keyring, keyring)).toEqual([]);
  expect(changesOf(undefined, keyring).every((line) => line.startsWith('+ '))).toBe(true);
});
