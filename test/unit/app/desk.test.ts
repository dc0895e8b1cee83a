// The desk moves by leaves alone, and only by leaves that their right signer has signed.

import { describe, expect, test } from 'vitest';
import { type Desk, openDesk } from '../../../main/app/desk.ts';
import { openLeaf } from '../../../main/app/open-leaf.ts';
import { sha256Hex, systemRandom } from '../../../main/trust/digest.ts';
import { generateKeyPair, type KeyPair } from '../../../main/trust/ed25519.ts';
import { type HeldKeyring, openFirstKeyring } from '../../../main/trust/keyring.ts';
import { toHex, utf8 } from '../../../shared/bytes.ts';
import type { Decision } from '../../../shared/statement/decision.ts';
import type { Ending, Receipt } from '../../../shared/statement/followups.ts';
import type { Statement, StatementType } from '../../../shared/statement/statement.ts';
import { HandTime, makeOrg, type Org, requestBy } from '../../kit/wire-world.ts';
import { TestLog } from './test-log.ts';

const time = new HandTime();

function opened(quorum = 1) {
  const org = makeOrg();
  const held = openFirstKeyring(org.envelope, org.keyring);
  if (!held.ok) throw new Error('the keyring opens');
  const log = new TestLog(org.keyring.log.origin, org.broker.log);
  const desk = openDesk();
  const asked = requestBy(org.guard, time, {
    policy: {
      sha256: '0'.repeat(64),
      rules: [],
      tier: 'medium',
      needs: [{ group: 'anyone', count: quorum }],
    },
  });
  log.append(utf8(asked.envelope));
  take(desk, log, held.value);
  return { org, held: held.value, log, desk, digest: asked.sha256 };
}

type Opened = ReturnType<typeof opened>;

/** The newest leaf onto the desk; `damage` may change its body or signature on the way. */
function take(desk: Desk, log: TestLog, held: HeldKeyring): string | undefined {
  const index = log.leaves.length - 1;
  const leaf = log.leaves[index];
  if (leaf === undefined) throw new Error('no leaf');
  const read = openLeaf(index, leaf.leaf, leaf.payload, held);
  if (!read.ok) throw new Error(read.code);
  return desk.take(read.value, leaf.payload, held);
}

function say<T extends StatementType>(at: Opened, type: T, says: Statement<T>, by: KeyPair) {
  at.log.say(type, says, by);
  return take(at.desk, at.log, at.held);
}

const decision = (at: Opened, who: Org['alice'], change: Partial<Decision> = {}): Decision => ({
  decisionId: toHex(systemRandom(16)),
  verdict: 'approve',
  request: at.digest,
  view: { renderer: 'countersign-view/1', sha256: '1'.repeat(64), flags: [] },
  policy: { sha256: '0'.repeat(64), rules: [] },
  reviewer: {
    id: who.id,
    keyId: who.decision.keyId,
    device: who.device,
    seq: 1,
    prev: '0'.repeat(64),
  },
  keyring: { version: 1, sha256: '2'.repeat(64) },
  checkpoint: '',
  use: { max: 1 },
  presence: 'click',
  issuedAt: time.iso(),
  expiresAt: time.iso(60_000),
  ...change,
});
const ending = (at: Opened, by: KeyPair, change: Partial<Ending> = {}): Ending => ({
  request: at.digest,
  how: 'withdrawn',
  decisions: [],
  who: { role: 'guard', id: 'guard-1', keyId: by.keyId },
  guidance: '',
  at: time.iso(),
  ...change,
});
const receipt = (at: Opened, by: KeyPair, change: Partial<Receipt> = {}): Receipt => ({
  request: at.digest,
  decisions: [],
  state: 'finished',
  guard: { id: 'guard-1', keyId: by.keyId },
  checkpoint: '',
  at: time.iso(),
  exit: { code: 3 },
  ...change,
});
const life = (at: Opened) => at.desk.get(at.digest)?.life;

describe('a request', () => {
  test('opens once, signed by its guard', () => {
    const at = opened();
    expect(at.desk.get(at.digest)).toMatchObject({
      signed: true,
      index: 0,
      life: { stage: 'open' },
    });
    take(at.desk, at.log, at.held);
    expect(at.desk.all()).toHaveLength(1);
  });

  test('in the name of another guard is listed and is not signed', () => {
    const at = opened();
    const forged = requestBy({ ...at.org.guard, guard: at.org.other.guard }, time, {
      guard: { id: 'guard-1', keyId: at.org.guard.guard.keyId, host: 'guard-1.host', mode: 'run' },
    });
    at.log.append(utf8(forged.envelope));
    take(at.desk, at.log, at.held);
    expect(at.desk.get(forged.sha256)?.signed).toBe(false);
  });
});

