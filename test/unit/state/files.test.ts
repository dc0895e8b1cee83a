import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { toB64, utf8 } from '../../../shared/bytes.ts';
import { endpointPath, readEndpoint, writeEndpoint } from '../../../main/state/endpoint.ts';
import { raiseMark, readMarks } from '../../../main/state/high-mark.ts';
import { loadKey, loadOrCreateKey } from '../../../main/state/key-file.ts';
import { type Pin, pinPath, readPin, writePin } from '../../../main/state/pin.ts';
import { generateKeyPair, publicKeyOf } from '../../../main/trust/ed25519.ts';
import { formatVkey, NOTE_TYPE, vkeyOf } from '../../../main/trust/vkey.ts';
import { scratchFolder } from './scratch.ts';

describe('key files', () => {
  test('a key is made once and then read', () => {
    using at = scratchFolder();
    const path = join(at.path, 'session.pem');
    expect(loadKey(path)).toMatchObject({ code: 'missing' });
    const made = loadOrCreateKey(path);
    const again = loadOrCreateKey(path);
    expect(made.ok && again.ok && made.value.keyId === again.value.keyId).toBe(true);
    expect(readFileSync(path, 'utf8')).toMatch(/^-----BEGIN PRIVATE KEY-----\n/);
  });

  test('a torn, foreign or readable key file is refused, and not replaced', () => {
    using at = scratchFolder();
    const path = join(at.path, 'k.pem');
    loadOrCreateKey(path);
    const pem = readFileSync(path, 'utf8');
    for (const text of [
      '',
      pem.slice(0, 60),
      pem.replaceAll('\n', '\r\n'),
      `${pem}x`,
      'A'.repeat(64),
    ]) {
      writeFileSync(path, text);
      expect(loadOrCreateKey(path)).toMatchObject({ code: 'malformed' });
      expect(readFileSync(path, 'utf8')).toBe(text);
    }
    writeFileSync(path, pem.repeat(9));
    expect(loadKey(path)).toMatchObject({ code: 'tooLarge' });
    writeFileSync(path, pem);
    chmodSync(path, 0o644);
    if (process.platform !== 'win32') expect(loadKey(path)).toMatchObject({ code: 'exposed' });
  });
});

describe('endpoint.json', () => {
  test('is read as it was written, and replaced', () => {
    using at = scratchFolder();
    const home = { root: at.path };
    const one = {
      url: 'ws://127.0.0.1:4000',
      origin: 'broker.local',
      brokerKeyId: 'ab'.repeat(32),
    };
    expect(readEndpoint(home)).toMatchObject({ code: 'missing' });
    writeEndpoint(home, one);
    writeEndpoint(home, { ...one, url: 'ws://127.0.0.1:4001' });
    expect(readEndpoint(home)).toEqual({ ok: true, value: { ...one, url: 'ws://127.0.0.1:4001' } });
  });

  test.each([
    ['{', 'not JSON'],
    ['{}', 'members missing'],
    ['{"url":"http://a","origin":"b","brokerKeyId":"c"}', 'wrong values'],
  ])('refuses %s (%s)', (text) => {
    using at = scratchFolder();
    writeFileSync(endpointPath({ root: at.path }), text, { mode: 0o600 });
    expect(readEndpoint({ root: at.path })).toMatchObject({ code: 'malformed' });
  });
});

describe('pin.json', () => {
  test('is written once: a second writer, whatever it brings, is told exists', () => {
    using at = scratchFolder();
    const home = { guard: at.path };
    const pin = samplePin();
    expect(readPin(home)).toMatchObject({ code: 'missing' });
    expect(writePin(home, pin)).toEqual({ ok: true, value: 'created' });
    expect(writePin(home, samplePin())).toMatchObject({ code: 'exists' });
    expect(readPin(home)).toEqual({ ok: true, value: pin });
  });

  test('refuses a pin that does not hold together', () => {
    const pin = samplePin();
    const other = samplePin();
    const root = pin.roots[0];
    const otherRoot = other.roots[0];
    if (root === undefined || otherRoot === undefined) throw new Error('a pin has a root');
    const wrong: readonly object[] = [
      { ...pin, v: 2 },
      { ...pin, threshold: 2 },
      { ...pin, threshold: 0 },
      { ...pin, roots: [] },
      { ...pin, roots: [root, root] },
      { ...pin, roots: [{ keyId: root.keyId, spki: otherRoot.spki }] },
      { ...pin, log: { origin: 'other.example', vkey: pin.log.vkey } },
      { ...pin, log: { origin: pin.log.origin, vkey: `${pin.log.vkey.slice(0, -4)}AAA=` } },
      { ...pin, extra: true },
    ];
    for (const value of wrong) {
      using at = scratchFolder();
      writeFileSync(pinPath({ guard: at.path }), JSON.stringify(value), { mode: 0o600 });
      expect(readPin({ guard: at.path })).toMatchObject({ code: 'malformed' });
    }
  });

  test.skipIf(process.platform === 'win32')('refuses a pin that others may write', () => {
    using at = scratchFolder();
    writePin({ guard: at.path }, samplePin());
    chmodSync(pinPath({ guard: at.path }), 0o660);
    expect(readPin({ guard: at.path })).toMatchObject({ code: 'exposed' });
  });
});

