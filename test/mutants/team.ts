// Seeded bugs of what only a team has: witnesses, keyrings that come while something waits, roots that are replaced; and of the
// frames on the wire.

import { type Mutant, mutant } from './mutant.ts';

const GATE = 'main/guard/gate.ts';
const WITNESS = 'main/trust/witness.ts';
const GATE_TEST = 'test/unit/guard/gate-witness.test.ts';
const DECODE = 'shared/protocol/decode.ts';
const LOG_END_TEST = 'test/unit/cli/keyring/log-end.test.ts';
const CORPUS_TEST = 'test/unit/protocol/corpus.test.ts';

export const TEAM_MUTANTS: readonly Mutant[] = [
  mutant(
    'unwitnessed-run',
    GATE,
    ['if (people >= rule.count)', 'if (people >= 0)'],
    GATE_TEST,
    'a log that nobody else has seen would let things run',
  ),
  mutant(
    'stale-cosignature',
    WITNESS,
    ['Math.abs(at.now - seconds * 1000) <= at.withinMs', 'seconds > 0'],
    GATE_TEST,
    'a cosignature of last week would pass as having seen the log now',
  ),
  mutant(
    'witnesses-count-devices',
    WITNESS,
    ['people.set(vkey, hit.id);', 'people.set(vkey, hit.key.keyId);'],
    GATE_TEST,
    'one person with two machines would be two witnesses',
  ),
  mutant(
    'any-key-witnesses',
    WITNESS,
    ["hit.use !== 'witness' || ", ''],
    GATE_TEST,
    'a key of another use would count as having seen the log',
  ),
  mutant(
    'no-witness-in-a-team',
    WITNESS,
    ['count: solo ? 0 : 1', 'count: 0'],
    GATE_TEST,
    'a team would have no second look at its log by default',
  ),
  mutant(
    'witnessed-head-not-compared',
    GATE,
    ["if ((await log.admit(head.value, log.prove)) !== 'admitted')", 'if (head.value.size < 0)'],
    GATE_TEST,
    'witnesses of another history would release an approval',
  ),
  mutant(
    'head-before-the-approval',
    GATE,
    ['approvals.every((one) => one.index < head.size)', 'approvals.every((one) => one.index >= 0)'],
    GATE_TEST,
    'witnesses would vouch for an approval that their head does not have',
  ),
  mutant(
    'keyring-expires-while-it-waits',
    GATE,
    ["if (keyringExpired(keyring, clock.now())) return refuse('keyringExpired', undefined);", ''],
    'test/unit/guard/gate-waits.test.ts',
    'an approval that waited for a witness would run under a keyring that has expired meanwhile',
  ),
  mutant(
    'decision-expires-while-it-waits',
    GATE,
    [
      'if (approvals.some((one) => clock.now() >= Date.parse(one.decision.expiresAt)))',
      'if (approvals.length < 0)',
    ],
    GATE_TEST,
    'an approval that waited for a witness would run after its own expiry',
  ),
  mutant(
    'ended-while-it-was-measured',
    'main/guard/verify/still.ts',
    ["if (guardEnded(identity)) return 'guardRevoked';", ''],
    'test/unit/guard/gate-refusals.test.ts',
    'a revoked guard would go on acting',
  ),
  mutant(
    'approver-ended-while-it-was-measured',
    'main/guard/verify/still.ts',
    [
      "return stand ? undefined : 'keyNotValid';",
      "return stand || decisions.length > 0 ? undefined : 'keyNotValid';",
    ],
    'test/unit/guard/gate-refusals.test.ts',
    'a key that was revoked a moment ago would still approve',
  ),
  mutant(
    'guard-above-its-tier',
    'main/guard/ask.ts',
    ['return atLeast(me.maxTier, tier)', "return atLeast('critical', tier)"],
    'test/unit/guard/ask.test.ts',
    'a guard would ask for what the keyring keeps from it',
  ),
  mutant(
    'replaced-roots-sign',
    'main/state/root-trail.ts',
    [
      'if (inTime && opened.value.keyring.version < below) return opened;',
      'if (inTime) return opened;',
    ],
    'test/unit/state/root-trail.test.ts',
    'root keys that were replaced, perhaps because they were stolen, would sign keyrings',
  ),
  mutant(
    'cosignature-by-another-device',
    'main/broker/witnesses.ts',
    ['if (session && (hit.id !== session.id || hit.device !== session.device)) continue;', ''],
    'test/flow/witness.test.ts',
    'one device would bring in the cosignatures of another',
  ),
  mutant(
    'frame-of-any-size',
    DECODE,
    ["if (text.length > LIMITS.maxFrameBytes) return fail('badFrame', 'too large');", ''],
    CORPUS_TEST,
    'a frame could fill the memory',
  ),
  mutant(
    'inherited-message-names',
    DECODE,
    ['!Object.hasOwn(schemas, t)', '!(t in schemas)'],
    CORPUS_TEST,
    'a frame named constructor would end the process',
  ),
  mutant(
    'open-messages',
    'shared/protocol/messages.ts',
    [
      'z.strictObject({ t: z.literal(t), id: Id16, body });',
      'z.object({ t: z.literal(t), id: Id16, body });',
    ],
    CORPUS_TEST,
    'a member that nobody knows would ride along',
  ),
  mutant(
    'ends-at-an-unsigned-head',
    'main/cli/keyring/log-end.ts',
    [
      'return head.ok ? head.value : undefined;',
      "return { origin, size: Number(note.split('\\n')[1]), root: new Uint8Array(32), note };",
    ],
    LOG_END_TEST,
    'a size that nobody signed would say where keys end, for good',
  ),
  mutant(
    'ends-at-an-old-head',
    'main/cli/keyring/log-end.ts',
    ['own.size > head.size', 'own.size < 0'],
    LOG_END_TEST,
    'a broker that went back would have keys ended before what they have rightly signed',
  ),
  mutant(
    'ends-at-a-head-before-its-keys',
    'main/cli/keyring/log-end.ts',
    ['if (begun > head.size)', 'if (begun < 0)'],
    LOG_END_TEST,
    'a broker or a copy of long ago would say where keys end, though the keyring itself knows better',
  ),
  mutant(
    'a-past-end-moves',
    'main/cli/keyring/edit.ts',
    ['(size !== undefined && end > size && untilIndex < end)', 'untilIndex < end'],
    LOG_END_TEST,
    'revoking again would make what a key signed before its end invalid',
  ),
  mutant(
    'ends-without-a-head',
    'main/cli/keyring/edit.ts',
    [
      'if (index === undefined && edits.end.length > 0 && edits.epoch === undefined)',
      'if (days < 0)',
    ],
    LOG_END_TEST,
    'a machine that has never had the log would end keys at entry 0',
  ),
  mutant(
    'ends-in-the-future',
    'main/cli/keyring/make.ts',
    ['limit !== undefined && given > limit.size', 'limit !== undefined && given < 0'],
    'test/cli/keyring.test.ts',
    'a revoked key would go on deciding until the log gets as far as a slip of the finger',
  ),
  mutant(
    'another-first-keyring',
    'main/broker/init-broker.ts',
    ["(written.code === 'exists' && holds(file, contents))", "written.code === 'exists'"],
    'test/unit/broker/init-broker.test.ts',
    'a broker would say that it took a keyring and go on under another',
  ),
  mutant(
    'asks-the-revoked',
    'main/broker/asking.ts',
    ["use === 'decision' && untilIndex === undefined", "use === 'decision'"],
    'test/unit/broker/asking.test.ts',
    'a guard would wait for people whose keys were ended',
  ),
  mutant(
    'solo-overtakes-a-join',
    'main/app/solo.ts',
    [
      "return waits.value === undefined ? undefined : fail('failed', JOIN_WAITS);",
      'return undefined;',
    ],
    'test/cli/keyring.test.ts',
    'a machine that asked to join a team would be an organisation of its own for good',
  ),
];
