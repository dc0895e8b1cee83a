// An agent's budget of questions, over real sockets: the broker counts what the log says was asked, refuses the rest, and
// says until when; a restart gives nobody new ones.

import { afterEach, expect, test } from 'vitest';
import { readSettings } from '../../main/policy/cedar/settings.ts';
import { openPolicyFiles } from '../../main/state/policy-files.ts';
import { sha256Hex } from '../../main/trust/digest.ts';
import { utf8 } from '../../shared/bytes.ts';
import type { Request } from '../../shared/statement/request.ts';
import { holding, saidBy } from '../kit/test-policies.ts';
import { messageId, type WireClient } from '../kit/wire-client.ts';
import { type Visit, visit } from '../kit/wire-visit.ts';
import { makeOrg, type Org, requestBy } from '../kit/wire-world.ts';

const HOUR = 3_600_000;
const POLICY = holding('medium');
let leave: (() => Promise<void>) | undefined;
afterEach(async () => {
  await leave?.();
  leave = undefined;
});

async function stage(questions: object) {
  const settings = utf8(JSON.stringify({ version: 1, questions }));
  expect(readSettings(settings)).toMatchObject({ ok: true });
  const org = makeOrg((keyring) => ({
    ...keyring,
    policies: [
      ...keyring.policies.filter(({ sha256 }) => sha256 !== POLICY.sha256),
      { sha256: POLICY.sha256, name: 'test', settings: sha256Hex(settings) },
    ],
  }));
  const here = await visit(org);
  leave = here.leave;
  expect(openPolicyFiles({ root: here.house.root }).keep(settings)).toMatchObject({ ok: true });
  return { org, here, time: here.house.time };
}

/** The index of the request's leaf, or why it was refused. */
const askAs = (
  guard: WireClient,
  { org, here }: { readonly org: Org; readonly here: Visit },
  change: Partial<Request> = {},
): Promise<number | string> => {
  const policy = saidBy(POLICY, 'medium');
  const { envelope } = requestBy(org.guard, here.house.time, { policy, ...change });
  return guard.ask('request', { envelope });
};

const agent = (
  id: string,
  authn: Request['agent']['authn'] = 'declared',
): Pick<Request, 'agent'> => ({ agent: { id, session: 's1', onBehalfOf: 'carol', authn } });

test('over its budget an agent is refused, told how long, and may ask again exactly then', async () => {
  const all = await stage({ perHour: 2 });
  const guard = await all.here.asGuard();
  expect(await askAs(guard, all)).toEqual(expect.any(Number));
  all.time.advance(10_000);
  expect(await askAs(guard, all)).toEqual(expect.any(Number));
  expect(await askAs(guard, all)).toBe('tooManyQuestions');
  const refused = await guard.wait('refused');
  expect(refused.body).toEqual({ code: 'tooManyQuestions', retryAfterMs: HOUR - 10_000 });
  all.time.advance(HOUR - 10_001);
  expect(await askAs(await all.here.asGuard(), all)).toBe('tooManyQuestions');
  all.time.advance(1);
  expect(await askAs(await all.here.asGuard(), all)).toEqual(expect.any(Number));
});

test('what was refused is no question: it puts the next one off by nothing', async () => {
  const all = await stage({ perHour: 1 });
  const guard = await all.here.asGuard();
  await askAs(guard, all);
  for (let i = 0; i < 5; i++) expect(await askAs(guard, all)).toBe('tooManyQuestions');
  all.time.advance(HOUR);
  expect(await askAs(await all.here.asGuard(), all)).toEqual(expect.any(Number));
});

test('the day’s budget holds where the hour’s would let it', async () => {
  const all = await stage({ perHour: 2, perDay: 3 });
  for (let hour = 0; hour < 2; hour++) {
    const guard = await all.here.asGuard();
    await askAs(guard, all);
    if (hour === 0) await askAs(guard, all);
    all.time.advance(HOUR);
  }
  expect(await askAs(await all.here.asGuard(), all)).toBe('tooManyQuestions');
  all.time.advance(22 * HOUR);
  expect(await askAs(await all.here.asGuard(), all)).toEqual(expect.any(Number));
});

test('a restart of the broker gives nobody new questions', async () => {
  const all = await stage({ perHour: 2 });
  const guard = await all.here.asGuard();
  await askAs(guard, all);
  await askAs(guard, all);
  await all.here.house.restart();
  expect(await askAs(await all.here.asGuard(), all)).toBe('tooManyQuestions');
});

test('the same request said twice is one question', async () => {
  const all = await stage({ perHour: 2 });
  const guard = await all.here.asGuard();
  const { envelope } = requestBy(all.org.guard, all.time, { policy: saidBy(POLICY, 'medium') });
  const index = await guard.ask('request', { envelope });
  expect(await guard.ask('request', { envelope }, messageId())).toBe(index);
  expect(await askAs(guard, all)).toEqual(expect.any(Number));
});

test('whoever invents names has one budget, and not that of a name that was given more', async () => {
  const all = await stage({ perHour: 1, agents: [{ agent: 'nightly', perHour: 3 }] });
  const guard = await all.here.asGuard();
  expect(await askAs(guard, all, agent('one'))).toEqual(expect.any(Number));
  expect(await askAs(guard, all, agent('two'))).toBe('tooManyQuestions');
  expect(await askAs(guard, all, agent('nightly'))).toBe('tooManyQuestions');
  for (let i = 0; i < 3; i++)
    expect(await askAs(guard, all, agent('nightly', 'account'))).toEqual(expect.any(Number));
  expect(await askAs(guard, all, agent('nightly', 'account'))).toBe('tooManyQuestions');
});

test('an older policy that the keyring still pins is no way around the budget', async () => {
  const all = await stage({ perHour: 1 });
  const guard = await all.here.asGuard();
  await askAs(guard, all);
  const plain = requestBy(all.org.guard, all.time).envelope;
  expect(await guard.ask('request', { envelope: plain })).toBe('tooManyQuestions');
});

test('five hundred questions at once: as many as the budget reach people, the others are told when', async () => {
  const all = await stage({ perHour: 10 });
  const guard = await all.here.asGuard();
  const answers: (number | string)[] = [];
  while (answers.length < 500) {
    const some = await Promise.all(Array.from({ length: 50 }, () => askAs(guard, all)));
    answers.push(...some.filter((one) => one !== 'busy'));
    all.time.advance(2_500);
  }
  expect(answers.filter((one) => typeof one === 'number')).toHaveLength(10);
  expect(new Set(answers.filter((one) => typeof one === 'string'))).toEqual(
    new Set(['tooManyQuestions']),
  );
});
