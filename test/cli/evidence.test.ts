// `countersign evidence` over a real copy of a log on disk, and `countersign verify` of what it wrote: the commands as a person
// types them, with their exit statuses. The built verifier's own test is test/unit/evidence/alone.test.ts.

import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { keepAlarm } from '../../main/app/alarm-file.ts';
import { openAppStore } from '../../main/app/store/open.ts';
import { openEntry, requestOf } from '../../main/evidence/entry.ts';
import { rootSetOf } from '../../main/trust/keyring.ts';
import { openHome } from '../../main/state/home.ts';
import { Frontier } from '../../main/trust/frontier.ts';
import { forkOfSameSize } from '../../main/trust/fork.ts';
import { makeCheckpoint } from '../../main/trust/checkpoint.ts';
import { leafHash } from '../../main/trust/merkle.ts';
import { type KeyPair, publicKeyOf } from '../../main/trust/ed25519.ts';
import { formatVkey, NOTE_TYPE, vkeyOf } from '../../main/trust/vkey.ts';
import { seal } from '../../main/trust/envelope.ts';
import { encodeStatement, payloadTypeOf } from '../../shared/statement/statement.ts';
import { AppHome, SECRET, whyNoBuild } from '../kit/app-home.ts';
import { LOG_ORIGIN } from '../kit/guard-world.ts';
import { enterReviewer } from '../kit/reviewer.ts';
import { EvidenceLog, wholeLog } from '../unit/evidence/world.ts';
import { Machines } from './keyring-machines.ts';

const machines = new Machines();
afterAll(() => machines[Symbol.dispose]());
const log = wholeLog();
const roots = rootSetOf(log.keyring);
const at = (name: string): string => join(machines.folder, name);
const run = (line: string, person = 'ann') => machines.run(person, line.split(' '));

/** The reviewer's state folder as the app leaves it: pin, keyring, and the copy of the log with its newest head. */
async function settle(person: string, from: EvidenceLog, note = from.note(), vkey?: string) {
  mkdirSync(machines.state(person), { recursive: true });
  const home = openHome(machines.state(person), { uid: process.getuid?.(), create: true });
  if (!home.ok) throw new Error(home.detail);
  const { app } = home.value;
  const { org, log: named, roots: keys, threshold } = from.keyring;
  const envelope = seal(
    payloadTypeOf('keyring'),
    encodeStatement('keyring', from.keyring),
    from.keys.root,
  );
  writeFileSync(join(app, 'keyring.json'), envelope, { mode: 0o600 });
  const pin = { v: 1, org, log: named, roots: keys, threshold };
  writeFileSync(join(app, 'pin.json'), JSON.stringify(pin), { mode: 0o600 });
  const opened = openAppStore(join(app, 'replica.db'), Date.now());
  if (!opened.ok) throw new Error(opened.detail);
  const { store } = opened.value;
  if (vkey !== undefined) await store.useLog(vkey);
  const frontier = new Frontier();
  const leaves = from.entries.map((entry) => {
    frontier.append(leafHash(entry.leaf));
    const read = openEntry(entry);
    if (!read.ok) throw new Error(read.detail);
    return {
      ...entry,
      type: read.value.type,
      request: requestOf(read.value),
      at: from.times[entry.index],
    };
  });
  await store.append(leaves, frontier.state());
  await store.putNote(from.size, note);
  await store.close();
  return home.value;
}

const vkeyAs = (origin: string, key: KeyPair): string =>
  formatVkey(vkeyOf(origin, NOTE_TYPE, publicKeyOf(key)));

beforeAll(async () => {
  await settle('ann', log);
  await settle('bob', log);
});

