// `countersign rota`: what a rota says before a broker reads it.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Writable } from 'node:stream';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { rotaCommand } from '../../../main/cli/rota.ts';
import { longText } from '../../../main/cli/rota-words.ts';
import { progress, withoutSeconds } from '../../../main/cli/voice.ts';
import type { Machine } from '../../../main/hosts/processes/machine.ts';
import { systemRandom } from '../../../main/trust/digest.ts';

const NOW = Date.parse('2026-11-20T12:00:00.000Z');
const WORKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri'];
const OFFICE = {
  zone: 'Europe/Berlin',
  shifts: [{ days: WORKDAYS, from: '09:00', until: '17:00', who: ['ann'] }],
  next: ['bea'],
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'countersign-rota-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function rota(...words: string[]) {
  const said = { out: '', errors: '' };
  const into = (name: keyof typeof said) =>
    new Writable({
      write: (chunk, _, done) => {
        said[name] += String(chunk);
        done();
      },
    });
  // What the command reads of a machine, and nothing else.
  const machine = {
    env: { COUNTERSIGN_HOME: folder },
    platform: 'linux',
    uid: process.getuid?.(),
    homedir: folder,
    clock: { now: () => NOW, monotonic: () => 0 },
    random: systemRandom,
    terminal: { input: new PassThrough(), output: into('out'), errors: into('errors') },
  } as unknown as Machine;
  return { exit: await rotaCommand(words, machine), ...said };
}
function file(groups: object, name = 'rota.json'): string {
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify({ v: 1, groups }));
  return path;
}

test('show is a table in the clock of the zone, and names every gap', async () => {
  const shown = await rota('show', file({ dba: OFFICE }), '--days', '4');
  expect(shown).toEqual({
    exit: 0,
    errors: '',
    out: `dba (Europe/Berlin), then bea
  Fri 2026-11-20 13:00  to  Fri 2026-11-20 17:00  ann
  Fri 2026-11-20 17:00  to  Mon 2026-11-23 09:00  NOBODY
  Mon 2026-11-23 09:00  to  Mon 2026-11-23 17:00  ann
  Mon 2026-11-23 17:00  to  Tue 2026-11-24 09:00  NOBODY
  Tue 2026-11-24 09:00  to  Tue 2026-11-24 13:00  ann
`,
  });
});

test('show as JSON has the same spans in UTC', async () => {
  const { out } = await rota('show', file({ dba: OFFICE }), '--days', '1', '--json');
  expect(JSON.parse(out)).toEqual([
    {
      group: 'dba',
      zone: 'Europe/Berlin',
      following: ['bea'],
      spans: [
        { from: '2026-11-20T12:00:00.000Z', until: '2026-11-20T16:00:00.000Z', who: ['ann'] },
        { from: '2026-11-20T16:00:00.000Z', until: '2026-11-21T12:00:00.000Z', who: [] },
      ],
    },
  ]);
});

test('show without a file is of the broker on this machine', async () => {
  mkdirSync(join(folder, 'broker'));
  file({ dba: OFFICE }, join('broker', 'rota.json'));
  expect((await rota('show')).out).toMatch(/^dba \(Europe\/Berlin\), then bea/);
});

test('check counts groups, people and gaps', async () => {
  const checked = await rota('check', file({ dba: OFFICE }));
  expect(checked.exit).toBe(0);
  expect(checked.out).toMatch(/rota\.json: 1 group, 2 people\n {2}dba: nobody is on call for /);
  expect(checked.out).toContain('the first from Fri 2026-11-20 17:00 to Mon 2026-11-23 09:00');
  expect(checked.errors).toBe(
    'countersign: no keyring on this machine: names were not compared with one\n',
  );
  const whole = { zone: 'UTC', weeks: ['ann', 'bea'], starts: '2026-11-02T09:00' };
  expect((await rota('check', file({ dba: whole }))).out).toContain(
    'dba: somebody is on call all the time (28 days looked at)',
  );
});

test('check refuses a rota with the member that is wrong, and ends with 1', async () => {
  const path = file({ dba: { ...OFFICE, zone: 'Mars' } });
  expect(await rota('check', path)).toEqual({
    exit: 1,
    out: '',
    errors: `countersign: ${path}: groups.dba.zone: not a time zone like Europe/Berlin\n`,
  });
});

test.each([
  [[], 'check or show?'],
  [['check'], 'the rota file is missing'],
  [['rotate'], 'no verb rotate'],
  [['show', 'a', 'b'], 'one file, not also b'],
  [['show', '--days', '0'], '--days 0: a number from 1 to 366'],
])('%j is a mistake of usage', async (words, says) => {
  const { exit, errors } = await rota(...words);
  expect(exit).toBe(64);
  expect(errors).toContain(says);
});

test('a length is told in hours and minutes', () => {
  expect([0, 60_000, 3600_000, 5_430_000].map(longText)).toEqual([
    '0 min',
    '1 min',
    '1 h',
    '1 h 31 min',
  ]);
});

test('run says who is asked, who has it open, and who is next', () => {
  const person = (name: string, change: object) => ({
    id: name,
    name,
    state: 'online' as const,
    turn: true,
    ...change,
  });
  const people = [
    person('bea', { why: 'onCall', state: 'offline' }),
    person('carl', { why: 'offline', state: 'opened' }),
    person('dora', { turn: false }),
  ];
  const next = { inMs: 39_100, asked: ['dora'] };
  const line = progress({ what: 'asking', people, next }, '') ?? '';
  expect(line).toBe('asking bea (on call, offline), carl (has it open); next: dora in 40 s');
  expect(withoutSeconds(line)).toBe(
    'asking bea (on call, offline), carl (has it open); next: dora',
  );
  const none = people.map((one) => ({ ...one, turn: false }));
  expect(progress({ what: 'asking', people: none }, '')).toBe(
    'everybody who can be asked has answered',
  );
});
