import { describe, expect, test } from 'vitest';
import { utf8 } from '../../../../shared/bytes.ts';
import { CLEAR, isSealed, sealedBodies } from '../../../../main/app/store/seal.ts';
import { systemRandom } from '../../../../main/trust/digest.ts';

const body = utf8('{"reason":"a customer record"}');
const leaf = utf8('{"payloadSha256":"00"}');
const bodies = sealedBodies(systemRandom(32), systemRandom);

describe('a sealed body', () => {
  test('opens beside its own leaf, and holds nothing of the text', () => {
    const stored = bodies.put(body, leaf);
    expect(isSealed(stored)).toBe(true);
    expect(Buffer.from(stored).includes('customer')).toBe(false);
    expect(bodies.take(stored, leaf)).toEqual(body);
  });

  test('is another one each time', () => {
    expect(bodies.put(body, leaf)).not.toEqual(bodies.put(body, leaf));
  });

  test('does not open beside another leaf, under another key, or changed in any byte', () => {
    const stored = bodies.put(body, leaf);
    expect(() => bodies.take(stored, utf8('{}'))).toThrow('authenticate');
    expect(() => sealedBodies(systemRandom(32), systemRandom).take(stored, leaf)).toThrow(
      'authenticate',
    );
    for (let at = 5; at < stored.length; at += 1) {
      const changed = stored.with(at, (stored[at] ?? 0) ^ 1);
      expect(() => bodies.take(changed, leaf)).toThrow('authenticate');
    }
  });

  test('is not read without a key, and a body in clear is, with one or without', () => {
    expect(CLEAR.take(bodies.put(body, leaf), leaf)).toBe('sealed');
    expect(CLEAR.take(body, leaf)).toEqual(body);
    expect(bodies.take(body, leaf)).toEqual(body);
  });
});
