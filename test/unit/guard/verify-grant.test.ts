// Each check of a grant at the guard by an input that fails it alone, and the one that passes.

import { afterEach, describe, expect, test } from 'vitest';
import { fromUtf8, toB64, utf8 } from '../../../shared/bytes.ts';
import { NO_DECISION } from '../../../shared/statement/decision.ts';
import type { Grant, GrantTerms } from '../../../shared/statement/grant.ts';
import { encodeStatement, payloadTypeOf } from '../../../shared/statement/statement.ts';
import { seal } from '../../../main/trust/envelope.ts';
import { NOW } from '../../kit/gate-stage.ts';
import { type GrantStage, grantStage } from '../../kit/grant-stage.ts';
import { grantEndOf, grantOf, sealGrant, sealGrantEnd, termsOf } from '../../kit/granting.ts';
import type { Person } from '../../kit/guard-world.ts';
import { holding, NOT_ALICE } from '../../kit/test-policies.ts';

const HOUR = 3_600_000;
const stages: GrantStage[] = [];
afterEach(() => stages.splice(0).forEach(({ world }) => world.remove()));

function open(options: Parameters<typeof grantStage>[0] = {}): GrantStage {
  const stage = grantStage(options);
  stages.push(stage);
  return stage;
}

type Change = {
  readonly terms?: Partial<GrantTerms>;
  readonly grant?: (grant: Grant) => Grant;
  readonly who?: Person;
};

/** By alice, exactly what is wanted, into the log. */
function grant(stage: GrantStage, { terms, grant: change, who }: Change = {}) {
  const { world, request } = stage;
  const signer = who ?? world.keys.alice;
  const by = { who: signer, keyring: world.keyring, note: world.log.note(), now: NOW };
  const plain = grantOf('f'.repeat(64), termsOf(request, NOW, terms), by);
  const says = change?.(plain) ?? plain;
  stage.tell(sealGrant(says, signer.decision));
  return says;
}

const why = async (stage: GrantStage): Promise<unknown> => {
  const found = await stage.look();
  return found.ok ? found.value.length : found.code;
};

test('what is all right counts', async () => {
  const stage = open();
  grant(stage);
  expect(await why(stage)).toBe(1);
});

describe('a grant does not count', () => {
  test.each([
    ['otherPlace', { org: 'other' }],
    ['otherPlace', { log: 'log.test/other' }],
    ['otherGuard', { guard: 'guard-2' }],
    ['otherAgent', { agent: 'gemini' }],
    ['otherAgent', { onBehalfOf: 'dave' }],
    ['otherPolicy', { policy: '0'.repeat(64) }],
    ['aboveItsTier', { tier: 'low' }],
    ['otherAction', { actions: { same: '0'.repeat(64) } }],
    [
      'badCondition',
      { actions: { when: 'true };permit (principal, action, resource) when {true' } },
    ],
    ['noMatch', { actions: { when: 'context.sql' } }],
  ] as const)('%s: terms of %j', async (code, terms) => {
    const stage = open();
    grant(stage, { terms });
    expect(await why(stage)).toBe(code);
  });

  test.each([
    ['viewDiffers', (one: Grant) => ({ ...one, view: { ...one.view, sha256: '0'.repeat(64) } })],
    ['viewDiffers', (one: Grant) => ({ ...one, view: { ...one.view, renderer: 'text/2' } })],
    [
      'keyringDiffers',
      (one: Grant) => ({ ...one, keyring: { ...one.keyring, sha256: '0'.repeat(64) } }),
    ],
    ['keyringDiffers', (one: Grant) => ({ ...one, keyring: { ...one.keyring, version: 2 } })],
    ['presenceTooWeak', (one: Grant) => ({ ...one, presence: 'notification' as const })],
    ['badCheckpoint', (one: Grant) => ({ ...one, checkpoint: toB64(utf8('log\n1\n')) })],
    [
      'farAhead',
      (one: Grant) => ({ ...one, issuedAt: new Date(NOW - 2 * 60_000 - 1).toISOString() }),
    ],
    [
      'issuedAhead',
      (one: Grant) => ({ ...one, issuedAt: new Date(NOW + 2 * 60_000 + 1).toISOString() }),
    ],
    ['wrongSigner', (one: Grant) => ({ ...one, reviewer: { ...one.reviewer, id: 'bob' } })],
    ['wrongSigner', (one: Grant) => ({ ...one, reviewer: { ...one.reviewer, device: 'other' } })],
  ] as const)('%s', async (code, change) => {
    const stage = open();
    grant(stage, { grant: change });
    expect(await why(stage)).toBe(code);
  });

  test('before its beginning and from its end on', async () => {
    const stage = open();
    grant(stage);
    stage.clock.wall = NOW - 1;
    expect(await why(stage)).toBe('notYet');
    stage.clock.wall = NOW + HOUR - 1;
    expect(await why(stage)).toBe(1);
    stage.clock.wall = NOW + HOUR;
    expect(await why(stage)).toBe('over');
  });

  test('by a session key, a channel, a key that has ended, or none', async () => {
    const stage = open();
    const { alice, channel, guard } = stage.world.keys;
    const by = { keyring: stage.world.keyring, note: stage.world.log.note(), now: NOW };
    const terms = termsOf(stage.request, NOW);
    const says = grantOf('f'.repeat(64), terms, { ...by, who: alice });
    for (const key of [alice.session, channel.decision, guard]) {
      stage.told.grants.length = 0;
      stage.tell(sealGrant(says, key));
      expect(await why(stage)).toBe('unknownKey');
    }
    const ended = open({
      keyring: (keyring) => ({
        ...keyring,
        reviewers: keyring.reviewers.map((one) =>
          one.id === 'alice'
            ? { ...one, keys: one.keys.map((key) => ({ ...key, untilIndex: 3, why: 'left' })) }
            : one,
        ),
      }),
    });
    grant(ended);
    expect(await why(ended)).toBe('unknownKey');
  });

  test('with another signature, or as another type', async () => {
    const stage = open();
    const { alice } = stage.world.keys;
    const says = grant(stage);
    const [row] = stage.told.grants;
    if (row === undefined) throw new Error('it was told');
    const good = row.envelope;
    const { sig } = /"sig":"(?<sig>[^"]+)"/.exec(good)?.groups ?? {};
    row.envelope = good.replace(sig ?? '', toB64(new Uint8Array(64).fill(7)));
    expect(await why(stage)).toBe('badSignature');
    const payload = encodeStatement('grant', says);
    row.envelope = fromUtf8(seal(payloadTypeOf('decision'), payload, alice.decision));
    expect(await why(stage)).toBe('notAGrant');
    row.envelope = `${good} `;
    expect(await why(stage)).toBe('notAGrant');
  });

  test('by whom the agent works for, its owner, or whom policy does not let', async () => {
    const owned = open({
      keyring: (keyring) => ({ ...keyring, owners: [{ agent: 'claude', owner: 'alice' }] }),
    });
    grant(owned);
    expect(await why(owned)).toBe('notAllowed');
    const asked = open({
      request: (one) => ({ ...one, agent: { ...one.agent, onBehalfOf: 'alice' } }),
    });
    grant(asked);
    expect(await why(asked)).toBe('notAllowed');
    const away = open({ policy: NOT_ALICE });
    grant(away);
    expect(await why(away)).toBe('notAllowed');
    grant(away, { who: away.world.keys.bob });
    expect(await why(away)).toBe(1);
  });

  test('of what takes more than medium, is not understood, or touches secrets, whatever it says', async () => {
    const stage = open();
    grant(stage);
    const { facts } = stage.request;
    for (const [code, asked] of [
      ['tierTooHigh', { policy: { ...stage.request.policy, tier: 'high' as const } }],
      ['notUnderstood', { facts: { ...facts, unknown: true } }],
      ['secrets', { facts: { ...facts, secretPath: true } }],
    ] as const)
      expect(await stage.look({ ...stage.request, ...asked })).toMatchObject({ code });
  });
});