describe('high marks', () => {
  const mark = (number: number, text = `size ${number}`) => ({ number, bytes: utf8(text) });
  const seenIn = (folder: string) => {
    const marks = readMarks(folder, 'checkpoint');
    if (!marks.ok) throw new Error(marks.code);
    return marks.value;
  };

  test('only go up, and the ones below go away', () => {
    using at = scratchFolder();
    expect(seenIn(at.path)).toEqual([]);
    expect(raiseMark(at.path, 'checkpoint', [], mark(9)).ok).toBe(true);
    expect(raiseMark(at.path, 'checkpoint', seenIn(at.path), mark(10)).ok).toBe(true);
    expect(raiseMark(at.path, 'checkpoint', seenIn(at.path), mark(9))).toMatchObject({
      code: 'lower',
    });
    expect(raiseMark(at.path, 'checkpoint', seenIn(at.path), mark(10)).ok).toBe(true);
    expect(seenIn(at.path)).toEqual([mark(10)]);
  });

  test('the same number with other bytes is told apart', () => {
    using at = scratchFolder();
    raiseMark(at.path, 'checkpoint', [], mark(9));
    for (const seen of [[], seenIn(at.path)]) {
      expect(raiseMark(at.path, 'checkpoint', seen, mark(9, 'fork'))).toMatchObject({
        code: 'differs',
      });
    }
  });

  test('two histories that passed each other unseen: the later one is told to look again', () => {
    using at = scratchFolder();
    raiseMark(at.path, 'checkpoint', [], mark(5));
    const before = seenIn(at.path);
    expect(raiseMark(at.path, 'checkpoint', before, mark(6)).ok).toBe(true);
    expect(raiseMark(at.path, 'checkpoint', before, mark(7))).toMatchObject({ code: 'raced' });
    // Nothing that was not checked is gone: the next reader sees both and has to check against both.
    expect(seenIn(at.path).map(({ number }) => number)).toEqual([6, 7]);
    expect(raiseMark(at.path, 'checkpoint', seenIn(at.path), mark(7)).ok).toBe(true);
    expect(seenIn(at.path)).toEqual([mark(7)]);
  });

  test('a lower one stored late is told to look again, too', () => {
    using at = scratchFolder();
    raiseMark(at.path, 'checkpoint', [], mark(7));
    expect(raiseMark(at.path, 'checkpoint', [], mark(6))).toMatchObject({ code: 'raced' });
  });

  test('other files and other spellings are not marks', () => {
    using at = scratchFolder();
    for (const name of ['checkpoint.07', 'checkpoint.x', '.checkpoint.8.1.0.tmp', 'keyring.9']) {
      writeFileSync(join(at.path, name), toB64(utf8('x')), { mode: 0o600 });
    }
    expect(seenIn(at.path)).toEqual([]);
  });

  test.skipIf(process.platform === 'win32')('a mark that others may write is refused', () => {
    using at = scratchFolder();
    writeFileSync(join(at.path, 'checkpoint.3'), 'x', { mode: 0o600 });
    chmodSync(join(at.path, 'checkpoint.3'), 0o666);
    expect(readMarks(at.path, 'checkpoint')).toMatchObject({ code: 'exposed' });
  });
});

function samplePin(): Pin {
  const root = generateKeyPair();
  const log = publicKeyOf(generateKeyPair());
  const origin = 'countersign.local/log';
  return {
    v: 1,
    org: 'solo',
    log: { origin, vkey: formatVkey(vkeyOf(origin, NOTE_TYPE, log)) },
    roots: [{ keyId: root.keyId, spki: toB64(root.spki) }],
    threshold: 1,
    guard: { id: 'guard-1', host: 'host.example', agents: [] },
  };
}
