// In a team an approval waits until enough people's machines have confirmed the very log that it stands in: a history
// that was made for this guard alone has no such names under it.

import { afterEach, describe, expect, test } from 'vitest';
import { cosign } from '../../../main/trust/cosignature.ts';
import type { KeyPair } from '../../../main/trust/ed25519.ts';
import { formatLine, parseNote } from '../../../main/trust/note.ts';
import { witnessName } from '../../../main/trust/witness.ts';
import type { Keyring } from '../../../shared/statement/keyring.ts';
import { codeOf, decide, NOW, openStage, type Row, say, type Stage } from '../../kit/gate-stage.ts';
import type { Keys, Person } from '../../kit/guard-world.ts';
import type { Timers } from '../../../main/link/ports.ts';

const stages: Stage[] = [];
afterEach(() => {
  for (const stage of stages.splice(0)) stage.world.remove();
});

const wanting =
  (count: number, change: (keyring: Keyring, keys: Keys) => Keyring = (k) => k) =>
  (keyring: Keyring, keys: Keys): Keyring =>
    change({ ...keyring, witnesses: { count, withinMs: 60_000 } }, keys);

const open = async (row: Row, timers?: Timers): Promise<Stage> => {
  const stage = await openStage(row, timers);
  stages.push(stage);
  return stage;
};

type Line = { readonly who: Person; readonly key?: KeyPair; readonly at?: number };

/** The note with cosignature lines under it. */
function seen(stage: Stage, note: string, ...lines: readonly Line[]): string {
  const parsed = parseNote(note);
  if (!parsed.ok) throw new Error('a note');
  const made = lines.map(({ who, key = who.witness, at = NOW }) =>
    formatLine(
      cosign(parsed.value.text, witnessName(stage.world.keyring.org, who), key, at / 1000),
    ),
  );
  return `${note}${made.join('')}`;
}

const settled = async (stage: Stage): Promise<string> => {
  const idle = new Promise<string>((resolve) => setImmediate(() => resolve('waiting')));
  return Promise.race([stage.gate.answer.then(codeOf), idle]);
};
const witnessed = (stage: Stage, note: string): void =>
  stage.gate.take({ t: 'witnessed', body: { request: stage.asked.digest, note } });

describe('an approval in a team', () => {
  test('that nobody has witnessed waits, and says so', async () => {
    const stage = await open({ keyring: wanting(1) });
    say(stage, decide(stage));
    expect(await settled(stage)).toBe('waiting');
    expect(stage.told).toContainEqual({ what: 'unwitnessed', missing: 1 });
  });

  test('is released by a cosigned head that comes with it', async () => {
    const stage = await open({ keyring: wanting(1) });
    const entry = decide(stage);
    say(stage, { ...entry, note: seen(stage, entry.note, { who: stage.world.keys.alice }) });
    expect(await settled(stage)).toBe('approved');
  });

  test('is released by a cosigned head that comes later, of this size or a larger one', async () => {
    const stage = await open({ keyring: wanting(1) });
    say(stage, decide(stage));
    await settled(stage);
    stage.log.pad(5, 'later');
    witnessed(stage, seen(stage, stage.log.note(), { who: stage.world.keys.bob }));
    expect(await settled(stage)).toBe('approved');
  });

  test('is not released by the absence of a rule: a team without one wants one witness', async () => {
    const stage = await open({
      keyring: (keyring) => {
        const { witnesses: _, ...rest } = keyring;
        return rest;
      },
    });
    say(stage, decide(stage));
    expect(await settled(stage)).toBe('waiting');
  });

  test('ends as notWitnessed, not as expired, where time runs out', async () => {
    let fire = (): void => {};
    const timers: Timers = {
      after: (ms, run) => {
        if (ms > 10_000) fire = run;
        return () => {};
      },
    };
    const stage = await open({ keyring: wanting(1) }, timers);
    say(stage, decide(stage));
    await settled(stage);
    fire();
    expect(await settled(stage)).toBe('notWitnessed');
  });
});

