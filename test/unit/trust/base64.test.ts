import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromB64 as fromB64Here, toB64 as toB64Here } from '../../../shared/bytes.ts';
import { fromB64, toB64 } from '../../../main/trust/base64.ts';

const bytes = fc.uint8Array({ maxLength: 600 });

test('writes what the portable one writes, a part of a buffer too', () => {
  fc.assert(
    fc.property(bytes, fc.nat(40), (all, from) => {
      const part = all.subarray(Math.min(from, all.length));
      expect(toB64(part)).toBe(toB64Here(part));
      expect(fromB64(toB64(part))).toEqual(Uint8Array.from(part));
    }),
    { numRuns: 2_000 },
  );
});

test('reads and refuses what the portable one reads and refuses', () => {
  const spoiling = fc.constantFrom('=', '-', '_', ' ', '\n', 'é', '\u{1f600}', 'A', '/', '+', '');
  fc.assert(
    fc.property(bytes, fc.nat(900), fc.nat(3), spoiling, (all, at, cut, put) => {
      const text = toB64Here(all);
      const spoiled = text.slice(0, at) + put + text.slice(at + cut);
      expect(fromB64(spoiled)).toEqual(fromB64Here(spoiled));
    }),
    { numRuns: 20_000 },
  );
});

test('refuses spare bits that are not zero in a long text', () => {
  const long = `${'A'.repeat(400)}AB==`;
  expect(fromB64(long)).toBeUndefined();
  expect(fromB64(`${'A'.repeat(400)}AA==`)).toHaveLength(301);
});

test('gives bytes of their own', () => {
  const read = fromB64('A'.repeat(400));
  expect(read?.buffer.byteLength).toBe(300);
  expect(Buffer.isBuffer(read)).toBe(false);
});
