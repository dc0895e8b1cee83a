// A log that signs nothing more hides nothing: its last signed head is shown to whoever comes, and so is what proves two
// histories. Without both, nobody could compare what it once signed with their own copy.

import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openCheckpoint } from '../../main/trust/checkpoint.ts';
import { forkOfSameSize } from '../../main/trust/fork.ts';
import { formatVkey } from '../../main/trust/vkey.ts';
import { TestLog } from '../kit/test-log.ts';
import { type Visit, visit } from '../kit/wire-visit.ts';
import { makeOrg, type Org, ORIGIN, requestBy } from '../kit/wire-world.ts';

let org: Org;
let here: Visit;
beforeEach(async () => {
  org = makeOrg();
  here = await visit(org);
});
afterEach(() => here.leave());

const ask = async () =>
  (await here.asGuard()).ask('request', {
    envelope: requestBy(org.guard, here.house.time).envelope,
  });
const shadow = (size: number, salt: string): TestLog =>
  new TestLog(ORIGIN, org.broker.log).pad(size, salt);
/** What a broker that has just been dialled shows as its newest head. */
const shown = async (): Promise<string> => {
  const hello = await here.connect().wait('hello');
  return hello.body.checkpoint;
};

test('condemned, it still shows the last head that it signed, after a restart too', async () => {
  expect(await ask()).toBeTypeOf('number');
  here.house.time.advance(200);
  await expect.poll(shown).toContain('\n2\n');
  const before = await shown();
  await (await here.asGuard()).ask('ahead', { note: shadow(40, 'a').note() });
  expect(await ask()).toBe('readOnly');
  expect(await shown()).toBe(before);
  await here.house.restart();
  expect(await ask()).toBe('readOnly');
  expect(await shown()).toBe(before);
});

test('damaged, it shows the head of what is lost, and tells whoever follows that it takes nothing new', async () => {
  expect(await ask()).toBeTypeOf('number');
  await here.house.broker.stop();
  const db = new Database(here.house.logPath);
  db.exec('delete from leaves where idx = (select max(idx) from leaves)');
  db.close();
  await here.house.restart();
  expect(openCheckpoint(await shown(), org.vkey)).toMatchObject({ value: { size: 2 } });
  const alice = await here.asReviewer();
  expect((await alice.wait('refused')).body.code).toBe('readOnly');
});

test('condemned by less than a proof, it takes the proof and hands it on', async () => {
  const alice = await here.asReviewer();
  await (await here.asGuard()).ask('ahead', { note: shadow(40, 'a').note() });
  const log = { origin: ORIGIN, vkey: formatVkey(org.vkey) };
  const text = JSON.stringify(
    forkOfSameSize(log, shadow(9, 'a').note(), shadow(9, 'b').note(), here.house.time.iso()),
  );
  expect(await (await here.asGuard()).ask('fork', { evidence: text })).toBe('kept');
  expect((await alice.wait('fork')).body.evidence).toBe(text);
  const bob = await here.asReviewer(org.bob);
  expect((await bob.wait('fork')).body.evidence).toBe(text);
});

test('an honest log tells nobody that it is read-only', async () => {
  expect(await ask()).toBeTypeOf('number');
  const alice = await here.asReviewer();
  await alice.wait('leaves');
  expect(alice.heard.some(({ t }) => t === 'refused')).toBe(false);
});
