// The app about changes: what it signs, and which changed request it lets a person approve. The broker here takes everything:
// what is refused is refused by the app's own copy of the log.

import { describe, expect, test } from 'vitest';
import { fromB64 } from '../../../shared/bytes.ts';
import { invariant } from '../../../shared/result.ts';
import type { Changes } from '../../../shared/statement/changes.ts';
import type { Request } from '../../../shared/statement/request.ts';
import { decodeStatement } from '../../../shared/statement/statement.ts';
import { EXEC, TOOL } from '../statement/view-samples.ts';
import { openWorld, WINDOW, type World } from './world.ts';

const ARGV = ['node', 'export.js', 'customers', '--limit=100'];
const PROPOSED: Changes = { kind: 'exec', argv: ARGV };
const CHILD = { ...EXEC, argv: ARGV };

const deny = (world: World, digest: string, changes?: Changes) =>
  world.decide({ digest, verdict: 'deny', ...(changes === undefined ? {} : { changes }) });

/** A request that was denied, and is so in the log. */
async function denied(world: World, changes?: Changes): Promise<string> {
  const digest = await world.ask('medium', { action: EXEC });
  expect(await deny(world, digest, changes)).toMatchObject({ ok: true });
  await world.until(() => world.row(digest)?.stage === 'decided');
  return digest;
}

/** Why the child of `parent` cannot be approved, once the app knows. */
async function whyOff(world: World, parent: string, change: Partial<Request> = {}) {
  const child = await world.ask('medium', { action: CHILD, ...change, parent });
  await world.until(() => world.row(child)?.approveOff !== 'unverified');
  return world.row(child)?.approveOff;
}

describe('a denial', () => {
  test('carries exactly what was proposed', async () => {
    await using world = await openWorld();
    await denied(world, PROPOSED);
    expect(world.decisions()).toMatchObject([{ verdict: 'deny', changes: PROPOSED }]);
  });

  test.each<[string, Changes, 'approve' | 'deny']>([
    ['of another kind', { kind: 'tool', inputRaw: 'x' }, 'deny'],
    ['that changes nothing', { kind: 'exec', argv: EXEC.argv }, 'deny'],
    ['with a NUL', { kind: 'exec', argv: ['node', { b64: 'AA==' }] }, 'deny'],
    ['with an approval', PROPOSED, 'approve'],
  ])('with a proposal %s is not signed', async (_, changes, verdict) => {
    await using world = await openWorld();
    const digest = await world.ask('medium', { action: EXEC });
    const viewSha256 = await world.look(digest);
    const made = await world.decide({ digest, verdict, viewSha256, changes });
    expect(made).toMatchObject({ ok: false, code: 'badChanges' });
    expect(world.decisions()).toEqual([]);
  });
});

describe('a changed request', () => {
  test('can be approved where exactly this was proposed, and its parent is handed out', async () => {
    await using world = await openWorld();
    const parent = await denied(world, PROPOSED);
    expect(await whyOff(world, parent)).toBeUndefined();
    const digest = world.snapshot().requests.find((one) => one.parent === parent)?.digest ?? '';
    const opened = await world.answers.request.open({ digest }, WINDOW);
    invariant(opened.ok && opened.value.parent?.payload, 'it opens with its parent');
    expect(opened.value.parent).toMatchObject({ digest: parent, state: 'fits' });
    const read = decodeStatement(
      'request',
      fromB64(opened.value.parent.payload) ?? new Uint8Array(),
    );
    expect(read.ok && read.value.action).toEqual(EXEC);
    const viewSha256 = await world.look(digest);
    expect(await world.decide({ digest, viewSha256 })).toMatchObject({ ok: true });
  });

  test.each<[string, Changes | undefined, Partial<Request>]>([
    ['of a parent that was denied without a proposal', undefined, {}],
    ['that is not what was proposed', PROPOSED, { action: { ...CHILD, argv: [...ARGV, '-f'] } }],
    ['in another folder', PROPOSED, { action: { ...CHILD, cwd: '/' } }],
    ['of another kind', PROPOSED, { action: TOOL }],
    [
      'for another agent',
      PROPOSED,
      { agent: { id: 'other', session: 's', onBehalfOf: 'maya', authn: 'account' } },
    ],
  ])('%s can only be denied', async (_, changes, change) => {
    await using world = await openWorld();
    expect(await whyOff(world, await denied(world, changes), change)).toBe('otherParent');
  });

  test('of a parent that was not denied can only be denied', async () => {
    await using world = await openWorld();
    expect(await whyOff(world, await world.ask('medium', { action: EXEC }))).toBe('otherParent');
  });

  test('of a parent that is not in the log can only be denied, and no bytes are handed out', async () => {
    await using world = await openWorld();
    const digest = await world.ask('medium', { action: CHILD, parent: 'a'.repeat(64) });
    await world.until(() => world.row(digest)?.approveOff === 'otherParent');
    const viewSha256 = await world.look(digest);
    expect(await world.decide({ digest, viewSha256 })).toMatchObject({ code: 'otherParent' });
    const opened = await world.answers.request.open({ digest }, WINDOW);
    expect(opened).toMatchObject({ value: { parent: { state: 'other' } } });
    expect(opened.ok && opened.value.parent?.payload).toBeUndefined();
    expect(await deny(world, digest)).toMatchObject({ ok: true });
  });

  test('is the last of three in a chain', async () => {
    await using world = await openWorld();
    let parent = await denied(world, { kind: 'exec', argv: ['node', '1'] });
    for (const [next, off] of [
      ['1', undefined],
      ['2', undefined],
      ['3', undefined],
      ['4', 'otherParent'],
    ] as const) {
      expect(await whyOff(world, parent, { action: { ...EXEC, argv: ['node', next] } })).toBe(off);
      const child = world.snapshot().requests.find((one) => one.parent === parent)?.digest ?? '';
      const more = { kind: 'exec' as const, argv: ['node', String(Number(next) + 1)] };
      expect(await deny(world, child, more)).toMatchObject({ ok: true });
      await world.until(() => world.row(child)?.stage === 'decided');
      parent = child;
    }
  });
});

test('the story of both names the other, and shows what differs', async () => {
  await using world = await openWorld();
  const parent = await denied(world, PROPOSED);
  await whyOff(world, parent);
  const child = world.snapshot().requests.find((one) => one.parent === parent)?.digest ?? '';
  const before = await world.answers.history.story({ digest: parent }, WINDOW);
  const after = await world.answers.history.story({ digest: child }, WINDOW);
  invariant(before.ok && after.ok, 'both have a story');
  expect(before.value.child).toBe(child);
  expect(after.value.summary.parent).toBe(parent);
  const added = [
    { label: 'Argument 3', is: 'new', pieces: [{ text: '“--limit=100”', is: 'new' }] },
  ];
  expect(before.value.steps.find(({ type }) => type === 'decision')?.diff).toEqual(added);
  expect(after.value.steps[0]?.diff).toEqual(added);
  expect(before.value.steps[1]?.says).toContain('proposing something else');
  expect(after.value.steps[0]?.says).toContain(`changes request ${parent.slice(0, 12)}`);
});
