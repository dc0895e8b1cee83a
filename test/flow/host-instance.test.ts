// One app per home over real sockets: who is first, what a second start and a reviewing terminal are told.

import { chmodSync, mkdirSync, readdirSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  type Claim,
  type Claimed,
  claimInstance,
  findInstance,
} from '../../main/hosts/instance/claim.ts';
import { enterReview } from '../../main/hosts/instance/client.ts';
import { servedBy, unlockOf } from '../../main/hosts/instance/local.ts';
import { instancePlace, type Place } from '../../main/hosts/instance/place.ts';
import { bringForward } from '../../main/hosts/instance/second.ts';
import { servePeers } from '../../main/hosts/instance/serve.ts';
import { systemTimers } from '../../main/hosts/processes/machine.ts';
import { openHome } from '../../main/state/home.ts';
import { systemRandom } from '../../main/trust/digest.ts';
import { type FakeApp, fakeApp } from '../unit/hosts/fake-app.ts';
import { movedTime } from '../unit/hosts/moved.ts';
import { scratchFolder } from '../unit/state/scratch.ts';

const PORTS = { timers: systemTimers, random: systemRandom };
const SECRET = 'correct horse battery';

async function claimed(place: Place): Promise<Claimed> {
  const result = await claimInstance(place, PORTS);
  if (!result.ok) throw new Error(result.detail);
  return result.value;
}

async function first(place: Place): Promise<Claim> {
  const result = await claimed(place);
  if (!('first' in result)) throw new Error('not the first');
  return result.first;
}

async function found(place: Place): Promise<Socket> {
  const peer = await findInstance(place, PORTS);
  if (typeof peer === 'string') throw new Error(peer);
  return peer;
}

const folder = (path: string): Place => ({ kind: 'folder', path });

function serve(claim: Claim, app: FakeApp, timers = systemTimers): void {
  const front = async ({ terminal }: { readonly terminal: boolean }) => [`terminal ${terminal}`];
  const served = servedBy(app, { note: () => {} });
  claim.serve(servePeers({ served, front, unlock: unlockOf(app), timers }));
}

describe('the claim', () => {
  test('of 24 starts at once, one is first', async () => {
    using scratch = scratchFolder();
    const place = folder(scratch.path);
    const firsts: Claim[] = [];
    const all = Array.from({ length: 24 }, async () => {
      const one = await claimed(place);
      if ('first' in one) {
        firsts.push(one.first);
        serve(one.first, fakeApp(SECRET));
      } else one.second.destroy();
    });
    await Promise.all(all);
    expect(firsts).toHaveLength(1);
    expect(readdirSync(scratch.path)).toHaveLength(1);
    await firsts[0]?.close();
    expect(readdirSync(scratch.path)).toEqual([]);
  });

  test('a killed app leaves a socket that is taken over and removed', async () => {
    using scratch = scratchFolder();
    const stale = join(scratch.path, 'instance-ffffffff.sock');
    const script = `require('net').createServer().listen(${JSON.stringify(stale)},()=>process.kill(process.pid,'SIGKILL'))`;
    const dead = spawn(process.execPath, ['-e', script]);
    await new Promise((resolve) => dead.once('exit', resolve));
    expect(readdirSync(scratch.path)).toEqual(['instance-ffffffff.sock']);
    const claim = await first(folder(scratch.path));
    expect(readdirSync(scratch.path)).not.toContain('instance-ffffffff.sock');
    await claim.close();
  });

  test('once closed, the next start is first', async () => {
    using scratch = scratchFolder();
    const claim = await first(folder(scratch.path));
    await claim.close();
    await claim.close();
    await (await first(folder(scratch.path))).close();
  });

  test.each([
    ['higher', 0x01],
    ['lower', 0xff],
  ])(
    'a first that is still starting stays first to a candidate with a %s name',
    async (_what, byte) => {
      using scratch = scratchFolder();
      const named = (value: number) => ({
        ...PORTS,
        random: (size: number) => new Uint8Array(size).fill(value),
      });
      const place = folder(scratch.path);
      const claim = await claimInstance(place, named(0x80));
      if (!claim.ok || !('first' in claim.value)) throw new Error('not first');
      // It serves nobody yet.
      const later = await claimInstance(place, named(byte));
      if (!later.ok || !('second' in later.value)) throw new Error('not second');
      const app = fakeApp(SECRET);
      const told = bringForward(later.value.second, { terminal: false }, systemTimers);
      serve(claim.value.first, app);
      expect(await told).toMatchObject({ ok: true });
      await claim.value.first.close();
    },
  );

  test('an app that holds its name without a word is not passed by', async () => {
    using scratch = scratchFolder();
    const mute = createServer(() => {});
    await new Promise<void>((resolve) =>
      mute.listen(join(scratch.path, 'instance-00000000.sock'), resolve),
    );
    const time = movedTime();
    const claim = claimInstance(folder(scratch.path), { ...PORTS, timers: time.timers });
    await new Promise((resolve) => mute.once('connection', resolve));
    await expect.poll(() => time.waiting()).toBe(1);
    time.move(5000);
    expect(await claim).toMatchObject({ ok: false, code: 'busy' });
    mute.close();
  });

  test('a home with a long path gets a short private folder, and an exposed one is refused', () => {
    using scratch = scratchFolder();
    const long = join(scratch.path, 'x'.repeat(100));
    const home = openHome(long, { uid: process.getuid?.(), create: true });
    if (!home.ok) throw new Error(home.detail);
    const options = {
      platform: 'linux',
      uid: process.getuid?.(),
      shortRoot: scratch.path,
    } as const;
    const place = instancePlace(home.value, options);
    expect(place.ok && place.value.kind === 'folder' && place.value.path.length).toBeLessThan(81);
    expect(instancePlace(home.value, { ...options, uid: 12345 })).toMatchObject({
      code: 'exposed',
    });
    const short = place.ok && place.value.kind === 'folder' ? place.value.path : '';
    expect(statSync(short).mode & 0o777).toBe(0o700);
    chmodSync(short, 0o750);
    expect(instancePlace(home.value, options)).toMatchObject({ code: 'exposed' });
    rmSync(short, { recursive: true });
    symlinkSync(scratch.path, short);
    expect(instancePlace(home.value, options)).toMatchObject({ code: 'exposed' });
    rmSync(short);
    const other = join(scratch.path, 'open');
    mkdirSync(other);
    expect(instancePlace(home.value, { ...options, shortRoot: join(other, 'none') })).toMatchObject(
      {
        code: 'exposed',
      },
    );
    expect(instancePlace(home.value, { platform: 'win32', uid: undefined })).toMatchObject({
      value: {
        kind: 'pipe',
        name: expect.stringMatching(/^\\\\\.\\pipe\\countersign-[0-9a-f]{24}$/),
      },
    });
  });
});