describe('a decision', () => {
  test('decides: an approval when nobody else is needed, a denial at once', () => {
    const one = opened();
    say(one, 'decision', decision(one, one.org.alice), one.org.alice.decision);
    expect(life(one)).toEqual({ stage: 'decided', verdict: 'approve' });
    const two = opened(2);
    say(two, 'decision', decision(two, two.org.alice), two.org.alice.decision);
    expect(life(two)).toEqual({ stage: 'open' });
    const denial = decision(two, two.org.bob, { verdict: 'deny' });
    say(two, 'decision', denial, two.org.bob.decision);
    expect(life(two)).toEqual({ stage: 'decided', verdict: 'deny' });
  });

  test('by one person twice is one person', () => {
    const at = opened(2);
    for (let n = 0; n < 2; n++)
      say(at, 'decision', decision(at, at.org.alice), at.org.alice.decision);
    expect(life(at)).toEqual({ stage: 'open' });
    say(at, 'decision', decision(at, at.org.bob), at.org.bob.decision);
    expect(life(at)).toEqual({ stage: 'decided', verdict: 'approve' });
  });

  test('in the name of another person moves nothing, although its signature fits', () => {
    const at = opened(2);
    say(at, 'decision', decision(at, at.org.alice), at.org.alice.decision);
    expect(say(at, 'decision', decision(at, at.org.bob), at.org.alice.decision)).toBeUndefined();
    expect(life(at)).toEqual({ stage: 'open' });
    expect(at.desk.get(at.digest)?.decisions).toHaveLength(1);
  });

  test.each([
    ['a session key', (at: Opened) => at.org.alice.session],
    ['a guard', (at: Opened) => at.org.guard.guard],
    ["the broker's log key", (at: Opened) => at.org.broker.log],
    ['nobody that the keyring knows', () => generateKeyPair()],
  ] as const)('signed by %s moves nothing', (_, by) => {
    const at = opened();
    const says = decision(at, at.org.alice);
    const pair = by(at);
    const named = { ...says, reviewer: { ...says.reviewer, keyId: pair.keyId } };
    expect(say(at, 'decision', named, pair)).toBeUndefined();
    expect(life(at)).toEqual({ stage: 'open' });
  });

  test('whose signature is of other bytes moves nothing', () => {
    const at = opened();
    at.log.say('decision', decision(at, at.org.alice), at.org.alice.decision);
    const good = at.log.leaves.pop();
    at.log.say('decision', decision(at, at.org.alice), at.org.alice.decision);
    const other = at.log.leaves.pop();
    if (!good || !other) throw new Error('two leaves');
    const swapped = new TextDecoder()
      .decode(good.leaf)
      .replace(sha256Hex(good.payload), sha256Hex(other.payload));
    at.log.leaves.push({ leaf: utf8(swapped), payload: other.payload });
    expect(take(at.desk, at.log, at.held)).toBeUndefined();
    expect(life(at)).toEqual({ stage: 'open' });
  });
});

describe('an ending', () => {
  test('ends by the guard or, in a refusal, by the broker; what comes later changes nothing', () => {
    const at = opened();
    say(at, 'ending', ending(at, at.org.guard.guard), at.org.guard.guard);
    expect(life(at)).toEqual({ stage: 'ended', how: 'withdrawn' });
    say(at, 'decision', decision(at, at.org.alice), at.org.alice.decision);
    say(at, 'ending', ending(at, at.org.guard.guard, { how: 'approved' }), at.org.guard.guard);
    expect(life(at)).toEqual({ stage: 'ended', how: 'withdrawn' });
    const two = opened();
    const who = { role: 'broker', id: 'broker', keyId: two.org.broker.log.keyId } as const;
    say(
      two,
      'ending',
      ending(two, two.org.broker.log, { how: 'expiredSeen', who }),
      two.org.broker.log,
    );
    expect(life(two)).toEqual({ stage: 'ended', how: 'expiredSeen' });
  });

  test.each(['approved', 'approvedWithChanges'] as const)(
    '%s by the broker moves nothing',
    (how) => {
      const at = opened();
      const by = at.org.broker.log;
      const who = { role: 'broker', id: 'broker', keyId: by.keyId } as const;
      expect(say(at, 'ending', ending(at, by, { how, who }), by)).toBeUndefined();
      expect(life(at)).toEqual({ stage: 'open' });
    },
  );

  test("by another guard, or in another's name, moves nothing", () => {
    const at = opened();
    const by = at.org.other.guard;
    expect(say(at, 'ending', ending(at, by), by)).toBeUndefined();
    expect(say(at, 'ending', ending(at, at.org.guard.guard), by)).toBeUndefined();
    expect(say(at, 'receipt', receipt(at, by), by)).toBeUndefined();
    expect(life(at)).toEqual({ stage: 'open' });
  });
});

test('a receipt says what then happened', () => {
  const at = opened();
  say(at, 'decision', decision(at, at.org.alice), at.org.alice.decision);
  say(at, 'ending', ending(at, at.org.guard.guard, { how: 'approved' }), at.org.guard.guard);
  for (const state of ['consumed', 'started', 'finished'] as const)
    say(at, 'receipt', receipt(at, at.org.guard.guard, { state }), at.org.guard.guard);
  expect(life(at)).toEqual({
    stage: 'ended',
    verdict: 'approve',
    how: 'approved',
    run: 'finished',
  });
  expect(at.desk.get(at.digest)?.receipt?.exit).toEqual({ code: 3 });
});

test('ended requests beyond the newest leave the desk; open ones never do', () => {
  const at = opened();
  const digests = Array.from({ length: 5 }, () => {
    const asked = requestBy(at.org.guard, time);
    at.log.append(utf8(asked.envelope));
    take(at.desk, at.log, at.held);
    return asked.sha256;
  });
  for (const request of digests.slice(0, 4))
    say(at, 'ending', ending(at, at.org.guard.guard, { request }), at.org.guard.guard);
  expect(at.desk.trim(2)).toEqual(digests.slice(0, 2));
  expect(at.desk.all().map((one) => one.digest)).toEqual([at.digest, ...digests.slice(2)]);
  expect(at.desk.trim(2)).toEqual([]);
});
