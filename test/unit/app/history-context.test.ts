// What stands beside a card: this machine's history of the agent and of the target, bounded, and never the card itself.

import { expect, test } from 'vitest';
import { cardHistory } from '../../../main/app/history-context.ts';
import type { FoundRequest, HistoryQuestion } from '../../../main/app/ports.ts';
import { CONTRACT } from '../../../shared/ipc/contract.ts';
import { EXEC, requestOf } from '../statement/view-samples.ts';
import { openWorld, WINDOW, type World } from './world.ts';

const ofCard = async (world: World, digest: string) => {
  const answer = CONTRACT.request.history.output.parse(
    await world.answers.request.history({ digest }, WINDOW),
  );
  if (!answer.ok) throw new Error(answer.code);
  return answer.value;
};

async function denied(world: World): Promise<string> {
  const digest = await world.ask('low');
  const viewSha256 = await world.look(digest);
  await world.decide({ digest, viewSha256, verdict: 'deny' });
  await world.until(() => world.row(digest)?.stage === 'decided');
  return digest;
}

test('is what this agent asked before, and what was decided on the same target', async () => {
  await using world = await openWorld();
  const first = await denied(world);
  const second = await world.ask('low');
  const card = await world.ask('low');
  const later = await world.ask('low');
  const { last, similar, partly } = await ofCard(world, card);
  expect(last.map((row) => row.digest)).toEqual([second, first]);
  expect(similar.map((row) => [row.digest, row.verdict, row.reviewer?.name])).toEqual([
    [first, 'deny', 'Maya Chen'],
  ]);
  expect(partly).toBe(false);
  expect((await ofCard(world, later)).last).toHaveLength(3);
});

test('of a request that nobody knows there is none', async () => {
  await using world = await openWorld();
  const answer = await world.answers.request.history({ digest: 'ab'.repeat(32) }, WINDOW);
  expect(answer).toEqual({ ok: false, code: 'unknownRequest' });
});

test('asks for this agent on this host, below the card, and ends after four searches', async () => {
  const asked: HistoryQuestion[] = [];
  const search = async (question: HistoryQuestion) => {
    asked.push(question);
    return { rows: [] as FoundRequest[], next: (question.before ?? 0) - 1, took: 1 };
  };
  const request = requestOf(EXEC);
  const named = (): never => {
    throw new Error('there is no row');
  };
  const found = await cardHistory({ search }, { request, index: 90 }, named);
  expect(found).toEqual({ last: [], similar: [], partly: true });
  expect(asked.map(({ before }) => before)).toEqual([90, 89, 88, 87, 90, 89, 88, 87]);
  expect(asked[0]?.filters).toEqual({ agent: request.agent.id, host: request.guard.host });
  expect(asked[4]?.filters).toMatchObject({ kind: request.action.kind });
});