describe('does not count as a witness', () => {
  const tries: readonly [string, number, (stage: Stage, note: string) => string][] = [
    [
      'one that cosigned too long ago',
      1,
      (stage, note) => seen(stage, note, { who: stage.world.keys.alice, at: NOW - 61_000 }),
    ],
    [
      'one whose clock is ahead',
      1,
      (stage, note) => seen(stage, note, { who: stage.world.keys.alice, at: NOW + 61_000 }),
    ],
    [
      'another key of a reviewer',
      1,
      (stage, note) =>
        seen(stage, note, {
          who: stage.world.keys.alice,
          key: stage.world.keys.alice.session,
        }),
    ],
    [
      "the log's own key under a reviewer's name",
      1,
      (stage, note) =>
        seen(stage, note, { who: stage.world.keys.alice, key: stage.world.keys.log }),
    ],
    [
      'one person where two are wanted',
      2,
      (stage, note) => seen(stage, note, { who: stage.world.keys.alice }),
    ],
  ];
  test.each(tries)('%s', async (_, count, make) => {
    const stage = await open({ keyring: wanting(count) });
    const entry = decide(stage);
    say(stage, { ...entry, note: make(stage, entry.note) });
    expect(await settled(stage)).toBe('waiting');
  });

  test('a second device of the same person', async () => {
    const stage = await open({
      keyring: wanting(2, (keyring, keys) => ({
        ...keyring,
        // Bob's witness key becomes alice's second device.
        reviewers: keyring.reviewers.map((one) => ({
          ...one,
          keys:
            one.id === 'alice'
              ? [
                  ...one.keys,
                  ...keyring.reviewers
                    .flatMap((other) => other.keys)
                    .filter((key) => key.keyId === keys.bob.witness.keyId)
                    .map((key) => ({ ...key, device: 'alice.phone' })),
                ]
              : one.keys.filter((key) => key.use !== 'witness'),
        })),
      })),
    });
    const { alice, bob } = stage.world.keys;
    const entry = decide(stage);
    const phone = { ...alice, device: 'alice.phone', witness: bob.witness };
    say(stage, { ...entry, note: seen(stage, entry.note, { who: alice }, { who: phone }) });
    expect(await settled(stage)).toBe('waiting');
    expect(stage.told).toContainEqual({ what: 'unwitnessed', missing: 1 });
  });

  test('a key that the keyring has ended', async () => {
    const stage = await open({
      keyring: wanting(1, (keyring, keys) => ({
        ...keyring,
        reviewers: keyring.reviewers.map((one) => ({
          ...one,
          keys: one.keys.map((key) =>
            key.keyId === keys.alice.witness.keyId ? { ...key, untilIndex: 1 } : key,
          ),
        })),
      })),
    });
    const entry = decide(stage);
    say(stage, { ...entry, note: seen(stage, entry.note, { who: stage.world.keys.alice }) });
    expect(await settled(stage)).toBe('waiting');
  });
});

describe('a cosigned head', () => {
  test('of another history ends it, however many names stand under it', async () => {
    const stage = await open({ keyring: wanting(1) });
    const entry = decide(stage);
    say(stage, entry);
    await settled(stage);
    const { alice, bob } = stage.world.keys;
    const other = stage.log.fork(2).pad(9, 'other');
    witnessed(stage, seen(stage, other.note(), { who: alice }, { who: bob }));
    expect(await settled(stage)).toBe('otherHistory');
  });

  test('of another log, or of none, ends it', async () => {
    const stage = await open({ keyring: wanting(1) });
    say(stage, decide(stage));
    await settled(stage);
    witnessed(stage, 'no note');
    expect(await settled(stage)).toBe('badCheckpoint');
  });

  test('that is older than the approval releases nothing', async () => {
    const stage = await open({ keyring: wanting(1) });
    const before = seen(stage, stage.log.note(), { who: stage.world.keys.alice });
    say(stage, decide(stage));
    await settled(stage);
    witnessed(stage, before);
    expect(await settled(stage)).toBe('waiting');
  });

  test('after the approval itself has expired releases nothing', async () => {
    const stage = await open({ keyring: wanting(1) });
    const entry = decide(stage, {
      decision: (d) => ({ ...d, expiresAt: new Date(NOW + 20_000).toISOString() }),
    });
    say(stage, entry);
    await settled(stage);
    stage.clock.wall += 20_000;
    witnessed(stage, seen(stage, entry.note, { who: stage.world.keys.alice }));
    expect(await settled(stage)).toBe('decisionExpired');
  });
});