describe('evidence', () => {
  test('of the whole log is one private file that verifies, the same from two machines', async () => {
    const made = await run(`evidence --out ${at('ann.zip')}`);
    expect([made.code, made.err]).toEqual([0, '']);
    expect(made.out).toMatch(
      /ann\.zip: 0 to 21 of the log, 22 entries with what they refer to, \d+ files, sha256 [0-9a-f]{64}\n/,
    );
    expect(made.out).toContain(`root set ${roots}\n`);
    expect(statSync(at('ann.zip')).mode & 0o777).toBe(0o600);
    await run(`evidence --from 0 --to 21 --out ${at('bob.zip')}`, 'bob');
    expect(readFileSync(at('bob.zip')).equals(readFileSync(at('ann.zip')))).toBe(true);
    const verified = await run(`verify ${at('ann.zip')} --roots ${roots}`, 'nobody');
    expect([verified.code, verified.err]).toEqual([0, '']);
    expect(verified.out).toMatch(/\nverified: entries 0 to 21, by the roots that you gave\n$/);
    // No attachment is at hand here, and a text was erased: both are said.
    expect(verified.out).toMatch(/1 of its attachments are not here/);
    expect(verified.out).toMatch(/its text was erased by alice at entry 21/);
    expect(existsSync(machines.state('nobody'))).toBe(false);
  });

  test('of a range takes what its statements rest on, by index and by time, as files too', async () => {
    const made = await run(`evidence --from 17 --to 18 --out ${at('part')} --json`);
    expect(JSON.parse(made.out)).toMatchObject({
      from: 17,
      to: 18,
      entries: 7,
      verified: true,
      rootSet: roots,
    });
    const verified = await run(
      `verify ${at('part')} --json --roots ${join(machines.state('ann'), 'app/pin.json')}`,
    );
    expect(JSON.parse(verified.out)).toMatchObject({
      verified: true,
      about: { from: 17, to: 18, population: { referred: 5 } },
      word: { of: 'roots' },
    });
    const since = log.times[5] ?? '';
    const until = log.times[9] ?? '';
    const timed = await run(
      `evidence --from ${since} --to ${until} --out ${at('timed.zip')} --json`,
    );
    expect(JSON.parse(timed.out)).toMatchObject({ from: 5, to: 8, verified: true });
  });

  test('of one request has all of it, and says that nobody can tell whether it is all', async () => {
    const digest = log.digests['plain'] ?? '';
    const made = await run(
      `evidence --request ${digest.slice(0, 12)} --out ${at('one.zip')} --json`,
    );
    expect(JSON.parse(made.out)).toMatchObject({ entries: 9, verified: true });
    const verified = await run(`verify ${at('one.zip')}`);
    expect(verified.code).toBe(0);
    expect(verified.out).toMatch(/whether the log has more about this request/);
    expect(verified.out).toMatch(
      /verified, ON THE BUNDLE’S OWN WORD: compare the root keys above, or give --roots\n$/,
    );
  });

  test.each([
    ['without a place to put it', 'evidence', 64, /--out FILE\.zip or a new folder is missing/],
    [
      'over a file that is there',
      'evidence --out OUT/ann.zip',
      1,
      /no evidence was made: .*ann\.zip is there already, and nothing that is there is replaced/,
    ],
    [
      'into a folder that is not there',
      'evidence --out OUT/none/x.zip',
      1,
      /the folder that .*none\/x\.zip would lie in is not there/,
    ],
    [
      'under a head that is not here',
      'evidence --at 21 --out OUT/x.zip',
      1,
      /no signed head of 21 entries is here; the nearest are of \d+ and 22/,
    ],
    ['under no head', 'evidence --at 0 --out OUT/x.zip', 64, /--at 0: how many entries/],
    [
      'of a log that is not here',
      'evidence --log log.test/other --out OUT/x.zip',
      78,
      /no log log\.test\/other is here; there are: log\.test\/guard \(in use, 22 entries\)/,
    ],
    [
      'beyond the head',
      'evidence --to 22 --out OUT/x.zip',
      1,
      /the log has entries up to 21 under its head/,
    ],
    ['of nothing', 'evidence --from 9 --to 8 --out OUT/x.zip', 1, /no entry is in this range/],
    [
      'of a request that is not there',
      `evidence --request ${'0'.repeat(64)} --out OUT/x.zip`,
      1,
      /no request in this log begins with/,
    ],
    [
      'from a moment that is none',
      'evidence --from yesterday --out OUT/x.zip',
      64,
      /--from yesterday: an index, a date/,
    ],
  ])('%s is refused in one line, and nothing is written', async (_, line, code, why) => {
    const before = readFileSync(at('ann.zip'));
    const ran = await run(line.replace('OUT', machines.folder));
    expect([ran.code, ran.out]).toEqual([code, '']);
    expect(ran.err).toMatch(why);
    expect(ran.err.trimEnd().split('\n')).toHaveLength(1);
    expect(existsSync(at('x.zip'))).toBe(false);
    expect(readFileSync(at('ann.zip')).equals(before)).toBe(true);
  });

  test('of a copy that is not the head’s is none', async () => {
    const root = new Uint8Array(32).fill(3);
    await settle('eve', log, makeCheckpoint(LOG_ORIGIN, 22, root, log.keys.log));
    const ran = await run(`evidence --out ${at('x.zip')}`, 'eve');
    expect([ran.code, ran.err]).toEqual([1, expect.stringContaining('not those of the head')]);
  });

  test('that does not verify is kept, and said to be so', async () => {
    const forged = new EvidenceLog();
    forged.run(forged.ask(), []);
    await settle('carl', forged);
    const ran = await run(`evidence --out ${at('forged.zip')}`, 'carl');
    expect([ran.code, ran.err]).toEqual([
      1,
      expect.stringMatching(/this evidence does NOT verify: 4 checks fail/),
    ]);
    const verified = await run(`verify ${at('forged.zip')} --roots ${rootSetOf(forged.keyring)}`);
    expect(verified.code).toBe(1);
    expect(verified.out).toMatch(
      /\nFAILED\n {2}entry 2: approvals are missing: 1 of anyone\n[\s\S]*\nNOT VERIFIED: 4 checks failed\n$/,
    );
  });

  test('has the proof that the log has two histories, where the app has found it', async () => {
    const other = makeCheckpoint(LOG_ORIGIN, log.size, new Uint8Array(32).fill(1), log.keys.log);
    const fork = forkOfSameSize(log.keyring.log, log.note(), other, log.now);
    const home = await settle('dora', log);
    keepAlarm(home, {
      code: 'otherHistory',
      detail: 'two',
      at: log.now,
      notes: [log.note(), other],
      fork,
    });
    expect((await run(`evidence --out ${at('fork.zip')}`, 'dora')).code).toBe(1);
    const verified = await run(`verify ${at('fork.zip')} --roots ${roots}`);
    expect(verified.out).toMatch(/ITS KEY HAS SIGNED TWO HISTORIES/);
    const alarm = await run(
      `verify ${join(home.app, 'alarm.json')} --roots ${join(home.app, 'pin.json')}`,
    );
    expect([alarm.code, alarm.out]).toEqual([
      0,
      expect.stringMatching(/\nPROVEN: this key has signed two histories/),
    ]);
  });
});