describe('peers', () => {
  async function running(app: FakeApp, timers = systemTimers) {
    const scratch = scratchFolder();
    const claim = await first(folder(scratch.path));
    serve(claim, app, timers);
    const place = folder(scratch.path);
    return {
      place,
      async [Symbol.asyncDispose]() {
        await claim.close();
        scratch[Symbol.dispose]();
      },
    };
  }

  test('a second start is answered with the lines to print', async () => {
    await using app = await running(fakeApp(SECRET));
    const second = await claimed(app.place);
    if (!('second' in second)) throw new Error('first');
    expect(await bringForward(second.second, { terminal: true }, systemTimers)).toEqual({
      ok: true,
      value: ['terminal true'],
    });
  });

  test('a terminal speaks the contract once the passphrase is proved, as a terminal', async () => {
    const app = fakeApp(SECRET);
    const digest = app.add('low');
    await using home = await running(app);
    const entered = await enterReview(await found(home.place), SECRET);
    if (!entered.ok) throw new Error(entered.code);
    const { bridge, closed, close } = entered.value;
    expect((await bridge.app.snapshot({})).requests).toHaveLength(1);
    const changed = new Promise((resolve) => bridge.app.changed(resolve));
    app.patch(digest, { guardState: 'gone' });
    expect(await changed).toMatchObject({ changes: [{ what: 'request' }] });
    await bridge.request.open({ digest });
    expect(app.callers).toEqual([
      { surface: 'terminal', caller: 'terminal-1' },
      { surface: 'terminal', caller: 'terminal-1' },
    ]);
    close();
    await closed;
    await expect(bridge.app.snapshot({})).rejects.toThrow('gone');
  });

  test('a wrong passphrase, or none set up, admits nobody', async () => {
    await using locked = await running(fakeApp(SECRET));
    expect(await enterReview(await found(locked.place), 'wrong')).toMatchObject({
      code: 'wrongPassphrase',
    });
    await using fresh = await running(fakeApp(undefined));
    expect(await enterReview(await found(fresh.place), SECRET)).toMatchObject({ code: 'absent' });
  });

  test('after a wrong passphrase no call is answered, and the connection ends', async () => {
    const app = fakeApp(SECRET);
    await using home = await running(app);
    const peer = await found(home.place);
    let heard = '';
    peer.on('error', () => {});
    const closed = new Promise((resolve) => peer.once('close', resolve));
    peer.on('data', (chunk: Buffer) => {
      heard += chunk.toString('utf8');
    });
    const call = '{"call":"app.snapshot","id":0,"input":{}}';
    peer.write('{"review":{"passphrase":"wrong"}}\n');
    await expect.poll(() => heard).toBe('{"refused":"wrongPassphrase"}\n');
    peer.write(`${call}\n`);
    await closed;
    expect(heard).toBe('{"refused":"wrongPassphrase"}\n');
    expect(app.listeners()).toBe(0);
  });

  test.each([
    ['a call before the proof', '{"call":"app.snapshot","id":0,"input":{}}'],
    [
      'a claim of its own surface',
      '{"review":{"passphrase":"correct horse battery","surface":"window"}}',
    ],
    ['no JSON', 'hello'],
  ])('%s ends the connection without an answer', async (_what, line) => {
    const app = fakeApp(SECRET);
    await using home = await running(app);
    const peer = await found(home.place);
    const heard: Buffer[] = [];
    peer.on('data', (chunk: Buffer) => heard.push(chunk));
    peer.write(`${line}\n`);
    await new Promise((resolve) => peer.once('close', resolve));
    expect(Buffer.concat(heard).toString()).toBe('');
    expect(app.callers).toEqual([]);
  });

  test('a peer that says nothing for 5 s, or one endless line, is dropped', async () => {
    const time = movedTime();
    await using home = await running(fakeApp(SECRET), time.timers);
    const silent = await found(home.place);
    time.move(5000);
    await new Promise((resolve) => silent.once('close', resolve).resume());
    const endless = await found(home.place);
    endless.on('error', () => {});
    endless.write('x'.repeat(70_000));
    await new Promise((resolve) => endless.once('close', resolve).resume());
  });

  test('a socket that never says hello is not an app', async () => {
    using scratch = scratchFolder();
    const path = join(scratch.path, 'instance-00000000.sock');
    const mute = createServer((peer) => peer.end('{"hello":1}\n'));
    await new Promise<void>((resolve) => mute.listen(path, resolve));
    expect(await findInstance(folder(scratch.path), PORTS)).toBe('none');
    mute.close();
  });
});
