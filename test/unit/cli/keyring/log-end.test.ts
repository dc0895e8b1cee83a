// Where keys end when nobody says where: only a head that the log's own key has signed counts, and never an older one than
// this machine has seen. And what ends them once may be put right only while it lies ahead.

import { describe, expect, test } from 'vitest';
import { type Edits, type End, nextVersion, NO_EDITS } from '../../../../main/cli/keyring/edit.ts';
import { logEnd, type SeenHeads } from '../../../../main/cli/keyring/log-end.ts';
import { refusals } from '../../../../main/cli/keyring/rules.ts';
import { makeCheckpoint } from '../../../../main/trust/checkpoint.ts';
import { generateKeyPair } from '../../../../main/trust/ed25519.ts';
import type { Keyring } from '../../../../shared/statement/keyring.ts';
import { hold, makeTeam, next, NOW } from './world.ts';

const team = makeTeam();
const { keyring, held, broker } = team;
const AT = '2026-11-22T09:00:00.000Z';

const noteOf = (size: number, origin = keyring.log.origin, key = broker.log): string =>
  makeCheckpoint(origin, size, new Uint8Array(32).fill(7), key);
const end = (copy: string | undefined, shown: string | undefined, of = keyring) => {
  const seen: SeenHeads = {
    copy: copy === undefined ? undefined : { note: copy, newest: '2026-11-01T00:00:00.000Z' },
    broker: shown === undefined ? undefined : { note: shown, at: AT },
  };
  return logEnd(of, seen);
};

describe('the end of the log', () => {
  test('is the broker’s newest head where it was reached, whatever the copy lacks', () => {
    for (const copy of [undefined, noteOf(12), noteOf(48)])
      expect(end(copy, noteOf(48))).toMatchObject({ ok: true, value: { size: 48, fresh: true } });
    const told = end(undefined, noteOf(48));
    expect(told.ok && told.value.says).toContain(`as of entry 48`);
    expect(told.ok && told.value.says).toContain(AT);
  });

  test('is the copy’s verified head where the broker is away, and its age is said', () => {
    const told = end(noteOf(12), undefined);
    expect(told).toMatchObject({ ok: true, value: { size: 12, fresh: false } });
    expect(told.ok && told.value.says).toMatch(/as of entry 12: .*2026-11-01T00:00:00/);
  });

  test.each([
    ['there is no head at all', undefined, undefined, 'none'],
    [
      'the copy’s head is of another key',
      noteOf(12, 'acme/1', generateKeyPair()),
      undefined,
      'none',
    ],
    ['the copy is of another log', noteOf(12, 'acme/0'), undefined, 'none'],
    [
      'the broker shows a head of another key',
      noteOf(12),
      noteOf(48, 'acme/1', generateKeyPair()),
      'unsigned',
    ],
    ['the broker shows no head', noteOf(12), '', 'unsigned'],
    ['the broker shows less than this machine has seen', noteOf(48), noteOf(12), 'behind'],
  ])('is not known where %s', (_, copy, shown, code) => {
    expect(end(copy, shown)).toMatchObject({ ok: false, code });
  });

  test('is not known where a head is older than the keyring: one of its keys begins later', () => {
    const guards = keyring.guards.map((one) => ({
      ...one,
      keys: one.keys.map((key) => ({ ...key, fromIndex: 40 })),
    }));
    const of = { ...keyring, guards };
    expect(end(undefined, noteOf(12), of)).toMatchObject({
      code: 'behind',
      detail: 'the broker shows a log of 12 entries, and a key of this keyring begins at entry 40',
    });
    expect(end(noteOf(12), undefined, of)).toMatchObject({
      code: 'behind',
      detail: expect.stringMatching(/^this machine’s copy has a log of 12 entries/),
    });
    expect(end(noteOf(12), noteOf(40), of)).toMatchObject({ ok: true, value: { size: 40 } });
  });
});

const LOST: End = { what: 'device', id: 'ann-laptop', why: 'lost' };
const endsOf = (one: Keyring) => one.reviewers[0]?.keys.map(({ untilIndex }) => untilIndex);
const endedAt = (untilIndex: number) =>
  hold(
    next(held, {
      reviewers: keyring.reviewers.map((one) => ({
        ...one,
        keys: one.keys.map((key) => ({ ...key, untilIndex, why: 'lost' })),
      })),
    }),
    team.roots,
  );
const revoke = (before: typeof held, index: number | undefined, size?: number, why?: string) => {
  const edits: Edits = { ...NO_EDITS, end: [LOST] };
  return nextVersion(before, edits, { nowMs: NOW, days: 90, index, size, why });
};

describe('an end', () => {
  test('without an index is refused with what stood in the way', () => {
    expect(revoke(held, undefined, undefined, 'no verified head')).toMatchObject({
      ok: false,
      detail: 'no verified head: say from which entry on (--from-index)',
    });
  });

  test('that lies beyond the log may come sooner, and root keys sign that', () => {
    const before = endedAt(9999);
    const made = revoke(before, 48, 48);
    if (!made.ok) throw new Error(made.detail);
    expect(endsOf(made.value)).toEqual([48, 48]);
    const said = refusals({
      keyring: { ...made.value, reviewers: [...made.value.reviewers] },
      before,
      current: undefined,
      nowMs: NOW,
      mayLower: false,
      mayBeginAgain: false,
    });
    expect(said.filter((one) => one.includes('back to life'))).toEqual([]);
  });

  test.each([
    ['that is past stays where it is', 30, 20, 48],
    ['that is where the log ends now stays', 48, 20, 48],
    ['that lies ahead comes no later', 60, 70, 48],
    ['of which nobody here knows whether it lies ahead stays', 9999, 20, undefined],
  ])('%s', (_, before, index, size) => {
    expect(revoke(endedAt(before), index, size)).toMatchObject({
      ok: false,
      detail: `device ann-laptop has no live key: the keyring ends it at entry ${before}`,
    });
  });
});
