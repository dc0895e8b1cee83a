// What the broker reads of people's whereabouts: the rota's file, who is away, who is connected.

import { chmodSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openAways } from '../../../main/broker/away-file.ts';
import { parseBrokerFlags } from '../../../main/broker/flags.ts';
import type { Peer } from '../../../main/broker/peer.ts';
import { BACK_WITHIN_MS, Presence } from '../../../main/broker/presence.ts';
import { RotaFile } from '../../../main/broker/rota-file.ts';
import { HandTime } from '../../kit/wire-world.ts';

let folder: string;
let time: HandTime;
let alarms: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'countersign-whereabouts-'));
  time = new HandTime();
  alarms = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the rota’s file', () => {
  let changes = 0;
  let writes = 0;
  const path = (): string => join(folder, 'rota.json');
  /** Each write is at another time, whatever the file system's clock. */
  const write = (text: string): void => {
    writeFileSync(path(), text);
    writes += 1;
    utimesSync(path(), writes, writes);
  };
  const rota = (...groups: string[]): string => {
    const line = { zone: 'UTC', weeks: ['ann'], starts: '2026-11-02T09:00' };
    return JSON.stringify({ v: 1, groups: Object.fromEntries(groups.map((one) => [one, line])) });
  };
  const open = (wanted = false): RotaFile =>
    new RotaFile({
      path: path(),
      wanted,
      timers: time,
      alarm: (line) => alarms.push(line),
      strangers: ({ groups }) => Object.keys(groups).filter((one) => one.startsWith('x')),
      changed: () => {
        changes += 1;
      },
    });
  const groupsOf = (file: RotaFile) => file.rota && [...file.rota.keys()];
  beforeEach(() => {
    changes = 0;
  });

  test('that is not there is no news, unless it was named', () => {
    expect(open().rota).toBeUndefined();
    expect(alarms).toEqual([]);
    open(true);
    expect(alarms).toEqual([`there is no rota at ${path()}: everybody is asked at once`]);
  });

  test('is read at the start and again when it changes', () => {
    write(rota('dba'));
    const file = open();
    expect(groupsOf(file)).toEqual(['dba']);
    time.advance(60_000);
    expect(changes).toBe(0);
    write(rota('dba', 'ops'));
    time.advance(5_000);
    expect(groupsOf(file)).toEqual(['dba', 'ops']);
    expect(changes).toBe(1);
  });

  test('that goes is said, and nobody is routed from then on', () => {
    write(rota('dba'));
    const file = open();
    rmSync(path());
    time.advance(5_000);
    expect(file.rota).toBeUndefined();
    expect(alarms).toEqual([`there is no rota at ${path()}: everybody is asked at once`]);
    expect(changes).toBe(1);
  });

  test('that is wrong is said once, with its member; the last good one holds', () => {
    write('{');
    const file = open();
    expect(alarms).toEqual([expect.stringMatching(/is not used, nobody is routed: not JSON/)]);
    write(rota('dba'));
    time.advance(5_000);
    write(rota('dba').replace('UTC', 'Mars'));
    time.advance(60_000);
    expect(groupsOf(file)).toEqual(['dba']);
    expect(alarms.slice(1)).toEqual([
      `the rota ${path()} is not used, the last good one holds: groups.dba.zone: not a time zone like Europe/Berlin`,
    ]);
  });

  test('that is over 256 KiB is not read', () => {
    write(`${rota('dba')}${' '.repeat(256 * 1024)}`);
    expect(open().rota).toBeUndefined();
    expect(alarms.join()).toContain('over 256 KiB');
  });

  test('says at most five of the names that the keyring does not have, and is used', () => {
    write(rota('x1', 'x2', 'x3', 'x4', 'x5', 'x6', 'dba'));
    expect(groupsOf(open())).toHaveLength(7);
    expect(alarms).toEqual(['x1', 'x2', 'x3', 'x4', 'x5'].map((one) => `rota: ${one}`));
  });

  test('is named by --rota', () => {
    const named = parseBrokerFlags(['--home', 'h', '--rota', 'r.json']);
    expect(named.ok && named.value.rota).toBe('r.json');
    const none = parseBrokerFlags(['--home', 'h']);
    expect(none.ok && none.value.rota).toBeUndefined();
  });
});

describe('who is away', () => {
  const open = () => openAways(folder, time, (line) => alarms.push(line));

  test('is kept over a restart, and over when its time is', () => {
    expect(open().set('ann', time.iso(60_000))).toBe(true);
    const again = open();
    expect(again.until('ann')).toBe(time.now() + 60_000);
    expect(again.all()).toEqual([{ id: 'ann', until: time.iso(60_000) }]);
    time.advance(60_000);
    expect(again.until('ann')).toBeUndefined();
    expect(again.all()).toEqual([]);
  });

  test('comes back by saying so, or by a time that is past', () => {
    const aways = open();
    for (const until of [undefined, time.iso(-1)]) {
      aways.set('ann', time.iso(60_000));
      aways.set('ann', until);
      expect(aways.until('ann')).toBeUndefined();
    }
    expect(JSON.parse(readFileSync(join(folder, 'away.json'), 'utf8'))).toEqual({ v: 1, away: {} });
  });

  test('in a file that is damaged, or that others can write, is nobody, and the broker says so', () => {
    for (const damage of ['{"v":1}', '{"v":1,"away":{"ann":"tomorrow"}}']) {
      writeFileSync(join(folder, 'away.json'), damage, { mode: 0o600 });
      expect(open().all()).toEqual([]);
    }
    expect(alarms).toHaveLength(2);
    expect(alarms[0]).toMatch(/^who is away is not known: /);
    chmodSync(join(folder, 'away.json'), 0o666);
    open();
    expect(alarms).toHaveLength(3);
  });
});

describe('who is connected', () => {
  // Of a connection only whose it is is asked.
  const peer = (id: string, kind = 'reviewer') => ({ session: { id, kind } }) as unknown as Peer;

  test('is nobody at the start, and everybody has a while to come', () => {
    const presence = new Presence(time);
    expect(presence.offlineFrom('ann')).toBe(time.now() + BACK_WITHIN_MS);
    const ann = peer('ann');
    presence.enter(ann);
    expect(presence.offlineFrom('ann')).toBeUndefined();
  });

  test('is who has one of several connections left', () => {
    const presence = new Presence(time);
    const [one, two] = [peer('ann'), peer('ann')];
    presence.enter(one);
    presence.enter(two);
    presence.leave(one);
    expect(presence.isHere('ann')).toBe(true);
    time.advance(1_000);
    presence.leave(two);
    expect(presence.offlineFrom('ann')).toBe(time.now() + BACK_WITHIN_MS);
  });

  test('is no guard of the same name', () => {
    const presence = new Presence(time);
    presence.enter(peer('ann', 'guard'));
    expect(presence.isHere('ann')).toBe(false);
  });

  test('has no surface only where every machine says so', () => {
    const presence = new Presence(time);
    const [one, two] = [peer('ann'), peer('ann')];
    presence.enter(one);
    expect(presence.hasNoSurface('ann')).toBe(false);
    presence.surface(one, false);
    expect(presence.hasNoSurface('ann')).toBe(true);
    presence.enter(two);
    expect(presence.hasNoSurface('ann')).toBe(false);
    presence.surface(two, false);
    expect(presence.hasNoSurface('ann')).toBe(true);
    presence.leave(one);
    presence.leave(two);
    expect(presence.hasNoSurface('ann')).toBe(false);
  });
});
