// R17: a broker keeps two logs that part at a random place, both signed by the log's key, and shows one to one party and
// the other to another. Whatever the first thing is that crosses from one to the other, whoever holds the one log notices
// it there and then; where the evidence is complete, it convinces somebody who has nothing but the log's key.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { utf8 } from '../../shared/bytes.ts';
import type { ForkEvidence } from '../../shared/statement/fork.ts';
import type { StoredLeaf } from '../../main/app/ports.ts';
import { openReplica } from '../../main/app/replica.ts';
import { openCheckpoints } from '../../main/guard/state/checkpoints.ts';
import { openCheckpoint } from '../../main/trust/checkpoint.ts';
import { generateKeyPair, publicKeyOf } from '../../main/trust/ed25519.ts';
import { readFork } from '../../main/trust/fork.ts';
import { leafHash } from '../../main/trust/merkle.ts';
import { formatVkey, NOTE_TYPE, vkeyOf } from '../../main/trust/vkey.ts';
import { TestLog } from '../kit/test-log.ts';
import { memoryStore } from '../unit/app/memory-store.ts';
import { countOf, limitOf, quickFolder, report } from './counts.ts';
import { type Seeded, seeded } from './seeded.ts';

const ORIGIN = 'log.test/split';
const key = generateKeyPair();
const vkey = vkeyOf(ORIGIN, NOTE_TYPE, publicKeyOf(key));
const log = { origin: ORIGIN, vkey: formatVkey(vkey) };

type Side = { readonly leaves: readonly Uint8Array[]; readonly log: TestLog };

/** One of the two logs: the first `same` leaves are common; where one leaf is edited, all others are common, too. */
function sideOf(name: string, same: number, length: number, edited: boolean): Side {
  const leaves = Array.from({ length }, (_, i) =>
    utf8(i < same || (edited && i > same) ? `leaf ${i}` : `${name} ${i}`),
  );
  const tree = new TestLog(ORIGIN, key);
  for (const leaf of leaves) tree.appendHash(leafHash(leaf));
  return { leaves, log: tree };
}

type Split = {
  readonly a: Side;
  readonly b: Side;
  /** What the party has of the first log. */
  readonly held: number;
  /** The size of the head of the second log that crosses; both are past the place where they part. */
  readonly crosses: number;
};

function splitBy(random: Seeded, size: 'smaller' | 'equal' | 'larger'): Split {
  const same = random.below(30);
  const edited = random.coin();
  const past = 2 + random.below(20);
  const held = same + past;
  const crosses = {
    smaller: same + 1 + random.below(past - 1),
    equal: held,
    larger: held + 1 + random.below(20),
  };
  const length = held + 25;
  return {
    a: sideOf('a', same, length, edited),
    b: sideOf('b', same, length, edited),
    held,
    crosses: crosses[size],
  };
}

const stored = (side: Side, from: number, to: number): StoredLeaf[] =>
  side.leaves.slice(from, to).map((leaf, i) => ({
    index: from + i,
    leaf,
    payload: undefined,
    type: 'notice',
    request: undefined,
    at: undefined,
  }));

/** What was found of it: the alarm's or the refusal's name, and evidence where there is some. */
type Found = { readonly code: string | undefined; readonly fork?: ForkEvidence | undefined };

/** An app that has one log meets the other: in its stream, or (`embedded`) in what a statement carries. */
async function byApp({ a, b, held, crosses }: Split, embedded: boolean): Promise<Found> {
  const found: Found[] = [];
  const store = memoryStore();
  const replica = await openReplica({
    store,
    vkey: log.vkey,
    alarm: (code, _, more) => void found.push({ code, fork: more?.fork }),
    now: Date.now,
  });
  await replica.take(stored(a, 0, held));
  await replica.judge(a.log.note(held));
  expect(found).toEqual([]);
  if (crosses > held) await replica.take(stored(b, held, crosses));
  if (embedded) await replica.meet(b.log.note(crosses));
  else await replica.judge(b.log.note(crosses));
  await store.close();
  return found[0] ?? { code: undefined };
}

/** A guard that has admitted a head of one log is given a head of the other, with the proof of either. */
async function byGuard(
  { a, b, held, crosses }: Split,
  random: Seeded,
  folder: string,
): Promise<Found> {
  let fork: ForkEvidence | undefined;
  const guard = join(folder, `guard-${random.below(1e9)}`);
  mkdirSync(guard, { mode: 0o700 });
  const admit = openCheckpoints({ guard }, log, {
    now: Date.now,
    fork: (one) => void (fork = one),
  });
  const headOf = (side: Side, size: number) => {
    const opened = openCheckpoint(side.log.note(size), vkey);
    if (!opened.ok) throw new Error(opened.detail);
    return opened.value;
  };
  const prover = random.coin() ? a : b;
  const prove = async (first: number, second: number) =>
    prover.log.consistency(first, second).map((b64) => Uint8Array.from(Buffer.from(b64, 'base64')));
  expect(await admit(headOf(a, held), prove)).toBe('admitted');
  const answer = await admit(headOf(b, crosses), prove);
  return { code: answer === 'admitted' ? undefined : answer, fork };
}

type Strategy = {
  readonly name: string;
  readonly size: 'smaller' | 'equal' | 'larger';
  readonly meets: (split: Split, random: Seeded, folder: string) => Promise<Found>;
  /** The evidence is complete: two heads that no one log can have. */
  readonly convicts: boolean;
};

const SIZES = ['smaller', 'equal', 'larger'] as const;
const STRATEGIES: readonly Strategy[] = [
  ...SIZES.map((size) => ({
    name: `an app hears a ${size} head`,
    size,
    meets: (split: Split) => byApp(split, false),
    convicts: size !== 'larger',
  })),
  ...SIZES.map((size) => ({
    name: `a guard is given a ${size} head`,
    size,
    meets: byGuard,
    convicts: size === 'equal',
  })),
  ...(['smaller', 'equal'] as const).map((size) => ({
    name: `an app reads a ${size} head in a statement`,
    size,
    meets: (split: Split) => byApp(split, true),
    convicts: true,
  })),
];

test(`R17: ${countOf('R17')} split views are noticed at the first thing that crosses`, {
  timeout: limitOf('R17', 100),
}, async () => {
  using scratch = quickFolder();
  const wrong: string[] = [];
  let convicted = 0;
  for (let n = 0; n < countOf('R17'); n += 1) {
    const random = seeded(1700 + n);
    const strategy = STRATEGIES[n % STRATEGIES.length];
    if (strategy === undefined) continue;
    const split = splitBy(random, strategy.size);
    const { code, fork } = await strategy.meets(split, random, scratch.path);
    if (code !== 'otherHistory') wrong.push(`${n} ${strategy.name}: ${code ?? 'unseen'}`);
    const judged = fork && readFork(JSON.stringify(fork), log.vkey);
    if (judged?.ok) convicted += 1;
    if (strategy.convicts && !judged?.ok) wrong.push(`${n} ${strategy.name}: no evidence`);
    if (fork !== undefined && !judged?.ok)
      wrong.push(`${n} ${strategy.name}: evidence that proves nothing`);
  }
  report(
    'R17',
    `${countOf('R17')} split views in ${STRATEGIES.length} ways, ${wrong.length} unseen, ${convicted} with complete evidence`,
  );
  expect(wrong.slice(0, 10)).toEqual([]);
});
