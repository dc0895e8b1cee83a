import { execFile } from 'node:child_process';
import { verify as nodeVerify } from 'node:crypto';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { resolve } from 'node:path';
import { ed25519 } from '@noble/curves/ed25519.js';
import { describe, expect, test } from 'vitest';
import { type PublicKey, publicKeyOf, rawPublicKey, sign } from '../../../main/trust/ed25519.ts';
import { makeVerifier, type Sodium } from '../../../main/trust/fast-verifier.ts';
import { utf8 } from '../../../shared/bytes.ts';
import { fixedPair, haveSodium } from './kit.ts';

type Verdict = Sodium['crypto_sign_verify_detached'];

const pair = fixedPair(1);
const key = publicKeyOf(pair);
const message = utf8('a message');
const good = sign(pair, message);
const bad = good.with(40, (good[40] ?? 0) ^ 1);

/** As strict as libsodium, from another library: what a test lies with is built on it. */
const strict: Verdict = (signature, bytes, raw) =>
  nodeVerify(
    null,
    bytes,
    { key: { kty: 'OKP', crv: 'Ed25519', x: base64url(raw) }, format: 'jwk' },
    signature,
  );

const base64url = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');

/** One that switches after three, what it loads, and how often each of its two was asked. */
function made(load: () => Promise<Sodium>) {
  const asked = { runtime: 0, loads: 0 };
  const verifier = makeVerifier<PublicKey>({
    runtime: (known, bytes, signature) => {
      asked.runtime += 1;
      return nodeVerify(null, bytes, known.key, signature);
    },
    raw: rawPublicKey,
    load: () => {
      asked.loads += 1;
      return load();
    },
    after: 3,
  });
  return { ...verifier, asked };
}

const loading = (crypto_sign_verify_detached: Verdict) => () =>
  Promise.resolve({ crypto_sign_verify_detached });

/** The third verification begins the loading; who is asked once it has ended. */
async function afterThree(verifier: ReturnType<typeof made>): Promise<string> {
  for (let i = 0; i < 3; i += 1) expect(verifier.verify(key, message, good)).toBe(true);
  return verifier.settled;
}

describe('which of the two is asked', () => {
  test('loads nothing before as many verifications as it was told', () => {
    const verifier = made(loading(strict));
    verifier.verify(key, message, good);
    verifier.verify(key, message, good);
    expect(verifier.asked).toEqual({ runtime: 2, loads: 0 });
    verifier.verify(key, message, good);
    expect(verifier.asked).toEqual({ runtime: 3, loads: 1 });
  });

  test('asks the runtime until loading has ended, libsodium from then on, and loads once', async () => {
    const gate = Promise.withResolvers<Sodium>();
    const verifier = made(() => gate.promise);
    for (let i = 0; i < 20; i += 1) verifier.verify(key, message, good);
    expect(verifier.asked).toEqual({ runtime: 20, loads: 1 });
    gate.resolve({ crypto_sign_verify_detached: strict });
    expect(await verifier.settled).toBe('sodium');
    expect(verifier.verify(key, message, good)).toBe(true);
    expect(verifier.verify(key, message, bad)).toBe(false);
    expect(verifier.asked).toEqual({ runtime: 20, loads: 1 });
  });

  test('two of them have nothing in common', async () => {
    const one = made(loading(strict));
    const other = made(loading(strict));
    expect(await afterThree(one)).toBe('sodium');
    other.verify(key, message, good);
    expect(other.asked).toEqual({ runtime: 1, loads: 0 });
  });
});

describe('the runtime goes on', () => {
  // What a library could be: each is asked nothing that counts.
  const cases: readonly (readonly [what: string, load: () => Promise<Sodium>])[] = [
    ['is not installed', () => Promise.reject(new Error('Cannot find package'))],
    ['throws when it is asked for', () => brokenLoad()],
    // An older or another package under the name.
    ['has no such function', () => Promise.resolve({} as Sodium)],
    ['is nothing', () => Promise.resolve(undefined as unknown as Sodium)],
    ['says yes to everything', loading(() => true)],
    ['says no to everything', loading(() => false)],
    ['answers with a number', loading((...it) => (strict(...it) ? 1 : 0) as unknown as boolean)],
    ['throws at a bad signature', loading((...it) => strict(...it) || brokenCall())],
    [
      'knows the message by its length alone',
      loading((sig, bytes, raw) => strict(sig, bytes, raw) || bytes.length < 3),
    ],
    ['does not look at the last bit of S', loading(withBit(511))],
    ['does not look at the first bit of S', loading(withBit(256))],
    ['does not look at the first bit of R', loading(withBit(0))],
    ['does not look at the last bit of R', loading(withBit(255))],
    ['takes what the cofactored equation takes', loading(lenient)],
    [
      'takes S + L',
      loading((sig, ...rest) => strict(sig, ...rest) || strict(lessOrder(sig), ...rest)),
    ],
    [
      'takes an R of small order',
      loading(
        (sig, bytes, raw) =>
          strict(sig, bytes, raw) || (sig[0] === 1 && raw[0] !== 1 && lenient(sig, bytes, raw)),
      ),
    ],
    [
      'takes a key of small order',
      loading(
        (sig, bytes, raw) => strict(sig, bytes, raw) || (raw[0] === 1 && lenient(sig, bytes, raw)),
      ),
    ],
  ];

  test.each(cases)('where the library %s', async (_, load) => {
    const verifier = made(load);
    expect(await afterThree(verifier)).toBe('runtime');
    expect(verifier.verify(key, message, good)).toBe(true);
    expect(verifier.verify(key, message, bad)).toBe(false);
    expect(verifier.asked).toEqual({ runtime: 5, loads: 1 });
  });

  test('from the first time that the library throws, and for good', async () => {
    let calls = 0;
    const verifier = made(
      loading((signature, bytes, raw) => {
        calls += 1;
        return bytes.length === message.length ? brokenCall() : strict(signature, bytes, raw);
      }),
    );
    expect(await afterThree(verifier)).toBe('sodium');
    const before = calls;
    expect(verifier.verify(key, message, good)).toBe(true);
    expect(verifier.verify(key, message, bad)).toBe(false);
    expect(verifier.verify(key, utf8('b'), sign(pair, utf8('b')))).toBe(true);
    expect(calls - before).toBe(1);
  });
});

