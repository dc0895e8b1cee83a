import { describe, expect, test } from 'vitest';
import { deskLists, matches, nextWaiting, sameWaiting } from '../../../renderer/store/select.ts';
import type { RequestSummary } from '../../../shared/ipc/snapshot.ts';

const request = (name: string, stage: RequestSummary['stage'] = 'open'): RequestSummary => ({
  digest: name,
  requestId: '00'.repeat(16),
  index: 0,
  title: `run ${name}`,
  target: name,
  reason: 'nightly',
  agent: 'night-agent',
  onBehalfOf: 'ada',
  guard: 'build-guard',
  host: 'ada-laptop',
  tier: 'medium',
  createdAt: '2026-11-22T01:00:00.000Z',
  expiresAt: '2026-11-22T01:10:00.000Z',
  stage,
  guardState: 'here',
  decisions: [],
});
const names = (list: readonly RequestSummary[]): readonly string[] =>
  list.map(({ digest }) => digest);

describe('the desk’s lists', () => {
  test('open ones oldest first, ended ones newest first', () => {
    const lists = deskLists(
      [request('a'), request('b', 'ended'), request('c'), request('d', 'ended')],
      '',
      undefined,
    );
    expect([names(lists.open), names(lists.ended)]).toEqual([
      ['a', 'c'],
      ['d', 'b'],
    ]);
  });

  test('under the pointer a row that ends keeps its place and a new one comes last', () => {
    const held = { open: [request('a'), request('b')], ended: [request('x', 'ended')] };
    const now = [
      request('x', 'ended'),
      request('a', 'ended'),
      request('b'),
      request('c'),
      request('y', 'ended'),
    ];
    const lists = deskLists(now, '', held);
    expect(names(lists.open)).toEqual(['a', 'b', 'c']);
    expect(names(lists.ended)).toEqual(['x', 'y']);
  });

  test('under the pointer a row that main took away keeps its place until the pointer leaves', () => {
    const held = { open: [request('a'), request('b')], ended: [request('x', 'ended')] };
    const lists = deskLists([request('b'), request('y', 'ended')], '', held);
    expect(names(lists.open)).toEqual(['a', 'b']);
    expect(names(lists.ended)).toEqual(['x', 'y']);
    expect(names(deskLists([request('b')], '', undefined).open)).toEqual(['b']);
  });

  test('the filter takes rows away also under the pointer', () => {
    const held = { open: [request('a'), request('b')], ended: [] };
    expect(names(deskLists([request('b')], 'run b', held).open)).toEqual(['b']);
  });

  test('every word of the filter must be somewhere in the row', () => {
    expect(matches(request('export.js'), 'EXPORT laptop')).toBe(true);
    expect(matches(request('export.js'), 'export prod')).toBe(false);
    expect(matches(request('export.js'), '')).toBe(true);
  });

  test('the next one that waits comes after this one, then from the start', () => {
    const all = [request('a'), request('b', 'ended'), request('c', 'decided'), request('d')];
    expect(nextWaiting(all, 'b')?.digest).toBe('d');
    expect(nextWaiting(all, 'd')?.digest).toBe('a');
    expect(nextWaiting([request('a', 'ended')], 'a')).toBeUndefined();
  });
});

describe('identical repeats', () => {
  const same = (name: string, stage: RequestSummary['stage'] = 'open'): RequestSummary => ({
    ...request(name, stage),
    repeats: 'f'.repeat(64),
  });

  test('fold into the row of the oldest that waits, with their count; others do not', () => {
    const other = { ...request('o'), repeats: 'e'.repeat(64) };
    const lists = deskLists([same('a'), other, same('b'), request('n'), same('c')], '', undefined);
    expect(names(lists.open)).toEqual(['a', 'o', 'n']);
    expect(lists.folds.more).toEqual(new Map([['a', 2]]));
    expect(lists.folds.behind).toEqual(
      new Map([
        ['b', 'a'],
        ['c', 'a'],
      ]),
    );
  });

  test('come one by one: once the first is decided the second has a row of its own', () => {
    const lists = deskLists([same('a', 'decided'), same('b'), same('c')], '', undefined);
    expect(names(lists.open)).toEqual(['a', 'b']);
    expect(lists.folds.more).toEqual(new Map([['b', 1]]));
  });

  test('lead from each to all the others that still wait', () => {
    const all = [same('a', 'ended'), same('b'), request('o'), same('c')];
    expect(names(sameWaiting(all, same('b')))).toEqual(['c']);
    expect(sameWaiting(all, request('o'))).toEqual([]);
  });

  test('that arrive under the pointer move no row', () => {
    const held = { open: [same('a'), request('o')], ended: [] };
    const lists = deskLists([same('a'), request('o'), same('b')], '', held);
    expect(names(lists.open)).toEqual(['a', 'o']);
    expect(lists.folds.more).toEqual(new Map([['a', 1]]));
  });
});