describe('an earlier log', () => {
  const next = new EvidenceLog(log.keys, (keyring) => ({
    ...keyring,
    log: { ...keyring.log, origin: 'log.test/next', vkey: vkeyAs('log.test/next', log.keys.log) },
  }));

  beforeAll(async () => {
    const home = await settle('fay', log, log.note(), log.keyring.log.vkey);
    const opened = openAppStore(join(home.app, 'replica.db'), Date.now());
    if (!opened.ok) throw new Error(opened.detail);
    // As the app does it when the keyring names another log.
    await opened.value.store.useLog(next.keyring.log.vkey);
    await opened.value.store.close();
    const root = leafHash(next.entries[0]?.leaf ?? new Uint8Array());
    const note = makeCheckpoint('log.test/next', next.size, root, log.keys.log);
    await settle('fay', next, note, next.keyring.log.vkey);
  });

  test('is read by its name, as are its keyrings: pages, a check of all, evidence', async () => {
    const named = `--log ${LOG_ORIGIN}`;
    const page = await run(`log ${named} --json --limit 50`, 'fay');
    expect(page.out.trimEnd().split('\n')).toHaveLength(log.size);
    expect((await run('log --json', 'fay')).out.trimEnd().split('\n')).toHaveLength(next.size);
    const checked = await run(`log verify ${named}`, 'fay');
    expect([checked.code, checked.err]).toEqual([0, '']);
    const made = await run(`evidence ${named} --out ${at('fay.zip')}`, 'fay');
    expect([made.code, made.err]).toEqual([0, '']);
    expect(readFileSync(at('fay.zip')).equals(readFileSync(at('ann.zip')))).toBe(true);
  });

  test('may be named by its file, and a wrong name says which there are', async () => {
    const wrong = await run('log --log log.test/gone', 'fay');
    expect([wrong.code, wrong.out]).toEqual([78, '']);
    const [, epoch = ''] =
      /there are: log\.test\/next \(in use, 1 entries\), log\.test\/guard \((epoch-\S+), 22 entries\)/.exec(
        wrong.err,
      ) ?? [];
    expect((await run(`log --log ${epoch} --json`, 'fay')).out).toContain('"index":21');
  });
});