describe.skipIf(!haveSodium())('a process of its own', () => {
  const module = pathToFileURL(resolve(import.meta.dirname, '../../../main/trust/ed25519.ts')).href;
  /** Verifies so often, lets what that began end, verifies again; says what it held and what was loaded. */
  const program = (count: number, beginning = ''): string => `
    ${beginning}
    const { generateKeyPair, publicKeyOf, sign, verify } = await import('${module}');
    const pair = generateKeyPair();
    const [key, bytes] = [publicKeyOf(pair), new Uint8Array(100)];
    const signature = sign(pair, bytes);
    process.report.excludeNetwork = true;
    const native = () => process.report.getReport().sharedObjects.some((file) => /sodium-native/.test(file));
    let held = 0;
    for (let i = 0; i < ${count}; i += 1) held += verify(key, bytes, signature);
    const most = ${count} < 512 || process.versions.electron !== undefined ? 40 : 4000;
    for (let turns = 0; turns < most && !native(); turns += 1) await new Promise(setImmediate);
    for (let turns = 0; turns < 200; turns += 1) await new Promise(setImmediate);
    for (let i = 0; i < 100; i += 1) held += verify(key, bytes, signature);
    for (let i = 0; i < 64; i += 1) held += verify(key, bytes, signature.with(i, signature[i] ^ 1));
    console.log(JSON.stringify({ held, native: native() }));
  `;
  const told = async (text: string): Promise<unknown> => {
    const { stdout } = await promisify(execFile)(process.execPath, [
      '--input-type=module',
      '-e',
      text,
    ]);
    return JSON.parse(stdout);
  };

  test('that verifies little never loads libsodium', async () => {
    expect(await told(program(511))).toEqual({ held: 611, native: false });
  });

  test('that verifies much loads it by itself, and its verdicts stay as they are', async () => {
    expect(await told(program(512))).toEqual({ held: 612, native: true });
  });

  test('in a worker, and in the next one after it has ended', async () => {
    const inside = program(512).replace(
      'console.log',
      "(await import('node:worker_threads')).parentPort.postMessage",
    );
    const outside = `
      const { Worker } = await import('node:worker_threads');
      const text = 'data:text/javascript,' + encodeURIComponent(${JSON.stringify(inside)});
      const one = () => new Promise((resolve, reject) => {
        let said;
        const worker = new Worker(new URL(text));
        worker.on('message', (message) => (said = message)).on('error', reject);
        worker.on('exit', () => resolve(said));
      });
      const said = [await one(), ...(await Promise.all([one(), one()]))];
      console.log(JSON.stringify(said.map((text) => JSON.parse(text))));
    `;
    const each = { held: 612, native: true };
    expect(await told(outside)).toEqual([each, each, each]);
  });

  test('in Electron never does: its own library is as quick', async () => {
    const electron = "Object.defineProperty(process.versions, 'electron', { value: '45.0.0' });";
    expect(await told(program(1024, electron))).toEqual({ held: 1124, native: false });
  });
});

/** The most lenient there is (ZIP 215). */
function lenient(signature: Uint8Array, bytes: Uint8Array, raw: Uint8Array): boolean {
  return ed25519.verify(signature, bytes, raw, { zip215: true });
}

/** Judges what it would with this bit of the signature the other way, too. */
function withBit(bit: number): Verdict {
  return (signature, bytes, raw) => {
    const other = signature.slice();
    other[bit >> 3] = (other[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    return strict(signature, bytes, raw) || strict(other, bytes, raw);
  };
}

/** The signature with S - L, modulo 2^256. */
function lessOrder(signature: Uint8Array): Uint8Array {
  const order = 2n ** 252n + 27742317777372353535851937790883648493n;
  const s = signature.subarray(32).reduceRight((sum, byte) => sum * 256n + BigInt(byte), 0n);
  const less = BigInt.asUintN(256, s - order);
  const bytes = Uint8Array.from({ length: 32 }, (_, i) => Number((less >> BigInt(8 * i)) & 255n));
  const made = signature.slice();
  made.set(bytes, 32);
  return made;
}

function brokenLoad(): never {
  throw new Error('no binary for this machine');
}

function brokenCall(): never {
  throw new Error('a fault inside');
}