describe('the log', () => {
  test('must have it: no proof, another place, another log', async () => {
    const stage = open();
    grant(stage);
    const [row] = stage.told.grants;
    if (row === undefined) throw new Error('it was told');
    const { proof } = row;
    row.proof = [];
    expect(await why(stage)).toBe('notInLog');
    row.proof = proof;
    row.index -= 1;
    expect(await why(stage)).toMatch(/notInLog|badCheckpoint/);
    row.index += 1;
    stage.told.note = stage.world.log.note().replace('log.test/guard', 'log.test/other');
    expect(await why(stage)).toBe('badCheckpoint');
  });

  test('must be one history with all that this guard has seen', async () => {
    const stage = open();
    const other = stage.world.log.fork(3).pad(9, 'other');
    grant(stage);
    expect(await why(stage)).toBe(1);
    stage.told.note = other.note();
    expect(await why(stage)).toBe('otherHistory');
  });

  test('must have been seen by enough people', async () => {
    const stage = open({
      keyring: (keyring) => ({ ...keyring, witnesses: { count: 1, withinMs: 60_000 } }),
    });
    grant(stage);
    expect(await why(stage)).toBe('notWitnessed');
  });
});

describe('people', () => {
  test('are counted once each, and only of the very same terms', async () => {
    const stage = open({ policy: holding('medium', '2 of anyone') });
    const { alice, bob } = stage.world.keys;
    grant(stage, { who: alice });
    expect(await why(stage)).toBe('notEnough');
    grant(stage, {
      who: alice,
      grant: (one) => ({ ...one, reviewer: { ...one.reviewer, seq: 2, prev: 'a'.repeat(64) } }),
    });
    expect(await why(stage)).toBe('notEnough');
    grant(stage, { who: bob, terms: { uses: 4 } });
    expect(await why(stage)).toBe('notEnough');
    grant(stage, { who: bob });
    expect(await why(stage)).toBe(1);
  });
});

describe('an end', () => {
  test('counts at once, by any enrolled person, and for good', async () => {
    const stage = open();
    const { bob } = stage.world.keys;
    const { terms } = grant(stage);
    const end = grantEndOf('f'.repeat(64), terms, { who: bob, now: NOW });
    stage.told.ends = [fromUtf8(sealGrantEnd(end, bob.decision))];
    expect(await why(stage)).toBe('ended');
    stage.told.ends = [];
    expect(await why(stage)).toBe('ended');
    // The same again under other bounds is another grant.
    grant(stage, { terms: { uses: 2 } });
    expect(await why(stage)).toBe(1);
  });

  test('that nobody signed ends nothing', async () => {
    const stage = open();
    const { terms } = grant(stage);
    const { alice, log } = stage.world.keys;
    const end = grantEndOf('f'.repeat(64), terms, {
      who: alice,
      now: NOW,
      chain: { seq: 1, prev: NO_DECISION },
    });
    stage.told.ends = [fromUtf8(sealGrantEnd(end, log))];
    expect(await why(stage)).toBe(1);
  });
});