describe('verify', () => {
  test.each([
    ['no bundle', 'verify', /one bundle is verified at a time/],
    ['a file that is not there', 'verify OUT/none.zip', /none\.zip is not there/],
    ['what is no file', 'verify /dev/zero', /\/dev\/zero is neither a file nor a folder/],
    [
      'a folder that is no bundle, whatever is in it',
      'verify /',
      /\/ has no manifest\.json: it is not/,
    ],
    [
      'roots that are none',
      'verify OUT/ann.zip --roots nobody',
      /--roots nobody: neither the digest/,
    ],
    [
      'roots that never end',
      'verify OUT/ann.zip --roots /dev/zero',
      /--roots \/dev\/zero: neither the digest/,
    ],
    ['an option that it has not', 'verify OUT/ann.zip --trust-me', /--trust-me/],
  ])('of %s is used wrongly', async (_, line, why) => {
    const ran = await run(line.replace('OUT', machines.folder));
    expect([ran.code, ran.out, why.test(ran.err)]).toEqual([64, '', true]);
  });

  test('of a folder reads no further than a bundle reaches, and says what is wrong in a sentence', async () => {
    mkdirSync(at('deep/a/b/c/d'), { recursive: true });
    writeFileSync(at('deep/a/b/c/d/e'), 'e');
    writeFileSync(at('deep/manifest.json'), '');
    const empty = await run(`verify ${at('deep')}`);
    expect([empty.code, empty.out]).toEqual([
      1,
      'NOT VERIFIED: 1 check failed\n'.replace(
        /^/,
        '\nFAILED\n  bundle: manifest.json: it is not there, or empty\n\n',
      ),
    ]);
    writeFileSync(at('deep/manifest.json'), '{"kind":');
    const cut = await run(`verify ${at('deep')}`);
    expect(cut.out).toContain(
      'bundle: manifest.json: it is cut short, or not what a bundle is made',
    );
  });

  test.each(['verify', 'evidence'])('%s --help is its usage, on stdout', async (command) => {
    const ran = await run(`${command} --help`);
    expect([ran.code, ran.err]).toEqual([0, '']);
    expect(ran.out).toMatch(new RegExp(`^usage: (countersign )?${command} `));
  });

  test('by other people’s roots fails', async () => {
    const ran = await run(`verify ${at('ann.zip')} --roots ${'ab'.repeat(32)}`);
    expect([ran.code, ran.out]).toEqual([1, expect.stringMatching(/OTHER PEOPLE’S KEYS/)]);
  });

  test('of a file that is no bundle fails', async () => {
    writeFileSync(at('words.txt'), 'words');
    writeFileSync(at('empty.json'), '{}');
    for (const name of ['words.txt', 'empty.json']) {
      const ran = await run(`verify ${at(name)}`);
      expect([ran.code, ran.out]).toEqual([1, expect.stringMatching(/^NOT VERIFIED: /)]);
    }
  });
});

describe.skipIf(whyNoBuild() !== undefined)('the built program', () => {
  test('one command, held and approved: its evidence verifies by the pin alone, and says solo', async () => {
    await using home = new AppHome();
    await home.start();
    using reviewer = await enterReviewer(home.state, SECRET);
    const held = home.run(['run', '--reason', 'for the auditor', '--', 'true']);
    const { digest } = await reviewer.waitFor('for the auditor');
    expect(await reviewer.decide(digest, 'approve')).toBe('decided');
    expect((await held.ended).code).toBe(0);
    await reviewer.until(({ requests }) =>
      requests.some((row) => row.digest === digest && row.run === 'finished'),
    );
    const zip = join(home.folder, 'evidence.zip');
    const made = await home.run(['evidence', '--out', zip]).ended;
    expect([made.code, made.stderr]).toEqual([0, '']);
    const pin = join(home.state, 'app/pin.json');
    const verified = await home.run(['verify', zip, '--roots', pin, '--json']).ended;
    const report = JSON.parse(verified.stdout) as {
      checked: Record<string, number>;
      notChecked: string[];
    };
    expect([verified.code, report]).toMatchObject([0, { verified: true, word: { of: 'roots' } }]);
    expect(report.checked).toMatchObject({ views: 1, approvals: 1 });
    expect(report.notChecked).toContain('solo: no separation of duties, no second witness');
  });
});
